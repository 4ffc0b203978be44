"""Find the policy value that was in force on a day, with its citation.

``Policy.load(folder)`` reads and validates every file; ``policy.on(day)`` is the whole policy of that
day, so that a plan of last March is computed by last March's rules.

A file holds ``defaults`` (optional) and ``parameters``; each parameter has ``title``, ``unit``,
``applies``, ``verified``, ``citation`` and ``values``: a list of ``{since, value}``, oldest first.
A repeal is an explicit ``value: null``.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.policy.errors import PolicyGap, PolicyInvalid
from api.policy.reading import read_strict_yaml
from api.policy.values import UNITS, Text, YearMonthDay

__all__ = ["Citation", "Parameter", "Policy", "PolicyView", "Source"]

Source = Literal["law", "regulation", "self_regulation", "policy"]
"""Where a rule applies from: decides the words it is introduced with (voice.md, "Whose rule")."""

ParameterId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]


class Citation(BaseModel):
    """Where a figure comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: Text
    article: Text
    issued: YearMonthDay
    href: Annotated[str, StringConstraints(pattern=r"^https://")] | None = None

    @property
    def text(self) -> str:
        """The citation in one line, such as ``《…管理办法》第七十条``."""
        return f"《{self.title}》{self.article}"


class _Dated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date
    value: Any
    citation: Citation | None = None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    unit: str
    applies: Source
    verified: Annotated[bool, Field(strict=True)]
    citation: Citation
    note: str = ""
    values: Annotated[list[_Dated], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value in force, and everything needed to defend it."""

    id: str
    value: Any
    unit: str
    title: str
    citation: Citation
    applies: Source
    verified: bool
    since: date


@dataclass(frozen=True, eq=False)
class PolicyView:
    """The whole policy as it stood on ``date``."""

    date: date
    digest: str
    _in_force: Mapping[str, Parameter] = field(repr=False)
    _missing: Mapping[str, str] = field(repr=False)

    def parameter(self, parameter_id: str) -> Parameter:
        """Return the value in force with its citation; raises ``PolicyGap`` where there is none."""
        found = self._in_force.get(parameter_id)
        if found is None:
            why = self._missing.get(parameter_id, "no such parameter")
            msg = f"{parameter_id} on {self.date.isoformat()}: {why}"
            raise PolicyGap(msg)
        return found

    def value(self, parameter_id: str) -> Any:
        """Return the value in force; raises ``PolicyGap`` where there is none."""
        return self.parameter(parameter_id).value

    def ids(self) -> tuple[str, ...]:
        """Return the ids in force, sorted."""
        return tuple(sorted(self._in_force))


class Policy:
    """Every dated value of every parameter."""

    def __init__(self, entries: Mapping[str, _Entry]) -> None:
        self._entries = dict(entries)
        self._views: dict[date, PolicyView] = {}
        self._changes = self.changes()
        self._between: dict[int, PolicyView] = {}
        """By how many days of change lie behind: between two of them nothing differs but the date."""

    @classmethod
    def load(cls, folder: Path, *, instead: Mapping[str, Path] | None = None) -> Policy:
        """Read every ``*.yaml`` under ``folder``; raises ``PolicyInvalid`` naming file and parameter.

        ``instead`` names files that are read in the place of the folder's file of that name.
        """
        places = instead or {}
        files = [places.get(file.name, file) for file in sorted(folder.rglob("*.yaml"))]
        if not files:
            msg = f"no policy files in {folder.name}"
            raise PolicyInvalid(msg)
        entries: dict[str, _Entry] = {}
        for file in files:
            for parameter_id, entry in _read_file(file):
                if parameter_id in entries:
                    msg = f"{file.name}: {parameter_id} is already defined in another file"
                    raise PolicyInvalid(msg)
                entries[parameter_id] = entry
        return cls(entries)

    @classmethod
    def shipped(cls) -> Policy:
        """Return the policy that ships with the product (read once)."""
        return _shipped()

    def amended(self, values: Mapping[str, Any], since: date) -> Policy:
        """Return this policy with other values from ``since`` on, written as a file would hold them.

        Raises:
            PolicyInvalid: an id is unknown, or a value is not of its unit, as for a file.
        """
        entries = dict(self._entries)
        for parameter_id, value in values.items():
            where = f"amended: {parameter_id}"
            known = entries.get(parameter_id)
            if known is None:
                msg = f"{where}: no such parameter"
                raise PolicyInvalid(msg)
            kept = [dated for dated in known.values if dated.since < since]
            changed = known.model_copy(update={"values": [*kept, _Dated(since=since, value=value)]})
            _check(changed, where)
            entries[parameter_id] = changed
        return Policy(entries)

    def ids(self) -> tuple[str, ...]:
        """Return every id, in force or not, sorted."""
        return tuple(sorted(self._entries))

    def changes(self) -> tuple[date, ...]:
        """Return the days on which any value changes, sorted."""
        return tuple(
            sorted({dated.since for entry in self._entries.values() for dated in entry.values})
        )

    def on(self, day: date) -> PolicyView:
        """Return the policy as it stood on ``day``."""
        if day not in self._views:
            if len(self._views) > 1000:  # a simulation of many years must not grow without end
                self._views.clear()
            behind = bisect_right(self._changes, day)
            if behind not in self._between:
                self._between[behind] = self._view(day)
            self._views[day] = replace(self._between[behind], date=day)
        return self._views[day]

    def _view(self, day: date) -> PolicyView:
        in_force: dict[str, Parameter] = {}
        missing: dict[str, str] = {}
        for parameter_id, entry in self._entries.items():
            begun = [dated for dated in entry.values if dated.since <= day]
            if not begun:
                missing[parameter_id] = f"in force only from {entry.values[0].since.isoformat()}"
            elif begun[-1].value is None:
                missing[parameter_id] = f"repealed on {begun[-1].since.isoformat()}"
            else:
                in_force[parameter_id] = Parameter(
                    id=parameter_id,
                    value=UNITS[entry.unit].validate_python(begun[-1].value),
                    unit=entry.unit,
                    title=entry.title,
                    citation=begun[-1].citation or entry.citation,
                    applies=entry.applies,
                    verified=entry.verified,
                    since=begun[-1].since,
                )
        return PolicyView(day, _digest(in_force), in_force, missing)


def _digest(in_force: Mapping[str, Parameter]) -> str:
    """SHA-256 of the canonical JSON of all values in force: two equal digests, the same rules."""
    plain = {
        parameter_id: [
            found.unit,
            UNITS[found.unit].dump_python(found.value, mode="json"),
            found.since.isoformat(),
        ]
        for parameter_id, found in in_force.items()
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    defaults: dict[Literal["applies", "verified", "citation"], Any] = {}
    parameters: dict[ParameterId, dict[str, Any]]


def _read_file(file: Path) -> Iterable[tuple[str, _Entry]]:
    try:
        content = _File.model_validate(read_strict_yaml(file))
    except ValidationError as error:
        msg = f"{file.name}: {_first(error)}"
        raise PolicyInvalid(msg) from error
    for parameter_id, raw in content.parameters.items():
        where = f"{file.name}: {parameter_id}"
        try:
            entry = _Entry.model_validate({**content.defaults, **raw})
        except ValidationError as error:
            msg = f"{where}: {_first(error)}"
            raise PolicyInvalid(msg) from error
        _check(entry, where)
        yield parameter_id, entry


def _check(entry: _Entry, where: str) -> None:
    if entry.unit not in UNITS:
        msg = f"{where}: unknown unit {entry.unit!r}"
        raise PolicyInvalid(msg)
    days = [dated.since for dated in entry.values]
    if days != sorted(set(days)):
        msg = f"{where}: the dates of its values are not in order, or one is there twice"
        raise PolicyInvalid(msg)
    for dated in entry.values:
        if dated.value is None:
            continue
        try:
            UNITS[entry.unit].validate_python(dated.value)
        except ValidationError as error:
            msg = f"{where}: value since {dated.since.isoformat()}: {_first(error)}"
            raise PolicyInvalid(msg) from error


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    place = ".".join(str(part) for part in found["loc"])
    return f"{place}: {found['msg']}" if place else found["msg"]


@cache
def _shipped() -> Policy:
    return Policy.load(Path(__file__).parent / "parameters")
