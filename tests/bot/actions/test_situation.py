"""The form's one action and corrections outside it, with exact events."""

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.fact_names import FACTS
from bot.actions.situation import ValidateSituationForm
from bot.actions.taking_facts import ActionTakeFact
from bot.actions.welcome import ActionResume

READ_BACK = dict.fromkeys(("income", "spending", "other_debts", "proposed", "pay_day"), "约1,000元")


def amount(value, role=None):
    return {"entity": "amount", "value": value, "role": role}


async def test_a_reason_is_sent_and_acknowledged_once(api, run, turn):
    heard = await run(
        ValidateSituationForm,
        turn("reason_job_loss", "被裁了", form=True, requested_slot="reason"),
    )
    assert api.asked == [("POST", "situation", {"facts": {"reason": "job_loss"}})]
    assert heard.said == ["utter_ack_job_loss"]
    assert heard.events == [SlotSet("reason", "job_loss")]


async def test_several_facts_in_one_line_are_one_call(api, run, turn):
    entities = [amount("4000.00", "income"), amount("1500.00", "spending")]
    heard = await run(
        ValidateSituationForm,
        turn(
            "state_income", "到手4000，房租1500", entities, form=True,
            requested_slot="monthly_income", reason="illness",
        ),
    )  # fmt: skip
    income = {"from": "4000.00", "to": "4000.00"}
    assert api.asked == [
        (
            "POST",
            "situation",
            {"facts": {"monthly_income": income, "essential_spending": "1500.00"}},
        )
    ]
    assert heard.said == ["utter_noted"]
    assert heard.events == [
        SlotSet("monthly_income", income),
        SlotSet("essential_spending", "1500.00"),
    ]


async def test_the_last_answer_is_followed_by_the_read_back(api, run, turn):
    api.context(words={**READ_BACK, "left": "约500元"})
    known = dict.fromkeys(FACTS[:-1], "skipped")
    heard = await run(
        ValidateSituationForm,
        turn("inform_value", "25", form=True, requested_slot="pay_day", **known),
    )
    assert heard.said == ["utter_read_back"]
    assert heard.events == [SlotSet("pay_day", 25), SlotSet("asked", "read_back")]


async def test_without_a_remainder_the_read_back_is_shorter(api, run, turn):
    api.context(words=READ_BACK)
    known = dict.fromkeys(FACTS[:-1], "skipped")
    heard = await run(
        ValidateSituationForm,
        turn("inform_value", "25", form=True, requested_slot="pay_day", **known),
    )
    assert heard.said == ["utter_read_back_short"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("amount_absurd", "utter_refused_amount"),
        ("negative", "utter_refused_negative"),
        ("not_a_day", "utter_refused_day"),
        ("anything_new", "utter_refused_value"),
    ],
)
async def test_a_refused_value_stays_open(api, run, turn, code, said):
    api.answers("situation", accepted=[], refused=[{"field": "proposed_payment", "code": code}])
    heard = await run(
        ValidateSituationForm,
        turn("inform_value", "-5", [amount("-5.00")], form=True, requested_slot="proposed_payment"),
    )
    assert heard.said == [said]
    assert heard.events == [SlotSet("proposed_payment", None)]


@pytest.mark.parametrize(
    "intent", ["ask_credit_record", "ask_human", "distress_self_harm", "dispute_debt", "affirm"]
)
async def test_a_digression_is_left_to_its_own_rule(api, run, turn, intent):
    heard = await run(
        ValidateSituationForm, turn(intent, "问一句", form=True, requested_slot="monthly_income")
    )
    assert (heard.events, heard.said, api.asked) == ([], [], [])


