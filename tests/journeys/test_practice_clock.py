"""The practice clock on the telephone's own page, in a real browser, moving the whole installation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.passing import Passing

pytestmark = [
    pytest.mark.xdist_group("months"),
    pytest.mark.timeout(600),
    pytest.mark.browser,
]


def test_a_day_and_an_hour_pass_at_the_press_of_a_button(
    passing: Passing, context: BrowserContext
) -> None:
    phone = passing.stack.person("P-1001").telephone
    page = context.new_page()
    page.goto(f"{passing.stack.settings['ANHUAN_TELEPHONE_URL']}/phone/{phone}?lang=zh")
    before = passing.now
    page.get_by_role("button", name="＋1 天").click()
    day = before.date() + timedelta(days=1)
    clock = page.get_by_label("练习用的时钟")
    expect(clock).to_contain_text(f"{day.year}年{day.month}月{day.day}日")
    page.get_by_role("button", name="＋1 小时").click()
    assert timedelta(hours=25) <= passing.now - before < timedelta(hours=26)
    page.get_by_role("button", name="到下个还款日").click()
    expect(page.get_by_role("status").first).to_contain_text("还没有签约定")


@pytest.mark.long
def test_the_sample_that_has_agreed_comes_to_its_payment_day(
    passing: Passing, context: BrowserContext
) -> None:
    phone = passing.stack.person("P-1012").telephone
    page = context.new_page()
    page.goto(f"{passing.stack.settings['ANHUAN_TELEPHONE_URL']}/phone/{phone}?lang=zh")
    page.get_by_role("button", name="到下个还款日").click()
    expect(page.get_by_role("log")).to_contain_text("今天，", timeout=60_000)
