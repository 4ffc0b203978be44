"""The frame around every staff page: the rail, the top bar, the keys, in the reader's language.

A page is a template in ``templates/<area>/`` that extends ``frame.html``; its words are those of
``text/<area>.zh.yaml`` and ``.en.yaml``, read as ``w("area.key", name=value)``. What cardholders read can
be quoted by its own key (``w("tools.more")``). Pages bear the strict content policy: nothing inline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.console.admission import Role, Staff
from api.kit.dates import local_date, time_text
from api.kit.errors import Problem
from api.policy.lookup import Policy
from api.web.assets import asset_address
from api.web.formats import filters
from api.web.words import LOCALES, Entries, Words, entries, flat_entries

__all__ = ["RAIL", "Frame", "Place", "console_entries"]

FOLDER = Path(__file__).parent
WEB_TEMPLATES = FOLDER.parent / "web" / "templates"


@dataclass(frozen=True)
class Place:
    """One place on the rail: its area names its word (``frame.<area>``), its icon, who sees it."""

    area: str
    path: str
    roles: frozenset[Role]
    key: str
    below: bool = False
    """Stands at the rail's foot, with the person's own name."""


EVERYBODY: frozenset[Role] = frozenset({"collector", "supervisor", "care", "administrator"})
CASE_WORKERS: frozenset[Role] = frozenset({"collector", "supervisor", "care"})
DESK: frozenset[Role] = frozenset({"collector", "supervisor"})
AUDITORS: frozenset[Role] = frozenset({"supervisor", "administrator"})

RAIL = (
    Place("queue", "/console/queue", CASE_WORKERS, "g q"),
    Place("cases", "/console/cases", CASE_WORKERS, "g c"),
    Place("accounts", "/console/accounts", DESK, "g a"),
    Place("approvals", "/console/approvals", DESK, "g p"),
    Place("overview", "/console/overview", DESK, "g o"),
    Place("policy", "/console/policy", EVERYBODY, "g r"),
    Place("staff", "/console/staff", frozenset({"administrator"}), "g s", below=True),
    Place("audit", "/console/audit", AUDITORS, "g t", below=True),
)
"""In the order in which they stand. A place that this installation has no page for is left out."""


@cache
def console_entries(locale: str) -> Entries:
    """Return every word of the console in a language, and beneath them those of the cardholders' pages."""
    found: dict[str, str | dict[str, str]] = dict(entries(locale))
    for file in sorted((FOLDER / "text").glob(f"*.{locale}.yaml")):
        area = file.name.split(".")[0]
        found |= flat_entries(file, f"{area}.")
    return found


class Frame:
    """Renders staff pages and parts of them (``app.state.console``)."""

    def __init__(
        self, *, bank: Mapping[str, str], today: Callable[[], date], paths: Collection[str]
    ) -> None:
        """Make the templates ready; ``paths`` are those of the console's routes, ``bank`` its names."""
        self.bank = bank
        found = {name: console_entries(name) for name in LOCALES}
        self.words = {name: Words(name, found[name], bank=escape(bank[name])) for name in LOCALES}
        self._problems = {
            key.rpartition(".")[2]: key
            for key in found["zh"]
            if re.match(r"\w+\.problem\.\w+$", key)
        }
        self.rail = tuple(place for place in RAIL if place.path in paths)
        self.today = today
        self.env = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader(FOLDER / "templates"), FileSystemLoader(WEB_TEMPLATES)]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters.update(filters(today))
        self.env.tests["some"] = lambda amount: Decimal(amount) > 0
        self.env.globals.update(asset=lambda name: asset_address("/static", name), bank=bank)

    def page(
        self, request: Request, template: str, staff: Staff, *, here: str, title: str,
        status: int = 200, **context: Any,
    ) -> HTMLResponse:  # fmt: skip
        """Render a whole page. ``here`` is its area on the rail, ``title`` its name and number."""
        now = request.app.state.clock.now()
        html = self._render(
            template, staff, here=here, title=title, now=now, now_time=time_text(now),
            now_day=local_date(now),
            rail=[place for place in self.rail if place.roles & staff.roles],
            path=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            idle_seconds=_idle_seconds(request), **context,
        )  # fmt: skip
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})

    def part(self, template: str, staff: Staff, **context: Any) -> str:
        """Render a part of a page, such as what a live stream or an htmx call brings."""
        return self._render(template, staff, **context)

    def bare(
        self, template: str, locale: str, *, title: str, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """Render a page outside the frame: signing in, and trouble before it."""
        html = self.env.get_template(template).render(
            locale=locale, w=self.words[locale], title=title, **context
        )
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})

    def problem_words(self, problem: Problem, locale: str) -> Markup:
        """Return what a refusal says to a colleague (``<area>.problem.<code>``, filled from its extra)."""
        key = self._problems.get(problem.code, "frame.problem.internal_error")
        return self.words[locale](key, **problem.extra)

    def _render(self, template: str, staff: Staff, **context: Any) -> str:
        found = self.env.get_template(template)
        return found.render(
            staff=staff, locale=staff.locale, w=self.words[staff.locale], csrf=staff.csrf, **context
        )


def _idle_seconds(request: Request) -> int:
    policy: Policy = request.app.state.policy
    view = policy.on(request.app.state.clock.today())
    minutes: int = view.value("bank.staff.session_idle_minutes")
    return minutes * 60
