"""Scores on a handful of sentences whose right counts are plain."""

from __future__ import annotations

from typing import Any

from evaluation.distress import alarms
from evaluation.scores import (
    Pair,
    accepted_absurd,
    accuracy,
    confusions,
    facts_noted,
    false_accepts,
    intent_scores,
    said_besides,
    values_found,
)
from evaluation.sets import ABSURD, Sentence
from evaluation.understood import FALLBACK, Understood


def pair(sentence: Sentence, intent: str, **more: Any) -> Pair:
    entities, facts = more.get("entities", []), more.get("facts", {})
    return sentence, Understood(intent, 0.9, more.get("guess", intent), 0.9, [], entities, facts)


def entity(name: str, value: object) -> dict[str, object]:
    return {"entity": name, "value": value}


def test_right_unsure_and_wrong_are_told_apart() -> None:
    pairs = [
        pair(Sentence("a", "affirm"), "affirm"),
        pair(Sentence("b", "affirm", readings=("continue",)), "continue"),
        pair(Sentence("c", "affirm"), FALLBACK, guess="affirm"),
        pair(Sentence("d", "affirm"), "deny"),
    ]
    score = accuracy(pairs)
    assert (score.total, score.right, score.exact, score.unsure, score.wrong) == (4, 2, 1, 1, 1)
    assert score.guessed == 3
    assert confusions(pairs) == {("affirm", FALLBACK): 1, ("affirm", "deny"): 1}


def test_precision_and_recall_count_both_ways() -> None:
    pairs = [
        pair(Sentence("a", "affirm"), "affirm"),
        pair(Sentence("b", "affirm"), "deny"),
        pair(Sentence("c", "deny"), "deny"),
    ]
    affirm, deny = intent_scores(pairs)
    assert (affirm.precision, affirm.recall) == (1.0, 0.5)
    assert (deny.precision, deny.recall) == (0.5, 1.0)
    assert affirm.f1 == deny.f1 == 2 / 3


def test_out_of_scope_may_be_asked_again_but_start_nothing() -> None:
    outside = Sentence("how tall is everest", "chitchat_oos")
    assert accuracy([pair(outside, FALLBACK)]).right == 1
    assert false_accepts([pair(outside, FALLBACK), pair(outside, "greet")]) == []
    assert len(false_accepts([pair(outside, "sign_agreement")])) == 1


def test_a_line_of_several_things_is_heard_by_intent_entity_or_fact() -> None:
    line = Sentence("…", "ask_for_plan", also=("reason_job_loss", "state_offer_amount", "greet"))
    heard = pair(
        line, "ask_for_plan",
        entities=[entity("also", "reason_job_loss")], facts={"proposed_payment": "800.00"},
    )  # fmt: skip
    understood, said, dropped = said_besides([heard])
    assert (understood, said, len(dropped)) == (3, 4, 1)


def test_a_surplus_value_is_as_wrong_as_a_missing_one() -> None:
    said = Sentence("…", "inform_value", values={"amount": ("3500.00",)})
    nothing = Sentence("…", "inform_value", values={})
    read = [entity("amount", "3500.00"), entity("date", "2026-12-01")]
    right, everything, wrong = values_found([pair(said, "x", entities=read), pair(nothing, "x")])
    assert (right["amount"], everything["amount"]) == (1, 1)
    assert (right["date"], everything["date"]) == (0, 1)
    assert len(wrong) == 1


def test_an_income_written_as_one_sum_is_the_range_that_the_api_takes() -> None:
    said = Sentence(
        "4000", "inform_value", asked="monthly_income", facts={"monthly_income": "4000.00"}
    )
    noted = {"monthly_income": {"from": "4000.00", "to": "4000.00"}}
    assert facts_noted([pair(said, "inform_value", facts=noted)])[:2] == (1, 1)
    assert facts_noted([pair(said, "inform_value")])[:2] == (0, 1)


def test_an_absurd_value_is_accepted_when_the_api_would_note_it() -> None:
    said = Sentence("-500", ABSURD, asked="proposed_payment")
    refused = pair(said, "inform_value", facts={"proposed_payment": "-500.00"})
    noted = pair(said, "inform_value", facts={"proposed_payment": "500.00"})
    assert accepted_absurd([refused, noted]) == [noted]


def test_the_net_and_the_classifier_are_counted_apart() -> None:
    said = Sentence("我不想活了", "distress_self_harm")
    assert alarms(pair(said, "affirm")) == (True, False)
    assert alarms(pair(Sentence("就想这么躺死", "distress_self_harm"), "distress_self_harm")) == (
        False,
        True,
    )
