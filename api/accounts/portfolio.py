"""The bank's portfolio file: one CSV row a card account, checked row by row.

A bad row is reported with its line and reason and never stops the good ones. Each line of the file
is a row by itself: a stray quotation mark spoils its own row, not the hundreds after it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, BinaryIO, Literal

import phonenumbers
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from api.kit.money import Money, MoneyField

__all__ = [
    "COLUMNS",
    "BadRow",
    "PortfolioRow",
    "PortfolioUnreadable",
    "checked_lines",
    "read_portfolio",
]

COLUMNS = (
    "account_ref", "person_ref", "name", "locale", "telephone", "id_last4", "card_tail",
    "currency", "principal", "interest", "penalty", "fees", "due_date", "last_payment_date",
    "last_payment_amount", "status", "as_of",
)  # fmt: skip


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


class PortfolioRow(BaseModel):
    """One account as the bank sends it. Money in yuan, dates ISO, telephone in any written form."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="forbid")

    account_ref: str = Field(min_length=1, max_length=64)
    person_ref: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=80)
    locale: Literal["zh", "en"]
    telephone: str
    id_last4: str = Field(pattern=r"^[0-9]{3}[0-9X]$")
    card_tail: str = Field(pattern=r"^[0-9]{4}$")
    currency: Literal["CNY"]
    principal: Annotated[MoneyField, Field(ge=0)]
    interest: Annotated[MoneyField, Field(ge=0)]
    penalty: Annotated[MoneyField, Field(ge=0)]
    fees: Annotated[MoneyField, Field(ge=0)]
    due_date: date
    last_payment_date: Annotated[date | None, BeforeValidator(_empty_is_none)]
    last_payment_amount: Annotated[MoneyField | None, BeforeValidator(_empty_is_none)]
    status: Literal["open", "litigated", "sold", "written_off"]
    as_of: date

    @field_validator("id_last4", mode="before")
    @classmethod
    def _upper_x(cls, value: object) -> object:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("telephone")
    @classmethod
    def _to_e164(cls, value: str) -> str:
        try:
            number = phonenumbers.parse(value, "CN")
        except phonenumbers.NumberParseException as error:
            msg = "not a telephone number"
            raise ValueError(msg) from error
        if not phonenumbers.is_possible_number(number):
            msg = "not a possible telephone number"
            raise ValueError(msg)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    @model_validator(mode="after")
    def _dates_agree(self) -> PortfolioRow:
        if self.last_payment_date and self.last_payment_date > self.as_of:
            msg = "last_payment_date is after as_of"
            raise ValueError(msg)
        return self

    @property
    def total(self) -> Money:
        """Everything owed, in yuan."""
        parts: list[Decimal] = [self.principal, self.interest, self.penalty, self.fees]
        return sum(parts, Decimal("0.00"))


class PortfolioUnreadable(ValueError):
    """A file that is no portfolio at all; ``code`` is stable and crosses HTTP."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class BadRow:
    """A row that was not taken: its line in the file and why, without the row's own data."""

    line: int
    reason: str


_CHUNK = 1 << 18


def checked_lines(file: BinaryIO) -> int:
    """Read a file through once, in pieces; return how many lines it has and leave it at its start.

    Raises:
        PortfolioUnreadable: ``portfolio_encoding``, before anything of it was taken in.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, ends_open = 0, False
    try:
        while piece := file.read(_CHUNK):
            decoder.decode(piece)
            lines += piece.count(b"\n")
            ends_open = not piece.endswith(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        reason = f"the file is not UTF-8 text (near line {lines + 1:,})"
        raise PortfolioUnreadable("portfolio_encoding", reason) from error
    file.seek(0)
    return lines + ends_open


def _reason(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'row'}: {item['msg']}"
        for item in error.errors()
    )


def read_portfolio(lines: Iterable[str]) -> Iterator[tuple[int, PortfolioRow] | BadRow]:
    """Read a portfolio lazily; yields ``(line, row)`` or a ``BadRow``.

    Raises:
        PortfolioUnreadable: ``portfolio_heading``, the heading does not name the expected columns.
    """
    numbered = enumerate(lines, start=1)
    heading = _values(next(numbered, (1, ""))[1]) or []
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        reason = f"the file's heading lacks: {', '.join(missing)}"
        raise PortfolioUnreadable("portfolio_heading", reason)
    places = [heading.index(name) for name in COLUMNS]
    for line, text in numbered:
        values = _values(text)
        if values is None:
            yield BadRow(line, "the row is not CSV: a quotation mark stands where none can")
            continue
        if not values:
            continue
        if len(values) != len(heading):
            yield BadRow(line, "the row has too many or too few columns")
            continue
        try:
            record = {name: values[place] for name, place in zip(COLUMNS, places, strict=True)}
            yield line, PortfolioRow.model_validate(record)
        except ValidationError as error:
            yield BadRow(line, _reason(error))


def _values(text: str) -> list[str] | None:
    """Split one line; nothing for an empty one, ``None`` where it is not CSV."""
    try:
        return next(csv.reader((text.rstrip("\r\n"),), strict=True), [])
    except csv.Error:
        return None
