"""A case's contact in words: the budget, whether one may write now, holds, calls, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from api.contact.gate import Decision
from api.contact.ledger import UNASKED
from api.conversations.case_view import CaseView
from api.conversations.writer import Writer
from api.kit.audit import Event
from api.kit.dates import as_utc, local_date, time_text
from api.policy.lookup import PolicyView
from api.web.words import Words

__all__ = ["contact_part", "events_part", "notes_part"]

SHOWN_ATTEMPTS = 30
SHOWN_EVENTS = 20


def contact_part(
    view: CaseView, w: Words, *, now: datetime, policy: PolicyView, there: bool
) -> dict[str, Any]:
    """Return the contact budget and what may be done of it now; ``there``: the person's page is open."""
    quiet = policy.value("cn.contact.quiet_hours")
    writer = Writer(w.locale, local_date(now), policy)
    return {
        "budgets": [
            {
                "name": "today",
                "used": _unanswered_today(view, now),
                "most": policy.value("cn.contact.unanswered_attempts_a_day"),
            },
            {"name": "sms_today", "used": view.budget.today, "most": view.budget.most_a_day},
            {"name": "sms_week", "used": view.budget.this_week, "most": view.budget.most_a_week},
        ],
        "quiet": {"start": quiet.start, "end": quiet.end},
        "reach": {
            "verdict": view.reply.verdict,
            "words": _reach(view, w, writer, policy, there=there),
        },
        "texts_waiting": [
            writer.moment(as_utc(text.due_at))
            for text in view.texts_waiting
            if as_utc(text.due_at) > now
        ],
        "attempts": [
            {
                "at": as_utc(attempt.at),
                "by": attempt.by,
                "channel": attempt.channel,
                "purpose": attempt.purpose,
                "outcome": attempt.outcome,
            }
            for attempt in view.attempts[:SHOWN_ATTEMPTS]
        ],
    }


def _unanswered_today(view: CaseView, now: datetime) -> int:
    """Count what reached for the person unasked today since they last wrote, as the gate counts it."""
    return sum(
        attempt.purpose in UNASKED
        and local_date(as_utc(attempt.at)) == local_date(now)
        and (view.heard_at is None or as_utc(attempt.at) > view.heard_at)
        for attempt in view.attempts
    )


def _reach(view: CaseView, w: Words, writer: Writer, policy: PolicyView, *, there: bool) -> str:
    decision: Decision = view.reply
    if view.conversation.channel == "web":
        return w("case.reach_open" if there else "case.reach_away")
    if decision.verdict == "drop":
        return w("case.reach_drop", rule=policy.parameter(decision.rule).citation.text)
    if decision.verdict == "wait" and decision.until is not None:
        return w("case.reach_wait", when=writer.moment(decision.until))
    return w("case.reach_answering" if view.answering else "case.reach_send")


def notes_part(view: CaseView, w: Words, writer: Writer) -> dict[str, Any]:
    """Return the holds in force, the call that is arranged, and the internal notes."""
    call = view.call_back
    calls = []
    if call is not None and call.starts_at is not None and call.ends_at is not None:
        start, end = as_utc(call.starts_at), as_utc(call.ends_at)
        calls = [
            {"id": call.id, "when": f"{writer.moment(start)}–{time_text(end)}", "begins": start}
        ]
    return {
        "holds": [
            {
                "kind": hold.kind,
                "words": w(f"case.hold.{hold.kind}"),
                "until": _last_day(hold.until) if hold.until else None,
            }
            for hold in view.holds
        ],
        "vulnerable": any(hold.kind in ("vulnerable", "distress") for hold in view.holds),
        "pauses": [{"until": pause.until} for pause in view.pauses[:1]],
        "calls": calls,
        "notes": [
            {"by": note.name, "at": as_utc(note.at), "text": note.text} for note in view.notes
        ],
    }


def _last_day(until: datetime) -> date:
    """Return the last day on which a hold stands that ends by itself, at a day's first instant."""
    return local_date(as_utc(until) - timedelta(seconds=1))


def events_part(
    events: list[Event], w: Words, names: Mapping[str, str], most: int = SHOWN_EVENTS
) -> dict[str, Any]:
    """Return what happened, the newest first, in words; kinds without words stay on record only.

    The same thing several times in a row is told once, with how often.
    """
    told: list[dict[str, Any]] = []
    for event in events:
        key = f"case.event.{event.kind}"
        if not w.has(key):
            continue
        values: dict[str, Any] = {}
        hold = event.data.get("hold")
        if hold:
            values["hold"] = w(f"case.hold.{hold}") if w.has(f"case.hold.{hold}") else hold
        words = w(key, **values)
        who = names.get(event.actor.removeprefix("staff:"))
        if who:
            words = w("case.event_by", words=words, name=who)
        if told and told[-1]["words"] == words:
            told[-1]["times"] += 1
        else:
            told.append({"at": as_utc(event.at), "words": words, "times": 1})
    return {"events": told[:most]}
