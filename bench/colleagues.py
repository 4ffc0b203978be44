"""Colleagues at their desks: signed in over HTTP with a second factor, reading the console's streams."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from html import unescape

import httpx2
import pyotp

from api.console.staffing import add_colleague
from api.kit.clock import SystemClock
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring
from api.policy.lookup import Policy
from bench.running import Installation

__all__ = ["Colleague", "colleagues"]

OWN = "four horses and an old lamp"
FORM = re.compile(r'name="csrf" value="([^"]+)"')
SECRET = re.compile(r'secret__code">([^<]+)<')
STREAM = re.compile(r'sse-connect="([^"]+)"')
HEADERS = re.compile(r"\"X-CSRF-Token\": \"([^\"]+)\"")

Heard = Callable[[str, float], None]
"""Told of each line of a stream, and when it came (``time.monotonic()``)."""


class Colleague:
    """One signed-in collector with connections of their own."""

    def __init__(self, address: str, login: str) -> None:
        self.login = login
        self.client = httpx2.AsyncClient(
            base_url=address, timeout=60, trust_env=False, headers={"Accept": "text/html"}
        )

    async def sign_in(self, password: str) -> None:
        """Give the one-time password, choose another, set the authenticator up.

        Raises:
            RuntimeError: the sign-in's pages are not what they were.
        """
        await self._post("", login=self.login, password=password)
        page = await self._page("/next")
        await self._post("/password", csrf=_in(FORM, page), password=OWN, again=OWN)
        page = await self._page("/next")
        secret = _in(SECRET, page).replace(" ", "")
        code = pyotp.TOTP(secret).at(SystemClock().now())
        await self._post("/setup", csrf=_in(FORM, page), code=code)

    async def _post(self, path: str, **form: str) -> None:
        answer = await self.client.post(f"/console/sign-in{path}", data=form)
        if answer.status_code not in (200, 303):
            msg = f"sign-in{path}: {answer.status_code}"
            raise RuntimeError(msg)

    async def _page(self, path: str) -> str:
        return (await self.client.get(f"/console/sign-in{path}")).text

    async def open(self, path: str) -> tuple[str, float]:
        """Open a page; returns the address of its stream, and how long the page took in seconds."""
        begun = time.monotonic()
        page = (await self.client.get(path)).raise_for_status().text
        taken = time.monotonic() - begun
        token = re.search(r"X-CSRF-Token(?:&#34;|\"): (?:&#34;|\")([^\"&]+)", page)
        if token is not None:
            self.client.headers["X-CSRF-Token"] = token[1]
        return unescape(_in(STREAM, page)), taken

    async def read(self, stream: str, heard: Heard, connected: Callable[[], None]) -> None:
        """Read a stream until cancelled."""
        async with self.client.stream("GET", stream, timeout=None) as lines:
            lines.raise_for_status()
            connected()
            async for line in lines.aiter_lines():
                heard(line, time.monotonic())

    async def act(self, path: str, **form: str) -> None:
        """Do something on the console as its pages do; raises ``httpx2.HTTPStatusError``."""
        answer = await self.client.post(path, data=form, headers={"HX-Request": "true"})
        answer.raise_for_status()


def _in(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        msg = f"{pattern.pattern} is not on the page"
        raise RuntimeError(msg)
    return unescape(found[1])


async def colleagues(running: Installation, count: int) -> list[Colleague]:
    """Make so many collectors and sign them in, four at a time."""
    settings = running.settings
    use_keyring(Keyring(settings["ANHUAN_DATA_KEYS"].split(","), settings["ANHUAN_HASH_KEY"]))
    clock = SystemClock()
    database = Database(
        settings.get("DATABASE_URL") or f"sqlite:///{settings['ANHUAN_DATA_DIR']}/anhuan.db"
    )
    passwords = {}
    for number in range(count):
        made = add_colleague(
            database, login=f"bench{number}", name=f"Colleague {number}", roles=["collector"],
            locale="zh", by="command", now=clock.now(), policy=Policy.shipped().on(clock.today()),
        )  # fmt: skip
        passwords[made.login] = made.one_time_password
    database.close()
    made_all = [Colleague(running.address, login) for login in passwords]
    places = asyncio.Semaphore(4)

    async def signed_in(one: Colleague) -> None:
        async with places:
            await one.sign_in(passwords[one.login])

    work: list[Awaitable[None]] = [signed_in(one) for one in made_all]
    await asyncio.gather(*work)
    return made_all
