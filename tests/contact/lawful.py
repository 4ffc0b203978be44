"""The rules of contact in plain words, told once more and in another way than the gate tells them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.contact.gate import PRESSING, Purpose

__all__ = ["UNASKED", "Sent", "lawful"]

Sent = tuple[datetime, Purpose]
"""When something was sent, and what for."""

UNASKED = {"service_notice", "reminder", "receipt", "outreach", "collection"}


def lawful(
    sent: Sequence[Sent], heard: datetime, zones: Sequence[str], holds: Collection[str],
    holidays: Collection[date], *, answering: bool,
) -> None:  # fmt: skip
    """Assert that the message which was just sent, the last of ``sent``, might be sent.

    ``heard``: when the person last wrote; ``zones`` are those their number may be in.
    """
    held = set(holds)
    now, purpose = sent[-1]
    if purpose in ("care", "opt_out_confirmation"):
        assert not (purpose == "opt_out_confirmation" and held & {"deceased", "wrong_number"})
        return
    assert not held & {"deceased", "wrong_number"}
    exempt = answering and purpose in ("reply", "security_code", "service_notice")
    for zone in zones:
        local = now.astimezone(ZoneInfo(zone))
        assert exempt or 8 <= local.hour < 22
        if purpose in PRESSING:
            assert local.date() not in holidays
            pressing = [at.astimezone(ZoneInfo(zone)) for at, kind in sent if kind in PRESSING]
            assert sum(at.date() == local.date() for at in pressing) <= 1
            assert sum(now - at < timedelta(days=7) for at in pressing) <= 3
        if not exempt:
            day = [
                at for at, kind in sent
                if kind in UNASKED and at > heard
                and at.astimezone(ZoneInfo(zone)).date() == local.date()
            ]  # fmt: skip
            assert len(day) <= 6
    if purpose in PRESSING:
        assert not held
    if purpose == "reminder":
        assert held <= {"agreement_in_force"}
    if held & {"undeliverable"}:
        assert exempt
    if held & {"opt_out"}:
        assert answering
        assert purpose in ("reply", "security_code")
