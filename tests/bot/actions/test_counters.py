"""Counter-offers: a figure named while a plan is on the table is answered, never taken for a choice."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.counters import wish_of
from bot.actions.fallback import ActionNotUnderstood
from bot.actions.offers import (
    ActionChangeTerm,
    ActionChooseOffer,
    ActionMakeOffers,
    ActionShowOtherOffers,
)
from bot.actions.taking_facts import ActionCounterOffer
from bot.actions.turn import Turn

WORDS = {
    f"counter_{name}": "x"
    for name in (
        "asked", "pays", "monthly", "periods", "total", "change", "affordable", "longest", "needed",
    )
}  # fmt: skip


def amount(value: Any, role: str | None = None) -> dict[str, Any]:
    return {"entity": "amount", "value": value, **({"role": role} if role else {})}


def months(value: int) -> dict[str, Any]:
    return {"entity": "term_months", "value": value}


def counter(**changes: Any) -> dict[str, Any]:
    return {
        "asked": "monthly", "number": 3, "compared": 1, "same": False, "why_not": None,
        "kind": "instalments", "monthly": "842.00", "periods": 43, "total": "36000.00", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entities", "wish"),
    [
        ([amount("800.00", "offer")], {"monthly": "800.00"}),
        ([amount("800.00")], {"monthly": "800.00"}),
        ([amount({"from": "500.00", "to": "600.00"}, "offer")], {"monthly": "500.00"}),
        ([months(24)], {"periods": 24}),
        ([months(60), months(40)], {"periods": 40}),
        ([{"entity": "day_of_month", "value": 24}, amount("24.00")], {"periods": 24}),
        ([amount("800.00", "offer"), months(24)], {"monthly": "800.00"}),
        ([amount("1083.00", "too_much")], None),
        ([amount("1083.00", "too_much"), amount("600.00", "offer")], {"monthly": "600.00"}),
        ([amount("6000.00", "income")], None),
        ([amount("38600.00", "debt")], None),
        ([amount("0.00", "offer")], None),
        ([amount("900.00", "offer") | {"corrected": True}], None),  # "not 1000, only 900"
        ([], None),
    ],
)
def test_what_a_message_asks_for(turn, entities, wish):
    message = turn("state_offer_amount", "…", entities, stage="offers")
    assert wish_of(Turn(None, message)) == wish  # type: ignore[arg-type]


def test_without_a_plan_on_the_table_a_figure_is_no_wish(turn):
    message = turn("state_offer_amount", "每月能还800", [amount("800.00", "offer")])
    assert wish_of(Turn(None, message)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", ["offers", "agree"])
@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionCounterOffer, "state_offer_amount"), (ActionCounterOffer, "inform_value"),
        (ActionChangeTerm, "change_term"), (ActionShowOtherOffers, "ask_other_offers"),
        (ActionMakeOffers, "willing_to_pay"), (ActionChooseOffer, "inform_value"),
        (ActionNotUnderstood, "nlu_fallback"),
    ],
)  # fmt: skip
async def test_however_it_is_understood_a_figure_is_worked_out(
    api, run, turn, stage, action, intent
):
    api.answers("counter", counter=counter(), words=WORDS)
    tracker = turn(intent, "每月800呢", [amount("800.00")], stage=stage, asked="offer")
    heard = await run(action, tracker)
    assert api.asked == [("POST", "counter", {"monthly": "800.00"})]
    assert (heard.said, heard.cards) == (["utter_counter"], ["counter"])
    assert heard.slots["asked"] == "counter"
    assert heard.slots["counter"] == {"number": 3, "compared": 1}


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize(
    ("why_not", "asked", "said"),
    [
        ("more_than_affordable", "monthly", "utter_counter_too_much"),
        ("shorter_than_affordable", "periods", "utter_counter_too_short"),
        ("longer_than_allowed", "monthly", "utter_counter_too_low"),
        ("longer_than_allowed", "periods", "utter_counter_too_long"),
        (None, "periods", "utter_counter"),
    ],
)
async def test_why_not_is_said_and_the_same_plan_gets_no_second_card(
    api, run, turn, why_not, asked, said, same
):
    api.answers("counter", counter=counter(why_not=why_not, asked=asked, same=same), words=WORDS)
    heard = await run(ActionCounterOffer, turn("change_term", "…", [months(24)], stage="offers"))
    assert heard.said == [f"{said}_same" if same else said]
    assert heard.cards == ([] if same else ["counter"])


@pytest.mark.parametrize(
    ("intent", "text", "option"),
    [
        ("choose_option", "换成这个", 4),
        ("affirm", "好", 4),
        ("choose_option", "还是刚才那个", 2),
        ("choose_option", "Keep the one before", 2),
        ("choose_option", "the original one", 2),
    ],
)
async def test_it_is_taken_or_left_by_name(api, run, turn, intent, text, option):
    api.context(stage="agree", words={})
    slots = {"asked": "counter", "counter": {"number": 4, "compared": 2}, "stage": "offers"}
    await run(ActionChooseOffer, turn(intent, text, **slots))
    assert api.asked == [("POST", "choice", {"option": option})]


async def test_another_figure_right_after_is_worked_out_too(api, run, turn):
    api.answers("counter", counter=counter(), words=WORDS)
    slots = {"asked": "counter", "counter": {"number": 4, "compared": 2}, "stage": "offers"}
    await run(ActionChooseOffer, turn("choose_option", "那900呢", [amount("900.00")], **slots))
    assert api.asked == [("POST", "counter", {"monthly": "900.00"})]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("offers_expired", "utter_offers_expired"),
        ("balance_changed", "utter_balance_changed_plain"),
        ("on_hold", "utter_on_hold"),
    ],
)
async def test_what_cannot_be_worked_out_says_why(api, run, turn, code, said):
    api.answers("counter", 409, code=code)
    heard = await run(ActionCounterOffer, turn("change_term", "…", [months(24)], stage="offers"))
    assert heard.said == [said]


async def test_without_a_figure_it_is_a_fact_like_any_other(api, run, turn):
    api.answers("situation", situation={"proposed_payment": "0.00"}, words={})
    heard = await run(ActionCounterOffer, turn("cannot_pay_anything", "一分没有", stage="offers"))
    assert ("POST", "situation", {"facts": {"proposed_payment": "0.00"}}) in api.asked
    assert SlotSet("ask_facts", True) in heard.events
