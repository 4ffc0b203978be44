"""What a policy value may be: one strict type for each unit.

A figure's type follows from its unit, so that a rate cannot be read where days are meant. Money and
rates are written as strings (``"100.00"``), because YAML's own numbers become floats.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
)

__all__ = [
    "UNITS",
    "Authority",
    "CarriageRow",
    "CaseRule",
    "ConductRule",
    "CrisisLine",
    "GateRow",
    "Hours",
    "LadderStep",
    "LivingFloor",
    "OfficeHours",
    "OutreachStep",
    "SettlementBand",
    "SmsProvider",
    "SmsTemplate",
    "Words",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _decimal_string(value: object) -> Decimal:
    if not isinstance(value, str):
        msg = "write it as a quoted decimal, such as '18.25'"
        raise ValueError(msg)
    try:
        number = Decimal(value)
    except ArithmeticError as error:
        msg = "not a decimal number"
        raise ValueError(msg) from error
    if not number.is_finite() or number < 0:
        msg = "not a finite number of zero or more"
        raise ValueError(msg)
    return number


def _two_places(value: Decimal) -> Decimal:
    if value != value.quantize(Decimal("0.01")):
        msg = "at most two decimal places"
        raise ValueError(msg)
    return value.quantize(Decimal("0.01"))


def _real_day(value: str) -> str:
    date.fromisoformat(value)
    return value


Yuan = Annotated[Decimal, BeforeValidator(_decimal_string), AfterValidator(_two_places)]
Percent = Annotated[
    Decimal, BeforeValidator(_decimal_string), Field(le=100), AfterValidator(_two_places)
]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Count = Annotated[int, Field(ge=0, strict=True)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
"""A day of every year, such as ``10-01``."""
IsoDay = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_day)
]
"""One day, such as ``2027-02-06``."""
YearMonthDay = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class Words(_Strict):
    """The same thing said for a Chinese and for an English reader."""

    zh: Annotated[str, StringConstraints(strip_whitespace=True)]
    en: Annotated[str, StringConstraints(strip_whitespace=True)]


class OfficeHours(_Strict):
    """When people answer, in Asia/Shanghai. ``days`` counts Monday as 1; holidays are not in it."""

    days: list[Annotated[int, Field(ge=1, le=7)]]
    open: ClockTime
    close: ClockTime
    words: Words


class Hours(_Strict):
    """A span of the day, such as the hours in which nobody is contacted. It may pass midnight."""

    start: ClockTime
    end: ClockTime


class LadderStep(_Strict):
    """One step of relief, taken only when the steps before it were not enough.

    ``penalty``, ``interest`` and ``fees`` waive charges already made, as little as is needed and at
    most ``up_to_percent``; ``rate`` lowers the annual rate of new interest to ``to_percent``.
    A step may begin only at a number of days past due, and be kept for some reasons of hardship.
    """

    id: Text
    concede: Literal["penalty", "rate", "interest", "fees"]
    up_to_percent: Percent | None = None
    to_percent: Percent | None = None
    from_days_past_due: Count = 0
    only_for: list[Text] | None = None
    """The planner's reasons (``api.plans.situation.Reason``); for everyone where it is left out."""

    def model_post_init(self, _context: object) -> None:
        """Hold each kind of step to its own figure."""
        wants_rate = self.concede == "rate"
        if (self.to_percent is not None) != wants_rate or (
            self.up_to_percent is None
        ) != wants_rate:
            msg = "a rate step has to_percent, every other step has up_to_percent"
            raise ValueError(msg)


class Authority(_Strict):
    """How far one role may go by itself."""

    largest_debt: Yuan
    largest_waiver: Yuan
    highest_step: Text


class SettlementBand(_Strict):
    """How much may be waived, at most, when one payment settles a debt of so many days past due.

    The shares are of what was charged (of what was borrowed, for ``principal``).
    """

    from_days_past_due: Count
    penalty: Percent
    interest: Percent
    fees: Percent
    principal: Percent
    decided_by: Literal["assistant", "collector", "supervisor"] = "assistant"
    """The least role that may settle by this band."""


class LivingFloor(_Strict):
    """Money kept for living each month: the first person and each further one of the household."""

    first_person: Yuan
    each_further_person: Yuan


GateCell = Literal["pass", "drop", "wait", "drop_unless_answering", "wait_unless_answering"]


class GateRow(_Strict):
    """What one contact rule does to a message of each purpose, while the rule applies.

    ``drop``: it is never sent. ``wait``: it is kept until the rule applies no more. ``…_unless_
    answering``: only where it does not answer the person within a conversation that they opened.
    Every purpose is named, so that a new one cannot slip past a rule.
    """

    reply: GateCell
    security_code: GateCell
    service_notice: GateCell
    reminder: GateCell
    receipt: GateCell
    care: GateCell
    opt_out_confirmation: GateCell
    outreach: GateCell
    collection: GateCell


CarriageCell = Literal["carry", "refuse", "template", "authorised"]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|\*)$")]
"""A country by ISO 3166-1, or ``*`` for any."""


class CarriageRow(_Strict):
    """What a provider carries to some countries, by the purpose of a text; no purpose is left out."""

    countries: Annotated[list[Country], Field(min_length=1)]
    reply: CarriageCell
    security_code: CarriageCell
    service_notice: CarriageCell
    reminder: CarriageCell
    receipt: CarriageCell
    care: CarriageCell
    opt_out_confirmation: CarriageCell
    outreach: CarriageCell
    collection: CarriageCell


