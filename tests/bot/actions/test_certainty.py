"""Acts with consequences follow only from words that leave no doubt."""

from datetime import date

import pytest

from bot.actions.agree import ActionSign
from bot.actions.consent import ActionGrantConsent, ActionRefuseConsent
from bot.actions.facts import read_facts
from bot.actions.handoff import ActionHandoff, ActionWithdraw

TODAY = date(2026, 11, 24)


def sure(made, confidence):
    """The same turn, understood with ``confidence``."""
    made.latest_message["intent"]["confidence"] = confidence
    return made


@pytest.mark.parametrize(
    ("text", "confidence", "sent"),
    [
        ("确定，签", 1.0, True),
        ("行，签吧我看完了", 0.5, True),
        ("I have read it, let me sign", 0.4, True),
        ("不太想签", 0.8, False),
        ("签了会不会后悔", 0.9, False),
        ("要是签了呢", 0.9, False),
        ("what happens if I sign", 0.9, False),
        ("嗯看着办", 0.3, False),
    ],
)
async def test_only_clear_words_send_the_signing_code(api, run, turn, text, confidence, sent):
    api.context(stage="agree", words={"pays": "每月还1元，还3个月"})
    made = sure(turn("sign_agreement", text, stage="agree", terms_read=5), confidence)
    await run(ActionSign, made)
    assert (("POST", "challenge", {"purpose": "signature"}) in api.asked) is sent


@pytest.mark.parametrize(
    ("action", "intent", "text", "recorded"),
    [
        (ActionGrantConsent, "affirm", "可以，你问吧没事", True),
        (ActionGrantConsent, "affirm", "yes go ahead", True),
        (ActionGrantConsent, "affirm", "大概应该吧", False),
        (ActionGrantConsent, "affirm", "同意个鬼", False),
        (ActionGrantConsent, "affirm", "yeah right, as if I agree", False),
        (ActionRefuseConsent, "deny", "我不想说这些", True),
        (ActionRefuseConsent, "deny", "唔", False),
        (ActionRefuseConsent, "deny", "没有别的", False),
    ],
)
async def test_consent_is_recorded_only_when_it_is_clear(
    api, run, turn, action, intent, text, recorded
):
    api.context(stage="consent", words={"reply_by": "11月25日 17:00"})
    await run(action, sure(turn(intent, text, stage="consent"), 0.4))
    assert any(verb == "consent" for _, verb, _ in api.asked) is recorded


@pytest.mark.parametrize(
    ("intent", "text", "said"),
    [
        ("report_death", "唉", "utter_did_i_get_it"),
        ("wrong_person", "嗯？", "utter_did_i_get_it"),
        ("suspected_fraud", "怎么回事", "utter_did_i_get_it"),
    ],
)
async def test_an_unsure_guess_stops_no_messages(api, run, turn, intent, text, said):
    heard = await run(ActionHandoff, sure(turn(intent, text), 0.3))
    assert (heard.said, api.asked) == ([said], [])


async def test_not_being_able_to_use_it_is_its_own_reason(api, run, turn):
    api.context(words={"case_no": "A1", "reply_by": "明天"})
    heard = await run(ActionHandoff, turn("ask_human", "我不会弄，请打给我"))
    assert api.asked == [("POST", "handoff", {"reason": "cannot_use"})]
    assert heard.said == ["utter_call_you"]


@pytest.mark.parametrize(
    ("text", "context", "asked", "said"),
    [
        ("想撤回协议", {"signed": True}, "withdrawal", "utter_withdrawal"),
        ("我改主意了", {"stage": "agree"}, None, "utter_not_signed"),
        ("我改主意了", {"identified": False}, None, "utter_needs_identity"),
        ("我收回刚才的同意", {"stage": "offers"}, "consent", "utter_consent_withdrawn"),
    ],
)
async def test_what_is_taken_back_depends_on_what_was_given(
    api, run, turn, text, context, asked, said
):
    words = {"case_no": "A1", "reply_by": "明天", "withdraw_until": "12月1日"}
    api.context(words=words, **context)
    heard = await run(ActionWithdraw, turn("withdraw", text))
    assert heard.said == [said]
    assert [verb for _, verb, _ in api.asked][1:] == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("text", "asked", "confidence", "ends"),
    [
        ("确定撤回", "withdrawal", 1.0, True),
        ("我确认要撤回", "withdrawal", 0.8, True),
        ("yes, I want to withdraw", "withdrawal", 0.8, True),
        ("确定撤回", "after_signing", 1.0, False),  # before hearing what it means
        ("能撤回吗", "withdrawal", 0.9, False),
        ("先不撤回了吧", "withdrawal", 0.9, False),
        ("确定撤回会怎么样", "withdrawal", 0.9, False),
        ("不确定要撤", "withdrawal", 0.9, False),
        ("改主意了", "withdrawal", 1.0, False),
    ],
)
async def test_an_agreement_ends_only_by_clear_words_after_hearing_what_it_means(
    api, run, turn, text, asked, confidence, ends
):
    words = {"agreement_no": "1", "withdrawn_on": "12月1日", "withdraw_until": "12月1日"}
    api.context(signed=True, words=words)
    made = sure(turn("withdraw", text, stage="signed", asked=asked), confidence)
    heard = await run(ActionWithdraw, made)
    assert ("POST", "withdrawal", {"confirmed": ends}) in api.asked
    assert heard.said == ["utter_withdrawn" if ends else "utter_withdrawal"]
    assert heard.slots["asked"] == ("start" if ends else "withdrawal")


async def test_a_withdrawal_that_comes_too_late_is_for_a_colleague(api, run, turn):
    words = {"case_no": "A1", "reply_by": "明天", "cooling_end": "12月1日"}
    api.context(signed=True, words=words)
    api.answers("withdrawal", 409, code="withdrawal_late", words=words)
    heard = await run(ActionWithdraw, turn("withdraw", "想撤回协议", stage="followup"))
    assert heard.said == ["utter_withdrawal_late"]
    assert api.asked[-1] == ("POST", "handoff", {"reason": "withdrawal"})


KNOWN = {
    "monthly_income": {"from": "5500.00", "to": "5500.00"},
    "essential_spending": "3900.00",
    "other_debt_payments": "1000.00",
    "proposed_payment": "1000.00",
}


@pytest.mark.parametrize(
    ("text", "value", "fact"),
    [
        ("不是5500，只有5200", "5200.00", "monthly_income"),
        ("不是三千九，是四千", "4000.00", "essential_spending"),
        ("not 5,500 but 5200", "5200.00", "monthly_income"),
    ],
)
def test_a_correction_outside_the_form_finds_the_fact_by_its_old_value(text, value, fact):
    facts = read_facts(
        "correct_fact", text, [{"entity": "amount", "value": value}], None, KNOWN, TODAY
    )
    assert list(facts) == [fact]


def test_an_old_value_that_two_facts_share_is_asked_about():
    entities = [{"entity": "amount", "value": "900.00"}]
    assert read_facts("correct_fact", "不是1000，是900", entities, None, KNOWN, TODAY) == {}
