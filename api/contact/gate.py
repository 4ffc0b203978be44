"""The one gate before every message: may this purpose reach this person now? Pure.

The table is policy data (``gate.*``: one row a rule, one cell a purpose, each row with its source);
the numbers its rows speak of are policy too. This file knows only when each rule applies, and until
when. A message must pass every rule; of several that stop it, one that drops it comes before those
that keep it waiting, and it waits for the last of those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from api.policy.lookup import PolicyView

__all__ = ["PRESSING", "PURPOSES", "RULES", "WEEK", "Decision", "Moment", "Purpose", "decide"]

Purpose = Literal[
    "reply", "security_code", "service_notice", "reminder", "receipt", "care",
    "opt_out_confirmation", "outreach", "collection",
]  # fmt: skip

PURPOSES: tuple[Purpose, ...] = (
    "reply", "security_code", "service_notice", "reminder", "receipt", "care",
    "opt_out_confirmation", "outreach", "collection",
)  # fmt: skip

PRESSING: frozenset[Purpose] = frozenset({"outreach", "collection"})
"""Messages that ask for money or for a word about it: what the bank's own caps count."""

WEEK = timedelta(days=7)
LOOK_AHEAD = 40
"""How often the next free instant is looked for; each look passes a night, a holiday or a cap."""


@dataclass(frozen=True, slots=True)
class Moment:
    """All that the rules look at. Instants are aware; ``zones`` are those the number may be in."""

    at: datetime
    zones: tuple[str, ...]
    holds: frozenset[str] = frozenset()
    answering: bool = False
    """It answers the person within a conversation that they opened."""
    pressing: tuple[datetime, ...] = ()
    """When outreach and collection reached for the person, at least in the last seven days."""
    unanswered: tuple[datetime, ...] = ()
    """When anybody reached for the number, unasked, since the person last wrote."""
    connected: tuple[datetime, ...] = ()
    """When a call of anybody's was answered, at least on this day and the one before."""
    holidays: frozenset[date] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a message; ``rule`` is the id of the row that stopped it, else empty."""

    verdict: Literal["send", "wait", "drop"]
    rule: str = ""
    until: datetime | None = None
    """With ``wait``: the first instant at which, as things stand, nothing stops it."""


SEND = Decision("send")


def decide(purpose: Purpose, moment: Moment, view: PolicyView) -> Decision:
    """Decide about one message of a purpose at a moment, by the policy of the day.

    Raises:
        PolicyGap: the table or one of its numbers is missing on that day.
    """
    found = _at(purpose, moment, view)
    if found.verdict != "wait":
        return found
    later = found
    for _ in range(LOOK_AHEAD):
        if later.until is None:
            break
        until = later.until
        later = _at(purpose, replace(moment, at=until), view)
        if later.verdict == "send":
            return Decision("wait", found.rule, until)
    return Decision("drop", found.rule)  # there is no free instant that anybody could wait for


def _at(purpose: Purpose, moment: Moment, view: PolicyView) -> Decision:
    waiting: Decision | None = None
    for rule, applies_until in RULES.items():
        until = applies_until(moment, view)
        if until is None:
            continue
        cell = getattr(view.value(rule), purpose)
        if cell == "pass" or (moment.answering and cell.endswith("_unless_answering")):
            continue
        if cell.startswith("drop") or until is FOR_GOOD:
            return Decision("drop", rule)
        if waiting is None or waiting.until is None or until > waiting.until:
            waiting = Decision("wait", rule, until)
    return waiting or SEND


FOR_GOOD = datetime.max.replace(tzinfo=UTC)
"""A rule that applies without an end in sight: what must wait for it is dropped with its reason."""

AppliesUntil = Callable[[Moment, PolicyView], datetime | None]
"""Returns until when a rule applies, or ``None`` when it does not."""


def _hold(kind: str) -> AppliesUntil:
    def until(moment: Moment, view: PolicyView) -> datetime | None:
        del view
        return FOR_GOOD if kind in moment.holds else None

    return until


def _quiet_hours(moment: Moment, view: PolicyView) -> datetime | None:
    hours = view.value("cn.contact.quiet_hours")
    start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
    ends = []
    for zone in _zones(moment):
        local = moment.at.astimezone(zone)
        now = local.timetz().replace(tzinfo=None)
        over_midnight = start > end
        quiet = (now >= start or now < end) if over_midnight else start <= now < end
        if quiet:
            day = local.date() + timedelta(days=int(over_midnight and now >= start))
            ends.append(datetime.combine(day, end, zone).astimezone(moment.at.tzinfo))
    return max(ends, default=None)


def _public_holiday(moment: Moment, view: PolicyView) -> datetime | None:
    del view
    ends = [
        _next_day(moment, zone)
        for zone in _zones(moment)
        if moment.at.astimezone(zone).date() in moment.holidays
    ]
    return max(ends, default=None)


def _a_day(attempts: str, number: str) -> AppliesUntil:
    def until(moment: Moment, view: PolicyView) -> datetime | None:
        most = view.value(number)
        if most == 0:
            return FOR_GOOD
        ends = [
            _next_day(moment, zone)
            for zone in _zones(moment)
            if sum(_same_day(at, moment.at, zone) for at in getattr(moment, attempts)) >= most
        ]
        return max(ends, default=None)

    return until


def _messages_a_week(moment: Moment, view: PolicyView) -> datetime | None:
    most = view.value("bank.contact.collection_sms_a_week")
    if most == 0:
        return FOR_GOOD
    recent = sorted(at for at in moment.pressing if moment.at - WEEK < at <= moment.at)
    return recent[-most] + WEEK if len(recent) >= most else None


def _zones(moment: Moment) -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in moment.zones)


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _next_day(moment: Moment, zone: ZoneInfo) -> datetime:
    following = moment.at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, time(), zone).astimezone(moment.at.tzinfo)


RULES: Mapping[str, AppliesUntil] = {
    "gate.wrong_number": _hold("wrong_number"),
    "gate.deceased": _hold("deceased"),
    "gate.undeliverable": _hold("undeliverable"),
    "gate.opt_out": _hold("opt_out"),
    "gate.dispute": _hold("dispute"),
    "gate.fraud": _hold("fraud"),
    "gate.complaint": _hold("complaint"),
    "gate.distress": _hold("distress"),
    "gate.vulnerable": _hold("vulnerable"),
    "gate.breathing_space": _hold("breathing_space"),
    "gate.agreement_in_force": _hold("agreement_in_force"),
    "gate.quiet_hours": _quiet_hours,
    "gate.public_holiday": _public_holiday,
    "gate.messages_a_day": _a_day("pressing", "bank.contact.collection_sms_a_day"),
    "gate.messages_a_week": _messages_a_week,
    "gate.connected_a_day": _a_day("connected", "cn.contact.connected_calls_a_day"),
    "gate.unanswered_a_day": _a_day("unanswered", "cn.contact.unanswered_attempts_a_day"),
}
"""When each row of the table applies. A row of policy without a rule here, or a rule without its row,
is found by a test."""
