"""``kill -9`` at every step of signing, from the code's arrival to the document on record.

Each step is a statement, a commit, or the making of the document. Afterwards the agreement is wholly there or
wholly not; whoever goes on (the page or the provider sending again, the tick alone) completes it once; and the
person is told once.
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from api.accounts.models import Challenge
from api.agreements.life import STANDING
from api.agreements.lives import life_of
from api.agreements.models import Agreement, LedgerEntry
from api.channels.chat_api import NewMessage, send_message
from api.channels.sms import ComingText, take_in
from api.channels.texting import text_new_records
from api.contact.models import OutboxMessage
from api.contact.sending import deliver_due
from api.conversations.models import Conversation, InboxItem, Message
from api.conversations.signing import complete_signatures
from api.kit.clock import SetClock
from api.kit.db import Database
from api.main import create_app
from api.settings import Settings
from tests.conftest import Telephone
from tests.kills.dying import Channel, Orders, sign_and_die
from tests.kills.installation import DATABASES, installation
from tests.kills.signer import NUMBER, Signer, build, counted
from tests.postgresql import PostgresServer

CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.fixture(scope="module")
def signer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Somebody whose signing code has just arrived."""
    return build(installation(request, tmp_path_factory, "signer"), tabs=1)


class Walk:
    """Runs of one signer by one channel, each on a copy of the record."""

    def __init__(
        self, signer: Signer, channel: Channel, folder: Path, server: Callable[[], PostgresServer]
    ) -> None:
        self.signer = signer
        self.channel: Channel = channel
        self._folder = folder
        self._server = server
        self._runs = 0

    def steps(self) -> int:
        """Sign without dying; returns how many steps there are."""
        counted_in = self._folder / "steps"
        with ExitStack() as ending:
            settings = self._copy(ending)
            lived = sign_and_die(Orders(settings, self.signer.tabs[0], self.channel, 0, counted_in))
            assert lived == 0
            database = Database(settings.database)
            ending.callback(database.close)
            assert set(_counts(database).values()) == {1}
        return int(counted_in.read_text(encoding="utf-8"))

    def die_at(self, step: int, *, sent_again: bool) -> bool:
        """Die before a step, start again, and reckon; returns whether it was signed before anybody went on."""
        with ExitStack() as ending:
            settings = self._copy(ending)
            died = sign_and_die(
                Orders(settings, self.signer.tabs[0], self.channel, step, self._folder / "none")
            )
            assert died == -signal.SIGKILL
            clock = SetClock(self.signer.begins + timedelta(minutes=1))
            app = create_app(settings, clock)
            ending.callback(app.state.database.close)
            database: Database = app.state.database
            before = _counts(database)
            assert set(before.values()) in ({0}, {1}), (step, before)  # wholly, or not at all
            telephone = Telephone()
            app.state.transports["sms"] = telephone
            if sent_again:
                self._send_again(app.state)
            given = _code_given(database)
            for _ in range(3):
                complete_signatures(database, clock, app.state.policy)
                text_new_records(database, clock, app.state.policy, "https://bank.example")
                clock.forward(timedelta(minutes=1))
                while deliver_due(database, clock, app.state.policy, app.state.transports):
                    pass
            after = _counts(database)
            assert set(after.values()) == {1 if given else 0}, (step, after)
            assert given or not sent_again  # who sends again, signs
            self._reckon(
                database, telephone, step, signed=given, before=set(before.values()) == {1}
            )
            return set(before.values()) == {1}

    def _copy(self, ending: ExitStack) -> Settings:
        self._runs += 1
        folder = self._folder / str(self._runs)
        folder.mkdir()
        settings = self.signer.copied(folder, self._server)
        if settings.database_url:
            ending.callback(self._server().drop, settings.database_url)
        return settings

    def _send_again(self, state: object) -> None:
        """Send the code again under its id, as a page and a provider do that were not answered."""
        database, clock, policy = state.database, state.clock, state.policy  # type: ignore[attr-defined]
        code = self.signer.tabs[0].code
        if self.channel == "sms":
            answer = state.answer_reminder  # type: ignore[attr-defined]
            take_in(database, clock, policy, ComingText("SM-signs", NUMBER, code), answer)
        else:
            message = NewMessage(text=code, client_message_id="signs", name_confirmed=True)
            send_message(
                database, clock, policy, self.signer.tabs[0].conversation_id, message, "test"
            )

    def _reckon(
        self, database: Database, telephone: Telephone, step: int, *, signed: bool, before: bool
    ) -> None:
        """Hold that the document is whole, its person told once, and nothing left half done."""
        with database.reading() as session:
            agreement = session.scalars(select(Agreement)).one()
            life = life_of(session, agreement)
            entry = session.scalar(select(LedgerEntry))
            said = session.scalars(
                select(Message.text).where(Message.speaker == "assistant").order_by(Message.seq)
            ).all()
            stage = session.scalars(select(Conversation.stage)).one()
            waiting = session.scalars(
                select(InboxItem.text).where(InboxItem.handled_at.is_(None))
            ).all()
            queued = session.scalars(
                select(OutboxMessage.key).where(OutboxMessage.state == "queued")
            ).all()
        assert queued == []
        if not signed:
            assert (life, entry, waiting) == ("presented", None, [])
            return
        assert life in STANDING
        assert stage == "signed"
        assert entry is not None
        assert agreement.number is not None
        assert hashlib.sha256(entry.document).hexdigest() == entry.document_digest
        told = sum(agreement.number in text for text in said)
        texts = [body for _, body in telephone.texts if agreement.number in body]
        if (
            before
        ):  # the assistant has recorded it, and its own answer follows the retry of its turn
            assert told == 0
            assert [text.startswith("/challenge_passed") for text in waiting] == [True]
        else:
            assert (told, waiting) == (1, [])
        if self.channel == "web":
            assert len(texts) == 1, (step, telephone.texts)
        else:
            assert len(texts) == told, (step, telephone.texts)


def _counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return counted(session)


def _code_given(database: Database) -> bool:
    with database.reading() as session:
        states = session.scalars(
            select(Challenge.state).where(Challenge.purpose == "signature")
        ).all()
    return bool({"satisfied", "consumed"} & set(states))


@pytest.mark.parametrize(
    ("signer", "channel"),
    [("sqlite", "sms"), pytest.param("postgresql", "web", marks=pytest.mark.postgresql)],
    indirect=["signer"],
)
def test_killed_at_some_steps_of_signing_it_is_wholly_there_or_not(
    signer: Signer, channel: Channel, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    walk = Walk(signer, channel, tmp_path, lambda: request.getfixturevalue("postgresql"))
    steps = walk.steps()
    assert steps > 20
    chosen = sorted({1, steps // 3, steps * 2 // 3, steps})
    signed = [walk.die_at(step, sent_again=n % 2 == 0) for n, step in enumerate(chosen)]
    assert signed[0] is False


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("signer", DATABASES, indirect=True)
def test_killed_at_every_step_of_signing_it_is_wholly_there_or_not(
    signer: Signer, channel: Channel, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    walk = Walk(signer, channel, tmp_path, lambda: request.getfixturevalue("postgresql"))
    steps = walk.steps()
    signed = [walk.die_at(step, sent_again=step % 2 == 0) for step in range(1, steps + 1)]
    assert signed == sorted(signed)  # not before some step, and ever after
    assert {True, False} == set(signed)
