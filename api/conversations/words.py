"""Ready words for the assistant: every placeholder of its sentences, written for one language.

Figures come from records and policy only; a placeholder without a value is simply absent, and the
assistant then never sends the sentence that needs it. What concerns a debt is told only of a person
whose identity is proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.challenges import (
    ChallengeRules,
    latest_challenge,
    paused_until,
    sends_resume,
)
from api.accounts.models import CardAccount, Person
from api.accounts.names import masked_name
from api.agreements.planning import means_of, open_accounts
from api.agreements.records import agreement_in_force, facts_of, presented_terms
from api.conversations.call_backs import arranged
from api.conversations.call_times import CallTime, written
from api.conversations.care import care_eta
from api.conversations.cases import current_promise, handed_back, latest_case
from api.conversations.collection_stop import stop_words
from api.conversations.evidence_wanted import evidence_words, standing_now
from api.conversations.guessing import answers_paused
from api.conversations.models import Conversation
from api.conversations.plan_words import (
    above_what_they_named,
    debt_parts,
    offer_words,
    terms_words,
)
from api.conversations.sentences import bank_name
from api.conversations.writer import Words, Writer
from api.kit.dates import as_utc, local_date, time_text
from api.kit.money import ZERO
from api.plans.affordability import assess
from api.plans.terms import planning_terms
from api.policy.lookup import PolicyView

__all__ = ["words_for"]


def words_for(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> Words:
    """Return every placeholder that has a value for this conversation now."""
    writer = Writer(conversation.locale, local_date(now), policy)
    words = _policy_words(writer) | _case_words(session, conversation, writer, now)
    words |= _challenge_words(session, conversation, writer, now)
    if conversation.identified_at is not None:
        person_id = conversation.person_id
        words |= _debt_words(session, person_id, writer)
        facts = facts_of(session, person_id)
        words |= _facts_words(facts, writer)
        terms = agreement_in_force(session, person_id) or presented_terms(
            session, person_id, writer.today
        )
        words |= offer_words(session, person_id, terms.option if terms else 1, writer)
        words |= above_what_they_named(session, person_id, facts, writer)
        if terms is not None:
            words |= terms_words(session, terms, writer)
        words |= stop_words(session, person_id, writer)
        standing = standing_now(session, person_id, now=now, policy=policy)
        words |= evidence_words(standing, writer)
    return words


def _policy_words(writer: Writer) -> Words:
    policy = writer.policy
    reviewed_from = policy.value("bank.plan.reviewed_from")
    staff = policy.value("bank.staff_name")
    lines = policy.value("cn.crisis.lines")
    joint = "：" if writer.locale == "zh" else ": "
    return {
        "bank": bank_name(policy, writer.locale),
        "code_minutes": str(policy.value("bank.code.minutes")),
        "retention": writer.said("bank.notice.retention"),
        "complaint_days": str(policy.value("bank.complaint.answer_days")),
        "legal_line": str(policy.value("cn.legal_line")),
        "reporting_policy": writer.said("bank.agreement.reporting"),
        "how_to_pay": writer.said("bank.how_to_pay"),
        "grace_days": str(policy.value("bank.agreement.grace_days")),
        "cooling_days": str(policy.value("bank.agreement.cooling_off_days")),
        "relief_if_broken": writer.said("bank.agreement.relief_if_broken"),
        "fees_meanwhile": writer.said("bank.agreement.fees_meanwhile"),
        "pause_days": str(policy.value("bank.pause.days")),
        "pause_interest": writer.said("bank.pause.interest"),
        **({} if reviewed_from == "never" else {"review_from": writer.money(reviewed_from)}),
        "wait": str(policy.value("bank.reply.wait_minutes")),
        "crisis_lines": "\n".join(
            f"{_capital(getattr(line.words, writer.locale))}{joint}{line.number}"
            f"{'，' if writer.locale == 'zh' else ', '}{getattr(line.hours, writer.locale)}"
            for line in lines
        ),
        **({"staff_name": staff} if staff else {}),
    }


def _capital(text: str) -> str:
    """Begin a line as a line begins; Chinese has no capitals."""
    return text[:1].upper() + text[1:]


def _case_words(
    session: Session, conversation: Conversation, writer: Writer, now: datetime
) -> Words:
    promised = current_promise(now, writer.policy)
    words = {
        "reply_by": writer.moment(promised.reply_by),
        "human_open": writer.moment(promised.opens_at),
        "care_eta": care_eta(now, writer.locale, writer.policy),
    }
    case = latest_case(session, conversation.id)
    if case is not None:
        words |= {"case_no": case.number, "reply_by": writer.moment(case.promised_by)}
    call = arranged(session, conversation.id)
    if call is not None and call.starts_at is not None and call.ends_at is not None:
        time = CallTime(as_utc(call.starts_at), as_utc(call.ends_at))
        words["call_time"] = written(time, writer.locale, writer.today)
    handed = handed_back(session, conversation)
    if handed is not None:
        told = {"colleague": "by", "agreed": "agreed", "handed_no": "number"}
        words |= {word: handed[name] for word, name in told.items() if handed.get(name)}
    return words


def _challenge_words(
    session: Session, conversation: Conversation, writer: Writer, now: datetime
) -> Words:
    challenge = latest_challenge(session, conversation.id)
    words = {} if challenge is None else {"tries_left": str(challenge.tries_left)}
    rules = ChallengeRules.of(writer.policy)
    if challenge is not None and challenge.purpose == "signature":
        words["signer"] = masked_name(session.get_one(Person, conversation.person_id).name)
    # Without one here, the pause is of the document's digits, which another visit got wrong.
    purpose = "document" if challenge is None else challenge.purpose
    running = (
        paused_until(session, conversation.person_id, purpose, now, rules),
        answers_paused(session, conversation, now, writer.policy),
    )
    until = max((until for until in running if until is not None), default=None)
    resumes = (
        sends_resume(session, conversation.person_id, each, now, rules)
        for each in ("identity", "signature")
    )
    resume = max((until for until in resumes if until is not None), default=None)
    if resume is not None:
        words["codes_from"] = (
            time_text(resume) if local_date(resume) == writer.today else writer.moment(resume)
        )
    if until is not None:
        words["paused_until"] = (
            time_text(until) if local_date(until) == writer.today else writer.moment(until)
        )
    return words


def _debt_words(session: Session, person_id: str, writer: Writer) -> Words:
    accounts = open_accounts(session, person_id)
    if not accounts:
        return {}
    parts = {
        part: sum((getattr(account, part) for account in accounts), ZERO)
        for part in ("principal", "interest", "penalty", "fees")
    }
    return {
        "debt_total": writer.money(sum(parts.values(), ZERO)),
        "as_of": writer.day(min(account.as_of for account in accounts)),
        **debt_parts(parts, writer),
        **_due_soon_words(accounts, sum(parts.values(), ZERO), writer),
    }


def _due_soon_words(accounts: Sequence[CardAccount], owed: Decimal, writer: Writer) -> Words:
    """Write what is to be paid and by when, of somebody whose due days are all still to come."""
    first = min(account.due_date for account in accounts)
    if first < writer.today or owed <= ZERO:
        return {}
    return {"due_soon_day": writer.day(first), "due_soon_total": writer.money(owed)}


def _facts_words(facts: Mapping[str, Any], writer: Writer) -> Words:
    names = {
        "monthly_income": "income",
        "essential_spending": "spending",
        "other_debt_payments": "other_debts",
        "proposed_payment": "proposed",
    }
    words = {name: writer.about(facts[fact]) for fact, name in names.items() if fact in facts}
    means = assess(means_of(facts), planning_terms(writer.policy))
    if means is not None:
        words["left"] = writer.round(max(ZERO, means.surplus))
    more = _more_facts(facts, writer)
    if more:
        words["more_facts"] = more
    day = facts.get("pay_day")
    if day is not None:
        key = "pay_day_skipped" if day == "skipped" else "pay_day"
        words["pay_day"] = writer.sentence(key, day=str(day))
    return words


def _more_facts(facts: Mapping[str, Any], writer: Writer) -> str:
    """Write what was told of money that is there once or comes later, a line each."""
    lines = [
        writer.sentence(f"told_{fact}", amount=writer.about(facts[fact]))
        for fact in ("lump_sum", "expected_income")
        if facts.get(fact) not in (None, "skipped")
    ]
    day = facts.get("income_from")
    if day not in (None, "skipped"):
        lines.append(writer.sentence("told_income_from", day=writer.day(str(day))))
    return "\n".join(lines)
