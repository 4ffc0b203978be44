"""Where a human is next, questions by who asks, and what was not understood."""

import pytest
from rasa_sdk.events import ActiveLoop, SlotSet

from bot.actions.care import ActionCheckIn, ActionDistress, ActionSafe
from bot.actions.fallback import ActionNotUnderstood
from bot.actions.handoff import ActionHandoff, ActionWithdraw
from bot.actions.questions import ActionAnswerQuestion
from bot.actions.welcome import ActionResume

from .conftest import DOMAIN

CASE = {
    "case_no": "A2071",
    "reply_by": "11月25日 17:00",
    "human_open": "9:00",
    "wait": "3",
    "bank": "云汀银行",
    "complaint_days": "15",
}
LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]


@pytest.mark.parametrize(
    ("intent", "reason", "before", "after"),
    [
        ("dispute_debt", "dispute", "utter_dispute_before", "utter_dispute"),
        ("suspected_fraud", "suspected_fraud", "utter_fraud", "utter_fraud"),
        (
            "complain_harassment",
            "complaint",
            "utter_complaint_plain_before",
            "utter_complaint_plain",
        ),
        ("wrong_person", "wrong_person", "utter_wrong_person", "utter_wrong_person"),
        ("represents_holder", "represents_holder", "utter_represents", "utter_represents"),
        ("already_paid", "already_paid", "utter_already_paid_before", "utter_already_paid"),
        ("refuse_automation", "refuse_automation", "utter_person_decides", "utter_person_decides"),
        ("ask_human", "ask_human", "utter_human_later", "utter_human_later"),
    ],
)
@pytest.mark.parametrize("identified", [False, True])
async def test_each_branch_makes_its_case_and_has_its_own_words(
    api, run, turn, intent, reason, before, after, identified
):
    api.answers("handoff", in_hours=False, identified=identified, words=CASE)
    heard = await run(ActionHandoff, turn(intent, form=True))
    assert api.asked == [("POST", "handoff", {"reason": reason})]
    assert heard.said == [after if identified else before]
    assert heard.events == LEFT


async def test_in_office_hours_a_person_takes_minutes(api, run, turn):
    api.answers("handoff", in_hours=True, words=CASE)
    heard = await run(ActionHandoff, turn("ask_human"))
    assert heard.said == ["utter_human_in_hours"]


async def test_yes_to_the_offered_person_is_recorded_as_not_understood(api, run, turn):
    api.answers("handoff", in_hours=False, words=CASE)
    heard = await run(ActionHandoff, turn("affirm", asked="person"))
    assert api.asked == [("POST", "handoff", {"reason": "not_understood"})]
    assert heard.events == [SlotSet("asked", None)]


async def test_no_case_no_claim(api, run, turn):
    api.answers("handoff", 500, code="internal")
    heard = await run(ActionHandoff, turn("complain_harassment", form=True))
    assert heard.said == ["utter_system_trouble"]
    assert heard.events == LEFT


async def test_distress_comes_before_money(api, run, turn):
    api.answers("handoff", words={"crisis_lines": "12356", "care_eta": "他会马上联系您"})
    heard = await run(ActionDistress, turn("distress_self_harm", form=True))
    assert api.asked == [("POST", "handoff", {"reason": "distress"})]
    assert (heard.said, heard.cards) == (["utter_distress"], ["crisis"])
    assert heard.events == [SlotSet("asked", "safe"), *LEFT]


async def test_distress_is_answered_even_when_the_api_fails(api, run, turn):
    api.answers("handoff", 500, code="internal")
    heard = await run(ActionDistress, turn("distress_self_harm", form=True))
    assert (heard.said, heard.cards) == (["utter_distress_plain"], ["crisis"])
    assert heard.events == [SlotSet("asked", "safe"), *LEFT]


