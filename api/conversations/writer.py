"""Writes values as the reader of one language does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api.conversations.sentences import sentence
from api.kit.dates import as_utc, date_text, local_date, month_day_text, time_text
from api.kit.money import money, money_text
from api.policy.lookup import PolicyView

__all__ = ["Words", "Writer"]

Words = dict[str, str]


@dataclass(frozen=True)
class Writer:
    """Writes values as the reader of one language does."""

    locale: str
    today: date
    policy: PolicyView

    def money(self, amount: Decimal | str) -> str:
        """Write an amount with its unit, both kept on one line."""
        return money_text(money(amount), self.locale).replace(" ", "\u00a0")

    def day(self, day: date | str) -> str:
        """Write a day."""
        value = date.fromisoformat(day) if isinstance(day, str) else day
        return month_day_text(value, self.locale, self.today)

    def moment(self, moment: datetime) -> str:
        """Write an instant: of today only the time."""
        day = local_date(as_utc(moment))
        if day == self.today:
            return self.sentence("today_at", time=time_text(moment))
        joint = " " if self.locale == "zh" else ", "
        return f"{date_text(day, self.locale, self.today)}{joint}{time_text(moment)}"

    def percent(self, rate: Decimal | str) -> str:
        """Write a rate without idle zeros."""
        return f"{Decimal(rate).normalize():f}%"

    def said(self, parameter_id: str) -> str:
        """Return the words of a policy value."""
        return str(getattr(self.policy.value(parameter_id), self.locale))

    def sentence(self, key: str, **values: str) -> str:
        """Return a sentence of the API's own wording, filled."""
        return sentence(key, self.locale, self.policy, **values)

    def about(self, value: Any) -> str:
        """Write an amount as somebody said it: "about", a range, nothing, or that it was not said."""
        if value == "skipped":
            return self.sentence("fact_skipped")
        ends = (value["from"], value["to"]) if isinstance(value, Mapping) else (value,)
        if not any(money(str(end)) for end in ends):
            return self.sentence("fact_nothing")
        if isinstance(value, Mapping):
            low, high = money(value["from"]), money(value["to"])
            if low != high:
                return self.sentence("fact_range", low=self.round(low), high=self.round(high))
            return self.sentence("fact_about", amount=self.round(low))
        return self.sentence("fact_about", amount=self.round(money(value)))

    def round(self, amount: Decimal) -> str:
        """Write what a person said "about" without fen that they never said."""
        text = self.money(amount)
        return text.replace(".00", "", 1) if amount == amount.to_integral_value() else text
