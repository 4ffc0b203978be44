"""The same through the record: written at any hour, held up, overtaken by events, and sent or not.

A message is written in one transaction and taken for sending in another; between them days may pass, holds
come and go, the number change, and others spend the budget. Whatever leaves, leaves lawfully.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from api.accounts.models import Person
from api.accounts.service import telephone_hash
from api.contact.gate import PURPOSES, Purpose
from api.contact.holds import HoldKind, holds_of, lift_hold, number_mark, place_hold
from api.contact.ledger import grounds, may_reach, note_heard, record_attempt
from api.contact.models import ContactAttempt, Heard, Hold, OutboxMessage
from api.contact.outbox import enqueue
from api.contact.sending import deliver_due
from api.contact.zones import zones_of
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.dates import as_utc
from api.kit.db import Base, Database
from api.kit.secrecy import Keyring, use_keyring
from api.policy.holidays import public_holidays
from api.policy.lookup import Policy
from api.webhooks.models import BankNotice
from tests.contact.lawful import Sent, lawful

POLICY = Policy.shipped()
NUMBERS = ("+8619900000001", "+85251230104", "+12025550123", "+447911123456", "+6591234567")
"""Numbers of one zone and of several."""
HOLDS = st.sampled_from(get_args(HoldKind))
STORY = st.lists(
    st.tuples(
        st.integers(0, 30 * 60),
        st.one_of(
            st.tuples(st.just("written"), st.sampled_from(PURPOSES), st.booleans()),
            st.tuples(st.just("placed"), HOLDS),
            st.tuples(st.just("lifted"), HOLDS),
            st.tuples(st.just("writes")),
            st.tuples(st.just("moves"), st.sampled_from(NUMBERS)),
            st.tuples(st.just("agency")),
        ),
    ),
    max_size=30,
)
STARTS = st.datetimes(datetime(2026, 9, 20), datetime(2027, 2, 20), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis takes its bounds naive
"""With the National Day and the Spring Festival in between."""


@dataclass
class World:
    """One person on record, and a provider that judges each text as it comes."""

    database: Database
    clock: SetClock = field(default_factory=SetClock)
    sent: list[Sent] = field(default_factory=list)
    heard: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    count: int = 0
    wrong: list[AssertionError] = field(default_factory=list)

    def begin(self, at: datetime, number: str) -> None:
        """Begin a story with a person of whom nothing is known yet."""
        self.clock.at, self.heard = at, at - timedelta(days=30)
        self.sent.clear()
        self.wrong.clear()
        with self.database.transaction() as session:
            for table in (OutboxMessage, ContactAttempt, Heard, Hold, Event, BankNotice, Person):
                session.execute(delete(table))
            session.add(
                Person(
                    id="p", person_ref="P-1", name="沈禾", locale="zh", telephone=number,
                    telephone_hash=telephone_hash(number), name_hash="x", id_last4_hash="x",
                    created_at=at,
                )
            )  # fmt: skip

    def send(self, recipient: str, body: str) -> str:
        """Take a text; whether that was right is told by ``deliver``, since senders survive anything."""
        try:
            return self._judge(recipient, body)
        except AssertionError as wrong:
            self.wrong.append(wrong)
            raise

    def _judge(self, recipient: str, body: str) -> str:
        """Judge a text: its words say what it is for, and whether it answers the person."""
        purpose, answering, _ = body.split()
        with self.database.reading() as session:
            person = session.get_one(Person, "p")
            assert recipient == person.telephone
            held = holds_of(session, "p")
        self.sent.append((self.clock.now(), purpose))  # type: ignore[arg-type]  # one of PURPOSES
        view = POLICY.on(self.clock.today())
        lawful(
            self.sent, self.heard, zones_of(recipient), held, public_holidays(view),
            answering=answering == "True",
        )  # fmt: skip
        return f"SM{len(self.sent)}"

    def sent_before(self, recipient: str, body: str) -> tuple[str, ...]:
        """Nothing is ever lost on the way here."""
        del recipient, body
        return ()

    def happens(self, what: str, *more: Any) -> None:
        """Let one thing happen."""
        now, view = self.clock.now(), POLICY.on(self.clock.today())
        with self.database.transaction() as session:
            person = session.get_one(Person, "p")
            if what == "written":
                self.count += 1
                enqueue(
                    session, key=f"k{self.count}", purpose=more[0], person=person,
                    body=f"{more[0]} {more[1]} {self.count}", now=now, policy=view,
                    answering=more[1],
                )  # fmt: skip
            elif what == "placed":
                number = number_mark(person.telephone_hash)
                source = number if more[0] == "undeliverable" else "told"
                place_hold(session, person_id="p", kind=more[0], source=source, now=now)
            elif what == "lifted":
                lift_hold(session, person_id="p", kind=more[0], source="told", now=now)
            elif what == "writes":
                note_heard(session, "p", now)
                self.heard = now
            elif what == "moves":
                person.telephone, person.telephone_hash = more[0], telephone_hash(more[0])
            else:
                self._agency(session, person, now, view)

    def _agency(self, session: Any, person: Person, now: datetime, view: Any) -> None:
        """An agency that asks first, and reaches the person where it may."""
        purpose: Purpose = "collection"
        if may_reach(session, person, purpose, now=now, policy=view).verdict != "send":
            return
        self.count += 1
        record_attempt(
            session, person_id="p", at=now, by="agency", channel="letter", purpose=purpose,
            outcome="sent", reference=f"agency:{self.count}",
            why=grounds(session, person, purpose, now=now, policy=view, answering=False),
        )  # fmt: skip
        self.sent.append((now, purpose))
        lawful(
            self.sent, self.heard, zones_of(person.telephone), holds_of(session, "p"),
            public_holidays(view), answering=False,
        )  # fmt: skip

    def deliver(self) -> None:
        """Send what may go now."""
        while deliver_due(self.database, self.clock, POLICY, {"sms": self}):
            pass
        if self.wrong:
            raise self.wrong.pop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An empty record."""
    use_keyring(Keyring([Fernet.generate_key().decode()], "a key for hashes"))
    folder: Path = tmp_path_factory.mktemp("record")
    database = Database(f"sqlite:///{folder / 'x.db'}")
    Base.metadata.create_all(database.engine)
    return World(database)


@settings(max_examples=120)
@given(start=STARTS, number=st.sampled_from(NUMBERS), story=STORY)
def test_whatever_happens_between_writing_and_sending_nothing_leaves_unlawfully(
    world: World, start: datetime, number: str, story: list[tuple[int, tuple[Any, ...]]]
) -> None:
    world.begin(start, number)
    for minutes, what in story:
        world.clock.forward(timedelta(minutes=minutes))
        world.deliver()
        world.happens(*what)
        world.deliver()
    for _ in range(12):  # and in the days after it
        world.clock.forward(timedelta(hours=9))
        world.deliver()
    with world.database.reading() as session:
        entered = session.scalars(select(ContactAttempt).order_by(ContactAttempt.at)).all()
        assert [(as_utc(one.at), one.purpose) for one in entered] == world.sent
        for row in session.scalars(select(OutboxMessage)):
            assert row.state in ("sent", "dropped") or row.reason.startswith("gate."), row.state
            assert row.reason or row.state == "sent"