@pytest.mark.parametrize(
    "after",
    [
        [{"event": "action", "name": "action_grant_consent"}],
        [{"event": "action_execution_rejected", "name": "situation_form"}],
        [
            {"event": "action", "name": "action_answer_question"},
            {"event": "action", "name": "situation_form"},
        ],
    ],
)
async def test_coming_back_to_the_form_is_not_an_answer(api, run, turn, after):
    tracker = turn("inform_value", "25", form=True, after=after, requested_slot="pay_day")
    heard = await run(ValidateSituationForm, tracker)
    assert (heard.events, api.asked) == ([], [])


async def test_a_number_that_was_taken_for_something_else_still_answers(api, run, turn):
    heard = await run(
        ValidateSituationForm, turn("number_changed", "32号", form=True, requested_slot="pay_day")
    )
    assert api.asked == [("POST", "situation", {"facts": {"pay_day": 32}})]
    assert heard.slots["pay_day"] == 32


async def test_a_correction_that_names_a_fact_asks_it_again(api, run, turn):
    heard = await run(
        ValidateSituationForm,
        turn("correct_fact", "收入写错了", form=True, requested_slot="pay_day", monthly_income="1"),
    )
    assert heard.events == [SlotSet("monthly_income", None)]
    assert api.asked == []


async def test_skipping_the_spending_says_what_is_used_instead(api, run, turn):
    api.context(words={"bank": "云汀银行"})
    heard = await run(
        ValidateSituationForm, turn("skip", "跳过", form=True, requested_slot="essential_spending")
    )
    assert heard.said == ["utter_ack_skip_spending"]
    assert heard.events == [SlotSet("essential_spending", "skipped")]


async def test_when_saving_failed_the_question_stays_open(api, run, turn):
    api.answers("situation", 503, code="database_locked")
    heard = await run(
        ValidateSituationForm,
        turn(
            "inform_value", "800", [amount("800.00")], form=True, requested_slot="proposed_payment"
        ),
    )
    assert heard.said == ["utter_system_trouble"]
    assert heard.events == [SlotSet("proposed_payment", None)]


async def test_a_later_correction_is_read_back(api, run, turn):
    situation = {**dict.fromkeys(FACTS, "skipped"), "proposed_payment": "850.00"}
    api.context(situation=situation, words=READ_BACK)
    heard = await run(
        ActionTakeFact,
        turn("state_offer_amount", "每月850呢", [amount("850.00", "offer")], stage="offers",
             proposed_payment="800.00"),
    )  # fmt: skip
    assert api.asked[1:] == [("POST", "situation", {"facts": {"proposed_payment": "850.00"}})]
    assert heard.said == ["utter_changed", "utter_read_back_short"]
    assert heard.slots["proposed_payment"] == "850.00"
    assert (heard.slots["asked"], heard.slots["ask_facts"]) == ("read_back", False)


async def test_a_named_fact_is_asked_again_outside_the_form(api, run, turn):
    api.context(situation=dict.fromkeys(FACTS, "skipped"))
    heard = await run(ActionTakeFact, turn("correct_fact", "开销写错了", stage="offers"))
    assert heard.said == []
    assert heard.slots["essential_spending"] is None
    assert (heard.slots["asked"], heard.slots["ask_facts"]) == ("facts", True)


async def test_a_correction_of_nothing_in_particular_asks_which(api, run, turn):
    heard = await run(ActionTakeFact, turn("correct_fact", "改我的情况", stage="offers"))
    assert heard.said == ["utter_ask_what_to_change"]
    assert heard.events == [SlotSet("ask_facts", False)]


async def test_a_bare_answer_after_the_form_was_left_still_answers(api, run, turn):
    api.context(situation={"reason": "family"})
    heard = await run(
        ActionTakeFact,
        turn("inform_value", "6000", [amount("6000.00")], asked="facts", reason="family"),
    )
    income = {"from": "6000.00", "to": "6000.00"}
    assert api.asked[1:] == [("POST", "situation", {"facts": {"monthly_income": income}})]
    assert heard.slots["ask_facts"] is True


