"""Ready words for the assistant: every placeholder of its sentences, written for one language.

Figures come from records and policy only; a placeholder without a value is simply absent, and the
assistant then never sends the sentence that needs it. What concerns a debt is told only of a person
whose identity is proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.challenges import ChallengeRules, latest_challenge, paused_until
from api.agreements.models import Agreement
from api.agreements.planning import means_of, open_accounts
from api.agreements.records import agreement_in_force, facts_of, latest_offers, presented_terms
from api.agreements.terms import cooling_off_until
from api.conversations.care import care_eta
from api.conversations.cases import current_promise, latest_case
from api.conversations.models import Conversation
from api.conversations.sentences import bank_name, sentence
from api.kit.dates import as_utc, date_text, local_date, month_day_text, time_text
from api.kit.money import ZERO, money, money_text
from api.plans.affordability import assess
from api.plans.terms import planning_terms
from api.policy.lookup import PolicyView

__all__ = ["words_for"]

Words = dict[str, str]


@dataclass(frozen=True)
class _Writer:
    """Writes values as the reader of one language does."""

    locale: str
    today: date
    policy: PolicyView

    def money(self, amount: Decimal | str) -> str:
        return money_text(money(amount), self.locale).replace(" ", "\u00a0")

    def day(self, day: date | str) -> str:
        value = date.fromisoformat(day) if isinstance(day, str) else day
        return month_day_text(value, self.locale, self.today)

    def moment(self, moment: datetime) -> str:
        day = local_date(as_utc(moment))
        if day == self.today:
            return self.sentence("today_at", time=time_text(moment))
        joint = " " if self.locale == "zh" else ", "
        return f"{date_text(day, self.locale, self.today)}{joint}{time_text(moment)}"

    def percent(self, rate: Decimal | str) -> str:
        return f"{Decimal(rate).normalize():f}%"

    def said(self, parameter_id: str) -> str:
        return str(getattr(self.policy.value(parameter_id), self.locale))

    def sentence(self, key: str, **values: str) -> str:
        return sentence(key, self.locale, self.policy, **values)


def words_for(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> Words:
    """Return every placeholder that has a value for this conversation now."""
    writer = _Writer(conversation.locale, local_date(now), policy)
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
        words |= _offer_words(session, person_id, terms.option if terms else 1, writer)
        words |= _above_what_they_named(session, person_id, facts, writer)
        if terms is not None:
            words |= _terms_words(session, terms, writer)
    return words


def _policy_words(writer: _Writer) -> Words:
    policy = writer.policy
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
        "wait": str(policy.value("bank.reply.wait_minutes")),
        "crisis_lines": "\n".join(
            f"{getattr(line.words, writer.locale)}{joint}{line.number}"
            f"{'，' if writer.locale == 'zh' else ', '}{getattr(line.hours, writer.locale)}"
            for line in lines
        ),
    }


def _case_words(
    session: Session, conversation: Conversation, writer: _Writer, now: datetime
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
    return words


def _challenge_words(
    session: Session, conversation: Conversation, writer: _Writer, now: datetime
) -> Words:
    challenge = latest_challenge(session, conversation.id)
    words = {} if challenge is None else {"tries_left": str(challenge.tries_left)}
    # Without one here, the pause is of the document's digits, which another visit got wrong.
    purpose = "document" if challenge is None else challenge.purpose
    until = paused_until(
        session, conversation.person_id, purpose, now, ChallengeRules.of(writer.policy)
    )
    if until is not None:
        words["paused_until"] = (
            time_text(until) if local_date(until) == writer.today else writer.moment(until)
        )
    return words


def _debt_words(session: Session, person_id: str, writer: _Writer) -> Words:
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
        **_parts(parts, writer),
    }


def _parts(parts: Mapping[str, Decimal | str], writer: _Writer) -> Words:
    """Write a debt's parts; fees only where there are any, so that nobody reads of fees of nothing."""
    return {
        part: writer.money(amount)
        for part, amount in parts.items()
        if part != "fees" or money(amount) > 0
    }


def _facts_words(facts: Mapping[str, Any], writer: _Writer) -> Words:
    names = {
        "monthly_income": "income",
        "essential_spending": "spending",
        "other_debt_payments": "other_debts",
        "proposed_payment": "proposed",
    }
    words = {
        name: _said_amount(facts[fact], writer) for fact, name in names.items() if fact in facts
    }
    means = assess(means_of(facts), planning_terms(writer.policy))
    if means is not None:
        words["left"] = _round_yuan(max(ZERO, means.surplus), writer)
    day = facts.get("pay_day")
    if day is not None:
        key = "pay_day_skipped" if day == "skipped" else "pay_day"
        words["pay_day"] = writer.sentence(key, day=str(day))
    return words


def _said_amount(value: Any, writer: _Writer) -> str:
    if value == "skipped":
        return writer.sentence("fact_skipped")
    if isinstance(value, Mapping):
        low, high = money(value["from"]), money(value["to"])
        if low != high:
            return writer.sentence(
                "fact_range", low=_round_yuan(low, writer), high=_round_yuan(high, writer)
            )
        return writer.sentence("fact_about", amount=_round_yuan(low, writer))
    return writer.sentence("fact_about", amount=_round_yuan(money(value), writer))


