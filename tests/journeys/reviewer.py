"""A colleague made by the operator's command, who signs in through the pages themselves."""

from __future__ import annotations

import re

import pyotp

from tests.journeys.stack import Stack
from tests.journeys.staff import OWN_PASSWORD, make_colleague


class Reviewer:
    """One colleague with a browser (without scripts) and an authenticator."""

    def __init__(self, stack: Stack, *roles: str) -> None:
        """Be made, sign in for the first time, and be in."""
        self._pages = stack.client(Accept="text/html")
        login, password = make_colleague(stack, "陶宁", *roles)
        self._post("", login=login, password=password)
        self._post("/password", csrf=self._token(), password=OWN_PASSWORD, again=OWN_PASSWORD)
        shown = re.search(r'secret__code">([^<]+)<', self._page())
        assert shown is not None
        digits = pyotp.TOTP(shown.group(1).replace(" ", "")).now()
        self._post("/setup", csrf=self._token(), code=digits)
        page = self._pages.get("/console/me")
        assert page.status_code == 200, page.text

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