@pytest.mark.parametrize("intent", ["nlu_fallback", "chitchat_oos"])
@pytest.mark.parametrize("text", ["what is the balance of 12345", "6000怎么来的", "谁说要6000？"])
async def test_a_figure_in_a_question_that_is_not_understood_answers_nothing(
    api, run, turn, intent, text
):
    heard = await run(
        ValidateSituationForm,
        turn(intent, text, [amount("12345.00")], form=True, requested_slot="monthly_income"),
    )
    assert (heard.said, heard.events, api.asked) == ([], [], [])


async def test_a_fact_that_was_not_asked_for_is_noted_aloud(api, run, turn):
    day = [{"entity": "day_of_month", "value": 18}]
    heard = await run(
        ValidateSituationForm,
        turn(
            "state_pay_date", "发退休金是每月18号", day, form=True, requested_slot="monthly_income"
        ),
    )
    assert heard.said == ["utter_noted"]
    assert heard.events == [SlotSet("pay_day", 18)]


@pytest.mark.parametrize("intent", ["ask_other_offers", "change_term", "sign_agreement"])
async def test_what_is_asked_of_a_plan_too_early_is_answered_before_the_question(
    api, run, turn, intent
):
    heard = await run(ActionResume, turn(intent, "最少多少", form=True))
    assert (heard.said, heard.slots) == (["utter_first_the_rest"], {"ask_facts": True})


@pytest.mark.parametrize("asked", [None, "safe", "person", "facts"])
async def test_a_bare_figure_after_an_interruption_answers_the_open_question(api, run, turn, asked):
    api.context(situation={"reason": "job_loss"})
    heard = await run(
        ActionTakeFact, turn("inform_value", "6000", [amount("6000.00")], asked=asked)
    )
    income = {"from": "6000.00", "to": "6000.00"}
    assert ("POST", "situation", {"facts": {"monthly_income": income}}) in api.asked
    assert heard.said == ["utter_noted"]
    assert heard.slots["ask_facts"] is True


async def test_a_figure_is_no_reason(api, run, turn):
    heard = await run(
        ValidateSituationForm,
        turn("inform_value", "1500", [amount("1500.00")], form=True, requested_slot="reason"),
    )
    assert heard.said == ["utter_explain_reason"]


async def test_a_number_as_long_as_a_telephones_is_no_income(api, run, turn):
    heard = await run(
        ValidateSituationForm,
        turn("nlu_fallback", "999999999999", form=True, requested_slot="monthly_income"),
    )
    assert (heard.said, api.asked) == (["utter_refused_amount"], [])


async def test_a_no_while_care_comes_first_is_left_to_its_own_rule(api, run, turn):
    heard = await run(
        ValidateSituationForm,
        turn("deny", "没有", form=True, requested_slot="monthly_income", stage="care"),
    )
    assert (heard.said, heard.events, api.asked) == ([], [], [])


async def test_a_second_reason_is_heard(api, run, turn):
    heard = await run(
        ValidateSituationForm,
        turn(
            "reason_family", "还要照顾老人", form=True, requested_slot="monthly_income",
            reason="job_loss",
        ),
    )  # fmt: skip
    assert heard.said == ["utter_heard"]


async def test_a_reason_told_outside_the_questions_gets_its_kind_word(api, run, turn):
    heard = await run(ActionTakeFact, turn("reason_family", "家里有事"))
    assert heard.said == ["utter_ack_family"]


@pytest.mark.parametrize("text", ["是家里别的亲人", "Someone else in the family"])
async def test_a_death_in_the_family_is_no_trouble_at_home(api, run, turn, text):
    heard = await run(ActionTakeFact, turn("reason_family", text))
    assert heard.said == ["utter_ack_bereaved"]


async def test_a_reason_that_is_none_is_noted_plainly(api, run, turn):
    api.context(situation={})
    heard = await run(ActionTakeFact, turn("deny", "没有", asked="facts"))
    assert heard.said == ["utter_noted"]
