"""The sheet of persons on their way: invited, opened, identified, situation, offered, signed, kept.

A person is in it once, when they were invited or came by themselves within the span of days, however
often; what they have done since then counts, up to now. One row is made from all their events by the
database, so that what leaves it is as many rows as there are cells.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from api.agreements.reason_marks import marks
from api.console.figures_dates import Span
from api.kit.audit import Event

__all__ = ["STEPS", "ways"]

STEPS = ("invited", "opened", "identified", "situation", "offered", "signed", "kept")
"""In their order: whoever got to one has got to all before it."""

PAID = ("instalment_paid", "fulfilled")
UNKEPT = ("instalment_missed", "broken", "withdrawn")
TOLD_LANGUAGE = ("created", "opened", "locale_changed")
KINDS = (
    "created", "opened", "locale_changed", "identified", "situation_told", "plan_offered", "signed",
    *PAID, *UNKEPT,
)  # fmt: skip


def ways(span: Span) -> Select[tuple[object, ...]]:
    """Return the sheet: ``person``, ``at`` (when they came in), and the dimensions of a way."""
    came = (
        select(Event.person_id.label("person"), func.min(Event.id).label("first"))
        .where(
            Event.person_id.is_not(None), _a_way_in(),
            Event.at >= span.begins, Event.at < span.ends,
        )
        .group_by(Event.person_id)
        .subquery("came")
    )  # fmt: skip
    seen = aliased(Event, name="seen")

    def last(*kinds: str, also: ColumnElement[bool] | None = None) -> ColumnElement[int]:
        fits = seen.kind.in_(kinds) if also is None else and_(seen.kind.in_(kinds), also)
        return func.max(case((fits, seen.id)))

    gathered = (
        select(
            came.c.person,
            came.c.first,
            func.min(case((seen.kind == "opened", seen.id))).label("opened"),
            last("identified").label("identified"),
            last("situation_told").label("situation"),
            last("plan_offered").label("offered"),
            last("signed").label("signed"),
            last(*PAID).label("paid"),
            last(*UNKEPT).label("unkept"),
            last(*TOLD_LANGUAGE, also=seen.data["locale"].as_string().is_not(None)).label("locale"),
            last("situation_told", also=seen.data["reason"].as_string().is_not(None)).label("reason"),
        )
        .join(seen, and_(seen.person_id == came.c.person, seen.id >= came.c.first))
        .where(seen.kind.in_(KINDS))
        .group_by(came.c.person, came.c.first)
        .subquery("gathered")
    )  # fmt: skip
    entered, opened, spoke, told = (
        aliased(Event, name=name) for name in ("entered", "opening", "spoke", "told")
    )
    got = gathered.c
    step = case(
        (and_(got.signed.is_not(None), got.paid > func.coalesce(got.unkept, 0)), "kept"),
        (got.signed.is_not(None), "signed"),
        (got.offered.is_not(None), "offered"),
        (got.situation.is_not(None), "situation"),
        (got.identified.is_not(None), "identified"),
        (got.opened.is_not(None), "opened"),
        else_="invited",
    )
    return (
        select(
            got.person.label("thing"),
            got.person.label("person"),
            entered.at.label("at"),
            func.coalesce(opened.data["channel"].as_string(), "none").label("channel"),
            func.coalesce(spoke.data["locale"].as_string(), "unknown").label("locale"),
            case(
                (told.id.is_(None), "untold"),
                *(
                    (told.data["reason"].as_string() == mark, reason)
                    for mark, reason in marks().items()
                ),
                else_="unknown",
            ).label("reason"),
            func.coalesce(entered.data["bucket"].as_string(), "unknown").label("bucket"),
            step.label("step"),
        )
        .join(entered, entered.id == got.first)
        .outerjoin(opened, opened.id == got.opened)
        .outerjoin(spoke, spoke.id == got.locale)
        .outerjoin(told, told.id == got.reason)
    )


def _a_way_in() -> ColumnElement[bool]:
    """An invitation by the bank, or a conversation begun; a link that leads on is neither."""
    purpose = func.coalesce(Event.data["purpose"].as_string(), "invitation")
    return or_(
        and_(
            Event.kind == "created", Event.subject_kind == "invite", Event.actor == "bank",
            purpose == "invitation",
        ),
        and_(Event.kind == "opened", Event.subject_kind == "conversation"),
    )  # fmt: skip
