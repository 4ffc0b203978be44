"""A colleague at work on a running installation: from another process, on the same record."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.conversations import floor, proposing
from api.conversations.colleagues import Colleague
from api.conversations.models import Case, InboxItem, Message
from api.kit.clock import SystemClock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.keys_file import KeysFile
from api.kit.secrecy import Keyring, use_keyring
from api.policy.lookup import Policy, PolicyView
from tests.journeys.stack import Stack

TAO = Colleague("s-tao", "陶宁", frozenset({"collector"}))
GAO = Colleague("s-gao", "高远", frozenset({"supervisor"}))

Result = TypeVar("Result")
PATIENCE_SECONDS = 60


class Desk:
    """What a colleague does in one person's conversation."""

    def __init__(self, stack: Stack, person_ref: str) -> None:
        """Open the record with the installation's own keys."""
        lines = (stack.folder / "secrets.env").read_text(encoding="utf-8").splitlines()
        secrets = dict(line.split("=", 1) for line in lines if "=" in line)
        given = secrets["ANHUAN_DATA_KEYS"].strip("'\"").split(",")
        file = KeysFile(stack.folder / "data-keys", given)  # another story may have changed them
        use_keyring(Keyring(given, secrets["ANHUAN_HASH_KEY"].strip("'\""), file))
        self._database = Database(f"sqlite:///{stack.folder / 'anhuan.db'}")
        self._clock = SystemClock()
        path = f"file:{stack.folder / 'anhuan.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=10)) as record:
            self.conversation_id = str(
                record.execute(
                    "SELECT c.id FROM conversations c JOIN persons p ON p.id = c.person_id"
                    " WHERE p.person_ref = ? ORDER BY c.created_at DESC LIMIT 1",
                    (person_ref,),
                ).fetchone()[0]
            )

    def close(self) -> None:
        """Let the record go."""
        self._database.close()

    @property
    def policy(self) -> PolicyView:
        """The policy of today."""
        return Policy.shipped().on(local_date(self._clock.now()))

    def do(self, act: Callable[[Session], Result]) -> Result:
        """Do something in a transaction."""
        with self._database.transaction() as session:
            return act(session)

    def case(self) -> int:
        """Return the newest open case of the conversation."""
        found = self.do(
            lambda s: s.scalar(
                select(func.max(Case.id)).where(
                    Case.conversation_id == self.conversation_id, Case.state != "closed"
                )
            )
        )
        assert found is not None
        return found

    def take(self, by: Colleague = TAO) -> int:
        """Take the newest case."""
        case_id = self.case()
        self.do(lambda s: floor.take(s, case_id, by, self._clock.now(), self.policy))
        return case_id

    def say(self, case_id: int, text: str, by: Colleague = TAO) -> None:
        """Say something."""
        self.do(
            lambda s: floor.say(
                s, case_id, by, text, now=self._clock.now(), policy=self.policy,
                client_message_id=text,
            )
        )  # fmt: skip

    def propose(self, case_id: int, by: Colleague = TAO, **facts: Any) -> None:
        """Write facts down and propose what comes of them."""
        self.do(
            lambda s: proposing.write_down(
                s, case_id, by, facts, now=self._clock.now(), policy=self.policy
            )
        )
        self.do(
            lambda s: proposing.propose_plan(
                s, case_id, by, now=self._clock.now(), policy=self.policy
            )
        )

    def ask_and_approve(self, case_id: int) -> None:
        """Ask for a plan beyond one's authority; another colleague approves it."""
        asked = self.do(
            lambda s: proposing.ask_for_approval(
                s, case_id, TAO, "收入稳定", now=self._clock.now(), policy=self.policy
            )
        )
        self.do(
            lambda s: proposing.approve_plan(
                s, asked.id, GAO, now=self._clock.now(), policy=self.policy
            )
        )

    def give_back(self, case_id: int, agreed: str = "") -> None:
        """Hand the floor back, and wait for nothing."""
        now = self._clock.now()
        self.do(lambda s: floor.hand_back(s, case_id, TAO, now, self.policy, agreed))

    def hand_back(self, case_id: int, agreed: str = "") -> str:
        """Hand back, and return what the assistant says of it."""
        before = self.last_seq()
        self.give_back(case_id, agreed)
        self.settled()
        return "\n".join(self.said("assistant", after=before))

    def settled(self) -> None:
        """Wait until nothing waits for the assistant."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        waiting = select(InboxItem.id).where(
            InboxItem.conversation_id == self.conversation_id, InboxItem.handled_at.is_(None)
        )
        while self.do(lambda s: s.scalar(waiting.limit(1))) is not None:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def last_seq(self) -> int:
        """Return the number of the last record."""
        newest = select(func.max(Message.seq)).where(
            Message.conversation_id == self.conversation_id
        )
        return self.do(lambda s: s.scalar(newest)) or 0

    def said(self, *speakers: str, after: int = 0) -> list[str]:
        """Return what was said by these after a record."""
        found = (
            select(Message.text)
            .where(
                Message.conversation_id == self.conversation_id, Message.seq > after,
                Message.speaker.in_(speakers),
            )
            .order_by(Message.seq)
        )  # fmt: skip
        return self.do(lambda s: list(s.scalars(found)))