async def test_being_safe_ends_the_questions(api, run, turn):
    api.context(care=True, words={"care_eta": "他会马上联系您"})
    heard = await run(ActionSafe, turn("affirm", asked="safe"))
    assert (heard.said, heard.events) == (["utter_safe"], [SlotSet("asked", None)])


WORDS = dict.fromkeys(
    (
        "bank as_of debt_total principal interest penalty reporting_policy legal_line how_to_pay"
        " expires left monthly waived_sentence annual_rate next_due next_amount grace_days waived"
        " relief_if_broken"
    ).split(),
    "x",
)
QUESTIONS = [
    ("ask_what_i_owe", "utter_needs_identity", "utter_what_you_owe", "utter_what_you_owe"),
    (
        "ask_why_contacted",
        "utter_why_contacted_before",
        "utter_why_contacted",
        "utter_why_contacted",
    ),
    ("ask_verify_bank", "utter_verify_bank", "utter_verify_bank", "utter_verify_bank"),
    (
        "ask_credit_record",
        "utter_credit_record_before",
        "utter_credit_record",
        "utter_credit_record",
    ),
    ("legal_question", "utter_legal_before", "utter_legal", "utter_legal"),
    ("ask_privacy", "utter_privacy_before", "utter_privacy", "utter_privacy"),
    ("ask_is_robot", "utter_robot_before", "utter_robot", "utter_robot"),
    ("ask_agents", "utter_agents_before", "utter_agents", "utter_agents"),
    ("ask_interest_relief", "utter_needs_identity", "utter_relief", "utter_relief_offer"),
    ("ask_annual_rate", "utter_needs_identity", "utter_annual_rate", "utter_annual_rate_offer"),
    ("ask_why_amount", "utter_needs_identity", "utter_why_amount_plain", "utter_why_amount"),
    ("show_family", "utter_show_family_early", "utter_show_family_early", "utter_show_family"),
    ("ask_terms_question", "utter_needs_identity", "utter_before_signing", "utter_terms_question"),
]


@pytest.mark.parametrize(("intent", "before", "known", "with_offer"), QUESTIONS)
async def test_an_answer_depends_on_who_asks_and_what_is_on_the_table(
    api, run, turn, intent, before, known, with_offer
):
    for identified, stage, said in (
        (False, "identify", before),
        (True, "situation", known),
        (True, "offers", with_offer),
    ):
        api.context(identified=identified, stage=stage, words=WORDS)
        heard = await run(ActionAnswerQuestion, turn(intent, "问一句", stage=stage))
        assert (heard.said, heard.events) == ([said], [])


@pytest.mark.parametrize(
    ("misses", "said"),
    [
        (0, "utter_off_topic"),
        (1, "utter_off_topic_again"),
        (2, "utter_offer_person"),
        (3, "utter_off_topic"),
    ],
)
async def test_who_strays_again_and_again_is_helped_back_and_nobody_is_sent_for(
    api, run, turn, misses, said
):
    api.context(identified=True, stage="offers", words=WORDS)
    heard = await run(
        ActionAnswerQuestion, turn("chitchat_oos", "明天下雨吗", stage="offers", misses=misses)
    )
    assert heard.said == [said]
    assert {"misses": misses + 1}.items() <= heard.slots.items()


async def test_the_record_not_the_message_decides_who_asks(api, run, turn):
    api.context(identified=False, stage="identify", words=WORDS)
    heard = await run(ActionAnswerQuestion, turn("ask_what_i_owe", stage="offers"))
    assert heard.said == ["utter_needs_identity"]


async def test_a_wish_is_kept_with_the_question(api, run, turn):
    await run(ActionAnswerQuestion, turn("ask_settlement_discount", stage="situation"))
    assert api.asked == [("POST", "situation", {"facts": {"wishes": ["ask_settlement_discount"]}})]


async def test_breaking_the_agreement_is_explained(api, run, turn):
    api.context(stage="agree", words=WORDS)
    heard = await run(
        ActionAnswerQuestion, turn("ask_terms_question", "没做到会怎样", stage="agree")
    )
    assert heard.said == ["utter_if_broken"]


