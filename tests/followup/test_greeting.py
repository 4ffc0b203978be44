"""The named colleague's hello on the day after a signature: where the bank has one, once, in its hour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from api.contact.segments import segments
from api.kit.clock import SetClock
from api.policy.lookup import Policy
from tests.conftest import Telephone
from tests.followup.conftest import Months, sign


def named(app: FastAPI, name: str = "李敏") -> None:
    """Let the bank have a named colleague."""
    policy: Policy = app.state.policy
    app.state.policy = policy.amended({"bank.staff_name": name}, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("locale", "words"), [("zh", "我是李敏，您办好的那份约定由我负责"), ("en", "hello, I'm 李敏")]
)
def test_a_named_colleague_says_hello_once(
    app: FastAPI, clock: SetClock, telephone: Telephone, locale: str, words: str
) -> None:
    named(app)
    months = sign(app, clock, telephone, locale=locale)
    months.ticks()
    assert months.until(months.today + timedelta(days=1), hour=9) == []
    texts = months.until(months.today, hour=11)
    assert len(texts) == 1
    assert words in texts[0]
    assert segments(texts[0]) <= 3
    for debt in ("欠", "还款", "元", "debt", "pay", "¥"):
        assert debt not in texts[0]
    months.pay("100.00")
    assert not any("李敏" in text for text in months.until(months.due(1)))


def test_without_one_nobody_pretends_to_be(months: Months) -> None:
    months.ticks()
    assert months.until(months.today + timedelta(days=2)) == []


def test_the_name_is_read_on_the_day_itself(
    app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    named(app)
    months = sign(app, clock, telephone)
    months.ticks()
    named(app, "")
    assert months.until(months.today + timedelta(days=2)) == []
    assert months.outcomes("greeting") == ["passed"]


def test_the_assistant_knows_the_name_only_where_there_is_one(
    app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    months = sign(app, clock, telephone)
    assert "staff_name" not in months.bot("context")["words"]
    named(app)
    assert months.bot("context")["words"]["staff_name"] == "李敏"
