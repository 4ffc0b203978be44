"""Which evidence is wanted depends on amounts and facts alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.agreements.evidence.contents import media_type_of
from api.agreements.evidence.wanted import KINDS, wanted
from api.kit.errors import Problem
from api.policy.lookup import Policy
from tests.evidence.papers import HEIC, JPEG, PDF, png

POLICY = Policy.shipped().on(date(2026, 11, 24))
LEAST = {
    "income_proof": POLICY.value("bank.evidence.wanted_from"),
    "medical_certificate": POLICY.value("bank.evidence.medical_from"),
    "receipt": POLICY.value("bank.evidence.receipt_from"),
}
FEN = Decimal("0.01")


def kinds(debt: Any = "0.00", waived: Any = "0.00", **facts: Any) -> list[str]:
    found = wanted(
        debt_total=Decimal(debt), waived=Decimal(waived), facts=facts, policy=POLICY
    )  # fmt: skip
    return [each.kind for each in found]


def test_each_kind_is_wanted_from_its_amount_on() -> None:
    assert kinds(LEAST["income_proof"]) == ["income_proof"]
    assert kinds(LEAST["income_proof"] - FEN) == []
    assert kinds(waived=LEAST["medical_certificate"], reason="illness") == ["medical_certificate"]
    assert kinds(waived=LEAST["medical_certificate"] - FEN, reason="illness") == []
    upper = str(LEAST["receipt"])
    assert kinds(essential_spending={"from": "1.00", "to": upper}) == ["receipt"]
    assert kinds(essential_spending={"from": "1.00", "to": str(LEAST["receipt"] - FEN)}) == []


def test_who_is_not_ill_shows_no_note_and_who_did_not_say_shows_no_receipt() -> None:
    assert kinds(waived="900000.00", reason="job_loss") == []
    assert kinds(waived="900000.00") == []
    assert kinds(essential_spending="skipped") == []
    assert kinds() == []


@given(
    st.decimals(0, 10**7, places=2), st.decimals(0, 10**7, places=2),
    st.sampled_from(["illness", "job_loss", "skipped", None]),
    st.one_of(st.just("skipped"), st.decimals(0, 10**6, places=2).map(str)),
)  # fmt: skip
def test_less_money_never_wants_more_paper(
    debt: Decimal, waived: Decimal, reason: str | None, spending: str
) -> None:
    facts = {"reason": reason, "essential_spending": spending}
    much, little = kinds(debt, waived, **facts), kinds(debt / 2, waived / 2, **facts)
    assert set(little) <= set(much)
    assert much == [kind for kind in KINDS if kind in much]
    for each in wanted(debt_total=debt, waived=waived, facts=facts, policy=POLICY):
        assert each.begins_at == LEAST[each.kind]
        assert each.rule in POLICY.ids()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(png(), "image/png"), (JPEG, "image/jpeg"), (HEIC, "image/heic"), (PDF, "application/pdf")],
)
def test_a_type_is_told_by_content(content: bytes, kind: str) -> None:
    assert media_type_of(content, POLICY) == kind


@given(st.binary(max_size=400))
def test_whatever_comes_is_a_known_type_or_kindly_refused(content: bytes) -> None:
    try:
        found = media_type_of(content, POLICY)
    except Problem as problem:
        found = problem.code
    assert found in (*POLICY.value("bank.evidence.types"), "file_empty", "file_type")
