"""What is said while a plan is on the table, and what a line means in spite of what it was taken for."""

import pytest

from bot.actions.fallback import ActionNotUnderstood
from bot.actions.handoff import ActionHandoff
from bot.actions.questions import ActionAnswerQuestion
from bot.actions.taking_facts import ActionCounterOffer, ActionTakeFact

from .test_before_there_is_a_plan import READ_BACK, TOLD
from .test_counters import WORDS as COUNTER_WORDS
from .test_counters import counter
from .test_offers import LINES, SHOWN


@pytest.mark.parametrize("text", ["太多了 我还不起", "that's too much for me", "压力太大了"])
async def test_too_much_is_said_of_the_plan_and_takes_nothing_back(api, run, turn, text):
    api.answers("offers", outcome="offered", count=2, offers=SHOWN[:2], words=LINES)
    heard = await run(
        ActionCounterOffer, turn("cannot_pay_anything", text, stage="offers", asked="offer")
    )
    assert heard.said == ["utter_other_offers_2"]
    assert [verb for _, verb, _ in api.asked] == ["offers"]


async def test_no_money_at_all_is_a_changed_fact(api, run, turn):
    api.context(words=READ_BACK, situation=TOLD, stage="offers")
    said = turn("cannot_pay_anything", "真的还不起了 一分都拿不出", stage="offers", asked="offer")
    await run(ActionCounterOffer, said)
    assert ("POST", "situation", {"facts": {"proposed_payment": "0.00"}}) in api.asked


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("ok the first", 1),
        ("lets do the second one", 2),
        ("the third", 3),
        ("the first of the month", None),
    ],
)
async def test_the_first_is_an_offer_and_no_day(api, run, turn, text, option):
    api.context(words=READ_BACK, situation=TOLD, stage="offers")
    day = [{"entity": "day_of_month", "value": 1}]
    await run(ActionTakeFact, turn("state_pay_date", text, day, stage="offers", asked="options"))
    assert (("POST", "choice", {"option": option}) in api.asked) is (option is not None)
    assert (("POST", "situation", {"facts": {"pay_day": 1}}) in api.asked) is (option is None)


async def test_a_sum_in_a_wish_for_less_is_answered_with_what_it_comes_to(api, run, turn):
    api.context(words={}, stage="offers")
    api.answers("counter", counter=counter(), words=COUNTER_WORDS)
    said = [{"entity": "amount", "value": "800.00", "role": "offer"}]
    heard = await run(
        ActionAnswerQuestion,
        turn("ask_settlement_discount", "能不能少还点 800", said, stage="offers", asked="offer"),
    )
    assert heard.said[-1] == "utter_counter"
    assert ("POST", "counter", {"monthly": "800.00"}) in api.asked


@pytest.mark.parametrize("missing", [[], ["pay_day"]])
async def test_months_alone_before_a_plan_are_kept_and_what_it_needs_is_asked(
    api, run, turn, missing
):
    situation = {fact: value for fact, value in TOLD.items() if fact not in missing}
    api.context(words=READ_BACK, situation=situation)
    heard = await run(
        ActionTakeFact, turn("inform_value", "那40期呢", [{"entity": "term_months", "value": 40}])
    )
    assert heard.slots["wished_months"] == 40
    assert heard.said[0] == ("utter_first_the_rest" if missing else "utter_first_is_it_right")
    assert heard.slots["ask_facts"] is bool(missing)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我想提前还清", "utter_pay_early"), ("can i pay it off early pls", "utter_pay_early"),
        ("协议发我一份", "utter_where_document"),
    ],
)  # fmt: skip
async def test_plain_words_are_answered_whatever_they_were_taken_for(api, run, turn, text, said):
    for action, intent in (
        (ActionAnswerQuestion, "chitchat_oos"),
        (ActionNotUnderstood, "nlu_fallback"),
    ):
        assert (await run(action, turn(intent, text, stage="signed"))).said == [said]
    api.context(identified=False, stage="welcome")
    assert (await run(ActionNotUnderstood, turn("nlu_fallback", text, stage="welcome"))).said == [
        "utter_not_understood"
    ]


@pytest.mark.parametrize(
    ("text", "heard"), [("我再问问", False), ("我是他儿子", True), ("I write for my mother", True)]
)
async def test_a_weak_guess_that_somebody_writes_for_another_needs_a_telling_word(
    api, run, turn, text, heard
):
    tracker = turn("represents_holder", text, stage="offers")
    tracker.latest_message["intent"]["confidence"] = 0.35
    await run(ActionHandoff, tracker)
    assert (("POST", "handoff", {"reason": "represents_holder"}) in api.asked) is heard
