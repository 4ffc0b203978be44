"""A colleague made by the operator's command, who signs in through the pages themselves."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys

import pyotp

from tests.journeys.stack import ROOT, Stack

OWN = "四匹马和一盏旧台灯 horses"


class Colleague:
    """One colleague with a browser (without scripts) and an authenticator."""

    def __init__(self, stack: Stack, *roles: str) -> None:
        """Be made, sign in for the first time, and be in."""
        self.login = f"c{secrets.randbelow(10**8):08d}"
        self._pages = stack.client(Accept="text/html")
        password = self._made(stack, roles)
        self._post("", login=self.login, password=password)
        self._post("/password", csrf=self._token(), password=OWN, again=OWN)
        shown = re.search(r'secret__code">([^<]+)<', self._page())
        assert shown is not None
        digits = pyotp.TOTP(shown.group(1).replace(" ", "")).now()
        self._post("/setup", csrf=self._token(), code=digits)
        page = self._pages.get("/console/me")
        assert page.status_code == 200, page.text

    def _made(self, stack: Stack, roles: tuple[str, ...]) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tooling.settings", "api.console.staff_command",
             "--login", self.login, "--name", "陶宁", "--role", ",".join(roles)],
            cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "ANHUAN_DATA_DIR": str(stack.folder)},
        )  # fmt: skip
        found = re.search(r"one-time password +(\S+)", done.stdout)
        assert found is not None, done.stdout
        return found.group(1)

    def _page(self) -> str:
        return str(self._pages.get("/console/sign-in/next").text)

    def _token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self._page())
        assert found is not None
        return found.group(1)

    def _post(self, path: str, **form: str) -> None:
        answer = self._pages.post(f"/console/sign-in{path}", data=form)
        assert answer.status_code in (200, 303), answer.text

    def look(self, path: str) -> str:
        """Open a page of the console; returns it."""
        answer = self._pages.get(f"/console{path}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def press(self, page: str, action: str, **fields: str) -> None:
        """Send a form of a page, by what its address ends in."""
        found = re.search(rf'action="(/console/[^"]*{re.escape(action)})"', page)
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None, page
        assert token is not None
        answer = self._pages.post(found.group(1), data={"csrf": token.group(1), **fields})
        assert answer.status_code == 303, answer.text
