"""The application's own routes, whatever router they came with, and the rule that each declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from api.console.admission import Admission
from api.console.sign_in_page import half_signed_in
from api.conversations.credential import cardholder
from api.kit.auth import bank_caller, bot_caller
from tests.authorisation.expected import BANK, BOT, CARDHOLDER, HALF, STAFF, Rule

DECLARED: dict[Any, Rule] = {
    bank_caller: BANK, bot_caller: BOT, cardholder: CARDHOLDER, half_signed_in: HALF,
}  # fmt: skip


def _flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        included = getattr(route, "original_router", None)  # FastAPI keeps included routers whole
        if included is None:
            yield route
        else:
            yield from _flat(included.routes)


def _called(dependant: Dependant) -> Iterator[Any]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from _called(needed)


def routes_of(app: FastAPI) -> dict[tuple[str, str], BaseRoute]:
    """Return every route by method and path; a folder that is served counts as one path."""
    found: dict[tuple[str, str], BaseRoute] = {}
    for route in _flat(app.routes):
        if isinstance(route, Mount):
            found["GET", f"{route.path}/{{path}}"] = route
            continue
        assert isinstance(route, Route | APIRoute), route
        for method in set(route.methods or ()) - {"HEAD"}:
            assert (method, route.path) not in found, f"{method} {route.path} is there twice"
            found[method, route.path] = route
    return found


def declared(route: BaseRoute) -> Rule | None:
    """Return the rule that a route declares by its dependencies; ``None`` where it declares none."""
    if not isinstance(route, APIRoute):
        return None
    rules = []
    for call in _called(route.dependant):
        if isinstance(call, Admission):
            rules.append(frozenset(call.roles) or STAFF)
        elif call in DECLARED:
            rules.append(DECLARED[call])
    assert len(set(rules)) <= 1, f"{route.path} declares several rules"
    return rules[0] if rules else None
