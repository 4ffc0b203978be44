"""Histories of events as Hypothesis invents them, and what the figures of such a history are.

The figures are worked out here a second time, plainly and one thing after another, from the list of
events. What the database counts must be the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from api.agreements.reason_marks import mark_of
from api.console.figures_dates import Span
from api.console.sheets import WAITS
from api.console.ways import STEPS
from api.kit.audit import Event
from api.kit.dates import local_date

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""An hour before midnight in Shanghai: days begin where they should, or the figures differ."""

PEOPLE = ("p_1", "p_2", "p_3", "p_4")
PRESSING = ("outreach", "collection")


@dataclass(frozen=True)
class Happened:
    """One event of a history."""

    minutes: int
    kind: str
    person: str
    subject: tuple[str, str]
    actor: str = "system"
    data: tuple[tuple[str, Any], ...] = ()

    @property
    def at(self) -> datetime:
        """When it happened."""
        return START + timedelta(minutes=self.minutes)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """What it tells."""
        return dict(self.data).get(name, otherwise)

    def row(self) -> Event:
        """Write it as a row."""
        return Event(
            at=self.at, actor=self.actor, subject_kind=self.subject[0], subject_id=self.subject[1],
            kind=self.kind, person_id=self.person, data=dict(self.data),
        )  # fmt: skip


def _told(draw: st.DrawFn, **choices: list[Any]) -> tuple[tuple[str, Any], ...]:
    """Draw what an event tells; ``None`` is what an older one does not tell."""
    drawn = {name: draw(st.sampled_from(values)) for name, values in choices.items()}
    return tuple((name, value) for name, value in drawn.items() if value is not None)


@st.composite
def happened(draw: st.DrawFn) -> Happened:
    """One event of any kind that a figure looks at, or of one that none does."""
    minutes = draw(st.integers(0, 6 * 24 * 60))
    person = draw(st.sampled_from(PEOPLE))
    kind = draw(
        st.sampled_from(
            ["created", "opened", "locale_changed", "identified", "situation_told", "plan_offered",
             "signed", "instalment_paid", "instalment_missed", "fulfilled", "broken", "withdrawn",
             "case_opened", "colleague_said", "call_back_made", "case_closed", "contact_attempted", "message_kept",
             "message_barred", "stage_changed"]
        )
    )  # fmt: skip
    conversation, agreement = ("conversation", f"c_{person}"), ("agreement", f"g_{person}")
    if kind == "created":
        told = _told(draw, purpose=["invitation", "link", None], bucket=["M1", "M3", None],
                     locale=["zh", "en", None])  # fmt: skip
        actor = draw(st.sampled_from(["bank", "system"]))
        return Happened(minutes, kind, person, ("invite", f"i_{minutes}"), actor, told)
    if kind == "opened":
        told = _told(draw, channel=["web", "sms", None], locale=["zh", "en", None],
                     bucket=["M1", "M2", None])  # fmt: skip
        return Happened(minutes, kind, person, conversation, "person", told)
    if kind == "locale_changed":
        return Happened(
            minutes, kind, person, conversation, "person", _told(draw, locale=["zh", "en"])
        )
    if kind == "situation_told":
        told = _told(draw, reason=[mark_of("job_loss"), mark_of("illness"), "no mark", None])
        return Happened(minutes, kind, person, ("person", person), "person", told)
    if kind == "signed":
        told = _told(draw, plan=["instalments", "settlement", None], bucket=["M1", None],
                     waived_fen=[0, 50_000, None])  # fmt: skip
        return Happened(minutes, kind, person, agreement, "person", told)
    if kind.startswith("case_") or kind in ("colleague_said", "call_back_made"):
        told = _told(draw, case=[1, 2], reason=["dispute", "ask_human"], role=["collector", None],
                     channel=["web", "sms"], locale=["zh", "en"], promised_minutes=[30, 240, None],
                     outcome=["agreed", "connected", None])  # fmt: skip
        actor = draw(st.sampled_from(["staff:s_1", "staff:s_2"]))
        return Happened(minutes, kind, person, conversation, actor, told)
    if kind == "contact_attempted":
        told = _told(draw, purpose=["outreach", "collection", "reminder"], channel=["sms", "call"])
        actor = draw(st.sampled_from(["assistant", "colleague", "agency"]))
        return Happened(minutes, kind, person, ("person", person), actor, told)
    if kind.startswith("message_"):
        told = _told(draw, purpose=["outreach", "reminder"], reason=["gate.quiet_hours", None])
        return Happened(minutes, kind, person, ("person", person), "system", told)
    of_agreement = kind.startswith("instalment") or kind in ("fulfilled", "broken", "withdrawn")
    return Happened(minutes, kind, person, agreement if of_agreement else conversation)


histories = st.lists(happened(), min_size=2, max_size=60).map(
    lambda found: sorted(found, key=lambda e: e.minutes)
)
"""Histories in the order in which they happened."""

Cells = Counter[tuple[str, ...]]


