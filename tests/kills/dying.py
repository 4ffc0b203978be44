"""A process that signs and kills itself on the way: before a statement, before and after a commit, or around a step
outside the database.

It is forked from a clean server of the standard library's, so that nothing of the tests' own process goes with it.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from api.settings import Settings
from tests.kills.signer import NUMBER, Tab

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(["tests.kills.dying", "api.main", "sqlalchemy.dialects.postgresql"])

Channel = Literal["web", "sms"]
SECONDS = 60


@dataclass(frozen=True)
class Orders:
    """What to sign, on which record, and before which step to die; 0 lives through all of them."""

    settings: Settings
    tab: Tab
    channel: Channel
    death: int
    counted: Path
    """Where one who lived writes how many steps there were."""


def sign_and_die(orders: Orders) -> int | None:
    """Let a process sign with these orders; returns its exit code, the negative number of what killed it."""
    process = FORKED.Process(target=_sign, args=(orders,))
    process.start()
    process.join(SECONDS)
    assert process.exitcode is not None, "it neither signed nor died"
    return process.exitcode


class Steps:
    """Counts steps, and kills the process before one of them as the kernel would."""

    def __init__(self, death: int) -> None:
        self.made = 0
        self._death = death

    def step(self, *_: object, **__: object) -> None:
        """Come to another step."""
        self.made += 1
        if self.made == self._death:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Any) -> Any:
        """Return a function outside the database before and after which there is a step."""

        def stepping(*args: Any, **named: Any) -> Any:
            self.step()
            result = function(*args, **named)
            self.step()
            return result

        return stepping


def _sign(orders: Orders) -> None:
    """Take the code in and have the agreement recorded, exactly as the channel and the assistant do."""
    from fastapi.testclient import TestClient

    import api.agreements.signing as signing
    from api.channels.chat_api import NewMessage, send_message
    from api.channels.sms import ComingText, take_in
    from api.main import create_app
    from tests.conftest import BOT

    app = create_app(orders.settings)
    state = app.state
    steps = Steps(orders.death)
    with state.database.reading():  # connected before the first step
        pass
    event.listen(Engine, "before_cursor_execute", steps.step)
    event.listen(Engine, "commit", steps.step)
    event.listen(Session, "after_commit", steps.step)
    signing.render_pdf = steps.around(signing.render_pdf)
    if orders.channel == "sms":
        text = ComingText("SM-signs", NUMBER, orders.tab.code)
        take_in(state.database, state.clock, state.policy, text, state.answer_reminder)
    else:
        message = NewMessage(text=orders.tab.code, client_message_id="signs", name_confirmed=True)
        send_message(
            state.database, state.clock, state.policy, orders.tab.conversation_id, message, "test"
        )
    url = f"/v1/bot/conversations/{orders.tab.conversation_id}/agreement"
    answer = TestClient(app).post(url, json={}, headers=BOT)
    assert answer.status_code == 200, answer.text
    orders.counted.write_text(str(steps.made), encoding="utf-8")
    os._exit(0)
