"""What comes due as days pass: reminders, questions, the offer of a talk, and at last an end.

Each step is a row ``(key, due_at)``. It is taken, looked at again, said through the outbox and marked
in one transaction, so that a process killed anywhere in it has done nothing, and the next one does it
once. The clock is the application's own; nothing sleeps.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement
from api.contact.gate import Decision
from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.conversations.cases import current_promise
from api.followup.ending import break_agreement, to_a_human
from api.followup.instalments import Standing
from api.followup.models import FollowupStep
from api.followup.plan import plan, write_steps
from api.followup.standing import locked_agreement, rules_of, stands
from api.followup.steps import Step, after_talk, still_fits
from api.followup.texts import Texting
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView

__all__ = ["follow_up"]

AT_ONCE = 50
ONE_DAY = timedelta(days=1)
PRESSING = frozenset({"talk", "notice", "end"})
"""Steps that wait while a hold of ``bank.followup.waits_for`` is in force."""

SENTENCES = {
    "before": "followup_reminder", "day": "followup_today", "asked": "followup_asked",
}  # fmt: skip
"""What each reminder says; with ``_sum`` for who asked for that."""

REASON = "not_paid_after_talk"
UNREACHABLE = "not_reached"


def follow_up(database: Database, clock: Clock, policy: Policy, address: str) -> int:
    """Plan for agreements that are new, and do what is due; returns how many steps were taken."""
    now = clock.now()
    view = policy.on(local_date(now))
    with database.reading() as session:
        new = session.scalars(
            select(Agreement.id)
            .where(
                Agreement.in_force_for.is_not(None),
                ~select(FollowupStep.key).where(FollowupStep.agreement_id == Agreement.id).exists(),
            )
            .limit(AT_ONCE)
        ).all()
        due = session.scalars(
            select(FollowupStep.key)
            .where(FollowupStep.done_at.is_(None), FollowupStep.due_at <= now)
            .order_by(FollowupStep.due_at, FollowupStep.key)
            .limit(AT_ONCE)
        ).all()
    for agreement_id in new:
        with database.transaction() as session:
            agreement = locked_agreement(session, agreement_id)
            plan(session, agreement, stands(session, agreement, local_date(now)), now, view)
    for key in due:
        with database.transaction() as session:
            take_step(session, key, now, view, address)
    return len(due)


def take_step(session: Session, key: str, now: datetime, policy: PolicyView, address: str) -> None:
    """Do one step in the caller's transaction, unless it is done already."""
    found = select(FollowupStep.agreement_id).where(FollowupStep.key == key)
    agreement = locked_agreement(session, session.scalars(found).one())
    row = session.get_one(FollowupStep, key)
    if row.done_at is not None or row.due_at > now:  # another process came first
        return
    today = local_date(now)
    step = Step(row.kind, row.number, row.due, row.day)  # type: ignore[arg-type]  # written by plan
    standing = stands(session, agreement, today)
    if agreement.in_force_for is None or not still_fits(step, standing, today):
        row.done_at, row.outcome = now, "passed"
    elif row.kind in PRESSING and _waits(session, agreement, policy):
        row.due_at += ONE_DAY
        return
    else:
        texting = Texting(session, agreement, now, policy, address)
        row.done_at, row.outcome = now, _done(texting, row, step, standing)
    session.flush()
    if agreement.in_force_for is not None:
        plan(session, agreement, standing, now, policy)


def _waits(session: Session, agreement: Agreement, policy: PolicyView) -> bool:
    held = holds_of(session, agreement.person_id)
    return bool(held.intersection(policy.value("bank.followup.waits_for")))


def _done(texting: Texting, row: FollowupStep, step: Step, standing: Standing) -> str:
    """Say what the step says, or end what was not kept; returns the outcome."""
    one, day = standing.numbered(step.number), texting.day
    if step.kind == "end":
        return _end(texting, row, standing)
    if step.kind == "greeting":
        name = texting.policy.value("bank.staff_name")
        if not name:
            return "passed"
        return _outcome(
            texting.say(
                row.key, "followup_greeting", "service_notice", staff_name=name,
                due_date=day(one.due),
            )
        )  # fmt: skip
    if step.kind in SENTENCES:
        sentence, values = SENTENCES[step.kind], {}
        if texting.wants_sums():
            sentence, values = f"{sentence}_sum", {"amount": texting.writer.money(one.left)}
        elif step.kind == "asked" and one.received:
            sentence = f"{sentence}_rest"
        if step.kind == "asked":
            values["grace_date"] = day(one.grace_until)
        said = texting.say(row.key, sentence, "reminder", due_date=day(one.due), **values)
    else:
        if step.kind == "talk":
            append_event(
                texting.session, at=texting.now, actor="system",
                subject=("agreement", texting.agreement.id), kind="instalment_missed",
                person=texting.agreement.person_id, number=step.number,
            )  # fmt: skip
            rules = rules_of(texting.agreement, texting.policy)
            following = after_talk(step, local_date(texting.now), rules)
            write_steps(texting.session, texting.agreement.id, following, texting.policy)
        end = _row(texting, step, "end").day
        said = texting.say(
            row.key, f"followup_{step.kind}", "reminder", due_date=day(one.due),
            end_date=day(end), last_date=day(end - ONE_DAY), link=texting.link(),
        )  # fmt: skip
        if said is not None and said.verdict == "drop":
            to_a_human(texting, UNREACHABLE)
            return "to_human"
    return _outcome(said)


def _outcome(said: Decision | None) -> str:
    if said is None:
        return "said"
    return {"send": "said", "wait": "kept", "drop": "barred"}[said.verdict]


def _row(texting: Texting, step: Step, kind: str) -> FollowupStep:
    return texting.session.scalars(
        select(FollowupStep).where(
            FollowupStep.agreement_id == texting.agreement.id, FollowupStep.kind == kind,
            FollowupStep.number == step.number, FollowupStep.due == step.due,
        )
    ).one()  # fmt: skip


def _end(texting: Texting, row: FollowupStep, standing: Standing) -> str:
    """End the agreement if the notice of this very day has left in time; else a human decides."""
    step = Step("end", row.number, row.due, row.day)
    notice = _row(texting, step, "notice")
    sent = texting.session.scalar(
        select(OutboxMessage.sent_at).where(OutboxMessage.key == notice.key)
    )
    if sent is None:
        to_a_human(texting, UNREACHABLE)
        return "to_human"
    break_agreement(texting, standing, REASON)
    reply_by = current_promise(texting.now, texting.policy, "hardship").reply_by
    texting.say(
        f"ended:{texting.agreement.id}", "followup_ended", "service_notice",
        reply_by=texting.writer.moment(reply_by),
    )  # fmt: skip
    return "ended"
