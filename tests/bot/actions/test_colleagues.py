"""What the assistant says when the floor comes back to it, and how a call is arranged."""

from __future__ import annotations

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.colleagues import ActionCallArranged, ActionHandedBack, ActionOfferCall
from bot.actions.fallback import ActionNotUnderstood
from bot.actions.handoff import ActionHandoff
from bot.actions.offers import ActionChooseOffer
from bot.actions.questions import ActionAnswerQuestion

pytestmark = pytest.mark.asyncio

OFFER = {
    "number": 1, "tag": "best", "kind": "instalments", "monthly": "800.00", "periods": 24,
    "total": "19200.00",
}  # fmt: skip


def handed(kind="handed_back", **more):
    return {"kind": kind, "by": "陶宁", "agreed": "", "plan": False, "facts": [], **more}


async def test_a_plan_that_was_agreed_is_shown_again_and_a_yes_means_that_plan(api, run, turn):
    words = {"colleague": "陶宁", "monthly": "800元"}
    api.context(stage="offers", handed=handed(plan=True), words=words, offers=[OFFER])
    api.answers("offers", outcome="offered", count=1, words=words, offers=[OFFER])
    heard = await run(ActionHandedBack, turn("handed_back", "/handed_back", asked="read_back"))
    assert heard.said[0] == "utter_handed_back_plan"
    assert heard.cards == ["offer"]
    assert heard.slots["asked"] == "offer"
    assert [offer["number"] for offer in heard.slots["options_shown"]] == [1]


async def test_what_was_agreed_in_words_is_repeated(api, run, turn):
    api.context(
        stage="followup", signed=True, handed=handed(agreed="每月15号以后还"),
        words={"colleague": "陶宁", "agreed": "每月15号以后还"},
    )  # fmt: skip
    heard = await run(ActionHandedBack, turn("handed_back", "/handed_back"))
    assert heard.said[0] == "utter_handed_back_agreed"
    assert heard.messages[0]["agreed"] == "每月15号以后还"


async def test_a_yes_said_to_a_colleague_answers_nothing_that_was_asked_before(api, run, turn):
    api.context(stage="consent", handed=handed(), words={"colleague": "陶宁", "retention": "2年"})
    before = turn("handed_back", "/handed_back", asked="offer", misses=2, counter={"number": 4})
    heard = await run(ActionHandedBack, before)
    assert heard.slots["counter"] is None
    assert heard.slots["misses"] == 0
    assert heard.slots["asked"] == "consent"


async def test_facts_that_a_colleague_wrote_down_are_gone_on_from(api, run, turn):
    api.context(
        stage="situation", asked_next="pay_day", handed=handed(facts=["monthly_income"]),
        situation={"monthly_income": "5000.00"}, words={"colleague": "陶宁"},
    )  # fmt: skip
    heard = await run(ActionHandedBack, turn("handed_back", "/handed_back"))
    assert heard.said == ["utter_handed_back_facts"]
    assert heard.slots["ask_facts"] is True
    assert heard.slots["monthly_income"] == "5000.00"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("closed", "utter_case_closed"),
        ("away", "utter_colleague_away"),
        ("late", "utter_late"),
    ],
)
async def test_what_became_of_a_case_is_said_and_nothing_is_asked(api, run, turn, kind, said):
    api.context(
        handed=handed(kind),
        words={
            "colleague": "陶宁",
            "handed_no": "A0001",
            "case_no": "A0001",
            "reply_by": "今天 16:00",
        },
    )
    heard = await run(ActionHandedBack, turn("handed_back", "/handed_back", form=True))
    assert heard.said == [said]
    assert heard.slots["asked"] is None
    assert heard.left_the_form


async def test_in_distress_a_late_word_comes_with_the_lines(api, run, turn):
    api.context(care=True, handed=handed("late"), words={"care_eta": "他会马上联系您"})
    heard = await run(ActionHandedBack, turn("handed_back", "/handed_back", stage="care"))
    assert heard.said == ["utter_late_care"]


async def test_in_distress_nothing_is_gone_on_with(api, run, turn):
    api.context(
        care=True, stage="offers", handed=handed(plan=True), words={"care_eta": "他会马上联系您"}
    )
    heard = await run(ActionHandedBack, turn("handed_back", "/handed_back", stage="care"))
    assert heard.said == ["utter_on_hold_care"]
    assert heard.cards == []


