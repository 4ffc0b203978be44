"""What holds for every offer, whoever asks and however."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from api.kit.money import from_fen
from api.plans.debt import Debt
from api.plans.documents import result_document
from api.plans.offers import Offered, Refused, plan_offers
from api.plans.relief import base_relief, least_relief
from api.plans.situation import Situation
from api.plans.terms_sound import KINDS
from api.policy.lookup import Policy

VIEW = Policy.shipped().on(date(2026, 11, 24))

amounts = st.integers(0, 8_000_000).map(from_fen)
small = st.integers(0, 300_000).map(from_fen)
debts = st.builds(
    Debt,
    account=st.just("card"),
    principal=amounts,
    interest=small,
    penalty=small,
    fees=small,
    days_past_due=st.integers(0, 400),
)


def sums(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda fen: str(from_fen(fen)))


def facts_of_money(most: int) -> st.SearchStrategy[Any]:
    a_range = st.tuples(sums(most), sums(most)).map(
        lambda ends: dict(zip(("from", "to"), sorted(ends, key=Decimal), strict=True))
    )
    return st.one_of(sums(most), st.just("skipped"), a_range)


anything = {
    "reason": st.sampled_from(["job_loss", "illness", "forgot", "other", "skipped"]),
    "monthly_income": facts_of_money(2_000_000),
    "income_steady": st.booleans(),
    "essential_spending": facts_of_money(2_000_000),
    "other_debt_payments": facts_of_money(2_000_000),
    "proposed_payment": sums(2_000_000),
    "household_size": st.integers(1, 8),
    "pay_day": st.integers(1, 31),
    "lump_sum": st.one_of(sums(500_000), sums(6_000_000)),
    "expected_income": facts_of_money(2_000_000),
    "income_from": st.dates(VIEW.date + timedelta(days=1), VIEW.date + timedelta(days=200)).map(
        lambda day: day.isoformat()
    ),
    "wishes": st.just(["ask_interest_relief"]),
}
# Most people have an income, and spend less than it: without them most plans would be refusals.
ordinary = {
    **anything,
    "monthly_income": st.integers(300_000, 1_500_000).map(lambda fen: str(from_fen(fen))),
    "essential_spending": facts_of_money(400_000),
    "other_debt_payments": facts_of_money(100_000),
    "household_size": st.integers(1, 2),
}
income = {"monthly_income": ordinary.pop("monthly_income")}
by_month = {
    name: given
    for name, given in ordinary.items()
    if name not in {"lump_sum", "expected_income", "income_from"}
}
# Who has nothing left now: a lump sum, or an income to come, is all there is.
strained = {
    "monthly_income": sums(150_000),
    "lump_sum": sums(6_000_000),
    "expected_income": st.integers(300_000, 1_500_000).map(lambda fen: str(from_fen(fen))),
    "income_from": anything["income_from"],
}
facts: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(income, optional=ordinary),
    st.fixed_dictionaries(income, optional=by_month),
    st.fixed_dictionaries({**income, "lump_sum": sums(500_000)}, optional=by_month),
    st.fixed_dictionaries(strained),
    st.fixed_dictionaries({**strained, "lump_sum": sums(3_000_000)}),
    st.fixed_dictionaries({key: value for key, value in strained.items() if key != "lump_sum"}),
    st.fixed_dictionaries({}, optional=anything),
)
people = st.lists(debts, min_size=1, max_size=3).map(
    lambda owed: [
        Debt(f"card-{n}", d.principal, d.interest, d.penalty, d.fees, days_past_due=d.days_past_due)
        for n, d in enumerate(owed)
    ]
)


def planned(owed: list[Debt], given_facts: dict[str, Any]) -> Offered | Refused:
    return plan_offers(owed, Situation.from_facts(given_facts), VIEW, role="supervisor")


def test_the_people_made_up_here_are_offered_every_kind_often_enough() -> None:
    kinds: Counter[str] = Counter()

    @settings(max_examples=400, deadline=None, database=None, derandomize=True)
    @given(people, facts)
    def count(owed: list[Debt], given_facts: dict[str, Any]) -> None:
        result = planned(owed, given_facts)
        kinds["all"] += 1
        if isinstance(result, Offered):
            kinds["offered"] += len(owed) > 1
            kinds.update({offer.kind for offer in result.offers})
            kinds["down"] += result.offers[0].down_payment is not None

    count()
    assert kinds["offered"] > kinds["all"] / 10  # several cards, and an offer: the properties bite
    # A settlement takes a lump sum that lies close below the debt: it has a property of its own.
    for kind in {*KINDS, "down"} - {"settlement"}:
        assert kinds[kind] >= 2, kinds


@settings(max_examples=300, deadline=None)
@given(people, facts)
def test_no_payment_is_ever_above_what_is_affordable(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    result = planned(owed, given_facts)
    if isinstance(result, Refused):
        return
    lump = Situation.from_facts(given_facts).lump_sum or 0
    for offer in result.offers:
        means = offer.basis.affordability
        if offer.basis.at_once:
            assert offer.left_after is None
            assert offer.total <= lump
            continue
        assert offer.highest_monthly <= from_fen(offer.basis.affordable)
        assert offer.down_payment is None or offer.down_payment.payment <= lump
        if means is not None:
            assert offer.left_after is not None
            assert offer.left_after >= means.buffer
            kept = means.income - means.other_debts - means.agreed - offer.highest_monthly
            assert kept >= means.living >= means.floor


@settings(max_examples=300, deadline=None)
@given(people, facts)
def test_nothing_is_put_off_or_settled_that_could_be_paid(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    result = planned(owed, given_facts)
    if isinstance(result, Refused):
        return
    for offer in result.offers:
        if offer.basis.deferred:
            now = {k: v for k, v in given_facts.items() if k != "expected_income"}
            assert isinstance(planned(owed, now), Refused)
            income_from = Situation.from_facts(given_facts).income_from
            assert income_from is not None
            assert offer.schedule.instalments[0].due_date >= income_from
        if offer.kind == "settlement":
            pooled, relief = offer.basis.pooled, offer.basis.relief
            band = [
                band
                for band in offer.basis.terms.settlement_ladder
                if band.from_days_past_due <= pooled.days_past_due
            ][-1]
            assert offer.total == from_fen(pooled.total) - offer.waived.total
            assert offer.schedule.total_interest == 0
            assert offer.waived.penalty * 100 <= from_fen(pooled.penalty) * band.penalty
            assert offer.waived.interest * 100 <= from_fen(pooled.interest) * band.interest
            assert offer.waived.fees * 100 <= from_fen(pooled.fees) * band.fees
            assert offer.waived.principal * 100 <= from_fen(pooled.principal) * band.principal
            assert relief.principal == 0 or relief.charges == 0  # charges go first


SETTLED: Counter[str] = Counter()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(people, st.integers(0, 200_000), st.integers(1, 800_000), st.integers(0, 400))
def test_a_settlement_waives_exactly_what_lacks_and_less_for_who_has_more(
    owed: list[Debt], monthly: int, lacks: int, late: int
) -> None:
    owed = [replace(debt, days_past_due=late) for debt in owed]
    total = sum(debt.total for debt in owed)
    lump = total - from_fen(lacks)
    facts = {"monthly_income": str(from_fen(monthly)), "expected_income": "skipped"}
    if lump <= 0:
        return
    result = planned(owed, {**facts, "lump_sum": str(lump)})
    settled = [o for o in getattr(result, "offers", ()) if o.kind == "settlement"]
    if not settled:
        return
    SETTLED["settled"] += 1
    assert late >= 90
    (row,) = settled[0].schedule.instalments
    assert row.payment == row.principal + row.accrued_interest + row.penalty + row.fees == lump
    assert row.balance == 0
    assert row.principal == sum(debt.principal for debt in owed) - settled[0].waived.principal
    assert (settled[0].total, settled[0].waived.total) == (lump, from_fen(lacks))
    richer = planned(owed, {**facts, "lump_sum": str(lump + Decimal("0.01"))})
    assert isinstance(richer, Offered)
    (again,) = [o for o in richer.offers if o.basis.at_once]
    assert again.waived.total == from_fen(lacks - 1)


def test_that_property_met_settlements_often_enough() -> None:
    SETTLED.clear()
    test_a_settlement_waives_exactly_what_lacks_and_less_for_who_has_more()
    assert SETTLED["settled"] >= 10


@settings(max_examples=300, deadline=None)
@given(people, facts, st.integers(1, 3_000_000))
def test_a_larger_first_payment_never_brings_more_relief(
    owed: list[Debt], given_facts: dict[str, Any], more: int
) -> None:
    lump = Decimal(given_facts.get("lump_sum", "0.00"))
    smaller = planned(owed, given_facts)
    larger = planned(owed, {**given_facts, "lump_sum": str(lump + from_fen(more))})
    if isinstance(smaller, Refused) or isinstance(larger, Refused):
        return
    one, other = smaller.basis, larger.basis
    if one.kind != other.kind or not other.shape.down:
        return  # another kind: what settles everything is no first payment
    assert other.relief.annual_rate >= one.relief.annual_rate
    waived, waived_less = smaller.offers[0].waived.total, larger.offers[0].waived.total
    if other.relief.annual_rate == one.relief.annual_rate:
        assert waived_less <= waived


@settings(max_examples=300, deadline=None)
@given(people, facts)
def test_every_payment_adds_up_and_days_go_forward_without_a_holiday(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    result = planned(owed, given_facts)
    if isinstance(result, Refused):
        return
    for offer in result.offers:
        rows = offer.schedule.instalments
        balance = offer.carried
        for row in rows:
            assert row.payment == row.principal + row.interest + row.charges
            assert row.charges == row.accrued_interest + row.penalty + row.fees
            assert min(row.payment, row.principal, row.interest, row.charges) >= 0
            balance -= row.principal + row.charges
            assert row.balance == balance
        assert balance == 0
        days = [row.due_date for row in rows]
        assert days == sorted(set(days))
        assert days[0] > VIEW.date
        assert [offer.basis.terms.moved(day) for day in days] == days
        assert len(rows) == offer.periods + (offer.down_payment is not None)


@settings(max_examples=300, deadline=None)
@given(people, facts)
def test_one_to_three_offers_within_sixty_months_none_dominated_and_the_best_first(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    result = planned(owed, given_facts)
    if isinstance(result, Refused):
        return
    offers = result.offers
    assert 1 <= len(offers) <= 3
    assert [offer.number for offer in offers] == list(range(1, len(offers) + 1))
    assert offers[0].tag == "best"
    assert len({offer.tag for offer in offers}) == len(offers) == len({o.periods for o in offers})
    assert all(1 <= offer.periods <= 60 for offer in offers)
    for one in offers:
        for other in offers:
            if one is not other:
                fewer = one.periods < other.periods
                lighter = one.highest_monthly < other.highest_monthly
                assert fewer or lighter or one.total < other.total


@settings(max_examples=300, deadline=None)
@given(people, facts)
def test_every_fen_owed_is_either_paid_or_waived(
    owed: list[Debt], given_facts: dict[str, Any]
) -> None:
    result = planned(owed, given_facts)
    if isinstance(result, Refused):
        return
    total = sum(debt.total for debt in owed)
    for offer in result.offers:
        assert offer.total == total + offer.schedule.total_interest - offer.waived.total
        assert sum(row.principal for row in offer.schedule.instalments) == (
            sum(debt.principal for debt in owed) - offer.waived.principal
        )
        assert min(offer.waived.interest, offer.waived.penalty, offer.waived.fees) >= 0


@settings(max_examples=200, deadline=None)
@given(people, facts, st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_offers_whatever_the_order_and_the_wishes(
    owed: list[Debt], given_facts: dict[str, Any], chance: random.Random
) -> None:
    shuffled = list(owed)
    chance.shuffle(shuffled)
    others = list(given_facts.items())
    chance.shuffle(others)
    begging = {**dict(others), "wishes": ["ask_interest_relief"] * 3}
    assert result_document(planned(owed, given_facts)) == result_document(
        planned(shuffled, begging)
    )


@settings(max_examples=300, deadline=None)
@given(people, facts, st.integers(0, 2_000_000), st.integers(1, 500_000))
def test_more_income_never_brings_more_relief(
    owed: list[Debt], given_facts: dict[str, Any], income: int, more: int
) -> None:
    poorer = planned(owed, {**given_facts, "monthly_income": str(from_fen(income))})
    richer = planned(owed, {**given_facts, "monthly_income": str(from_fen(income + more))})
    if isinstance(poorer, Refused) or poorer.basis.deferred or poorer.basis.at_once:
        return  # nothing by the month: what can be paid by the month then is another kind
    assert isinstance(richer, Offered)
    if poorer.basis.kind != richer.basis.kind or richer.basis.at_once:
        return
    less, most = richer.basis.relief, poorer.basis.relief
    assert less.annual_rate >= most.annual_rate
    assert less.penalty >= most.penalty
    assert less.interest >= most.interest
    assert less.fees >= most.fees


@settings(max_examples=300, deadline=None)
@given(people, facts, st.integers(1, 2_000_000), st.integers(1, 2_000_000))
def test_a_proposal_never_buys_relief(
    owed: list[Debt], given_facts: dict[str, Any], one: int, other: int
) -> None:
    with_income = {"monthly_income": "8000.00", **given_facts}
    if with_income["monthly_income"] == "skipped":
        return
    first = planned(owed, {**with_income, "proposed_payment": str(from_fen(one))})
    second = planned(owed, {**with_income, "proposed_payment": str(from_fen(other))})
    if isinstance(first, Offered) and isinstance(second, Offered):
        assert first.basis.relief == second.basis.relief


@settings(max_examples=300, deadline=None)
@given(people, st.integers(6_000, 600_000))
def test_one_fen_less_relief_would_not_have_been_enough(owed: list[Debt], affordable: int) -> None:
    from api.plans.debt import pool
    from api.plans.fitting import Fit, Relief, Shape, highest_payment
    from api.plans.schedule import first_part
    from api.plans.start import Start
    from api.plans.terms import planning_terms

    terms, debt = planning_terms(VIEW), pool(owed)
    due = date(2026, 12, 24)
    shape = Shape.of(debt, Start(24, due, first_part(VIEW.date, due)), 0, terms)
    base = base_relief(debt, None, terms)
    relief, enough = least_relief(
        debt, base, Fit(shape, terms.preferred_longest, affordable), terms.ladder
    )
    if not enough or not relief.steps:
        return
    kept = (relief.penalty, relief.interest, relief.fees)
    last = relief.steps[-1]
    if last in {"penalty", "interest", "fees"}:
        keeps = dict(zip(("penalty", "interest", "fees"), kept, strict=True))
        keeps[last] += 1
        richer = Relief(relief.annual_rate, keeps["interest"], keeps["penalty"], keeps["fees"])
    else:
        rates = [terms.contract_rate] + [
            s.to_percent for s in terms.ladder if s.to_percent is not None
        ]
        before = rates[rates.index(relief.annual_rate) - 1]
        richer = Relief(before, relief.interest, relief.penalty, relief.fees)
    assert highest_payment(shape, richer, terms.preferred_longest) > affordable


@settings(max_examples=60, deadline=None)
@given(facts)
def test_extremes_of_debt_do_not_crash(given_facts: dict[str, Any]) -> None:
    for principal in ("0.00", "0.01", "999999.99", "999999999.99"):
        for fees in ("0.00", "0.01", "999999.99"):
            owed = [Debt("card", Decimal(principal), fees=Decimal(fees))]
            result_document(planned(owed, given_facts))
