"""The policy in force on a day: every figure with its source, read-only and searchable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.console.admission import AnyStaff
from api.console.frame import Frame
from api.kit.money import money_text
from api.policy.lookup import Parameter, Policy, PolicyView
from api.policy.values import UNITS
from api.web.words import Words

__all__ = ["PolicyLine", "policy_lines", "router"]

router = APIRouter(prefix="/console/policy", include_in_schema=False)

TITLES = Path(__file__).parent / "policy_titles.yaml"
GROUPS = ("bank", "cn", "gate", "conduct")
"""By what an id begins with, in the order in which they are shown; any other comes last."""
COUNTED = frozenset({"years", "months", "days", "hours", "minutes", "times"})
RATES = frozenset({"percent", "percent_per_year", "percent_per_day"})


@dataclass(frozen=True)
class PolicyLine:
    """One parameter as it is shown. ``value`` is a sentence, or plain data that is shown as a list."""

    id: str
    group: str
    title: str
    title_lang: str
    value: str | Sequence[Any] | Mapping[str, Any]
    parameter: Parameter


@router.get("")
def policy(
    request: Request,
    staff: AnyStaff,
    on: Annotated[str, Query(max_length=10)] = "",
    text: Annotated[str, Query(alias="q", max_length=120)] = "",
) -> HTMLResponse:
    """Show the policy of a day (today's, when the day is missing or none)."""
    frame: Frame = request.app.state.console
    known: Policy = request.app.state.policy
    words = frame.words[staff.locale]
    day = _day(on) or request.app.state.clock.today()
    view = known.on(day)
    lines = policy_lines(view, words, text)
    return frame.page(
        request, "policy/policy.html", staff, here="policy", title=str(words("policy.title")),
        day=day, wrong_day=bool(on) and _day(on) is None, text=text.strip(), version=view.digest[:12],
        groups=[
            (group, [line for line in lines if line.group == group])
            for group in (*GROUPS, "other")
        ],
        count=len(lines), changes=known.changes(),
        not_in_force=[] if text.strip() else sorted(set(known.ids()) - set(view.ids())),
    )  # fmt: skip


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def policy_lines(view: PolicyView, words: Words, text: str = "") -> list[PolicyLine]:
    """Return the parameters in force; with ``text`` only those that speak of it."""
    wanted = text.strip().casefold()
    lines = [_line(view.parameter(parameter_id), words) for parameter_id in view.ids()]
    return [line for line in lines if wanted in _said(line)]


def _line(parameter: Parameter, words: Words) -> PolicyLine:
    written = titles().get(parameter.id) if words.locale == "zh" else None
    group = parameter.id.split(".", 1)[0]
    return PolicyLine(
        id=parameter.id,
        group=group if group in GROUPS else "other",
        title=written or parameter.title,
        title_lang="zh-CN" if written else "en",
        value=_value(parameter, words),
        parameter=parameter,
    )


def _said(line: PolicyLine) -> str:
    parts = (
        line.id,
        line.title,
        line.parameter.title,
        line.parameter.citation.text,
        str(line.value),
    )
    return " ".join(parts).casefold()


def _value(parameter: Parameter, words: Words) -> str | Sequence[Any] | Mapping[str, Any]:
    value, unit = parameter.value, parameter.unit
    if unit in COUNTED:
        return str(words(f"policy.unit_{unit}", n=value))
    if unit == "flag":
        return str(words("policy.yes" if value else "policy.no"))
    if isinstance(value, Decimal):
        if unit in RATES:
            return f"{value.normalize():f}%"
        return money_text(value, words.locale)
    plain = _in_language(UNITS[unit].dump_python(value, mode="json"), words.locale)
    if plain in ("", None):
        return str(words("policy.empty"))
    return plain if isinstance(plain, str | list | dict) else str(plain)


def _in_language(value: Any, locale: str) -> Any:
    """Return plain data with what is said in both languages in the reader's alone."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return value[locale]
        return {
            name: _in_language(inner, locale) for name, inner in value.items() if inner is not None
        }
    if isinstance(value, list):
        return [_in_language(inner, locale) for inner in value]
    return value


@cache
def titles() -> Mapping[str, str]:
    """Return the Chinese titles by parameter."""
    found: dict[str, str] = yaml.safe_load(TITLES.read_text(encoding="utf-8"))
    return found
