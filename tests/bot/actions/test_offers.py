"""Offers: shown, compared, chosen by number, name or description."""

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.offers import (
    ActionChangeTerm,
    ActionChooseOffer,
    ActionMakeOffers,
    ActionShowOtherOffers,
)

SHOWN = [
    {
        "number": 1,
        "tag": "best",
        "monthly": "1083.11",
        "periods": 18,
        "total": "19495.98",
        "kind": "instalments",
    },
    {
        "number": 2,
        "tag": "soonest",
        "monthly": "1500.00",
        "periods": 12,
        "total": "19000.00",
        "kind": "instalments",
    },
    {
        "number": 3,
        "tag": "lowest_monthly",
        "monthly": "700.00",
        "periods": 30,
        "total": "20900.00",
        "kind": "instalments",
    },
]
WORDS = {
    "pays": "每月还1,083.11 元，还18个月",
    "monthly": "1,083.11 元",
    "periods": "18",
    "total": "19,495.98 元",
    "waived_sentence": "少收违约金372.00 元",
    "annual_rate": "6%",
    "as_of": "11月24日",
    "expires": "12月1日",
}
LINES = {f"offer_{n}_{what}": "x" for n in (1, 2, 3) for what in ("name", "pays", "total")}
TERMS = {
    "debt_total": "20,256.36 元",
    "principal": "18,600.00 元",
    "interest": "1,284.36 元",
    "penalty": "372.00 元",
    "waived": "1,656.36 元",
}


async def test_the_best_offer_is_shown_with_its_card(api, run, turn):
    api.answers(
        "offers", outcome="offered", count=3, offers=SHOWN, words={**WORDS, "less": "760 元"}
    )
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert (heard.said, heard.cards) == (["utter_offer"], ["offer"])
    assert heard.events == [
        SlotSet("asked", "offer"),
        SlotSet("options_shown", SHOWN),
        SlotSet("ask_facts", False),
    ]


async def test_an_offer_that_saves_nothing_claims_no_saving(api, run, turn):
    api.answers("offers", outcome="offered", count=1, words=WORDS)
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert heard.said == ["utter_offer_plain"]


@pytest.mark.parametrize(
    ("reason", "words", "said"),
    [
        (
            "nothing_affordable",
            {"bank": "b", "pause_days": "30", "pause_interest": "停", "reply_by": "明天"},
            "utter_refused_nothing_affordable",
        ),
        ("nothing_affordable", {"case_no": "A1", "reply_by": "明天"}, "utter_refused_short"),
        (
            "beyond_authority", {"case_no": "A1", "reply_by": "明天"},
            "utter_refused_beyond_authority",
        ),
        (
            "account_with_human", {"case_no": "A1", "reply_by": "明天"},
            "utter_refused_account_with_human",
        ),
        ("nothing_due", {}, "utter_refused_nothing_due"),
        ("something_new", {}, "utter_human_noted"),
    ],
)  # fmt: skip
async def test_a_refusal_says_who_is_next(api, run, turn, reason, words, said):
    api.answers("offers", outcome="refused", reason=reason, words=words)
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert (heard.said, heard.cards) == ([said], ["refusal"])
    assert heard.slots["asked"] is None


async def test_missing_facts_lead_back_to_the_questions(api, run, turn):
    api.answers("offers", outcome="refused", reason="needs_facts")
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert heard.events == [SlotSet("asked", "facts"), SlotSet("ask_facts", True)]


@pytest.mark.parametrize("count", [2, 3])
async def test_others_are_numbered_lines_and_a_card(api, run, turn, count):
    api.answers("offers", outcome="offered", count=count, offers=SHOWN[:count], words=LINES)
    heard = await run(ActionShowOtherOffers, turn("ask_other_offers", "看看别的办法"))
    assert (heard.said, heard.cards) == ([f"utter_other_offers_{count}"], ["comparison"])
    assert heard.events == [SlotSet("asked", "options"), SlotSet("options_shown", SHOWN[:count])]


async def test_a_single_offer_is_honestly_the_only_one(api, run, turn):
    api.answers("offers", outcome="offered", count=1, offers=SHOWN[:1])
    heard = await run(ActionShowOtherOffers, turn("ask_other_offers", "看看别的办法"))
    assert (heard.said, heard.cards) == (["utter_only_offer"], [])


@pytest.mark.parametrize(
    "text", ["再便宜点吧", "求求你了", "can you go lower?", "come on, just do it"]
)
@pytest.mark.parametrize("action", [ActionChangeTerm, ActionShowOtherOffers])
async def test_begging_changes_no_figure(api, run, turn, text, action):
    api.context(words={"expires": "12月1日"})
    heard = await run(action, turn("change_term", text))
    assert heard.said == ["utter_same_figures"]
    assert api.asked == [("GET", "context", None)]


@pytest.mark.parametrize(
    ("intent", "text", "entities", "option"),
    [
        ("choose_option", "第二个", [{"entity": "option", "value": 2}], 2),
        ("choose_option", "Option 3", [{"entity": "option", "value": "3"}], 3),
        ("inform_value", "2", [{"entity": "amount", "value": "2.00"}], 2),
        ("choose_option", "12个月的", [{"entity": "term_months", "value": 12}], 2),
        ("choose_option", "每月700那个", [{"entity": "amount", "value": "700.00"}], 3),
        ("choose_option", "每月最少的", [], 3),
        ("choose_option", "the longer one", [], 3),
        ("choose_option", "最快还完的", [], 2),
        ("choose_option", "the quickest", [], 2),
        ("choose_option", "还是刚才那个", [], 1),
    ],
)
async def test_a_choice_by_number_name_or_description(
    api, run, turn, intent, text, entities, option
):
    api.context(stage="agree", words=TERMS)
    tracker = turn(intent, text, entities, asked="options", options_shown=SHOWN)
    heard = await run(ActionChooseOffer, tracker)
    assert api.asked == [("POST", "choice", {"option": option})]
    assert heard.said == ["utter_terms_1"]
    assert heard.events == [SlotSet("asked", "terms"), SlotSet("terms_read", 1)]


async def test_yes_to_the_one_offer_shown_chooses_it(api, run, turn):
    api.context(stage="agree", words=TERMS)
    await run(ActionChooseOffer, turn("affirm", "好", asked="offer", options_shown=SHOWN))
    assert api.asked == [("POST", "choice", {"option": 1})]


async def test_an_unclear_choice_is_asked_about(api, run, turn):
    tracker = turn("choose_option", "那个吧", asked="options", options_shown=SHOWN)
    heard = await run(ActionChooseOffer, tracker)
    assert (heard.said, heard.events, api.asked) == (["utter_which_option"], [], [])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("option_unknown", "utter_which_option"),
        ("offers_expired", "utter_offers_expired"),
        ("on_hold", "utter_on_hold"),
        ("already_in_force", "utter_already_in_force"),
    ],
)
async def test_a_choice_that_cannot_be_made_says_why(api, run, turn, code, said):
    api.answers("choice", 409, code=code)
    heard = await run(ActionChooseOffer, turn("affirm", "好", asked="offer"))
    assert heard.said == [said]


@pytest.mark.parametrize("text", ["今天能签吗", "when can I sign", "怎么签"])
@pytest.mark.parametrize("asked", ["counter", "offer", None])
async def test_asking_about_signing_chooses_no_plan(api, run, turn, text, asked):
    counter = {"number": 4, "compared": 1}
    heard = await run(
        ActionChooseOffer,
        turn("sign_agreement", text, stage="offers", asked=asked, counter=counter),
    )
    assert (heard.said, api.asked) == (["utter_how_to_sign"], [])
