"""Where a human is next, questions by who asks, and what was not understood."""

import pytest
from rasa_sdk.events import ActiveLoop, SlotSet

from bot.actions.fallback import ActionNotUnderstood
from bot.actions.handoff import ActionDistress, ActionHandoff, ActionSafe
from bot.actions.questions import ActionAnswerQuestion
from bot.actions.welcome import ActionResume

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
        ("complain_harassment", "complaint", "utter_complaint_before", "utter_complaint"),
        ("wrong_person", "wrong_person", "utter_wrong_person", "utter_wrong_person"),
        ("report_death", "death", "utter_death", "utter_death"),
        ("represents_holder", "represents_holder", "utter_represents", "utter_represents"),
        ("already_paid", "already_paid", "utter_already_paid_before", "utter_already_paid"),
        ("refuse_automation", "refuse_automation", "utter_person_decides", "utter_person_decides"),
        ("opt_out", "ask_human", "utter_opt_out", "utter_opt_out"),
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
    ("chitchat_oos", "utter_off_topic", "utter_off_topic", "utter_off_topic"),
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
    heard = await run(ActionHandoff, turn("report_death", "我爸去世了", asked="start"))
    assert heard.slots["asked"] is None
