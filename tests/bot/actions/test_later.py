"""Money at hand once, and money that comes later: read from words, asked for, worked out again."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.facts import read_facts
from bot.actions.offers import ActionMakeOffers
from bot.actions.taking_facts import ActionTakeFact
from bot.components.grammar.reading import read_values
from bot.components.values import _as_entity

TODAY = date(2026, 11, 24)
ALL_TOLD = {
    "reason": "job_loss", "monthly_income": {"from": "4000.00", "to": "4000.00"},
    "essential_spending": "3900.00", "other_debt_payments": "0.00", "proposed_payment": "500.00",
    "pay_day": 15,
}  # fmt: skip


def read(intent: str, text: str, requested: str | None = None) -> dict[str, object]:
    entities = [_as_entity(value) for value in read_values(text, TODAY)]
    return read_facts(intent, text, entities, requested, {}, TODAY)


def income(amount: str) -> dict[str, str]:
    return {"from": amount, "to": amount}


@pytest.mark.parametrize(
    ("intent", "text", "facts"),
    [
        ("state_lump_sum", "手上能凑8000", {"lump_sum": "8000.00"}),
        ("state_lump_sum", "I can put down 5000 now", {"lump_sum": "5000.00"}),
        ("state_offer_amount", "what if i pay 20k now", {"lump_sum": "20000.00"}),
        ("state_offer_amount", "I can pay 800 a month now", {"proposed_payment": "800.00"}),
        ("inform_value", "我手上有5000", {"lump_sum": "5000.00"}),
        ("state_offer_amount", "能一次拿出两万", {"lump_sum": "20000.00"}),
        ("state_expected_income", "下个月15号发工资", {"income_from": "2026-12-15"}),
        (
            "state_expected_income", "新工作一个月5500，下月开始",
            {"expected_income": income("5500.00"), "income_from": "2026-12-01"},
        ),
        (
            "state_income", "I start a new job next month, 5500 a month",
            {"expected_income": income("5500.00"), "income_from": "2026-12-01"},
        ),
        ("state_expected_income", "明年三月才上班", {"income_from": "2027-03-01"}),
        ("state_expected_income", "from January I will earn 7000", {
            "expected_income": income("7000.00"), "income_from": "2027-01-01"}),
        ("state_expected_income", "再过两个月就有工资了", {"income_from": "2027-01-24"}),
        ("state_income", "每月到手5500", {"monthly_income": income("5500.00")}),
        ("state_offer_amount", "每月能还800", {"proposed_payment": "800.00"}),
    ],
)  # fmt: skip
def test_what_is_told_in_passing(intent, text, facts):
    assert read(intent, text) == facts


@pytest.mark.parametrize(
    ("requested", "intent", "text", "facts"),
    [
        ("lump_sum", "inform_value", "3000", {"lump_sum": "3000.00"}),
        ("lump_sum", "skip", "跳过", {"lump_sum": "skipped"}),
        ("lump_sum", "deny", "没有", {"lump_sum": "skipped"}),
        ("expected_income", "inform_value", "6000", {"expected_income": income("6000.00")}),
        ("expected_income", "deny", "没有", {"expected_income": "skipped"}),
        ("income_from", "state_pay_date", "12月10号", {"income_from": "2026-12-10"}),
        ("income_from", "skip", "跳过", {"income_from": "skipped"}),
    ],
)
def test_an_answer_to_what_was_asked(requested, intent, text, facts):
    assert read(intent, text, requested) == facts


@pytest.mark.parametrize("question", ["expected_income", "income_from"])
async def test_the_one_question_that_helps_is_asked(api, run, turn, question):
    api.answers("offers", outcome="refused", reason="needs_facts", question=question)
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert heard.said == [f"utter_ask_{question}"]
    assert (heard.slots["asked"], heard.slots["ask_facts"]) == (question, False)


@pytest.mark.parametrize(
    ("intent", "text", "said"),
    [("deny", "没有", "utter_noted"), ("skip", "跳过", "utter_ack_skip")],
)
async def test_its_answer_is_saved_and_worked_out_at_once(api, run, turn, intent, text, said):
    api.context(situation={**ALL_TOLD, "expected_income": "skipped"})
    api.answers("offers", outcome="refused", reason="nothing_affordable", words={})
    heard = await run(ActionTakeFact, turn(intent, text, asked="expected_income"))
    assert ("POST", "situation", {"facts": {"expected_income": "skipped"}}) in api.asked
    assert ("POST", "offers", {}) in api.asked
    assert heard.said[0] == said
    assert heard.cards == ["refusal"]


@pytest.mark.parametrize("code", ["date_past", "date_too_far"])
async def test_a_day_that_cannot_be_is_asked_again(api, run, turn, code):
    api.context(situation=ALL_TOLD)
    api.answers("situation", refused=[{"field": "income_from", "code": code}])
    entities = [{"entity": "date", "value": "2025-01-01"}]
    heard = await run(
        ActionTakeFact, turn("state_pay_date", "1月1号", entities, asked="income_from")
    )
    assert heard.said == [f"utter_refused_{code}"]
    assert heard.slots["asked"] == "income_from"


async def test_a_lump_sum_at_the_offers_is_first_asked_about(api, run, turn):
    api.context(situation=ALL_TOLD)
    api.answers("counter", 409, code="offers_expired")
    entities = [{"entity": "amount", "value": "5000.00"}]
    await run(
        ActionTakeFact, turn("inform_value", "5000", entities, asked="lump_sum", stage="offers")
    )
    assert api.asked[-1] == ("POST", "counter", {"lump_sum": "5000.00"})


async def test_a_settlement_is_shown_in_its_own_words(api, run, turn):
    words = dict.fromkeys(("pays", "total", "less", "waived_sentence", "as_of", "expires"), "x")
    shown = [{"number": 1, "tag": "best", "kind": "settlement", "monthly": "1", "periods": 1,
              "total": "1"}]  # fmt: skip
    api.answers("offers", outcome="offered", count=1, offers=shown, words=words)
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert heard.said == ["utter_offer_settlement"]


async def test_what_only_a_supervisor_decides_is_said_beside_the_offer(api, run, turn):
    words = dict.fromkeys(
        (
            "pays",
            "total",
            "annual_rate",
            "as_of",
            "expires",
            "bank",
            "case_no",
            "reply_by",
            "evidence_missing",
        ),
        "x",
    )
    shown = [{"number": 1, "tag": "best", "monthly": "1", "periods": 9, "total": "9"}]
    api.answers("offers", outcome="offered", count=1, offers=shown, words=words, evidence="missing",
                with_supervisor=["settlement"])  # fmt: skip
    heard = await run(ActionMakeOffers, turn(asked="read_back"))
    assert heard.said == ["utter_offer_plain", "utter_evidence_first", "utter_with_supervisor"]
    assert heard.cards == ["offer", "evidence"]
