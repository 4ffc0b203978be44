"""Policy figures as a proof carries them: noted while they are read, and read again from the proof.

``Noted`` stands before a day's policy and remembers every figure that a calculation asked for;
``FigureView`` answers the same questions from a proof. Both offer what ``PolicyView`` offers, and this
file needs nothing but Python's own library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from api.policy.errors import PolicyGap

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["FigureInvalid", "FigureView", "Noted", "figure_document"]

LARGEST_COUNT = 100_000
"""A technical bound: whoever writes a term of a million months wants the check to run for ever."""


class FigureInvalid(ValueError):
    """A figure in a proof is not one: its unit is unknown, or its value is not of its unit."""


class Noted:
    """A day's policy that remembers which of its figures were read."""

    def __init__(self, view: PolicyView) -> None:
        self._view = view
        self.date = view.date
        self.digest = view.digest
        self.read: dict[str, Any] = {}

    def parameter(self, parameter_id: str) -> Any:
        """Return the value in force with its citation, and remember it."""
        found = self._view.parameter(parameter_id)
        self.read[parameter_id] = found
        return found

    def value(self, parameter_id: str) -> Any:
        """Return the value in force, and remember it."""
        return self.parameter(parameter_id).value


@dataclass(frozen=True, slots=True)
class Words:
    """See ``api.policy.values.Words``."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Step:
    """See ``api.policy.values.LadderStep``."""

    id: str
    concede: str
    up_to_percent: Decimal | None
    to_percent: Decimal | None
    from_days_past_due: int
    only_for: list[str] | None


@dataclass(frozen=True, slots=True)
class Band:
    """See ``api.policy.values.SettlementBand``."""

    from_days_past_due: int
    penalty: Decimal
    interest: Decimal
    fees: Decimal
    principal: Decimal
    decided_by: str


@dataclass(frozen=True, slots=True)
class Limits:
    """See ``api.policy.values.Authority``."""

    largest_debt: Decimal
    largest_waiver: Decimal
    highest_step: str


@dataclass(frozen=True, slots=True)
class Floor:
    """See ``api.policy.values.LivingFloor``."""

    first_person: Decimal
    each_further_person: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """See ``api.policy.lookup.Citation``."""

    title: str
    article: str
    issued: str
    href: str | None

    @property
    def text(self) -> str:
        """The citation in one line."""
        return f"《{self.title}》{self.article}"


@dataclass(frozen=True, slots=True)
class Figure:
    """See ``api.policy.lookup.Parameter``."""

    id: str
    value: Any
    unit: str
    title: str
    citation: Source
    applies: str
    verified: bool
    since: date


class FigureView:
    """The figures of a proof, asked for in the way of ``PolicyView``."""

    def __init__(self, day: date, digest: str, figures: Mapping[str, Any]) -> None:
        self.date = day
        self.digest = digest
        self._figures = {name: _figure(name, raw) for name, raw in figures.items()}

    def parameter(self, parameter_id: str) -> Figure:
        """Return a figure of the proof; raises ``PolicyGap`` where the proof does not hold it."""
        found = self._figures.get(parameter_id)
        if found is None:
            msg = (
                f"{parameter_id}: the calculation needs this figure, and the proof does not hold it"
            )
            raise PolicyGap(msg)
        if found.since > self.date:
            msg = f"{parameter_id}: in force only from {found.since.isoformat()}"
            raise PolicyGap(msg)
        return found

    def value(self, parameter_id: str) -> Any:
        """Return a figure's value; raises ``PolicyGap`` where the proof does not hold it."""
        return self.parameter(parameter_id).value


def figure_document(figure: Any) -> dict[str, Any]:
    """Return a figure (a policy's ``Parameter`` or a proof's ``Figure``) as JSON."""
    citation = figure.citation
    return {
        "value": _plain(figure.value),
        "unit": figure.unit,
        "title": figure.title,
        "applies": figure.applies,
        "verified": figure.verified,
        "since": figure.since.isoformat(),
        "citation": {
            "title": citation.title,
            "article": citation.article,
            "issued": citation.issued,
            "href": citation.href,
        },
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if hasattr(value, "model_dump"):  # a value of api.policy.values
        return _plain(value.model_dump())
    return value


def _figure(name: str, raw: Any) -> Figure:
    try:
        citation = raw["citation"]
        return Figure(
            id=name,
            value=_OF_UNIT[raw["unit"]](raw["value"]),
            unit=raw["unit"],
            title=_text(raw["title"]),
            citation=Source(**{part: citation[part] for part in citation}),
            applies=_text(raw["applies"]),
            verified=_flag(raw["verified"]),
            since=date.fromisoformat(raw["since"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"policy.figures.{name}: not a figure of its unit ({type(error).__name__})"
        raise FigureInvalid(msg) from error


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _texts(raw: object) -> list[str]:
    if not isinstance(raw, list):
        raise TypeError
    return [_text(part) for part in raw]


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _count(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= LARGEST_COUNT:
        raise TypeError
    return raw


def _decimal(raw: object) -> Decimal:
    try:
        number = Decimal(_text(raw))
    except ArithmeticError as error:
        raise ValueError from error
    if not number.is_finite() or number < 0 or f"{number:.2f}" != raw:
        raise ValueError
    return number


def _maybe(raw: object) -> Decimal | None:
    return None if raw is None else _decimal(raw)


def _ladder(raw: list[Any]) -> list[Step]:
    return [
        Step(
            id=_text(step["id"]),
            concede=_text(step["concede"]),
            up_to_percent=_maybe(step["up_to_percent"]),
            to_percent=_maybe(step["to_percent"]),
            from_days_past_due=_count(step["from_days_past_due"]),
            only_for=None if step["only_for"] is None else _texts(step["only_for"]),
        )
        for step in raw
    ]


def _settlement(raw: list[Any]) -> list[Band]:
    parts = ("penalty", "interest", "fees", "principal")
    return [
        Band(
            from_days_past_due=_count(band["from_days_past_due"]),
            decided_by=_text(band["decided_by"]),
            **{part: _decimal(band[part]) for part in parts},
        )
        for band in raw
    ]


def _authority(raw: dict[str, Any]) -> dict[str, Limits]:
    return {
        role: Limits(
            largest_debt=_decimal(limits["largest_debt"]),
            largest_waiver=_decimal(limits["largest_waiver"]),
            highest_step=_text(limits["highest_step"]),
        )
        for role, limits in raw.items()
    }


def _floors(raw: dict[str, Any]) -> dict[str, Floor]:
    return {
        region: Floor(_decimal(row["first_person"]), _decimal(row["each_further_person"]))
        for region, row in raw.items()
    }


_OF_UNIT: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("years", "months", "days", "hours", "minutes", "times"), _count),
    **dict.fromkeys(("yuan", "percent", "percent_per_year"), _decimal),
    **dict.fromkeys(("text", "text_or_none", "choice", "day"), _text),
    **dict.fromkeys(("choices", "month_days", "dates"), _texts),
    "flag": _flag,
    "words": lambda raw: Words(_text(raw["zh"]), _text(raw["en"])),
    "relief_ladder": _ladder,
    "settlement_ladder": _settlement,
    "authority_limits": _authority,
    "living_floor": _floors,
}
"""The units that the planner reads, each with the reading of its values."""
