"""A month of an invented bank, as events: enough of everything for the overview to be looked at."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.accounts.models import Person
from api.agreements.reason_marks import mark_of
from api.kit.audit import append_event
from tests.conftest import import_rows, portfolio_row

NAMES = ("沈禾", "欧阳修远", "罗青", "Mary Okoro", "简宁", "Aisha Whitlock", "周五", "齐云")
REASONS = ("job_loss", "income_drop", "illness", "family", "overspending", "forgot")
WHYS = ("ask_human", "dispute", "not_understood", "already_paid", "complaint", "distress",
        "nothing_affordable", "hardship")  # fmt: skip
ON = (0.75, 0.85, 0.85, 0.9, 0.6, 0.85)
"""How many of a step get to the next, from opening to keeping."""


def month_of_events(app: FastAPI, client: TestClient, people: int = 60, seed: int = 7) -> None:
    """Import people and let a month pass for them."""
    chance = random.Random(seed)
    import_rows(
        client,
        *(
            portfolio_row(
                account_ref=f"M-{n}", person_ref=f"M-{n}", name=NAMES[n % len(NAMES)],
                locale="en" if NAMES[n % len(NAMES)].isascii() else "zh",
                telephone=f"+86198{n:08d}", card_tail=f"{1000 + n}",
            )
            for n in range(people)
        ),
    )  # fmt: skip
    now = app.state.clock.now()
    with app.state.database.transaction() as session:
        for place, person in enumerate(session.scalars(select(Person).order_by(Person.person_ref))):
            _live(session, person, place, now, chance)


def _live(session: Any, person: Person, place: int, now: datetime, chance: random.Random) -> None:
    at = now - timedelta(days=chance.uniform(5, 28))
    conversation, agreement = ("conversation", f"c_{place}"), ("agreement", f"g_{place}")

    def happens(kind: str, subject: tuple[str, str], actor: str = "system", **data: Any) -> None:
        nonlocal at
        append_event(
            session, at=at, actor=actor, subject=subject, kind=kind, person=person.id, **data
        )
        at += timedelta(minutes=chance.choice([2, 4, 7, 25, 50, 200]))

    bucket = chance.choice(["M1", "M1", "M2", "M3", "M4", "M7+"])
    happens("created", ("invite", f"i_{place}"), "bank", purpose="invitation", bucket=bucket,
            locale=person.locale)  # fmt: skip
    for _ in range(chance.randint(0, 3)):
        happens("contact_attempted", ("person", person.id),
                chance.choice(["assistant", "assistant", "colleague", "agency"]), channel="sms",
                purpose=chance.choice(["outreach", "collection", "reminder"]))  # fmt: skip
    if chance.random() < 0.2:
        happens(chance.choice(["message_kept", "message_barred"]), ("person", person.id),
                purpose="outreach", reason=chance.choice(["gate.quiet_hours", "gate.opt_out"]))  # fmt: skip
    steps = iter(ON)
    if chance.random() > next(steps):
        return
    channel = chance.choice(["web", "web", "sms"])
    happens("opened", conversation, "person", channel=channel, locale=person.locale, bucket=bucket)
    if chance.random() < 0.45:
        why = chance.choice(WHYS)
        role = "care" if why == "distress" else "collector"
        happens("case_opened", conversation, case=place + 1, reason=why, role=role, channel=channel,
                locale=person.locale, bucket=bucket, promised_minutes=240)  # fmt: skip
        if chance.random() < 0.8:
            happens("colleague_said", conversation, "staff:s_1", case=place + 1)
            happens("case_closed", conversation, "staff:s_1", case=place + 1, outcome="resolved")
    if chance.random() > next(steps):
        return
    happens("identified", conversation, "person")
    if chance.random() > next(steps):
        return
    happens(
        "situation_told", ("person", person.id), "person", reason=mark_of(chance.choice(REASONS))
    )
    if chance.random() > next(steps):
        return
    happens("plan_offered", ("person", person.id), "assistant")
    if chance.random() > next(steps):
        return
    happens("signed", agreement, "person", plan=chance.choice(["instalments", "instalments", "settlement"]),
            bucket=bucket, waived_fen=chance.choice([0, 30_000, 170_000, 412_345]))  # fmt: skip
    happens("instalment_paid" if chance.random() < next(steps) else "instalment_missed", agreement,
            number=1, in_time=True)  # fmt: skip