async def test_the_times_of_a_call_are_buttons(api, run, turn):
    api.answers("call-back", call_times=["明天 9:00 到 11:00", "明天 14:00 到 16:00"])
    heard = await run(ActionOfferCall, turn("ask_call_back", "打电话给我", form=True))
    assert heard.said == ["utter_call_times"]
    assert [button["payload"] for button in heard.messages[0]["buttons"]] == [
        "明天 9:00 到 11:00", "明天 14:00 到 16:00",
    ]  # fmt: skip
    assert heard.slots["asked"] == "call_back"
    assert heard.left_the_form


async def test_a_time_that_was_not_offered_brings_the_times_again(api, run, turn):
    api.answers("call-back", call_times=["明天 9:00 到 11:00"])
    heard = await run(ActionOfferCall, turn("nlu_fallback", "随便", asked="call_back"))
    assert heard.said == ["utter_call_times_again"]


async def test_without_a_free_time_the_promise_is_told(api, run, turn):
    api.answers("call-back", call_times=[], words={"case_no": "A0001", "reply_by": "今天 16:00"})
    heard = await run(ActionOfferCall, turn("ask_call_back", "打电话给我"))
    assert heard.said == ["utter_no_call_time"]
    assert heard.slots["asked"] is None


async def test_in_distress_nobody_is_asked_to_choose_a_time(api, run, turn):
    api.answers("handoff", in_hours=True, words={"care_eta": "他会马上联系您"})
    heard = await run(ActionOfferCall, turn("ask_call_back", "给我打电话", stage="care"))
    assert heard.said == ["utter_distress_call"]
    assert [verb for _, verb, _ in api.asked] == ["handoff"]


async def test_who_cannot_manage_a_screen_is_phoned_and_chooses_nothing(api, run, turn):
    api.answers("handoff", in_hours=True, words={"case_no": "A0001", "reply_by": "今天 16:00"})
    heard = await run(ActionOfferCall, turn("ask_call_back", "我不会弄，打电话给我吧"))
    assert heard.said == ["utter_call_you"]
    assert api.asked == [("POST", "handoff", {"reason": "cannot_use"})]


async def test_an_arranged_call_is_told_with_its_time(api, run, turn):
    api.context(words={"call_time": "明天 9:00 到 11:00", "case_no": "A0001"})
    heard = await run(
        ActionCallArranged, turn("call_back_chosen", "/call_back_chosen", asked="call_back")
    )
    assert heard.said == ["utter_call_arranged"]
    assert heard.slots["asked"] is None


async def test_after_the_offer_of_a_person_the_next_miss_calls_one(api, run, turn):
    api.answers("handoff", in_hours=True, words={"wait": "10"})
    heard = await run(ActionNotUnderstood, turn("nlu_fallback", "?", misses=3))
    assert heard.said == ["utter_human_in_hours"]
    assert api.asked == [("POST", "handoff", {"reason": "not_understood"})]
    assert SlotSet("misses", 0) in heard.events


@pytest.mark.parametrize(
    ("identified", "said"), [(True, "utter_legal_case"), (False, "utter_legal_case_before")]
)
async def test_whoever_speaks_of_suing_gets_a_human(api, run, turn, identified, said):
    api.context(
        identified=identified,
        words={"case_no": "A0001", "reply_by": "今天 16:00", "legal_line": "12348"},
    )
    heard = await run(ActionHandoff, turn("threaten_legal", "我要告你们"))
    assert api.asked == [("POST", "handoff", {"reason": "legal"})]
    assert heard.said == [said]


async def test_papers_that_came_go_to_a_human_besides_the_answer(api, run, turn):
    api.context(words={"case_no": "A0001", "reply_by": "今天 16:00", "legal_line": "12348"})
    heard = await run(ActionAnswerQuestion, turn("legal_question", "传票寄到我家了"))
    assert heard.said == ["utter_legal", "utter_papers_noted"]
    assert ("POST", "handoff", {"reason": "legal"}) in api.asked


async def test_of_a_large_plan_it_is_said_that_a_colleague_looks_first(api, run, turn):
    words = {
        "case_no": "A0001",
        "reply_by": "今天 16:00",
        "review_from": "60,000元",
        "bank": "云汀银行",
    }
    api.answers("choice", review=True, words=words)
    heard = await run(ActionChooseOffer, turn("choose_option", "选第1个", asked="offer"))
    assert heard.said[0] == "utter_plan_review"
    assert len(heard.said) == 2  # and then the terms, with the way on below them
