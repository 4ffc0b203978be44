"""Whatever a bank writes into its policy: a file that validates never leads beyond lawful limits."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.kit.money import from_fen
from api.plans.check import check
from api.plans.debt import Debt
from api.plans.offers import Offered, Refused, plan_offers
from api.plans.payment_days import add_months
from api.plans.proof import build_proof, proof_bytes
from api.plans.situation import Situation
from api.plans.terms import planning_terms
from api.plans.terms_sound import KINDS
from api.policy.errors import PolicyInvalid
from api.policy.lookup import Policy, PolicyView
from tests.properties.test_offer_properties import facts, people

SINCE = date(2026, 11, 1)
TODAY = date(2026, 11, 24)
LAWFUL_MONTHS = 60  # 信用卡办法 art. 70; 银保监规〔2022〕13号
FIVE_YEARS_ON = date(2031, 11, 24)


def two_places(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda hundredths: str(from_fen(hundredths)))


rate_steps = st.lists(st.integers(0, 2400), max_size=4, unique=True).map(
    lambda rates: [
        {"id": f"rate_{rate}", "concede": "rate", "to_percent": str(from_fen(rate))}
        for rate in sorted(rates, reverse=True)
    ]
)
charge_steps = st.lists(
    st.tuples(st.sampled_from(["penalty", "interest", "fees"]), st.integers(1, 100)),
    max_size=4,
    unique_by=lambda step: step[0],
).map(
    lambda steps: [
        {
            "id": part,
            "concede": part,
            "up_to_percent": str(percent),
            "from_days_past_due": percent % 3 * 60,
            **({"only_for": ["illness", "job_loss"]} if percent % 5 == 0 else {}),
        }
        for part, percent in steps
    ]
)
ladders = (
    st.tuples(rate_steps, charge_steps)
    .map(lambda both: both[0] + both[1])
    .flatmap(st.permutations)
    .filter(bool)
)


shares = st.sampled_from(["0", "50", "100"])
bands = st.fixed_dictionaries(
    {
        "from_days_past_due": st.integers(0, 300),
        "penalty": shares,
        "interest": shares,
        "fees": shares,
        "principal": st.sampled_from(["0", "0", "0", "20"]),
        "decided_by": st.sampled_from(["assistant", "collector", "supervisor"]),
    }
)
settlement_ladders = st.lists(bands, max_size=2).map(
    lambda found: sorted(
        found, key=lambda band: (Decimal(band["principal"]), Decimal(band["interest"]))
    )
)


def limits(ladder: list[dict[str, str]]) -> st.SearchStrategy[dict[str, Any]]:
    one = st.fixed_dictionaries(
        {
            "largest_debt": two_places(30_000_000),
            "largest_waiver": two_places(5_000_000),
            "highest_step": st.sampled_from([step["id"] for step in ladder]),
        }
    )
    return st.fixed_dictionaries({"assistant": one, "collector": one, "supervisor": one})


banks = ladders.flatmap(
    lambda ladder: st.fixed_dictionaries(
        {"bank.relief.ladder": st.just(ladder), "bank.authority": limits(ladder)},
        optional={
            "bank.terms.longest_months": st.integers(1, 70),
            "bank.terms.preferred_longest_months": st.integers(1, 70),
            "bank.terms.catch_up_longest_months": st.integers(0, 12),
            "bank.terms.choice_further_months": st.integers(0, 80),
            "bank.contract.annual_rate": two_places(3600),
            "bank.affordability.buffer_least": two_places(50_000),
            "bank.affordability.buffer_percent": two_places(10_000),
            "bank.affordability.buffer_percent_irregular": two_places(10_000),
            "bank.instalment.smallest": two_places(50_000),
            "bank.first_payment.earliest_days": st.integers(0, 60),
            "bank.relief.goodwill_days": st.integers(0, 90),
            "bank.relief.goodwill_largest": two_places(50_000),
            "bank.agreement.moves_per_year": st.integers(0, 2),
            "bank.offers.on": st.lists(st.sampled_from(KINDS), unique=True).map(
                lambda kinds: sorted({"catch_up", *kinds})
            ),
            "bank.settlement.ladder": settlement_ladders,
            "bank.settlement.least_percent": two_places(10_000),
            "bank.lump_sum.pay_within_days": st.integers(0, 60),
            "bank.down_payment.least": two_places(500_000),
            "bank.deferral.longest_days": st.integers(0, 400),
            "bank.deferral.interest_accrues": st.booleans(),
            "bank.due_day.on_holiday": st.sampled_from(["next_working_day", "unmoved"]),
            "bank.due_day.weekends_move": st.booleans(),
            "bank.living_floor": st.fixed_dictionaries(
                {
                    "default": st.fixed_dictionaries(
                        {
                            "first_person": two_places(300_000),
                            "each_further_person": two_places(150_000),
                        }
                    )
                }
            ),
        },
    )
)


def valid(bank: dict[str, Any]) -> PolicyView | None:
    """The policy of today with the bank's figures, or ``None`` where validation refuses them."""
    try:
        view = Policy.shipped().amended(bank, SINCE).on(TODAY)
        planning_terms(view)
    except PolicyInvalid:
        return None
    return view


