"""The page in a browser whose scripts are off: plain forms lead as far as identity and the consent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.cardholder import newest_code
from tests.journeys.on_page import link, newcomer
from tests.journeys.stack import Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(300),
]


def test_without_scripts_forms_lead_from_the_link_to_the_consent(
    stack: Stack, browser: Browser
) -> None:
    person = newcomer(stack, "P-1004")
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(link(stack, person))
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Hide")).to_have_count(0)

    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_label("Code from the text message").fill(newest_code(stack, person, set()))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Last four characters of your identity document").fill(person.id_last4)
    page.get_by_role("button", name="Check").click()

    expect(page.get_by_role("heading", name="May we ask about your budget?")).to_be_visible()
    page.get_by_role("button", name="I agree, go on").click()
    page.get_by_label("Write to the bank").fill("My hours were cut")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".turn--person .bubble").last).to_have_text("My hours were cut")
    expect(page.locator(".turn--assistant").last).to_contain_text("month")
    context.close()