@pytest.mark.parametrize(
    ("intent", "said"),
    [("ask_how_to_pay", "utter_how_to_pay_signed"), ("ask_after_signing", "utter_after_signing")],
)
async def test_after_signing_the_next_date_is_named(api, run, turn, intent, said):
    api.context(stage="signed", words=WORDS)
    heard = await run(ActionAnswerQuestion, turn(intent, "接下来呢", stage="signed"))
    assert heard.said == [said]


@pytest.mark.parametrize(
    ("misses", "form", "said"),
    [
        (0, False, "utter_not_understood"),
        (0, True, "utter_not_understood_short"),
        (1, False, "utter_not_understood_again"),
        (1, True, "utter_not_understood_again_short"),
        (2, False, "utter_offer_person"),
    ],
)
async def test_each_miss_in_a_row_helps_more(api, run, turn, misses, form, said):
    heard = await run(ActionNotUnderstood, turn("nlu_fallback", "?", form=form, misses=misses))
    assert heard.said == [said]
    assert heard.slots["misses"] == misses + 1
    assert api.asked == []


async def test_the_third_miss_offers_a_person_and_asks_nothing_else(api, run, turn):
    heard = await run(ActionNotUnderstood, turn("nlu_fallback", "?", form=True, misses=2))
    assert heard.events == [SlotSet("misses", 3), SlotSet("asked", "person"), *LEFT]


BEREAVED = {"bereaved": True, "words": {"case_no": "A1", "reply_by": "明天", "legal_line": "12348"}}


@pytest.mark.parametrize(
    "intent", ["ask_what_i_owe", "legal_question", "ask_why_contacted", "ask_how_to_pay"]
)
@pytest.mark.parametrize("identified", [True, False])
async def test_after_a_death_nothing_of_an_account_is_said(api, run, turn, intent, identified):
    api.context(identified=identified, **BEREAVED)
    heard = await run(ActionAnswerQuestion, turn(intent, "他还欠多少"))
    assert heard.said == ["utter_death_question"]


async def test_a_relative_is_not_sent_to_the_dead_persons_telephone(api, run, turn):
    api.context(identified=False, **BEREAVED)
    heard = await run(ActionHandoff, turn("represents_holder", "我是他儿子"))
    assert heard.said == ["utter_death_question"]


async def test_going_on_after_a_death_asks_for_no_code(api, run, turn):
    api.context(identified=False, stage="identify", **BEREAVED)
    heard = await run(ActionResume, turn("continue", "接着说"))
    assert heard.said == ["utter_death_question"]


async def test_after_a_death_a_yes_no_longer_answers_the_start(api, run, turn):
    api.answers("handoff", words=CASE)
    heard = await run(
        ActionHandoff, turn("report_death", "我爸去世了", stage="welcome", asked="start")
    )
    assert heard.slots["asked"] is None


@pytest.mark.parametrize(
    ("stage", "identified", "text"),
    [
        ("welcome", False, "我爸上个月走了"),
        ("situation", False, "我爸上个月走了"),
        ("situation", True, "是持卡人本人"),
        ("offers", True, "the cardholder died in May"),
    ],
)
async def test_a_death_of_the_cardholder_stops_everything(api, run, turn, stage, identified, text):
    api.context(identified=identified, stage=stage)
    api.answers("handoff", identified=identified, words=CASE)
    heard = await run(ActionHandoff, turn("report_death", text, stage=stage, form=True))
    assert api.asked[-1] == ("POST", "handoff", {"reason": "death"})
    assert heard.said == ["utter_death"]


async def test_somebody_known_who_speaks_of_a_death_is_asked_whose_it_is(api, run, turn):
    api.context(identified=True)
    heard = await run(
        ActionHandoff, turn("report_death", "lost my job, my dad died too", form=True)
    )
    assert heard.said == ["utter_death_whose"]
    assert heard.events == LEFT
    assert [verb for _, verb, _ in api.asked] == ["context"], "no case, and nothing is stopped"


