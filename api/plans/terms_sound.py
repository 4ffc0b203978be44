"""Whether the bank's own figures agree with each other and stay within the regulator's.

Each refusal is one sentence that names the figure, because a person reads it who has just edited the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from api.plans.debt import AccountStatus
from api.plans.situation import Reason
from api.policy.errors import PolicyInvalid

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView
    from api.policy.values import LadderStep, SettlementBand

__all__ = ["KINDS", "check_terms"]

KINDS = ("catch_up", "instalments", "settlement", "deferral", "deferral_instalments")
HUNDRED = Decimal(100)
LONGEST_DEFERRAL = 366
"""In days: an income farther ahead is not taken for one (``api.plans.situation``)."""


def check_terms(view: PolicyView, lawful: int) -> None:
    """Hold the bank's figures of a day together; ``lawful`` is the longest lawful term in months.

    Raises:
        PolicyInvalid: they contradict each other or go beyond the regulator's.
    """
    _check_lengths(view, lawful)
    _check_days(view)
    ladder = view.value("bank.relief.ladder")
    _check_ladder(ladder, view.value("bank.contract.annual_rate"))
    known_steps = {step.id for step in ladder}
    for limits in view.value("bank.authority").values():
        _hold(
            limits.highest_step in known_steps,
            "bank.authority: a highest_step is not on the ladder",
        )
    _hold(
        "default" in view.value("bank.living_floor"),
        "bank.living_floor: a default region is needed",
    )
    _check_kinds(view.value("bank.offers.on"))
    _hold(
        sorted(view.value("bank.accounts.with_human"))
        == sorted(set(get_args(AccountStatus)) - {"open"}),
        "bank.accounts.with_human: litigated, sold and written_off; no plan is made for any of them",
    )
    _check_settlement(view.value("bank.settlement.ladder"))


def _hold(sound: bool, sentence: str) -> None:
    if not sound:
        raise PolicyInvalid(sentence)


def _check_lengths(view: PolicyView, lawful: int) -> None:
    longest = view.value("bank.terms.longest_months")
    catch_up = view.value("bank.terms.catch_up_longest_months")
    preferred = view.value("bank.terms.preferred_longest_months")
    _hold(
        longest <= lawful,
        f"bank.terms.longest_months is {longest}, the regulator's longest is {lawful}",
    )
    _hold(
        1 <= catch_up < preferred <= longest,
        "bank.terms: the catch-up term is shorter than the preferred, that no longer than the longest",
    )
    _hold(
        view.value("bank.rounding") == "half_up_to_the_fen",
        "bank.rounding: only half_up_to_the_fen is implemented",
    )


def _check_days(view: PolicyView) -> None:
    for figure in ("bank.first_payment.earliest_days", "bank.lump_sum.pay_within_days"):
        _hold(view.value(figure) >= 1, f"{figure}: a payment is due after the day of its plan")
    _hold(
        view.value("bank.deferral.longest_days") <= LONGEST_DEFERRAL,
        f"bank.deferral.longest_days: at most {LONGEST_DEFERRAL}; turn deferral off in bank.offers.on",
    )
    _hold(
        view.value("bank.due_day.on_holiday") in {"next_working_day", "unmoved"},
        "bank.due_day.on_holiday: next_working_day or unmoved",
    )


def _check_ladder(ladder: Sequence[LadderStep], contract_rate: Decimal) -> None:
    """Each step gives more than the one before: otherwise relief would not be monotone."""
    rate = contract_rate
    conceded: dict[str, Decimal] = {}
    for step in ladder:
        if step.to_percent is not None:
            _hold(step.to_percent < rate, f"bank.relief.ladder: {step.id} does not lower the rate")
            rate = step.to_percent
        elif step.up_to_percent is not None:
            _hold(
                step.up_to_percent > conceded.get(step.concede, Decimal(0)),
                f"bank.relief.ladder: {step.id} does not concede more than before",
            )
            conceded[step.concede] = step.up_to_percent
        for reason in step.only_for or ():
            _hold(
                reason in get_args(Reason),
                f"bank.relief.ladder: {step.id} is kept for {reason}, which is no reason the planner knows",
            )
        _hold(
            step.only_for is None or len(step.only_for) > 0,
            f"bank.relief.ladder: {step.id} is kept for nobody; leave only_for out or name a reason",
        )
    _hold(
        len({step.id for step in ladder}) == len(ladder), "bank.relief.ladder: an id stands twice"
    )


def _check_kinds(on: Sequence[str]) -> None:
    unknown = sorted(set(on) - set(KINDS))
    _hold(not unknown, f"bank.offers.on: {', '.join(unknown)} is no kind of offer")
    _hold(len(set(on)) == len(on), "bank.offers.on: a kind stands twice")
    _hold(
        "catch_up" in on,
        "bank.offers.on: catch_up cannot be off, or a debt within reach would become a personalised agreement",
    )


def _check_settlement(ladder: Sequence[SettlementBand]) -> None:
    """Later bands concede no less, and principal only where every charge may go before it."""
    for number, band in enumerate(ladder):
        name = f"bank.settlement.ladder: from {band.from_days_past_due} days"
        _hold(
            band.principal == 0 or band.penalty == band.interest == band.fees == HUNDRED,
            f"{name}: principal may be waived only where all penalty, interest and fees may be",
        )
        if number == 0:
            continue
        before = ladder[number - 1]
        _hold(
            band.from_days_past_due > before.from_days_past_due,
            f"{name}: the bands are not in the order of their days",
        )
        for part in ("penalty", "interest", "fees", "principal"):
            _hold(
                getattr(band, part) >= getattr(before, part),
                f"{name}: concedes less {part} than the band before",
            )
