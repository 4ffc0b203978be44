"""Somebody who signs in through the pages themselves, as a browser without scripts would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pyotp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.console.staffing import add_colleague
from api.kit.clock import SetClock

OWN = "四匹马和一盏旧台灯 horses"
HTML = {"Accept": "text/html"}


@dataclass
class AtTheDoor:
    """A colleague with a browser of their own and an authenticator."""

    app: FastAPI
    clock: SetClock
    login: str = "taoning"
    name: str = "陶宁"
    roles: tuple[str, ...] = ("collector",)
    password: str = ""
    secret: str = ""
    recovery_codes: list[str] = field(default_factory=list)
    staff_id: str = ""

    def __post_init__(self) -> None:
        made = add_colleague(
            self.app.state.database, login=self.login, name=self.name, roles=self.roles,
            locale="zh", by="command", now=self.clock.now(),
            policy=self.app.state.policy.on(self.clock.today()),
        )  # fmt: skip
        self.password, self.staff_id = made.one_time_password, made.staff_id
        self.client = TestClient(self.app, follow_redirects=False, headers=HTML)

    def post(self, path: str, **form: str) -> Response:
        """Post a form with the token of the page before it."""
        return self.client.post(f"/console/sign-in{path}", data=form)

    def page(self) -> Response:
        """Look at what is asked for next."""
        return self.client.get("/console/sign-in/next")

    def token(self) -> str:
        """Read the CSRF token off the page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.page().text)
        assert found is not None
        return found.group(1)

    def give_password(self, password: str = "", login: str = "", then: str = "") -> Response:
        """Give login and password."""
        return self.post(
            "", login=login or self.login, password=password or self.password, next=then
        )

    def choose_password(self, password: str = OWN) -> Response:
        """Choose a password of one's own."""
        answer = self.post("/password", csrf=self.token(), password=password, again=password)
        if answer.status_code == 303:
            self.password = password
        return answer

    def read_secret(self) -> None:
        """Take the secret from the page into the authenticator."""
        found = re.search(r'secret__code">([^<]+)<', self.page().text)
        assert found is not None
        self.secret = found.group(1).replace(" ", "")

    def digits(self, steps: int = 0) -> str:
        """Read the authenticator, or what it will show some steps from now."""
        return pyotp.TOTP(self.secret).at(self.clock.now() + timedelta(seconds=30 * steps))

    def set_up(self) -> Response:
        """Set the second factor up and keep the recovery codes."""
        self.read_secret()
        answer = self.post("/setup", csrf=self.token(), code=self.digits())
        self.recovery_codes = [
            unescape(code) for code in re.findall(r"<li><code>([^<]+)</code>", answer.text)
        ]
        return answer

    def give_code(self, code: str = "", then: str = "") -> Response:
        """Give a code of the second factor."""
        return self.post("/code", csrf=self.token(), code=code or self.digits(), next=then)

    def first_day(self) -> None:
        """Everything from the one-time password to the console."""
        assert self.give_password().status_code == 303
        assert self.choose_password().status_code == 303
        assert self.set_up().status_code == 200

    def sign_in(self) -> Response:
        """Password and code, half a minute after the last one."""
        self.clock.forward(timedelta(seconds=30))
        assert self.give_password().status_code == 303
        return self.give_code()

    def inside(self) -> bool:
        """Whether the console lets this browser in."""
        return self.client.get("/console/me").status_code == 200
