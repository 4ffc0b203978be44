"""One instalment moved back by a month, as the agreement itself allows, and all after it with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from api.agreements.models import Agreement
from api.followup.instalments import Instalment
from api.followup.models import InstalmentMove
from api.followup.moving_days import moved_back
from api.followup.plan import plan
from api.followup.standing import end_of, lines_of, locked_agreement, moves_of, rules_of, stands
from api.kit.audit import append_event
from api.kit.dates import as_utc, local_date
from api.kit.errors import Problem
from api.plans.payment_days import add_months
from api.plans.terms import planning_terms
from api.policy.lookup import PolicyView

__all__ = ["Possible", "move_instalment", "move_possible"]


@dataclass(frozen=True, slots=True)
class Possible:
    """A move that is open now: which instalment, from which day to which, and what is left after it."""

    instalment: Instalment
    to: date
    left: int
    """Moves left in this year of the agreement, this one among them."""


def move_possible(
    session: Session, agreement: Agreement, *, now: datetime, policy: PolicyView
) -> Possible:
    """Return the move that is open to the person now.

    The agreement asks to be told before the day; within the days of grace nobody is sent away either.

    Raises:
        Problem: ``agreement_ended``, ``nothing_to_move``, ``too_late_to_move`` or ``no_moves_left`` (409).
    """
    if agreement.signed_at is None or end_of(session, agreement.id) is not None:
        raise Problem("agreement_ended", 409, "No agreement is in force.")
    today = local_date(now)
    standing = stands(session, agreement, today)
    if not standing.open:
        raise Problem("nothing_to_move", 409, "Everything is paid.")
    first = standing.open[0]
    if first.state == "missed":
        raise Problem("too_late_to_move", 409, "Its days of grace are over.")
    left = rules_of(agreement, policy).moves_per_year - _moves_this_year(session, agreement, today)
    if left <= 0:
        raise Problem("no_moves_left", 409, "The moves of this year are used up.")
    days = _days_after(session, agreement, first.number, policy)
    to = days[[each.number for each in standing.instalments].index(first.number)]
    return Possible(first, to, left)


def move_instalment(
    session: Session, agreement: Agreement, *, asked_by: Literal["text", "page", "assistant"],
    number: int | None = None, now: datetime, policy: PolicyView,
) -> InstalmentMove:  # fmt: skip
    """Move the oldest open instalment, and all after it, back by a month; sums stay as signed.

    ``number``: the instalment that the person was asked about; where that one was moved today already,
    its move is returned, so that asking twice moves once.

    Raises:
        Problem: as ``move_possible``; ``nothing_to_move`` too when ``number`` is not the oldest open one.
    """
    agreement = locked_agreement(session, agreement.id)
    made = next(
        (each for each in reversed(moves_of(session, agreement.id)) if each.number == number), None
    )
    if made is not None and local_date(as_utc(made.at)) == local_date(now):
        return made
    possible = move_possible(session, agreement, now=now, policy=policy)
    one = possible.instalment
    if number is not None and number != one.number:
        raise Problem("nothing_to_move", 409, "Another instalment is the next one by now.")
    days = _days_after(session, agreement, one.number, policy)
    move = InstalmentMove(
        agreement_id=agreement.id, number=one.number, before=one.due, after=possible.to,
        days=[day.isoformat() for day in days], asked_by=asked_by, at=now,
    )  # fmt: skip
    session.add(move)
    append_event(
        session, at=now, actor="person", subject=("agreement", agreement.id),
        kind="instalment_moved", person=agreement.person_id, number=one.number, before=one.due.isoformat(),
        after=possible.to.isoformat(), by=asked_by,
    )  # fmt: skip
    session.flush()
    plan(session, agreement, stands(session, agreement, local_date(now)), now, policy)
    return move


def _days_after(
    session: Session, agreement: Agreement, number: int, policy: PolicyView
) -> list[date]:
    moved = moved_back(
        lines_of(session, agreement), number,
        due_day=int(agreement.terms["repayment"]["due_day"]), moved=planning_terms(policy).moved,
    )  # fmt: skip
    return [line.due for line in moved]


def _moves_this_year(session: Session, agreement: Agreement, today: date) -> int:
    """Count the moves since the last return of the day of signing."""
    signed = local_date(as_utc(agreement.signed_at))  # type: ignore[arg-type]  # asked above
    years = today.year - signed.year
    begun = add_months(signed.year, signed.month, 12 * years, signed.day)
    if begun > today:
        begun = add_months(signed.year, signed.month, 12 * (years - 1), signed.day)
    return sum(local_date(as_utc(move.at)) >= begun for move in moves_of(session, agreement.id))