class SmsProvider(_Strict):
    """Which provider carries texts to some countries."""

    countries: Annotated[list[Country], Field(min_length=1)]
    provider: Literal["twilio", "aliyun", "sandbox"]


class SmsTemplate(_Strict):
    """A text as a provider has registered it: its code there, and which values it has a place for."""

    code: Text
    variables: list[Text] = []


Row = TypeVar("Row", CarriageRow, SmsProvider)


def _for_any_country(rows: list[Row]) -> list[Row]:
    if not rows or "*" not in rows[-1].countries:
        msg = "the last row must be for any country (*)"
        raise ValueError(msg)
    return rows


class OutreachStep(_Strict):
    """A span of days past due (both ends in it) in which a person is invited once."""

    id: Text
    from_days: Annotated[int, Field(ge=1, strict=True)]
    until_days: Annotated[int, Field(ge=1, strict=True)]

    def model_post_init(self, _context: object) -> None:
        """Refuse a span that ends before it begins."""
        if self.until_days < self.from_days:
            msg = "until_days lies before from_days"
            raise ValueError(msg)


def _apart(steps: list[OutreachStep]) -> list[OutreachStep]:
    for one, following in pairwise(steps):
        if following.from_days <= one.until_days:
            msg = f"{following.id} begins before {one.id} ends"
            raise ValueError(msg)
    return steps


class CaseRule(_Strict):
    """What becomes of a case of one reason: how soon it is looked at, and by whom."""

    priority: Annotated[int, Field(ge=1, le=9, strict=True)]
    """1 is first."""
    role: Literal["collector", "supervisor", "care"]
    within_minutes: Annotated[int, Field(ge=1, strict=True)]
    """Working time within which the person hears from somebody; also how long a case that somebody
    has taken may lie untouched before it goes back to the queue."""


def _a_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        msg = f"not a regular expression: {error}"
        raise ValueError(msg) from error
    return value


Pattern = Annotated[Text, AfterValidator(_a_pattern)]


class Patterns(_Strict):
    """Wordings in each language, as regular expressions over the text without its spaces (zh)."""

    zh: list[Pattern]
    en: list[Pattern]


class ConductRule(_Strict):
    """A thing that nobody says to a person, how it is recognised, and what to say in its place.

    ``unless`` spares a wording in whose clause it stands, such as a denial.
    """

    when: Literal["always", "before_identity", "while_care"] = "always"
    says: Patterns
    unless: Patterns
    why: Words
    kinder: Words


class CrisisLine(_Strict):
    """A telephone number for someone in danger or despair."""

    number: Annotated[str, StringConstraints(pattern=r"^\d{3,12}$")]
    hours: Words
    words: Words


UNITS: dict[str, TypeAdapter[Any]] = {
    "years": TypeAdapter(Count),
    "months": TypeAdapter(Count),
    "days": TypeAdapter(Count),
    "hours": TypeAdapter(Count),
    "minutes": TypeAdapter(Count),
    "times": TypeAdapter(Count),
    "megabytes": TypeAdapter(Count),
    "yuan": TypeAdapter(Yuan),
    "percent": TypeAdapter(Percent),
    "percent_per_year": TypeAdapter(Percent),
    "percent_per_day": TypeAdapter(Annotated[Decimal, BeforeValidator(_decimal_string)]),
    "flag": TypeAdapter(Annotated[bool, Field(strict=True)]),
    "text": TypeAdapter(Text),
    "text_or_none": TypeAdapter(Annotated[str, StringConstraints(strip_whitespace=True)]),
    "words": TypeAdapter(Words),
    "day": TypeAdapter(YearMonthDay),
    "choice": TypeAdapter(Text),
    "time_span": TypeAdapter(Hours),
    "office_hours": TypeAdapter(OfficeHours),
    "minutes_list": TypeAdapter(list[Count]),
    "days_list": TypeAdapter(list[Count]),
    "relief_ladder": TypeAdapter(list[LadderStep]),
    "authority_limits": TypeAdapter(
        dict[Literal["assistant", "collector", "supervisor"], Authority]
    ),
    "settlement_ladder": TypeAdapter(list[SettlementBand]),
    "choices": TypeAdapter(list[Text]),
    "month_days": TypeAdapter(list[MonthDay]),
    "dates": TypeAdapter(list[IsoDay]),
    "living_floor": TypeAdapter(dict[Text, LivingFloor]),
    "gate_row": TypeAdapter(GateRow),
    "carriage": TypeAdapter(Annotated[list[CarriageRow], AfterValidator(_for_any_country)]),
    "sms_providers": TypeAdapter(Annotated[list[SmsProvider], AfterValidator(_for_any_country)]),
    "sms_templates": TypeAdapter(dict[Text, dict[Literal["zh", "en"], SmsTemplate]]),
    "outreach_steps": TypeAdapter(Annotated[list[OutreachStep], AfterValidator(_apart)]),
    "crisis_lines": TypeAdapter(list[CrisisLine]),
    "case_rule": TypeAdapter(CaseRule),
    "conduct_rule": TypeAdapter(ConductRule),
    "time_spans": TypeAdapter(Annotated[list[Hours], Field(min_length=1)]),
    "yuan_or_never": TypeAdapter(Yuan | Literal["never"]),
}
"""Every unit a parameter may have, with the type its values must be."""