async def test_a_second_word_of_the_same_death_is_not_asked_about_again(api, run, turn):
    api.context(identified=True, bereaved=True)
    api.answers("handoff", words=CASE)
    heard = await run(ActionHandoff, turn("report_death", "他走了"))
    assert heard.said == ["utter_death"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一天打十几个电话骚扰我", "utter_complaint"),
        ("you call me a dozen times a day", "utter_complaint"),
        ("我要投诉你们", "utter_complaint_plain"),
        ("I want to complain", "utter_complaint_plain"),
    ],
)
async def test_a_complaint_is_not_taken_for_one_about_calls(api, run, turn, text, said):
    api.answers("handoff", identified=True, words=CASE)
    heard = await run(ActionHandoff, turn("complain_harassment", text))
    assert heard.said == [said]


WEARY = {"crisis_lines": "12356"}


async def test_somebody_worn_out_is_asked_how_they_are_and_not_about_money(api, run, turn):
    api.context(words=WEARY)
    heard = await run(ActionCheckIn, turn("weary", "撑不下去了", form=True))
    assert heard.said == ["utter_weary"]
    assert heard.events == [SlotSet("asked", "safe"), *LEFT]
    assert [verb for _, verb, _ in api.asked] == ["context"], "nothing is put on hold"


async def test_somebody_worn_out_is_answered_when_the_api_fails_and_while_care_is_open(
    api, run, turn
):
    api.answers("context", 500, code="internal")
    assert (await run(ActionCheckIn, turn("weary", "扛不住了"))).said == ["utter_weary_plain"]
    api.answers("context", care=True, words={"care_eta": "x"})
    heard = await run(ActionCheckIn, turn("weary", "扛不住了", stage="care"))
    assert heard.said == ["utter_on_hold_care"]


@pytest.mark.parametrize(("care", "said"), [(True, "utter_on_hold"), (False, "utter_weary")])
async def test_a_guess_that_somebody_is_safe_is_not_taken_for_it(api, run, turn, care, said):
    api.context(care=care, words=WEARY)
    tracker = turn("state_safe", "就是太累了")
    tracker.latest_message["intent"]["confidence"] = 0.48
    heard = await run(ActionSafe, tracker)
    assert heard.said == [said]


@pytest.mark.parametrize("text", ["我没事", "I'm okay now"])
async def test_a_word_that_says_so_is(api, run, turn, text):
    tracker = turn("state_safe", text)
    tracker.latest_message["intent"]["confidence"] = 0.48
    assert (await run(ActionSafe, tracker)).said == ["utter_safe_go_on"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("签了能反悔吗", "utter_cooling_off"),
        ("can I back out later", "utter_cooling_off"),
        ("我改主意了", "utter_not_signed"),
    ],
)
async def test_asking_about_withdrawing_is_no_withdrawal(api, run, turn, text, said):
    api.context(stage="agree", words={"cooling_days": "7"})
    heard = await run(ActionWithdraw, turn("withdraw", text, stage="agree"))
    assert heard.said == [said]


