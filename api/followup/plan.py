"""The steps that are due, as rows: written as an agreement begins, goes on, or moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement
from api.contact.outbox import withdraw
from api.followup.instalments import Standing
from api.followup.models import FollowupStep
from api.followup.standing import rules_of
from api.followup.steps import Step, greeting, step_key, steps_of
from api.kit.dates import LOCAL_ZONE, as_utc, local_date
from api.policy.lookup import PolicyView

__all__ = ["at_the_hour", "plan", "take_back_steps", "write_steps"]


def at_the_hour(day: date, policy: PolicyView) -> datetime:
    """Return the instant of a day at which its words are sent."""
    hour = policy.value("bank.followup.at_hour")
    return datetime.combine(day, time(hour), LOCAL_ZONE).astimezone(UTC)


def write_steps(
    session: Session, agreement_id: str, steps: Iterable[Step], policy: PolicyView
) -> None:
    """Write the steps that are not written yet."""
    for step in steps:
        key = step_key(agreement_id, step)
        if session.get(FollowupStep, key) is None:
            session.add(
                FollowupStep(
                    key=key, agreement_id=agreement_id, kind=step.kind, number=step.number,
                    due=step.due, day=step.day, due_at=at_the_hour(step.day, policy), outcome="",
                )
            )  # fmt: skip
    session.flush()


def plan(
    session: Session, agreement: Agreement, standing: Standing, now: datetime, policy: PolicyView
) -> None:
    """Write what comes next, and take back what was written or kept and does not fit any more."""
    for row in session.scalars(
        select(FollowupStep).where(FollowupStep.agreement_id == agreement.id)
    ):
        one = standing.numbered(row.number)
        if one.state != "paid" and one.due == row.due:
            continue
        if row.done_at is None:
            row.done_at, row.outcome = now, "passed"
        elif row.outcome == "kept" and withdraw(session, row.key, "no_longer_fitting", now):
            row.outcome = "passed"
    rules = rules_of(agreement, policy)
    steps = steps_of(standing, rules)
    if policy.value("bank.staff_name") and agreement.signed_at is not None:
        hello = greeting(standing, local_date(as_utc(agreement.signed_at)), rules)
        if hello is not None and hello.day >= local_date(now) and not _greeted(session, agreement):
            steps.append(hello)
    write_steps(session, agreement.id, steps, policy)


def take_back_steps(session: Session, agreement_id: str, now: datetime) -> None:
    """Let nothing more come of an agreement that ends: neither what was to come nor what was kept for later."""
    for row in session.scalars(
        select(FollowupStep).where(FollowupStep.agreement_id == agreement_id)
    ):
        if row.done_at is None:
            row.done_at, row.outcome = now, "passed"
        elif row.outcome == "kept" and withdraw(session, row.key, "agreement_ended", now):
            row.outcome = "passed"


def _greeted(session: Session, agreement: Agreement) -> bool:
    return bool(
        session.scalar(
            select(FollowupStep.key).where(
                FollowupStep.agreement_id == agreement.id, FollowupStep.kind == "greeting"
            )
        )
    )
