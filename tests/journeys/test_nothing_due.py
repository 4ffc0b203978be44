"""Somebody who has paid meanwhile is told kindly that nothing is due, wherever they stand."""

from __future__ import annotations

import pytest

from tests.journeys.casebook import HALVED, MOTHER, Guest, offered, pays_everything, reading
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


def one(locale: str, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if locale == "zh" else en


def nothing_is_due(guest: Guest) -> None:
    """It is said that nothing is due, nothing is asked or shown, and no case was opened."""
    assert (
        one(guest.locale, "没有到日子还没还的", "nothing is past its payment date") in guest.words
    ), guest.text()
    kinds = {card["kind"] for card in guest.cards}
    assert kinds <= {"refusal"}, guest.text()
    assert guest.cases() == {}
    assert guest.holds() == set()


class PaidBeforeOpening(Guest):
    """Somebody who pays everything between the bank's text and opening its link."""

    def invited(self) -> None:
        """The bank hears of the payment."""
        pays_everything(self.stack, self.person)


@LOCALES
def test_paid_between_the_invite_and_its_opening(stack: Stack, locale: str) -> None:
    guest = PaidBeforeOpening(stack, "P-1002" if locale == "zh" else "P-1004", locale)
    guest.known()
    nothing_is_due(guest)
    assert guest.facts() == {}
    guest.say(one(locale, "我欠多少", "what do I owe?"))
    assert "0.00" not in guest.words, guest.text()
    assert one(locale, "没有到日子还没还的", "nothing is past its payment date") in guest.words, (
        guest.text()
    )


@LOCALES
def test_paid_while_the_questions_are_asked(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1002" if locale == "zh" else "P-1004", locale)
    guest.known()
    told = MOTHER if locale == "zh" else HALVED
    guest.say(*told[:3])
    pays_everything(stack, guest.person)
    guest.say(*told[3:])
    guest.say(one(locale, "都对", "All correct"))
    nothing_is_due(guest)


@LOCALES
def test_paid_while_the_offer_is_looked_at(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    pays_everything(stack, guest.person)
    guest.say(one(locale, "选这个", "Choose this one"))
    assert not any(card["kind"] == "terms" for card in guest.cards), guest.text()
    guest.say(one(locale, "重新算一下", "Work it out again"))
    nothing_is_due(guest)


@LOCALES
def test_paid_before_signing_signs_nothing(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    code = guest.code()
    pays_everything(stack, guest.person)
    guest.say(code)
    assert guest.stage != "signed", guest.text()
    assert guest.context()["signed"] is False
    guest.say(one(locale, "重新算", "Work it out again"))
    nothing_is_due(guest)