TOPICS = [
    ("ask_privacy", "为什么要问我收入", "utter_why_identity", "utter_why_asked"),
    ("ask_why_amount", "凭什么问这么多", "utter_why_identity", "utter_why_asked"),
    ("ask_privacy", "why do you need my income", "utter_why_identity", "utter_why_asked"),
    ("ask_privacy", "为什么要身份证后四位", "utter_why_identity", "utter_why_identity"),
    ("ask_privacy", "能把我的信息删了吗", "utter_data_use_before", "utter_data_use"),
    ("ask_privacy", "do you record this", "utter_data_use_before", "utter_data_use"),
    ("ask_privacy", "别打给我家人", "utter_privacy_before", "utter_privacy"),
    ("ask_terms_question", "我能提前还清吗", "utter_needs_identity", "utter_pay_early"),
    ("ask_how_to_pay", "can I pay it off early", "utter_needs_identity", "utter_pay_early"),
    ("ask_terms_question", "为什么不能办卡", "utter_needs_identity", "utter_new_cards"),
    ("ask_terms_question", "can I still get a mortgage", "utter_needs_identity", "utter_new_cards"),
    ("ask_terms_question", "卡还能用吗", "utter_needs_identity", "utter_card_use"),
    ("ask_terms_question", "签了以后还能反悔吗", "utter_needs_identity", "utter_cooling_off"),
    ("ask_terms_question", "协议在哪看", "utter_needs_identity", "utter_where_document"),
    ("ask_terms_question", "还清以后有证明吗", "utter_needs_identity", "utter_certificate"),
    ("ask_terms_question", "is this legally binding", "utter_needs_identity", "utter_binding"),
    ("ask_terms_question", "今天能签吗", "utter_needs_identity", "utter_how_to_sign"),
    ("ask_terms_question", "没做到会怎样", "utter_needs_identity", "utter_if_broken"),
    ("ask_annual_rate", "what does principal mean", "utter_needs_identity", "utter_meaning_parts"),
    ("ask_meaning", "违约金和利息有什么区别", "utter_needs_identity", "utter_meaning_parts"),
    ("ask_meaning", "啥意思", "utter_meaning_which", "utter_meaning_which"),
    ("ask_service", "这个要钱吗", "utter_service_before", "utter_service"),
    ("ask_page_help", "字太小了", "utter_page_help", "utter_page_help"),
    ("ask_my_right", "你们必须给我分期", "utter_needs_identity", "utter_my_right"),
]


@pytest.mark.parametrize(("intent", "text", "before", "known"), TOPICS)
async def test_the_words_of_a_question_decide_what_it_is_about(
    api, run, turn, intent, text, before, known
):
    words = {**WORDS, "retention": "x", "cooling_days": "7"}
    for identified, stage, said in ((False, "identify", before), (True, "agree", known)):
        api.context(identified=identified, stage=stage, words=words)
        heard = await run(ActionAnswerQuestion, turn(intent, text, stage=stage))
        assert heard.said == [said]


@pytest.mark.parametrize(
    ("kind", "intent", "text", "said"),
    [
        ("catch_up", "ask_why_amount", "为什么", "utter_why_amount_goodwill"),
        ("settlement", "ask_why_amount", "为什么", "utter_why_amount_settlement"),
        ("instalments", "ask_why_amount", "为什么", "utter_why_amount"),
        ("catch_up", "ask_terms_question", "能办新卡吗", "utter_new_cards_free"),
        ("deferral_instalments", "ask_terms_question", "能办新卡吗", "utter_new_cards"),
    ],
)
async def test_what_holds_for_a_personalised_agreement_is_not_said_of_other_kinds(
    api, run, turn, kind, intent, text, said
):
    api.context(stage="offers", kind=kind, words=WORDS)
    heard = await run(ActionAnswerQuestion, turn(intent, text, stage="offers"))
    assert heard.said == [said]


async def test_without_relief_nobody_is_told_that_relief_will_be_worked_out(api, run, turn):
    api.context(stage="offers", words={})
    heard = await run(ActionAnswerQuestion, turn("ask_interest_relief", "减点", stage="offers"))
    assert heard.said == ["utter_relief_none"]


@pytest.mark.parametrize("slot", DOMAIN["forms"]["situation_form"]["required_slots"])
async def test_a_question_that_is_not_understood_is_put_in_other_words(api, run, turn, slot):
    api.context(words={})
    tracker = turn("ask_meaning", "啥意思", form=True, requested_slot=slot)
    heard = await run(ActionAnswerQuestion, tracker)
    assert heard.said == [f"utter_explain_{slot}"]