def _round_yuan(amount: Decimal, writer: _Writer) -> str:
    """Write what a person said "about" without fen that they never said."""
    text = writer.money(amount)
    return text.replace(".00", "", 1) if amount == amount.to_integral_value() else text


def _offer_words(session: Session, person_id: str, option: int, writer: _Writer) -> Words:
    """Write the offer that is spoken of: the chosen one, the best before there is a choice."""
    newest = latest_offers(session, person_id)
    if newest is None:
        return {}
    answer = newest.answer
    words: Words = {}
    if newest.outcome == "offered":
        spoken_of = answer["offers"][option - 1]
        words |= _plan_words(spoken_of, writer)
        words |= {
            "expires": writer.day(spoken_of["expires"]),
            "as_of": writer.day(spoken_of["as_of"]),
        }
        for offer in answer["offers"]:
            words |= _numbered(offer, writer)
        less = money(spoken_of["debt_total"]) - money(spoken_of["total"])
        if less > 0:
            words["less"] = writer.money(less)
        if less < 0:
            words["more"] = writer.money(-less)
    return words


def _above_what_they_named(
    session: Session, person_id: str, facts: Mapping[str, Any], writer: _Writer
) -> Words:
    """Write the payment they named where even the best offer asks for more, so that it is not hidden."""
    newest, named = latest_offers(session, person_id), facts.get("proposed_payment")
    if newest is None or newest.outcome != "offered" or named in (None, "skipped"):
        return {}
    best = newest.answer["offers"][0]
    if best["kind"] == "catch_up" or money(str(named)) >= money(best["monthly"]):
        return {}
    return {"named_less": _said_amount(named, writer)}


def _numbered(offer: Mapping[str, Any], writer: _Writer) -> Words:
    """Write one offer of several: its name says what it is best at."""
    key = f"offer_{offer['number']}"
    return {
        f"{key}_name": writer.sentence(f"offer_{offer['tag']}"),
        f"{key}_monthly": writer.money(offer["monthly"]),
        f"{key}_periods": str(offer["periods"]),
        f"{key}_total": writer.money(offer["total"]),
    }


def _plan_words(offer: Mapping[str, Any], writer: _Writer) -> Words:
    return {
        "monthly": writer.money(offer["monthly"]),
        "periods": str(offer["periods"]),
        "total": writer.money(offer["total"]),
        "annual_rate": writer.percent(offer["annual_rate"]),
        "first_due": writer.day(offer["first_due_date"]),
        "due_day": str(offer["due_day"]),
        **_waived(offer["waived"]["total"], writer),
        **_waived_sentence(offer, writer),
    }


def _waived(total: str, writer: _Writer) -> Words:
    return {"waived": writer.money(total)} if money(total) > 0 else {}


def _waived_sentence(offer: Mapping[str, Any], writer: _Writer) -> Words:
    parts = [
        writer.sentence(f"waived_{part}", amount=writer.money(offer["waived"][part]))
        for part in ("penalty", "interest", "fees")
        if money(offer["waived"][part]) > 0
    ]
    if Decimal(offer["annual_rate"]) < Decimal(offer["contract_rate"]):
        parts.append(
            writer.sentence(
                "rate_lowered",
                before=writer.percent(offer["contract_rate"]),
                after=writer.percent(offer["annual_rate"]),
            )
        )
    joint = "，" if writer.locale == "zh" else ", "
    return {"waived_sentence": joint.join(parts)} if parts else {}


def _terms_words(session: Session, agreement: Agreement, writer: _Writer) -> Words:
    terms = agreement.terms
    repayment, debt = terms["repayment"], terms["debt"]
    words = {
        "monthly": writer.money(repayment["monthly"]),
        "periods": str(repayment["periods"]),
        "total": writer.money(repayment["total"]),
        "annual_rate": writer.percent(repayment["annual_rate"]),
        "first_due": writer.day(repayment["first_due_date"]),
        "due_day": str(repayment["due_day"]),
        **_waived(terms["relief"]["total"], writer),
        "debt_total": writer.money(debt["total"]),
        **_parts(
            {part: debt[part] for part in ("principal", "interest", "penalty", "fees")}, writer
        ),
    }
    if agreement.signed_at is not None and agreement.number is not None:
        words |= {
            "agreement_no": agreement.number,
            "cooling_end": writer.day(cooling_off_until(terms, agreement.signed_at)),
        }
        if writer.today <= cooling_off_until(terms, agreement.signed_at):
            words["cooling_left"] = words["cooling_end"]  # only while there is still time
    else:
        total_now = sum(
            (account.total for account in open_accounts(session, agreement.person_id)), ZERO
        )
        difference = abs(total_now - money(debt["total"]))
        if difference > 0:
            words["difference"] = writer.money(difference)
    return words
