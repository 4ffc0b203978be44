"""What a line says beside its first intent: facts beside a question, a reason beside a sum."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.facts import read_facts
from bot.actions.questions import ActionAnswerQuestion

TODAY = date(2026, 11, 24)


def also(intent: str) -> dict[str, object]:
    return {"entity": "also", "value": intent, "start": 0, "end": 1}


OFFER = {"entity": "amount", "value": "800.00", "role": "offer", "start": 0, "end": 2}


def test_a_reason_beside_a_sum_is_noted_with_it() -> None:
    facts = read_facts(
        "state_offer_amount", "失业了 最多八百", [OFFER, also("reason_job_loss")], None, {}, TODAY
    )
    assert facts == {"reason": "job_loss", "proposed_payment": "800.00"}


def test_a_reason_that_is_known_already_is_not_changed_by_what_is_said_besides() -> None:
    known = {"reason": "illness"}
    facts = read_facts(
        "state_offer_amount", "…", [OFFER, also("reason_job_loss")], None, known, TODAY
    )
    assert facts == {"proposed_payment": "800.00"}


@pytest.mark.parametrize("told", ["ask_credit_record", "ask_human", "state_income"])
def test_what_is_no_reason_gives_none(told: str) -> None:
    assert "reason" not in read_facts(
        "state_offer_amount", "…", [OFFER, also(told)], "reason", {}, TODAY
    )


WORDS = {"legal_line": "12348", "bank": "安海银行", "reporting_policy": "照实报送"}


@pytest.mark.asyncio
async def test_a_question_with_facts_in_it_is_answered_and_the_facts_are_noted(api, run, turn):
    api.context(words=WORDS, situation={"reason": "job_loss", "proposed_payment": "800.00"})
    heard = await run(
        ActionAnswerQuestion,
        turn(
            "ask_credit_record", "失业了 一个月最多八百 会影响征信吗", [OFFER, also("reason_job_loss")],
            form=True, requested_slot="monthly_income",
        ),
    )  # fmt: skip
    assert api.asked == [
        ("POST", "situation", {"facts": {"reason": "job_loss", "proposed_payment": "800.00"}})
    ]
    assert heard.said == ["utter_ack_job_loss", "utter_credit_record"]
    assert heard.slots == {"reason": "job_loss", "proposed_payment": "800.00"}
    assert not heard.left_the_form


@pytest.mark.asyncio
async def test_an_open_question_is_answered_by_a_bare_sum_beside_another_question(api, run, turn):
    api.context(words=WORDS, situation={"monthly_income": {"from": "4000.00", "to": "4000.00"}})
    bare = {"entity": "amount", "value": "4000.00", "start": 0, "end": 2}
    heard = await run(
        ActionAnswerQuestion,
        turn(
            "legal_question", "四千，会告我吗", [bare], form=True, requested_slot="monthly_income"
        ),
    )
    assert heard.slots == {"monthly_income": {"from": "4000.00", "to": "4000.00"}}
    assert heard.said == ["utter_noted", "utter_legal"]


@pytest.mark.asyncio
async def test_the_last_fact_told_beside_a_question_leads_to_the_read_back(api, run, turn):
    told = {
        "reason": "illness", "monthly_income": "skipped", "essential_spending": "skipped",
        "other_debt_payments": "0.00", "proposed_payment": "800.00", "pay_day": 10,
    }  # fmt: skip
    api.context(words=WORDS, situation=told)
    day = {"entity": "day_of_month", "value": 10, "start": 0, "end": 2}
    heard = await run(
        ActionAnswerQuestion,
        turn("legal_question", "10号，会坐牢吗", [day], form=True, requested_slot="pay_day"),
    )
    assert heard.slots["pay_day"] == 10
    assert heard.slots["asked"] == "read_back"


@pytest.mark.asyncio
async def test_an_absurd_sum_beside_a_question_is_refused_and_the_question_answered(api, run, turn):
    refused = [{"field": "proposed_payment", "code": "negative"}]
    api.answers("situation", words=WORDS, refused=refused)
    offer = {**OFFER, "value": "-500.00"}
    heard = await run(
        ActionAnswerQuestion, turn("legal_question", "最多-500，会坐牢吗", [offer], form=True)
    )
    assert heard.said == ["utter_refused_negative", "utter_legal"]
    assert heard.slots == {}


@pytest.mark.asyncio
@pytest.mark.parametrize("stage", ["welcome", "consent", "offers", "care", "signed"])
async def test_outside_the_questions_nothing_is_noted_beside_one(api, run, turn, stage):
    api.context(words=WORDS, stage=stage)
    await run(
        ActionAnswerQuestion,
        turn("ask_is_robot", "我最多八百，你是机器人吗", [OFFER], stage=stage),
    )  # fmt: skip
    assert [verb for _, verb, _ in api.asked] == ["context"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("intent", "text", "sum_said"),
    [
        ("ask_credit_record", "还95块会影响征信吗", "95"),
        ("ask_credit_record", "what does the other 60 do to my record?", "60"),
        ("ask_credit_record", "please waive the 50 late fee, will it show", "50"),
        ("ask_credit_record", "130违约金先不说，会影响征信吗", "130"),
    ],
)
async def test_a_sum_that_is_asked_about_answers_nothing(api, run, turn, intent, text, sum_said):
    api.context(words=WORDS)
    at = text.index(sum_said)
    bare = {"entity": "amount", "value": f"{sum_said}.00", "start": at, "end": at + len(sum_said)}
    heard = await run(
        ActionAnswerQuestion,
        turn(intent, text, [bare], form=True, requested_slot="other_debt_payments"),
    )
    assert api.asked == [("GET", "context", None)]
    assert heard.slots.get("other_debt_payments") is None