def test_enough_of_the_policies_made_up_here_validate_and_lead_to_offers() -> None:
    valid_ones: list[bool] = []
    offers: list[bool] = []

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(banks, people, facts)
    def count(bank: dict[str, Any], owed: list[Debt], given_facts: dict[str, Any]) -> None:
        view = valid(bank)
        valid_ones.append(view is not None)
        if view is not None:
            found = plan_offers(owed, Situation.from_facts(given_facts), view, role="supervisor")
            offers.append(isinstance(found, Offered))

    count()
    assert len(valid_ones) / 10 < sum(valid_ones) < len(valid_ones)
    assert sum(offers) >= 5


@settings(max_examples=600, deadline=None)
@given(banks, people, facts, st.sampled_from(["assistant", "collector", "supervisor"]))
def test_lawful_limits_are_never_crossed_for_any_policy_that_validates(
    bank: dict[str, Any], owed: list[Debt], given_facts: dict[str, Any], role: Any
) -> None:
    view = valid(bank)
    if view is None:
        return
    result = plan_offers(owed, Situation.from_facts(given_facts), view, role=role)
    if not isinstance(result, Offered):
        return
    terms, total = planning_terms(view), sum(debt.total for debt in owed)
    authority = terms.authority[role]
    assert total <= authority.largest_debt
    assert 1 <= len(result.offers) <= 3
    assert {offer.kind for offer in result.offers} <= terms.on
    for offer in result.offers:
        rows, known, basis = offer.schedule.instalments, offer.basis.affordability, offer.basis
        # art. 70 and 银保监规〔2022〕13号: no instalments of card debt beyond five years, by date
        assert offer.periods <= LAWFUL_MONTHS
        last = add_months(
            basis.start.first_due.year,
            basis.start.first_due.month,
            offer.periods - 1,
            basis.start.due_day,
        )
        assert last <= FIVE_YEARS_ON
        assert basis.personalised == (offer.periods > terms.catch_up_longest)
        # no interest beyond the contract's, and none on penalty, fees or interest
        assert basis.relief.annual_rate <= terms.contract_rate
        principal = sum(row.principal for row in rows)
        assert principal == sum(debt.principal for debt in owed) - offer.waived.principal
        year = terms.contract_rate / 100
        waits = Decimal(basis.start.days_before) / 365
        longest = Decimal(offer.periods) / 12 + waits
        assert offer.schedule.total_interest <= principal * year * longest + offer.periods + 1
        # necessities of life: every payment of a month leaves the floor
        if basis.at_once:
            assert offer.total <= (basis.situation.lump_sum or 0)
        else:
            assert offer.highest_monthly <= from_fen(basis.affordable)
            if known is not None:
                left = known.income - known.other_debts - known.agreed - offer.highest_monthly
                assert left >= known.floor
        # nothing is made up: each fen is paid or waived, within the role's authority
        assert offer.total == total + offer.schedule.total_interest - offer.waived.total
        assert min(offer.waived) >= 0
        assert offer.waived.total <= authority.largest_waiver
        assert rows[0].due_date > TODAY


@settings(max_examples=100, deadline=None)
@given(banks, people, facts)
def test_a_proof_is_intact_under_any_policy_that_validates(
    bank: dict[str, Any], owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    view = valid(bank)
    if view is not None:
        proof = build_proof(owed, Situation.from_facts(given_facts), view)
        assert check(proof_bytes(proof)).differences == ()


def test_a_debt_of_a_few_fen_is_planned_even_where_the_bank_sets_no_smallest_instalment() -> None:
    view = Policy.shipped().amended({"bank.instalment.smallest": "0.00"}, SINCE).on(TODAY)
    owed = [Debt("card", Decimal("0.02"))]
    found = plan_offers(owed, Situation.from_facts({"monthly_income": "9000.00"}), view)
    assert isinstance(found, Offered)
    assert {offer.periods for offer in found.offers} <= {1, 2}


@pytest.mark.parametrize("lump", [{}, {"lump_sum": "500.00"}, {"lump_sum": "9000.00"}])
def test_goodwill_beyond_a_roles_authority_is_a_supervisors_with_and_without_a_lump_sum(
    lump: dict[str, str],
) -> None:
    nothing = {"largest_debt": "150000.00", "largest_waiver": "0.00", "highest_step": "fees"}
    bank = {"bank.authority": dict.fromkeys(("assistant", "collector", "supervisor"), nothing)}
    owed = [Debt("card", Decimal("2580.00"), penalty=Decimal("40.00"), days_past_due=12)]
    view = Policy.shipped().amended(bank, SINCE).on(TODAY)
    facts = {
        "reason": "forgot",
        "monthly_income": "4000.00",
        "essential_spending": "2500.00",
        **lump,
    }
    found = plan_offers(owed, Situation.from_facts(facts), view)
    assert isinstance(found, Refused)
    assert found.reason == "beyond_authority"


def test_amending_holds_a_value_to_its_unit_and_keeps_what_was_before() -> None:
    changed = Policy.shipped().amended({"bank.offer.validity_days": 3}, SINCE)
    assert changed.on(TODAY).value("bank.offer.validity_days") == 3
    assert changed.on(date(2026, 10, 31)).value("bank.offer.validity_days") == 7
    assert Policy.shipped().on(TODAY).value("bank.offer.validity_days") == 7
    for wrong in ({"bank.offer.validity_days": "3"}, {"bank.none": 1}):
        with pytest.raises(PolicyInvalid, match="amended"):
            Policy.shipped().amended(wrong, SINCE)
    assert Decimal(changed.on(TODAY).value("bank.contract.annual_rate")) == Decimal("18.25")
