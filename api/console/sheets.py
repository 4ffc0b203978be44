"""Every sheet of the overview, made from events by the database: one row a thing, on either database.

A sheet's rows have ``thing`` (its own id), ``person``, ``at`` and one column for each dimension; what is
measured of a thing (fen) is ``measured``. All figures of the overview are counts of such rows, and the
rows themselves are what a figure opens to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from api.console.figures_dates import Span
from api.console.sql_time import local_day, seconds_between
from api.console.ways import ways
from api.contact.gate import PRESSING
from api.kit.audit import Event

__all__ = ["SHEETS", "WAITS", "Sheet"]

WAITS = (("m5", 5), ("m10", 10), ("m30", 30), ("h1", 60), ("h4", 240), ("d1", 1440))
"""Spans of an answer, by the most minutes that it took; what took longer is ``longer``."""

ANSWERS = ("colleague_said", "call_back_made")
"""What a human says in a conversation, or in a call that was taken, answers every case open then."""

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sheet:
    """A set of things of one sort, and the dimensions by which they are sorted."""

    dims: tuple[str, ...]
    rows: Callable[[Span], Select[Any]]
    measured: bool = False


def _text(event: Any, name: str, otherwise: str = UNKNOWN) -> ColumnElement[str]:
    return func.coalesce(event.data[name].as_string(), otherwise)


def _happened(span: Span, *kinds: str) -> ColumnElement[bool]:
    return and_(Event.kind.in_(kinds), Event.at >= span.begins, Event.at < span.ends)


def cases(span: Span) -> Select[Any]:
    """Return the cases opened in the span: why, how soon somebody answered, and what came of them."""
    later, answer = aliased(Event, name="later"), aliased(Event, name="answer")
    case_id = Event.data["case"].as_integer()
    closing = and_(later.kind == "case_closed", later.data["case"].as_integer() == case_id)
    answers = or_(
        later.kind == "colleague_said",
        and_(later.kind == "call_back_made", _text(later, "outcome") == "connected"),
    )
    followed = (
        select(
            Event.id.label("opened"),
            func.min(case((answers, later.id))).label("answer"),
            func.min(case((closing, later.at))).label("closed"),
            func.max(case((closing, later.data["outcome"].as_string()))).label("outcome"),
        )
        .outerjoin(
            later,
            and_(
                later.subject_kind == "conversation",
                later.subject_id == Event.subject_id,
                later.id > Event.id,
                later.kind.in_((*ANSWERS, "case_closed")),
            ),
        )
        .where(_happened(span, "case_opened"))
        .group_by(Event.id)
        .subquery("followed")
    )
    took = seconds_between(Event.at, answer.at)
    promised = Event.data["promised_minutes"].as_integer()
    return (
        select(
            cast(case_id, String).label("thing"),
            Event.person_id.label("person"),
            Event.at.label("at"),
            _text(Event, "reason").label("why"),
            _text(Event, "role").label("role"),
            _text(Event, "channel").label("channel"),
            _text(Event, "locale").label("locale"),
            case(
                (and_(answer.id.is_(None), followed.c.closed.is_(None)), "waiting"),
                (answer.id.is_(None), "unanswered"),
                *((took <= minutes * 60, name) for name, minutes in WAITS),
                else_="longer",
            ).label("waited"),
            case(
                (promised.is_(None), UNKNOWN),
                (answer.id.is_(None), "open"),
                (took <= promised * 60, "kept"),
                else_="late",
            ).label("promise"),
            case(
                (followed.c.closed.is_(None), "open"),
                else_=func.coalesce(followed.c.outcome, UNKNOWN),
            ).label("outcome"),
            case((followed.c.closed.is_(None), "no"), else_="yes").label("done"),
            func.coalesce(answer.actor, "nobody").label("who"),
        )
        .join(followed, followed.c.opened == Event.id)
        .outerjoin(answer, answer.id == followed.c.answer)
    )


def agreements(span: Span) -> Select[Any]:
    """Return the agreements signed in the span and how they stand now; measured: what was waived."""
    later = aliased(Event, name="later")

    def last(*kinds: str) -> ColumnElement[Any]:
        return func.max(case((later.kind.in_(kinds), later.id)))

    followed = (
        select(
            Event.id.label("signed"),
            last("fulfilled").label("fulfilled"),
            last("broken").label("broken"),
            last("withdrawn").label("withdrawn"),
            last("instalment_paid").label("paid"),
            last("instalment_missed").label("missed"),
        )
        .outerjoin(
            later,
            and_(
                later.subject_kind == "agreement",
                later.subject_id == Event.subject_id,
                later.id > Event.id,
            ),
        )
        .where(_happened(span, "signed"))
        .group_by(Event.id)
        .subquery("followed")
    )
    stands = followed.c
    waived = func.coalesce(Event.data["waived_fen"].as_integer(), 0)
    return select(
        Event.subject_id.label("thing"),
        Event.person_id.label("person"),
        Event.at.label("at"),
        _text(Event, "plan").label("plan"),
        _text(Event, "bucket").label("bucket"),
        case(
            (stands.withdrawn.is_not(None), "withdrawn"),
            (stands.broken.is_not(None), "broken"),
            (stands.fulfilled.is_not(None), "fulfilled"),
            (stands.missed > func.coalesce(stands.paid, 0), "behind"),
            (stands.paid.is_not(None), "on_track"),
            else_="begun",
        ).label("state"),
        case((waived > 0, "yes"), else_="no").label("relief"),
        waived.label("measured"),
    ).join(followed, stands.signed == Event.id)


def attempts(span: Span) -> Select[Any]:
    """Return every attempt in the span to reach a person, by whom, how, and what for."""
    return select(
        cast(Event.id, String).label("thing"),
        Event.person_id.label("person"),
        Event.at.label("at"),
        Event.actor.label("by"),
        _text(Event, "channel").label("channel"),
        _text(Event, "purpose").label("purpose"),
        case((_pressing(), "yes"), else_="no").label("counted"),
    ).where(_happened(span, "contact_attempted"))


def stopped(span: Span) -> Select[Any]:
    """Return every message that the gate kept for later or dropped in the span, with its rule."""
    return select(
        cast(Event.id, String).label("thing"),
        Event.person_id.label("person"),
        Event.at.label("at"),
        _text(Event, "purpose").label("purpose"),
        _text(Event, "reason").label("rule"),
        case((Event.kind == "message_kept", "held"), else_="dropped").label("verdict"),
    ).where(_happened(span, "message_kept", "message_barred"))


def budget_days(span: Span) -> Select[Any]:
    """Return each day on which a person's contact budget was drawn on, by how often that day."""
    day = local_day(Event.at)
    spent = (
        select(
            Event.person_id.label("person"), day.label("day"), func.min(Event.at).label("at"),
            func.count().label("times"),
        )
        .where(_happened(span, "contact_attempted"), _pressing(), Event.person_id.is_not(None))
        .group_by(Event.person_id, day)
        .subquery("spent")
    )  # fmt: skip
    return select(
        spent.c.person.concat(literal(" ")).concat(spent.c.day).label("thing"),
        spent.c.person.label("person"),
        spent.c.at.label("at"),
        cast(cast(spent.c.times, Integer), String).label("times"),
    )


def _pressing() -> ColumnElement[bool]:
    return func.coalesce(Event.data["purpose"].as_string().in_(sorted(PRESSING)), false())


SHEETS: Mapping[str, Sheet] = {
    "people": Sheet(("channel", "locale", "reason", "bucket", "step"), ways),
    "cases": Sheet(
        ("why", "role", "channel", "locale", "waited", "promise", "outcome", "done", "who"), cases
    ),
    "agreements": Sheet(("plan", "bucket", "state", "relief"), agreements, measured=True),
    "attempts": Sheet(("by", "channel", "purpose", "counted"), attempts),
    "stopped": Sheet(("purpose", "rule", "verdict"), stopped),
    "budget_days": Sheet(("times",), budget_days),
}
