"""Words that are about a plan, said while there is none; sums in hesitant words; the read-back disputed."""

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.fallback import ActionNotUnderstood
from bot.actions.handoff import ActionHandoff
from bot.actions.offers import ActionChooseOffer, ActionMakeOffers
from bot.actions.questions import ActionAnswerQuestion
from bot.actions.situation import ValidateSituationForm
from bot.actions.taking_facts import ActionTakeFact
from bot.actions.texts import ActionStopTexts
from bot.actions.welcome import ActionResume

from .test_counters import WORDS as COUNTER_WORDS
from .test_counters import counter
from .test_offers import LINES, SHOWN, WORDS

TOLD = {
    "reason": "job_loss", "monthly_income": {"from": "6000.00", "to": "6000.00"},
    "essential_spending": "4300.00", "other_debt_payments": "4000.00", "proposed_payment": "500.00",
    "pay_day": 10,
}  # fmt: skip
READ_BACK = dict.fromkeys(("income", "spending", "other_debts", "proposed", "pay_day", "left"), "x")
SUM = {"entity": "amount", "value": "1800.00", "role": "spending", "start": 11, "end": 15}
MONTHS = {"entity": "term_months", "value": 36}


@pytest.mark.parametrize(
    ("intent", "text"),
    [("hesitate", "dunno maybe 300"), ("affirm", "有 300"), ("thanks", "300吧 谢谢")],
)
async def test_a_sum_in_a_hesitant_word_answers_the_question(api, run, turn, intent, text):
    said = [{"entity": "amount", "value": "300.00", "role": None}]
    form = turn(intent, text, said, form=True, requested_slot="other_debt_payments", reason="other")
    heard = await run(ValidateSituationForm, form)
    assert heard.events == [SlotSet("other_debt_payments", "300.00")]
    form = turn(intent, "300够吗?", said, form=True, requested_slot="other_debt_payments")
    assert (await run(ValidateSituationForm, form)).events == []  # a question is none


@pytest.mark.parametrize(
    ("requested", "said"),
    [
        ("other_debt_payments", ["utter_no_value"]),
        ("pay_day", ["utter_refused_day"]),
        ("reason", []),
    ],
)
async def test_a_yes_to_how_much_is_told_that_a_figure_is_needed(run, turn, requested, said):
    form = turn("affirm", "yes correct", form=True, requested_slot=requested)
    assert (await run(ActionResume, form)).said == said


async def test_who_asks_what_now_after_a_refusal_hears_who_is_next(api, run, turn):
    api.context(
        words={"case_no": "A1", "reply_by": "明天"}, case="waiting", refused="nothing_affordable"
    )
    heard = await run(ActionAnswerQuestion, turn("chitchat_oos", "那怎么办"))
    assert heard.said == ["utter_with_colleague"]


@pytest.mark.parametrize(
    ("intent", "said"),
    [("choose_option", "utter_first_the_rest"), ("willing_to_pay", "utter_heard")],
)
async def test_what_answers_nothing_is_answered_and_asked_on(run, turn, intent, said):
    form = turn(intent, "第一个吧", form=True, requested_slot="monthly_income")
    heard = await run(ValidateSituationForm, form)
    assert (heard.said, heard.events) == ([said], [SlotSet("monthly_income", None)])


async def test_words_that_choose_nothing_yet_take_the_read_back(api, run, turn):
    api.answers("offers", outcome="offered", count=3, offers=SHOWN, words=WORDS)
    heard = await run(ActionResume, turn("choose_option", "好 就这个", asked="read_back"))
    assert heard.said == ["utter_offer_plain"]


async def test_a_number_of_an_offer_that_is_not_there_yet_is_told_so(api, run, turn):
    api.context(words=READ_BACK, situation=TOLD)
    one = [{"entity": "option", "value": 1}]
    heard = await run(ActionResume, turn("choose_option", "第一个太贵了", one, asked="read_back"))
    assert heard.said == ["utter_first_is_it_right", "utter_read_back"]


async def test_an_open_later_question_is_asked_again_and_not_the_read_back(run, turn):
    heard = await run(
        ActionResume, turn("ask_other_offers", "有没有再少点的", asked="expected_income")
    )
    assert heard.said == ["utter_first_the_rest", "utter_ask_expected_income"]


