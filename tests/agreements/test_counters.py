"""Counter-offers over the assistant's door: worked out at once, recorded, chosen, signed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from api.agreements.models import Counter, OfferSet
from tests.conftest import Visit, import_rows, portfolio_row


def offered(visit: Visit) -> list[dict[str, Any]]:
    """Identify, tell, and get offers: 1,000 a month for 36 months, 5.00 of interest waived for it."""
    visit.identify()
    visit.tell()
    answer = visit.bot("offers", {})
    assert answer["outcome"] == "offered"
    return list(answer["offers"])


def test_a_lower_payment_is_the_nearest_plan_at_the_same_relief(visit: Visit) -> None:
    first = offered(visit)[0]
    answer = visit.bot("counter", {"monthly": "850.00"})
    found = answer["counter"]
    assert answer["status_code"] == 200
    assert (found["why_not"], found["same"], found["compared"]) == (None, False, 1)
    assert float(found["monthly"]) <= 850 < float(first["monthly"])
    assert found["periods"] > first["periods"]
    assert answer["words"]["counter_asked"].startswith("每月850")
    assert f"多{found['periods'] - first['periods']}个月" in answer["words"]["counter_change"]
    assert answer["stage"] == "offers"
    assert answer["choice"] is None


@pytest.mark.parametrize(
    ("asked", "why_not"),
    [
        ({"monthly": "5000.00"}, "more_than_affordable"),
        ({"monthly": "10.00"}, "longer_than_allowed"),
        ({"periods": 2}, "shorter_than_affordable"),
        ({"periods": 600}, "longer_than_allowed"),
    ],
)
def test_what_cannot_be_is_answered_with_the_nearest_and_with_why(
    visit: Visit, asked: dict[str, Any], why_not: str
) -> None:
    offered(visit)
    answer = visit.bot("counter", asked)
    assert answer["counter"]["why_not"] == why_not
    assert visit.bot("choice", {"option": answer["counter"]["number"]})["stage"] == "agree"


def test_asking_again_and_again_gets_the_same_record(visit: Visit, app: Any) -> None:
    offered(visit)
    answers = [visit.bot("counter", {"periods": 40}) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Counter)) == 1


def test_the_same_plan_keeps_its_number_however_it_is_asked_for(visit: Visit) -> None:
    offers = offered(visit)
    by_months = visit.bot("counter", {"periods": 40})["counter"]
    assert by_months["number"] == len(offers) + 1
    by_payment = visit.bot("counter", {"monthly": by_months["monthly"]})["counter"]
    assert by_payment["number"] == by_months["number"]
    another = visit.bot("counter", {"periods": 41})["counter"]
    assert another["number"] == len(offers) + 2
    best = visit.bot("counter", {"periods": offers[0]["periods"]})["counter"]
    assert (best["number"], best["same"]) == (1, True)


def test_a_counter_offer_is_read_and_signed_like_any_other(visit: Visit) -> None:
    first = offered(visit)[0]
    found = visit.bot("counter", {"monthly": "900.00"})["counter"]
    chosen = visit.bot("choice", {"option": found["number"]})
    assert chosen["choice"] == found["number"]
    assert chosen["words"]["periods"] == str(found["periods"]) != str(first["periods"])
    signed = visit.sign()
    assert signed["signed"] is True
    assert signed["words"]["periods"] == str(found["periods"])


def test_asking_while_the_terms_are_read_leaves_them_as_they_are(visit: Visit) -> None:
    offered(visit)
    visit.bot("choice", {"option": 1})
    answer = visit.bot("counter", {"periods": 40})
    assert (answer["stage"], answer["choice"], answer["has_terms"]) == ("agree", 1, True)


def test_relief_does_not_grow_with_asking(visit: Visit, app: Any) -> None:
    offered(visit)
    for asked in ({"monthly": "400.00"}, {"periods": 48}, {"monthly": "900.00"}):
        visit.bot("counter", asked)
    with app.state.database.reading() as session:
        standing = session.scalars(select(OfferSet).order_by(OfferSet.id.desc())).first()
        waived = [standing.answer["offers"][0]["waived"]]
        waived += [c.answer["offer"]["waived"] for c in session.scalars(select(Counter))]
    assert all(one == waived[0] for one in waived)


def test_nothing_is_worked_out_on_figures_that_stand_no_longer(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    assert visit.bot("counter", {"periods": 24})["code"] == "offers_expired"
    visit.bot("offers", {})
    import_rows(visit.client, portfolio_row(principal="32000.00", as_of="2026-11-24"))
    assert visit.bot("counter", {"periods": 24})["code"] == "balance_changed"


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"monthly": "800.00", "periods": 24}, {"monthly": "0.00"}, {"monthly": "-5"},
        {"periods": 0}, {"monthly": "NaN"}, {"monthly": "1e99"}, {"monthly": "8.001"}, {"total": "1"},
    ],
)  # fmt: skip
def test_a_question_that_is_none_is_refused(visit: Visit, asked: dict[str, Any]) -> None:
    offered(visit)
    assert visit.bot("counter", asked)["status_code"] == 422


def test_before_identity_nothing_is_worked_out(visit: Visit) -> None:
    assert visit.bot("counter", {"periods": 24})["code"] == "not_identified"


def test_a_lump_sum_is_asked_about_chosen_and_signed(visit: Visit) -> None:
    offered(visit)
    answer = visit.bot("counter", {"lump_sum": "5000.00"})
    found = answer["counter"]
    assert (found["why_not"], found["same"], found["asked"]) == (None, False, "lump_sum")
    assert "先还5,000" in answer["words"]["counter_pays"]
    assert visit.bot("context")["situation"].get("lump_sum") is None, "asking is not telling"
    assert visit.bot("choice", {"option": found["number"]})["kind"] == "instalments"
    signed = visit.sign()
    assert signed["words"]["next_amount"].startswith("5,000")


def test_a_lump_sum_too_small_leaves_the_plan_as_it_is(visit: Visit) -> None:
    offered(visit)
    found = visit.bot("counter", {"lump_sum": "20.00"})["counter"]
    assert (found["why_not"], found["same"]) == ("lump_sum_too_small", True)
