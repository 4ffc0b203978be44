"""One case as its page shows it: who has the floor, what may be done, and every part in words.

``screen`` is what the templates of ``templates/desk`` read. Names of the parts' values are written where
each is made: ``case_means``, ``case_contact``, ``case_talk``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.evidence.records import evidence_of
from api.console.admission import Staff
from api.console.case_contact import contact_part, events_part, notes_part
from api.console.case_means import agreement_part, debts_part, facts_part, plans_part
from api.console.case_talk import LANG_TAGS
from api.console.desk import Desk, colleague_of, level_of
from api.console.models import StaffMember
from api.console.moments import promised, promised_words
from api.conversations.case_view import CaseView
from api.conversations.colleagues import may_take
from api.conversations.context import CALM
from api.conversations.suggested_replies import suggested_replies
from api.conversations.writer import Writer
from api.kit.dates import local_date
from api.kit.money import money_text

__all__ = ["Screen", "full_screen", "short_screen"]

Screen = dict[str, Any]

LONGEST_QUOTE = 160
"""Characters of the person's last words that the preview shows."""


def short_screen(view: CaseView, staff: Staff, desk: Desk) -> Screen:
    """Return what the queue's preview shows of a case."""
    w, now = desk.frame.words[staff.locale], desk.now
    writer = Writer(staff.locale, local_date(now), desk.policy)
    last = next(
        (
            one["text"]
            for one in reversed(view.records)
            if one["speaker"] == "person" and one["text"].strip("•")
        ),
        "",
    )
    return {
        **_head(view, staff, desk),
        **facts_part(view, w, writer),
        **debts_part(view),
        **plans_part(view, w, local_date(now)),
        "last_said": last if len(last) <= LONGEST_QUOTE else f"{last[:LONGEST_QUOTE]}…",
        "promised_by": view.row.promised_by,
        "promised": promised(view.row.promised_by, now),
        "promised_words": promised_words(w, view.row.promised_by, now),
    }


def full_screen(session: Session, view: CaseView, staff: Staff, desk: Desk) -> Screen:
    """Return everything the page of a case shows but the conversation itself."""
    w, now, policy = desk.frame.words[staff.locale], desk.now, desk.policy
    writer = Writer(staff.locale, local_date(now), policy)
    there = desk.live.person_is_there(view.conversation.id)
    screen: Screen = {
        **_head(view, staff, desk),
        **facts_part(view, w, writer),
        **debts_part(view),
        **plans_part(view, w, local_date(now)),
        **agreement_part(session, view, now=now, policy=policy),
        **contact_part(view, w, now=now, policy=policy, there=there),
        **notes_part(view, w, writer),
        **events_part(view.events, w, _names(session, view)),
        "online": there,
        "authority": w(
            "case.authority",
            debt=money_text(view.authority.largest_debt, staff.locale),
            waiver=money_text(view.authority.largest_waiver, staff.locale),
        ),
        "papers": ".".join(
            f"{paper.id}{paper.state}" for paper in evidence_of(session, view.case.person_id)
        ),
        "suggestions": [],
        "last_seq": view.last_seq,
    }
    if screen["floor"] == "mine":
        said = suggested_replies(session, view, colleague_of(staff), now=now, policy=policy)
        screen["suggestions"] = [each.text for each in said]
    screen["acts"] = _acts(view, staff, screen["may"])
    return screen


def _head(view: CaseView, staff: Staff, desk: Desk) -> Screen:
    row, case = view.row, view.case
    floor = _floor(view, staff)
    return {
        "id": row.id,
        "state": case.state,
        "outcome": case.outcome,
        "name": view.name,
        "masked": row.name,
        "reference": row.number,
        "card_tail": row.card_tail,
        "reason": row.reason,
        "level": level_of(row.priority),
        "channel": row.channel,
        "language": row.language,
        "lang_tag": LANG_TAGS[row.language],
        "identified": view.identified,
        "care": view.care,
        "floor": floor,
        "holder_name": view.floor_name if floor == "other" else row.holder_name,
        "others": view.others,
        "may": _may(view, staff, floor),
    }


def _floor(view: CaseView, staff: Staff) -> str:
    """Return who speaks for the bank: ``mine``, ``other`` or ``assistant``."""
    if view.floor_holder is None:
        return "assistant"
    return "mine" if view.floor_holder == staff.id else "other"


def _may(view: CaseView, staff: Staff, floor: str) -> dict[str, bool]:
    """Return what the colleague may do now; the domain decides again when it is done."""
    case = view.case
    is_open = case.state != "closed"
    fits = may_take(case.role, staff.roles) and (not view.care or staff.may("care"))
    mine = case.state == "taken" and case.holder_id == staff.id
    free = case.holder_id in (None, staff.id)
    plans = mine and view.identified and not {hold.kind for hold in view.holds} & set(CALM)
    goes_before = case.role == "care" and floor == "other"
    return {
        "take": is_open and fits and free and not mine and (floor != "other" or goes_before),
        "hand_back": mine,
        "close": is_open and fits and free,
        "change_facts": plans,
        "plan": plans and view.agreement is None,
        "note": True,
        "see_papers": staff.may("collector", "supervisor"),
        "call_back": is_open,
        "give_up": is_open and case.holder_id == staff.id,
        "reassign": is_open and staff.may("supervisor"),
    }


def _acts(view: CaseView, staff: Staff, may: dict[str, bool]) -> list[tuple[str, str]]:
    """Return the acts offered on the right with their keys, in the order in which they stand."""
    del staff
    is_open = view.case.state != "closed"
    held = {hold.kind for hold in view.holds}
    offered = (
        ("propose", "p", may["plan"]),
        ("approval", "a", may["plan"]),
        ("call-back", "b", may["call_back"]),
        ("pause", "s", is_open),
        ("withdraw", "w", is_open and view.identified and view.agreement is not None),
        ("care", "v", is_open and "vulnerable" not in held),
        ("matter", "d", is_open and bool(view.findings)),
        ("reassign", "m", may["reassign"]),
        ("give-up", "u", may["give_up"]),
    )
    return [(act, key) for act, key, fits in offered if fits]


def _names(session: Session, view: CaseView) -> dict[str, str]:
    """Return the names of the colleagues who did something here, by their ids."""
    wanted: Collection[str] = {
        event.actor.removeprefix("staff:")
        for event in view.events
        if event.actor.startswith("staff:")
    }
    found = session.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(wanted))
    )
    return {staff_id: name for staff_id, name in found}  # noqa: C416 - rows, not pairs