async def test_months_wished_for_early_are_answered_with_the_first_plan(api, run, turn):
    form = turn(
        "change_term", "那分36期行不行", [MONTHS], form=True, requested_slot="monthly_income"
    )
    heard = await run(ActionResume, form)
    assert heard.slots["wished_months"] == 36
    form = turn("reason_job_loss", "失业了 想分36期", [MONTHS, {"entity": "also", "value": "ask_for_plan"}],
                form=True, requested_slot="reason")  # fmt: skip
    assert (await run(ValidateSituationForm, form)).slots["wished_months"] == 36
    api.answers("offers", outcome="offered", count=3, offers=SHOWN, words=WORDS)
    api.answers("counter", counter=counter(asked="periods"), words=COUNTER_WORDS)
    heard = await run(ActionMakeOffers, turn(asked="read_back", wished_months=36))
    assert heard.said == ["utter_offer_plain", "utter_counter"]
    assert ("POST", "counter", {"periods": 36}) in api.asked
    assert heard.slots["wished_months"] is None


@pytest.mark.parametrize(
    ("intent", "text", "months"),
    [
        ("reason_job_loss", "被辞退了 分24期行不行", 24),
        ("reason_illness", "病了24个月了", None),
        ("state_expense", "借呗分24期", None),
    ],
)
async def test_a_length_beside_a_reason_is_kept_and_one_of_another_debt_is_not(
    run, turn, intent, text, months
):
    said = [{"entity": "term_months", "value": 24}]
    form = turn(intent, text, said, form=True, requested_slot="reason", reason=None)
    assert (await run(ValidateSituationForm, form)).slots.get("wished_months") == months


async def test_a_reason_beside_a_wished_length_is_noted(api, run, turn):
    said = [MONTHS, {"entity": "also", "value": "reason_income_drop"}]
    form = turn(
        "change_term", "hours cut, could i do 36 months", said, form=True, requested_slot="reason"
    )
    heard = await run(ActionResume, form)
    assert (heard.slots["wished_months"], heard.slots["reason"]) == (36, "income_drop")
    assert heard.said == ["utter_first_the_rest", "utter_ack_income_drop"]


@pytest.mark.parametrize(
    ("intent", "text", "facts"),
    [
        ("state_expected_income", "prob 900", {"proposed_payment": "900.00"}),
        ("state_lump_sum", "900 now", {"proposed_payment": "900.00"}),
        ("state_lump_sum", "手上有900", {"lump_sum": "900.00"}),
        ("nlu_fallback", "no go back to the first", None),
        ("nlu_fallback", "no money", {"proposed_payment": "0.00"}),
        ("nlu_fallback", "没有那么多", None),
        ("deny", "no", {"proposed_payment": "0.00"}),
    ],
)
async def test_only_what_a_line_says_plainly_is_something_else_than_the_answer(
    api, run, turn, intent, text, facts
):
    said = [{"entity": "amount", "value": "900.00", "role": None}] if "900" in text else []
    await run(
        ValidateSituationForm,
        turn(intent, text, said, form=True, requested_slot="proposed_payment"),
    )
    sent = [body["facts"] for _, verb, body in api.asked if verb == "situation"]
    assert sent == ([facts] if facts else [])


async def test_care_and_a_person_come_before_any_answer(run, turn):
    for intent in ("distress_self_harm", "weary", "ask_human"):
        form = turn(intent, "不知道", form=True, requested_slot="proposed_payment")
        assert (await run(ValidateSituationForm, form)).events == []


async def test_the_second_is_no_day_while_something_else_is_asked(run, turn):
    day = [{"entity": "day_of_month", "value": 2}]
    form = turn(
        "state_pay_date", "ok the second", day, form=True, requested_slot="proposed_payment"
    )
    assert (await run(ValidateSituationForm, form)).said == ["utter_first_the_rest"]
    form = turn("state_pay_date", "the second", day, form=True, requested_slot="pay_day")
    assert (await run(ValidateSituationForm, form)).slots["pay_day"] == 2


async def test_something_wrong_at_the_read_back_is_asked_for_and_no_dispute(api, run, turn):
    api.context(situation=TOLD)
    heard = await run(ActionTakeFact, turn("dispute_debt", "有一个不对", asked="read_back"))
    assert heard.said == ["utter_ask_what_to_change"]
    assert all(verb != "handoff" for _, verb, _ in api.asked)


async def test_a_sum_in_a_line_that_was_not_understood_is_heard_at_the_read_back(api, run, turn):
    api.context(words=READ_BACK, situation=TOLD)
    said = [{"entity": "amount", "value": "500.00", "role": "offer", "start": 6, "end": 9}]
    heard = await run(
        ActionNotUnderstood, turn("nlu_fallback", "还有孩子补课500", said, asked="read_back")
    )
    assert ("POST", "situation", {"facts": {"essential_spending": "4800.00"}}) in api.asked
    assert heard.said == ["utter_changed", "utter_read_back"]


