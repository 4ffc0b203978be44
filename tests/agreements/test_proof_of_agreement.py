"""The proof beside an agreement: made later from what was stored, byte for byte, and intact."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.accounts.models import Person
from api.agreements.planning import debts_of, means_of
from api.agreements.records import facts_of
from api.plans.proof import build_proof, proof_bytes
from tests.conftest import BANK, Visit, import_rows, invite_link, portfolio_row

ROOT = Path(__file__).parents[2]


def checked(content: bytes, folder: Path) -> str:
    """Run the check that anyone can run, on the downloaded file."""
    file = folder / "proof.json"
    file.write_bytes(content)
    told = subprocess.run(
        [sys.executable, "-m", "api.plans.check", str(file)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout


def signed(visit: Visit, option: int | None = None) -> str:
    visit.identify()
    visit.tell()
    visit.bot("offers", {})
    if option is None:
        option = visit.bot("counter", {"monthly": "900.00"})["counter"]["number"]
    visit.bot("choice", {"option": option})
    assert visit.sign()["signed"] is True
    agreements = visit.client.get("/v1/agreements", headers=BANK).json()["items"]
    return str(agreements[-1]["id"])


@pytest.mark.parametrize("option", [1, 2, None], ids=["best", "another", "counter-offer"])
def test_the_downloaded_proof_is_intact_and_is_of_the_signed_plan(
    visit: Visit, tmp_path: Path, option: int | None
) -> None:
    agreement = signed(visit, option)
    answer = visit.client.get("/agreement/proof.json")
    assert answer.status_code == 200
    name = answer.headers["Content-Disposition"]
    assert not any(word in name.lower() for word in ("proof", "debt", "plan", "agreement"))
    assert checked(answer.content, tmp_path).startswith("intact")
    by_bank = visit.client.get(f"/v1/agreements/{agreement}/proof", headers=BANK)
    assert by_bank.content == answer.content
    terms = visit.client.get(f"/v1/agreements/{agreement}", headers=BANK).json()["terms"]
    plans = json.loads(answer.content)["result"]["offers"]
    payments = [line["payment"] for line in terms["repayment"]["schedule"]]
    found = plans[0 if option is None else option - 1]
    assert [line["payment"] for line in found["schedule"]] == payments


def test_a_proof_made_later_is_the_same_bytes(visit: Visit, app: Any) -> None:
    signed(visit, 1)
    first = visit.client.get("/agreement/proof.json").content
    policy = app.state.policy
    app.state.policy = policy.amended({"bank.contract.annual_rate": "17.00"}, date(2026, 1, 1))
    import_rows(visit.client, portfolio_row(principal="30000.00", as_of="2026-11-24"))
    visit.bot("situation", {"facts": {"monthly_income": "9000.00"}})
    again = visit.client.get("/agreement/proof.json").content
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(first).hexdigest()


def test_it_is_what_the_calculation_of_that_moment_proves(visit: Visit, app: Any) -> None:
    signed(visit, 1)
    day = date(2026, 11, 24)
    with app.state.database.reading() as session:
        person = session.scalars(select(Person.id)).one()
        built = build_proof(
            debts_of(session, person, day),
            means_of(facts_of(session, person)),
            app.state.policy.on(day),
        )
    assert visit.client.get("/agreement/proof.json").content == proof_bytes(built)


def test_a_changed_proof_is_noticed(visit: Visit, tmp_path: Path) -> None:
    signed(visit, 1)
    content = visit.client.get("/agreement/proof.json").content
    assert checked(content.replace(b"6000.00", b"6001.00", 1), tmp_path).startswith("differs")


def test_nobody_else_gets_it(visit: Visit) -> None:
    agreement = signed(visit, 1)
    import_rows(
        visit.client,
        portfolio_row(account_ref="A-2", person_ref="P-2", telephone="+8619900000002"),
    )
    visit.client.cookies.clear()
    assert visit.client.get("/agreement/proof.json").status_code == 401
    assert visit.client.get(f"/v1/agreements/{agreement}/proof").status_code == 401
    opened = visit.client.post(
        "/v1/chat/conversations", json={"invite": invite_link(visit.client, "A-2")}
    ).json()
    bearer = {"Authorization": f"Bearer {opened['token']}"}
    stranger = visit.client.get("/agreement/proof.json", headers=bearer)
    assert stranger.json()["code"] == "not_identified"
    other = Visit(visit.client, visit.telephone, opened["conversation_id"])
    other.identify()
    assert visit.client.get("/agreement/proof.json", headers=bearer).status_code == 404


def test_the_signed_card_and_the_agreement_page_offer_it(visit: Visit) -> None:
    signed(visit, 1)
    page = visit.client.get("/agreement/terms").text
    assert "/agreement/proof.json" in page
    assert "您说过的收入和开销" in page
    assert "/agreement/check.pyz" in page


def test_the_program_beside_it_recomputes_it_and_is_anybodys(visit: Visit, tmp_path: Path) -> None:
    signed(visit, 1)
    (tmp_path / "proof.json").write_bytes(visit.client.get("/agreement/proof.json").content)
    visit.client.cookies.clear()  # whom it was given to read asks the bank for nothing
    answer = visit.client.get("/agreement/check.pyz")
    assert answer.status_code == 200
    (tmp_path / "check.pyz").write_bytes(answer.content)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "check.pyz", "proof.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("intact"), done.stderr