def figures(history: list[Happened], span: Span) -> dict[str, Cells]:
    """Work out every sheet of a history."""
    within = [
        (place, event) for place, event in enumerate(history) if span.begins <= event.at < span.ends
    ]
    return {
        "people": _people(history, within),
        "cases": _cases(history, within),
        "agreements": _agreements(history, within),
        "attempts": Counter(
            (e.actor, e.get("channel"), e.get("purpose"), "yes" if e.get("purpose") in PRESSING else "no")
            for _, e in within if e.kind == "contact_attempted"
        ),
        "stopped": Counter(
            (e.get("purpose"), e.get("reason", "unknown"), {"message_kept": "held"}.get(e.kind, "dropped"))
            for _, e in within if e.kind in ("message_kept", "message_barred")
        ),
        "budget_days": Counter(
            (str(times),)
            for times in Counter(
                (e.person, local_date(e.at)) for _, e in within
                if e.kind == "contact_attempted" and e.get("purpose") in PRESSING
            ).values()
        ),
    }  # fmt: skip


def _people(history: list[Happened], within: list[tuple[int, Happened]]) -> Cells:
    found: Cells = Counter()
    for person in PEOPLE:
        ways_in = [
            place for place, e in within
            if e.person == person and (
                e.kind == "opened"
                or (e.kind == "created" and e.actor == "bank" and e.get("purpose", "invitation") == "invitation")
            )
        ]  # fmt: skip
        if not ways_in:
            continue
        since = [e for e in history[ways_in[0] :] if e.person == person]
        kinds = [e.kind for e in since]
        opened = next((e for e in since if e.kind == "opened"), None)
        locales = [e.get("locale") for e in since
                   if e.kind in ("created", "opened", "locale_changed") and e.get("locale")]  # fmt: skip
        reasons = [e.get("reason") for e in since if e.kind == "situation_told" and e.get("reason")]
        names = {mark_of("job_loss"): "job_loss", mark_of("illness"): "illness"}
        reached = max(_step(kinds, step) for step in STEPS)
        found[
            (
                opened.get("channel", "none") if opened else "none",
                locales[-1] if locales else "unknown",
                names.get(reasons[-1], "unknown") if reasons else "untold",
                since[0].get("bucket", "unknown"),
                STEPS[reached],
            )
        ] += 1
    return found


def _step(kinds: list[str], step: str) -> int:
    """Return the place of a step that was got to, else the first."""
    place = STEPS.index(step)
    if step == "kept":
        paid = [n for n, kind in enumerate(kinds) if kind in ("instalment_paid", "fulfilled")]
        unkept = [n for n, kind in enumerate(kinds)
                  if kind in ("instalment_missed", "broken", "withdrawn")]  # fmt: skip
        got = "signed" in kinds and bool(paid) and paid[-1] > (unkept[-1] if unkept else -1)
    else:
        kind = {"situation": "situation_told", "offered": "plan_offered"}.get(step, step)
        got = kind in kinds
    return place if got else 0


def _cases(history: list[Happened], within: list[tuple[int, Happened]]) -> Cells:
    found: Cells = Counter()
    for place, e in within:
        if e.kind != "case_opened":
            continue
        after = [o for o in history[place + 1 :] if o.person == e.person]
        answer = next((o for o in after if _answers(o)), None)
        closed = [o for o in after if o.kind == "case_closed" and o.get("case") == e.get("case")]
        outcomes = [o.get("outcome") for o in closed if o.get("outcome")]
        promised = e.get("promised_minutes")
        took = None if answer is None else (answer.at - e.at).total_seconds() / 60
        if took is None:
            waited = "unanswered" if closed else "waiting"
        else:
            waited = next((name for name, most in WAITS if took <= most), "longer")
        if promised is None:
            promise = "unknown"
        elif took is None:
            promise = "open"
        else:
            promise = "kept" if took <= promised else "late"
        found[
            (
                e.get("reason"), e.get("role", "unknown"), e.get("channel"), e.get("locale"), waited,
                promise, "open" if not closed else max(outcomes, default="unknown"),
                "yes" if closed else "no", answer.actor if answer else "nobody",
            )
        ] += 1  # fmt: skip
    return found


def _answers(event: Happened) -> bool:
    called = event.kind == "call_back_made" and event.get("outcome") == "connected"
    return called or event.kind == "colleague_said"


def _agreements(history: list[Happened], within: list[tuple[int, Happened]]) -> Cells:
    found: Cells = Counter()
    for place, e in within:
        if e.kind != "signed":
            continue
        kinds = [o.kind for o in history[place + 1 :] if o.subject == e.subject]
        paid = [n for n, kind in enumerate(kinds) if kind == "instalment_paid"]
        missed = [n for n, kind in enumerate(kinds) if kind == "instalment_missed"]
        ended = next((kind for kind in ("withdrawn", "broken", "fulfilled") if kind in kinds), None)
        if ended:
            state = ended
        elif missed and missed[-1] > (paid[-1] if paid else -1):
            state = "behind"
        else:
            state = "on_track" if paid else "begun"
        relief = "yes" if e.get("waived_fen", 0) else "no"
        found[(e.get("plan", "unknown"), e.get("bucket", "unknown"), state, relief)] += 1
    return found
