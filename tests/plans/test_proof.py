"""The proof of a plan: anyone with Python can recompute it, and nothing in it can be changed unseen."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.plans.canonical import canonical_bytes, digest
from api.plans.check import CannotCheck, check, main
from api.plans.debt import Debt
from api.plans.documents import result_document
from api.plans.offers import plan_offers
from api.plans.portable import PARTS, check_program
from api.plans.proof import build_proof, proof_bytes, without_sentences
from api.plans.situation import Situation
from tests.plans.someone import DEBT, FACTS, view

ROOT = Path(__file__).parents[2]

PEOPLE: list[dict[str, Any]] = [
    {},
    {"proposed_payment": "850.00", "pay_day": 31},
    {"monthly_income": "9000.00", "region": "first_tier_city", "household_size": 3},
    {"monthly_income": "skipped", "proposed_payment": "2000.00"},
    {"monthly_income": "skipped"},
    {"monthly_income": "4000.00", "other_debt_payments": "3000.00"},
    {"monthly_income": "12000.00", "income_steady": False},
    {"monthly_income": "40000.00"},
    {"lump_sum": "5000.00", "pay_day": 1},
    {"lump_sum": "37000.00"},
    {"lump_sum": "38600.00"},
    {"monthly_income": "3000.00", "expected_income": "7000.00", "income_from": "2027-01-01"},
    {"monthly_income": "3000.00", "expected_income": "50000.00", "income_from": "2027-01-15"},
    {"monthly_income": "3000.00", "expected_income": "7000.00", "income_from": "2026-11-24"},
]
OVERDUE = replace(DEBT, days_past_due=200)


def proof_of(debts: list[Debt] | None = None, **changes: Any) -> dict[str, Any]:
    situation = Situation.from_facts({**FACTS, **changes})
    return build_proof(debts or [DEBT], situation, view())


def forged(change: Callable[[dict[str, Any]], None]) -> bytes:
    """A proof somebody changed and gave a fresh, matching digest."""
    proof = json.loads(proof_bytes(proof_of()))
    del proof["digest"]
    change(proof)
    return canonical_bytes({**proof, "digest": digest(proof)})


@pytest.mark.parametrize("facts", PEOPLE)
def test_a_proof_is_intact_and_holds_exactly_the_offers_that_were_made(
    facts: dict[str, Any],
) -> None:
    proof = proof_of(**facts)
    assert check(proof_bytes(proof)).differences == ()
    situation = Situation.from_facts({**FACTS, **facts})
    result = result_document(plan_offers([DEBT], situation, view()), explain=True)
    assert proof["result"] == without_sentences(result)
    assert b"words_zh" not in proof_bytes(proof)


@pytest.mark.parametrize("status", ["litigated", "sold", "written_off"])
def test_a_refusal_has_a_proof_too(status: str) -> None:
    debt = replace(DEBT, status=status)  # type: ignore[arg-type]
    proof = proof_of([debt])
    assert proof["result"]["reason"] == "account_with_human"
    assert check(proof_bytes(proof)).intact


def test_every_role_can_be_proved() -> None:
    large = Debt("card", Decimal("240000.00"))
    for role, outcome in (("assistant", "beyond_authority"), ("supervisor", None)):
        facts = Situation.from_facts({"monthly_income": "15000.00"})
        proof = build_proof([large], facts, view(), role=role)  # type: ignore[arg-type]
        assert proof["result"].get("reason") == outcome
        assert check(proof_bytes(proof)).intact


def test_the_figures_are_those_that_were_read_with_source_and_the_policys_digest() -> None:
    policy = proof_of()["policy"]
    assert policy["digest"] == view().digest
    assert policy["figures"]["bank.terms.longest_months"]["value"] == 60
    floor = policy["figures"]["bank.living_floor"]
    assert floor["value"]["default"] == {
        "first_person": "1500.00",
        "each_further_person": "800.00",
    }
    assert floor["citation"]["article"] == "附表一"
    assert floor["since"] == "2026-01-01"
    assert "bank.code.minutes" not in policy["figures"]


def test_the_order_of_cards_and_facts_and_how_a_figure_was_written_do_not_matter() -> None:
    cards = [Debt("b", Decimal("900.00")), Debt("a", Decimal(1200)), Debt("a", Decimal("5.00"))]
    backwards = dict(reversed(FACTS.items()))
    same = {**backwards, "essential_spending": 3900, "wishes": ["ask_interest_relief"]}
    one = build_proof(cards, Situation.from_facts(FACTS), view())
    other = build_proof(cards[::-1], Situation.from_facts(same), view())
    assert one["digest"] == other["digest"]
    assert proof_bytes(one) == proof_bytes(other)


def test_other_facts_another_digest() -> None:
    assert proof_of()["digest"] != proof_of(pay_day=3)["digest"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda p: p["result"]["offers"][0].update(monthly="999.00"),
         "result.offers[0].monthly: the file says 999.00, the calculation gives 1000.00"),
        (lambda p: p["result"]["offers"][0]["schedule"][3].update(due_date="2027-04-01"),
         "result.offers[0].schedule[3].due_date: the file says 2027-04-01"),
        (lambda p: p["result"]["rejected"].pop(), "result.rejected: the file says a list of"),
        (lambda p: p["result"]["offers"][0].update(gift="1"), "result.offers[0].gift: the calculation"),
        (lambda p: p["result"]["offers"][0].pop("total"), "result.offers[0].total: missing"),
        (lambda p: p["inputs"]["situation"].update(essential_spending="3800.00"), "inputs.situation"),
        (lambda p: p["inputs"]["situation"].update(essential_spending={"from": "3800.00", "to": "3800.00"}),
         "result.affordability.living"),
        (lambda p: p["inputs"]["situation"].update(age=30), "inputs.situation.age"),
        (lambda p: p["inputs"]["debts"][0].update(penalty="0.00"), "result."),
        (lambda p: p["inputs"]["debts"][0].update(account=5), "inputs.debts"),
        (lambda p: p["inputs"].update(role="director"), "inputs.role"),
        (lambda p: p["inputs"].update(date="20261124"), "inputs.date"),
        (lambda p: p["inputs"].update(surprise=1), "inputs: surprise"),
        (lambda p: p["policy"]["figures"]["bank.terms.longest_months"].update(value=72), "the regulator's longest is 60"),
        (lambda p: p["policy"]["figures"]["bank.contract.annual_rate"].update(value="17.00"), "result."),
        (lambda p: p["policy"]["figures"]["bank.contract.annual_rate"].update(value="18.250"), "bank.contract.annual_rate: not a figure"),
        (lambda p: p["policy"]["figures"]["bank.contract.annual_rate"].update(unit="days"), "bank.contract.annual_rate"),
        (lambda p: p["policy"]["figures"].pop("bank.living_floor"), "bank.living_floor: the calculation needs"),
        (lambda p: p["policy"]["figures"].update(more=p["policy"]["figures"]["bank.rounding"]), "policy.figures.more"),
        (lambda p: p["policy"]["figures"]["bank.rounding"].update(since="2026-12-01"), "in force only from"),
        (lambda p: p["policy"].update(digest="0" * 64), "result.policy_digest"),
        (lambda p: p.pop("policy"), "cannot be calculated"),
        (lambda p: p.update(note="hello"), "note: the calculation"),
    ],
)  # fmt: skip
def test_a_change_with_a_fresh_digest_is_found_by_name(
    change: Callable[[dict[str, Any]], None], named: str
) -> None:
    found = check(forged(change))
    assert any(named in difference for difference in found.differences), found.differences


def test_a_proof_that_is_written_differently_is_not_the_same_file() -> None:
    proof = proof_of()
    raw = proof_bytes(proof)
    for other in (
        raw + b"\n",
        json.dumps(proof, indent=1).encode(),
        json.dumps(proof, sort_keys=True, separators=(",", ":")).encode(),  # \u escapes
        raw.replace(b'"version":3', b'"version":3.0'),
        raw.replace(b'"version":3', b'"version":3,"version":3'),
        raw[:-1],
        b"",
        b"\xff",
    ):
        assert not check(other).intact


def test_another_kind_of_document_or_version_cannot_be_checked() -> None:
    old = [proof_bytes({**proof_of(), "version": number}) for number in (1, 2)]
    for raw in (b"{}", b"[]", b"1", *old):
        with pytest.raises(CannotCheck):
            check(raw)


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the check as one would who has nothing but Python: no site-packages, no environment."""
    program = (
        "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
        "runpy.run_module('api.plans.check', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(ROOT), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env={"PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.parametrize("facts", PEOPLE)
def test_the_check_needs_nothing_but_python_and_the_file(
    tmp_path: Path, facts: dict[str, Any]
) -> None:
    file = tmp_path / "proof.json"
    file.write_bytes(proof_bytes(proof_of(**facts)))
    done = alone(str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("intact: calculated for 2026-11-24")


def test_the_libraries_of_the_api_are_out_of_reach_where_that_is_tested() -> None:
    program = "import importlib.util as u; print([n for n in ('pydantic', 'yaml', 'pyxirr', 'babel', 'rfc8785') if u.find_spec(n)])"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_exit_codes_say_what_came_of_it(tmp_path: Path) -> None:
    raw = proof_bytes(proof_of())
    file = tmp_path / "proof.json"
    file.write_bytes(raw.replace(b'"monthly":"1000.00"', b'"monthly":"1001.00"', 1))
    changed = alone(str(file))
    assert changed.returncode == 1
    assert "digest: the file says" in changed.stdout
    assert "monthly: the file says 1001.00, the calculation gives 1000.00" in changed.stdout
    assert alone(str(tmp_path / "none.json")).returncode == 2
    file.write_bytes(b"{}")
    assert alone(str(file)).returncode == 2
    assert alone().returncode == 2
    helped = alone("--help")
    assert helped.returncode == 0
    assert "Exit codes: 0 intact" in helped.stdout


KEPT = sorted((Path(__file__).parent / "kept_proofs").glob("*.json"))


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_a_proof_that_was_handed_out_stays_recomputable(file: Path) -> None:
    """A failure here means: the calculation has changed. Give it a new version, and keep this one."""
    assert check(file.read_bytes()).differences == ()


def test_proofs_of_every_kind_are_kept() -> None:
    kinds = {
        offer["kind"]
        for file in KEPT
        for offer in json.loads(file.read_bytes())["result"].get("offers", [])
    }
    assert kinds == {"catch_up", "instalments", "settlement", "deferral", "deferral_instalments"}


def test_the_words_can_be_had_of_the_program_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_bytes(proof_bytes(proof_of()))
    for locale, words in (("zh", "每月最多还1,000.00\u00a0元"), ("en", "¥1,000.00")):
        said = alone(str(file), "--words", locale)
        assert (said.returncode, said.stderr) == (0, "")
        assert words in said.stdout
    assert len(alone(str(file)).stdout.splitlines()) == 3, "in figures alone, unless asked"


def portable(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program that people download, far from this source, with no library at all."""
    program = folder / "check.pyz"
    program.write_bytes(check_program())
    return subprocess.run(
        [sys.executable, "-I", "-S", str(program), *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, cwd=folder,
        env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_the_program_that_people_download_needs_this_source_no_more(tmp_path: Path) -> None:
    raw = proof_bytes(proof_of(lump_sum="5000.00"))
    (tmp_path / "proof.json").write_bytes(raw)
    (tmp_path / "forged.json").write_bytes(
        raw.replace(b'"reason":"job_loss"', b'"reason":"illness"')
    )
    (tmp_path / "other.json").write_bytes(b"{}")
    intact = portable(tmp_path, "proof.json")
    assert (intact.returncode, intact.stderr) == (0, "")
    assert intact.stdout.startswith("intact: calculated for 2026-11-24")
    forged = portable(tmp_path, "forged.json")
    assert forged.returncode == 1
    assert "digest: the file says" in forged.stdout
    assert portable(tmp_path, "other.json").returncode == 2


def test_that_program_holds_what_the_check_loads_and_nothing_else() -> None:
    listed = subprocess.run(
        [
            sys.executable, "-I", "-S", "-c",
            "import sys; sys.path.insert(0, sys.argv[1]); import api.plans.check;"
            "print(*(sys.modules[n].__file__ for n in sys.modules if n.split('.')[0] == 'api'), sep='\\n')",
            str(ROOT),
        ],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    loaded = [Path(line).relative_to(ROOT).as_posix() for line in listed.splitlines()]
    assert sorted(loaded) == list(PARTS)


def test_the_same_source_gives_the_same_program() -> None:
    first = check_program()
    check_program.cache_clear()
    assert check_program() == first


def test_many_differences_are_counted_and_the_first_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def clear_rows(proof: dict[str, Any]) -> None:
        for row in proof["result"]["offers"][0]["schedule"]:
            row["balance"] = "0.00"

    file = tmp_path / "proof.json"
    file.write_bytes(forged(clear_rows))
    assert main([str(file)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "differs: 35 found"  # the last balance is truly nothing
    assert said[-1] == "  and 15 more"


@pytest.mark.parametrize("income", ["3000.00", "6000.00"])
def test_a_settlement_can_be_recomputed_with_nothing_but_python(
    tmp_path: Path, income: str
) -> None:
    proof = proof_of([OVERDUE], lump_sum="34000.00", monthly_income=income)
    assert "settlement" in {offer["kind"] for offer in proof["result"]["offers"]}
    assert "bank.settlement.ladder" in proof["policy"]["figures"]
    file = tmp_path / "proof.json"
    file.write_bytes(proof_bytes(proof))
    assert alone(str(file)).returncode == 0


def test_a_holiday_taken_out_of_a_proof_is_found() -> None:
    proof = proof_of(pay_day=1)
    fixed = proof["policy"]["figures"]["cn.holidays.fixed"]["value"]
    del proof["digest"]
    fixed.remove("01-01")
    changed = canonical_bytes({**proof, "digest": digest(proof)})
    differences = check(changed).differences
    assert any("schedule[0].due_date" in found for found in differences), differences
