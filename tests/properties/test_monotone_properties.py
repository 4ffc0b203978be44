"""What holds between two plans: more income, or more debt, never turns out the wrong way."""

from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api.kit.money import from_fen
from api.plans.debt import Debt
from api.plans.offers import Offered, plan_offers
from api.plans.situation import Situation
from api.plans.stress import stress
from tests.properties.test_offer_properties import VIEW, facts, people, planned

parts = st.sampled_from(["principal", "interest", "penalty", "fees"])


@settings(max_examples=500, deadline=None)
@given(people, facts, parts, st.integers(1, 500_000))
def test_more_debt_never_a_lower_total_policy_tier_and_kind_held_fixed(
    owed: list[Debt], given_facts: dict[str, Any], part: str, more: int
) -> None:
    larger = [replace(owed[0], **{part: getattr(owed[0], part) + from_fen(more)}), *owed[1:]]
    one, other = planned(owed, given_facts), planned(larger, given_facts)
    if not (isinstance(one, Offered) and isinstance(other, Offered)):
        return
    before, after = one.offers[0], other.offers[0]
    assume(before.kind == after.kind)
    assume(one.basis.relief.steps == other.basis.relief.steps)
    assume(one.basis.relief.goodwill == other.basis.relief.goodwill)
    assume(one.basis.relief.annual_rate == other.basis.relief.annual_rate)
    assume(one.basis.at_once == other.basis.at_once)
    # A month's interest is rounded to the fen: half a fen a month each way.
    slack = from_fen(before.periods + 1)
    assert after.total >= before.total - slack


@settings(max_examples=300, deadline=None)
@given(people, facts, st.integers(0, 2_000_000), st.integers(1, 500_000))
def test_more_income_never_takes_longer_nor_costs_more(
    owed: list[Debt], given_facts: dict[str, Any], income: int, more: int
) -> None:
    plain = {key: value for key, value in given_facts.items() if key != "proposed_payment"}
    poorer = planned(owed, {**plain, "monthly_income": str(from_fen(income))})
    richer = planned(owed, {**plain, "monthly_income": str(from_fen(income + more))})
    if isinstance(poorer, Offered) and not (poorer.basis.deferred or poorer.basis.at_once):
        assert isinstance(richer, Offered)
        if poorer.basis.kind != richer.basis.kind or richer.basis.at_once:
            return
        assert richer.basis.affordable >= poorer.basis.affordable
        assert richer.offers[0].waived.total <= poorer.offers[0].waived.total
        if richer.basis.relief == poorer.basis.relief:
            assert richer.offers[0].periods <= poorer.offers[0].periods


@settings(max_examples=200, deadline=None)
@given(people, facts)
def test_a_deeper_drop_of_income_never_lacks_less(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    result = plan_offers(owed, Situation.from_facts(given_facts), VIEW, role="supervisor")
    if not isinstance(result, Offered):
        return
    for offer in result.offers:
        *events, missed = stress(offer)
        drops = [found for found in events if found.event == "income_drop"]
        lacks = [found.short for found in drops if found.short is not None]
        assert lacks == sorted(lacks)
        for found in drops:
            assert found.short is not None
            assert found.below_floor is not None
            assert found.below_floor <= found.short  # whoever touches the floor lacks at least that
            assert found.short == 0 or found.left == 0
        assert missed.event == "missed_payment"
