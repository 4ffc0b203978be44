"""What holds for every proof: any changed byte is noticed, and the same facts give the same proof."""

import contextlib
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.kit import exact
from api.kit import money as kit
from api.plans import rates
from api.plans.canonical import canonical_bytes
from api.plans.check import CannotCheck, check
from api.plans.debt import Debt
from api.plans.proof import build_proof, proof_bytes, proved_and_explained, without_sentences
from api.plans.situation import Situation
from tests.plans.someone import DEBT, FACTS, TODAY
from tests.properties.test_offer_properties import VIEW, facts, people

PROOF = proof_bytes(build_proof([DEBT], Situation.from_facts(FACTS), VIEW))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_each_byte_of_a_whole_proof_matters() -> None:
    for place in range(len(PROOF)):
        changed = bytearray(PROOF)
        changed[place] ^= 1 + place % 255
        with contextlib.suppress(CannotCheck):
            assert not check(bytes(changed)).intact, place


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(PROOF) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, other: int) -> None:
    changed = bytearray(PROOF)
    changed[place] ^= other
    with contextlib.suppress(CannotCheck):  # the kind or the version was hit: not taken for intact
        assert not check(bytes(changed)).intact


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(PROOF)), st.binary(min_size=1, max_size=3), st.booleans())
def test_any_byte_added_or_taken_away_is_noticed(place: int, more: bytes, added: bool) -> None:
    changed = (
        PROOF[:place] + more + PROOF[place:]
        if added
        else PROOF[:place] + PROOF[place + len(more) :]
    )
    if changed == PROOF:
        return
    with contextlib.suppress(CannotCheck):
        assert not check(changed).intact


@settings(max_examples=150, deadline=None)
@given(people, facts, st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_proof_whatever_the_order(
    owed: list[Debt], given_facts: dict[str, Any], chance: random.Random
) -> None:
    shuffled, others = list(owed), list(given_facts.items())
    chance.shuffle(shuffled)
    chance.shuffle(others)
    begging = {**dict(others), "wishes": ["ask_interest_relief"] * 3}
    one = build_proof(owed, Situation.from_facts(given_facts), VIEW, role="supervisor")
    other = build_proof(shuffled, Situation.from_facts(begging), VIEW, role="supervisor")
    assert proof_bytes(one) == proof_bytes(other)
    assert check(proof_bytes(one)).differences == ()


@settings(max_examples=150, deadline=None)
@given(people, facts)
def test_each_rejected_plan_names_a_rule_in_force_and_stands_outside_what_is_offered(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    situation = Situation.from_facts(given_facts)
    proof, explained = proved_and_explained(owed, situation, VIEW, role="supervisor")
    assert proof["result"] == without_sentences(explained)
    for found in explained["rejected"]:
        parameter = VIEW.parameter(found["rule"])
        assert parameter.verified
        assert found["citation"] == parameter.citation.text
        assert found["words_zh"].endswith("。")
        assert found["words_en"].endswith(".")
        if found["because"] == "above_affordable":
            assert Decimal(found["monthly"]) > Decimal(found["limit"])
        if found["alternative"] == "term":
            assert found["periods"] not in {o["periods"] for o in explained["offers"]}


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400)
@given(json_values)
@example({"\ufb01": 1, "\U0001f600": 2})  # UTF-16 order is not that of code points
@example('\x7f\x00\u2028\\"/')
def test_canonical_json_is_that_of_the_library(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@settings(max_examples=300)
@given(st.decimals(-(10**11), 10**11, allow_nan=False, places=4), st.integers(-(10**13), 10**13))
def test_exact_sums_are_those_of_the_kit(amount: Decimal, fen: int) -> None:
    assert exact.money(amount) == kit.money(amount)
    assert str(exact.from_fen(fen)) == str(kit.from_fen(fen))
    assert exact.to_fen(exact.from_fen(fen)) == kit.to_fen(kit.from_fen(fen)) == fen
    for locale in ("zh", "en"):
        text = kit.money_text(exact.money(amount), locale).replace(" ", "")
        assert exact.amount_text(exact.money(amount), locale) == text


@pytest.mark.parametrize("value", ["NaN", "1e400", "Infinity", 10**12, 1.5, True, "x"])
def test_what_is_no_money_is_none_for_both(value: Any) -> None:
    for room in (kit, exact):
        with pytest.raises((ValueError, TypeError)):
            room.money(value)


@settings(max_examples=200, deadline=None)
@example(fen=10_000, paid=[1], days=2)  # 1.825 % exactly: the solver stops a little below
@given(
    st.integers(10_000, 10_000_000),
    st.lists(st.integers(1, 500_000), min_size=1, max_size=60),
    st.integers(1, 30),
)
def test_rates_are_the_same_with_and_without_the_compiled_solver(
    fen: int, paid: list[int], days: int
) -> None:
    from datetime import timedelta

    paid[-1] += max(0, fen + 1 - sum(paid))  # a plan pays no less than it carries
    fen = max(fen, sum(paid) * 2 // 3)
    amount, payments = exact.from_fen(fen), [exact.from_fen(part) for part in paid]
    dated = [(TODAY + timedelta(days=10 + 30 * k), part) for k, part in enumerate(payments)]
    part = Fraction(days * 12, 365)

    def all_three() -> list[Decimal]:
        return [
            rates.percent_by_months(amount, payments),
            rates.percent_by_months(amount, payments, whole_months=0, part=part),
            rates.percent_by_dates(amount, TODAY, dated),
        ]

    compiled = all_three()
    # The general equation of Appendix J (b)(8) is that of regular payments, where they are regular.
    assert compiled[:2] == [
        rates.percent_by_periods(
            amount, [rates.PaidAfter(whole + k, odd, paid) for k, paid in enumerate(payments)]
        )
        for whole, odd in ((1, Fraction(0)), (0, part))
    ]
    rates.COMPILED = False
    try:
        assert all_three() == compiled
    finally:
        rates.COMPILED = True
