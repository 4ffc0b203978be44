"""Dependencies point one way. Each room of the API imports only what stands before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    "kit", "policy", "plans", "accounts", "webhooks", "contact", "agreements", "conversations", "web",
    "channels", "followup", "console", "custody", "migrations",
)  # fmt: skip
"""In the order of the design; ``web`` renders what the channels hand it and knows ``kit`` alone."""

PURE = ("policy", "plans")
"""Rooms of rules: they know nothing of records or other machines. ``routes`` is their only HTTP."""

OUTSIDE = ("sqlalchemy", "httpx2", "fastapi", "starlette", "twilio", "rasa", "rasa_sdk")


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if ".venv" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_every_room_of_the_api_has_its_place_in_the_order() -> None:
    found = {path.parent.name for path in (ROOT / "api").glob("*/__init__.py")}
    found |= {"migrations"}
    assert found <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_stands_before_it(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    if room == "web":
        allowed = {"kit", "web"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOT / "api" / room)
        for name in imports(path)
        if name.startswith("api.")
        and name.split(".")[1] not in allowed
        and not (
            name == "api.settings"
            and (path.name in {"importing.py", "env.py"} or path.name.endswith("_command.py"))
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("room", PURE)
def test_rules_know_nothing_of_records_or_other_machines(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOT / "api" / room)
        if path.name not in {"routes.py", "schemas.py"}
        for name in imports(path)
        if name.split(".")[0] in OUTSIDE
    ]
    assert wrong == []


def test_the_assistant_never_imports_the_api_nor_the_api_the_assistant() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for folder, forbidden in (("bot", "api"), ("api", "bot"), ("api", "sandbox"))
        for path in modules(ROOT / folder)
        for name in imports(path)
        if name.split(".")[0] == forbidden
    ]
    assert wrong == []


def test_no_module_is_named_for_nothing() -> None:
    empty_names = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    named = [
        path.relative_to(ROOT).as_posix()
        for folder in ("api", "bot", "sandbox", "tooling", "tests")
        for path in modules(ROOT / folder)
        if path.stem in empty_names
    ]
    assert named == []