async def test_months_that_the_plan_has_need_no_answer(api, run, turn):
    api.answers("offers", outcome="offered", count=3, offers=SHOWN, words=WORDS)
    heard = await run(ActionMakeOffers, turn(asked="read_back", wished_months=SHOWN[0]["periods"]))
    assert heard.said == ["utter_offer_plain"]


async def test_nobody_chooses_what_was_not_shown(api, run, turn):
    api.answers("offers", outcome="offered", count=2, offers=SHOWN[:2], words=LINES)
    two = [{"entity": "option", "value": 2}]
    heard = await run(
        ActionChooseOffer, turn("choose_option", "第二个得唔得", two, asked="offer", stage="offers")
    )
    assert heard.said == ["utter_other_offers_2"]
    assert [verb for _, verb, _ in api.asked] == ["offers"]


async def test_a_disputed_read_back_is_a_correction_where_it_names_what_they_told(api, run, turn):
    api.context(words=READ_BACK, situation=TOLD)
    disputed = turn(
        "dispute_debt",
        "你算的不对吧 生活费是5800",
        [{**SUM, "value": "5800.00"}],
        asked="read_back",
    )
    heard = await run(ActionTakeFact, disputed)
    assert ("POST", "situation", {"facts": {"essential_spending": "5800.00"}}) in api.asked
    assert heard.said == ["utter_changed", "utter_read_back"]
    part = turn("dispute_debt", "你算的不对吧 我老人药费是1800", [SUM], asked="read_back")
    heard = await run(ActionTakeFact, part)  # of the whole, 1,800 may be any part
    assert heard.said == ["utter_total_again"]
    assert (heard.slots["essential_spending"], heard.slots["ask_facts"]) == (None, True)


@pytest.mark.parametrize(
    "text",
    ["我没欠这么多", "这笔3000的开销不是我刷的", "that 1800 charge isn't mine, rent neither"],
)
async def test_a_dispute_of_the_card_stays_one(api, run, turn, text):
    api.context(situation=TOLD)
    heard = await run(ActionTakeFact, turn("dispute_debt", text, [SUM], asked="read_back"))
    assert ("POST", "handoff", {"reason": "dispute"}) in api.asked
    assert heard.slots["ask_facts"] is False


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("你们是不是也要爆我通讯录", False),
        ("你们会不会像网贷那样天天打电话骚扰我家里人", False),
        ("will you harass my family", False),
        ("你们爆我通讯录了", True),
        ("你们是不是要逼死我，昨天又打到我单位", True),
        ("you keep calling my mum, will you stop", True),
    ],
)
async def test_asking_what_we_will_do_is_no_complaint(api, run, turn, text, complaint):
    heard = await run(ActionHandoff, turn("complain_harassment", text, stage="offers"))
    assert (("POST", "handoff", {"reason": "complaint"}) in api.asked) is complaint
    assert complaint or heard.said == ["utter_privacy"]


async def test_a_yes_beside_a_stop_of_texts_is_asked_for_clearly(run, turn):
    heard = await run(
        ActionStopTexts,
        turn("opt_out", "同意 但是别再发短信烦我", stage="consent", asked="consent"),
    )
    assert heard.said == ["utter_opt_out", "utter_ask_consent_clearly"]


@pytest.mark.parametrize("intent", ["correct_fact", "state_expense"])
async def test_a_part_told_anew_has_the_whole_asked_in_the_middle_of_the_form(run, turn, intent):
    told = {key: TOLD[key] for key in ("reason", "monthly_income", "essential_spending")}
    part = turn(
        intent, "药费是1800", [SUM], form=True, requested_slot="other_debt_payments", **told
    )
    heard = await run(ValidateSituationForm, part)
    assert heard.said == ["utter_total_again"]
    assert heard.events == [SlotSet("essential_spending", None)]


@pytest.mark.parametrize(
    ("intent", "text", "gone"),
    [
        ("deny", "no", True),
        ("inform_value", "nothing will come", True),
        ("correct_fact", "wait no go back", False),
    ],
)
async def test_only_a_real_no_says_that_nothing_will_come(api, run, turn, intent, text, gone):
    api.context(situation=TOLD)
    heard = await run(ActionTakeFact, turn(intent, text, asked="expected_income"))
    sent = ("POST", "situation", {"facts": {"expected_income": "skipped"}}) in api.asked
    assert sent is gone
    assert gone or heard.said == ["utter_ask_expected_income"]
