"""What the page's journeys share: a person nobody else uses, the page open, and what every step must be."""

from __future__ import annotations

import csv
import io
from itertools import count

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.cardholder import CODE
from tests.journeys.stack import SamplePerson, Stack
from tests.journeys.test_main_path_in_browser import ANSWER_MS, ChatPage

_NUMBERS = count(1)


def newcomer(stack: Stack, like: str, **changes: str) -> SamplePerson:
    """Import a person in the situation of a sample person, known to this test alone.

    ``changes``: columns of the portfolio file in which they differ.
    """
    with (stack.folder / "sample-portfolio.csv").open(encoding="utf-8", newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["person_ref"] == like)
    number = next(_NUMBERS)
    row |= {
        "account_ref": f"A-page-{number}", "person_ref": f"P-page-{number}",
        "telephone": f"+8619900009{number:03}", **changes,
    }  # fmt: skip
    file = io.StringIO()
    writer = csv.DictWriter(file, list(row))
    writer.writeheader()
    writer.writerow(row)
    report = stack.bank.post("/v1/accounts/import", content=file.getvalue().encode()).json()
    assert report["created"] == 1, report
    return SamplePerson(row["account_ref"], row["person_ref"], row["telephone"], row["id_last4"])


def link(stack: Stack, person: SamplePerson) -> str:
    """Make an invite and return its address on the machine under test."""
    return stack.invite(person)["url"].replace("localhost", "127.0.0.1")


def open_chat(stack: Stack, context: BrowserContext, person: SamplePerson) -> ChatPage:
    """Open the bank's link and press its button."""
    page = context.new_page()
    page.goto(link(stack, person))
    page.locator("main form button").first.click()
    page.wait_for_url("**/chat")
    expect(page.locator(".turn--assistant").first).to_be_visible(timeout=ANSWER_MS)
    return ChatPage(page, stack, person, set())


def log_of(page: Page) -> list[tuple[str, str]]:
    """Return the numbers and words of the records on the page, in the order shown."""
    turns = page.locator(".turn[data-seq]")
    found: list[tuple[str, str]] = turns.evaluate_all(
        "turns => turns.map(turn => [turn.dataset.seq,"
        " (turn.querySelector('.bubble') || turn.querySelector('h2')).textContent.trim()])"
    )
    return [(seq, words) for seq, words in found]


def said(page: Page, text: str) -> int:
    """How often the person's bubble with these words stands on the page."""
    bubbles = page.locator(".turn--person .bubble").all_text_contents()
    return sum(words.strip() == text for words in bubbles)


def faults(page: Page, step: str, title: str) -> list[str]:
    """Return what is wrong with what is on the screen now, each with the step's name."""
    found = [
        f"{step}: {one['id']} {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{step}: wider than the screen")
    for size in ("150",):
        wide = page.evaluate(
            """size => {
              document.documentElement.dataset.type = size;
              const wide = document.documentElement.scrollWidth > innerWidth;
              delete document.documentElement.dataset.type;
              return wide;
            }""",
            size,
        )
        if wide:
            found.append(f"{step}: wider than the screen with type at {size} %")
    if page.title() != title:
        found.append(f"{step}: titled {page.title()}")
    return found


__all__ = ["CODE", "faults", "link", "log_of", "newcomer", "open_chat", "said"]
