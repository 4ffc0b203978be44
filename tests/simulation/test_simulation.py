"""A population lives through its plans: what must be exact is, and the measures can fail."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.policy.lookup import Policy
from simulation.__main__ import main
from simulation.assumptions import Assumptions, described
from simulation.comparing import COMPARED, PLAIN, Difference, losses
from simulation.desk import Desk
from simulation.intervals import Estimate
from simulation.life import DAY_ZERO, Life, live
from simulation.people import Person, draw_person, months_of
from simulation.policies import POLICIES, Anhuan, FixedTerm, HighestRelief, OfferPolicy
from simulation.population import World, live_through
from simulation.report import sound
from simulation.sensitivity import BASE, worlds
from simulation.tally import Tally

ROOT = Path(__file__).parents[2]
PEOPLE, SEED = 60, 5
OURS = POLICIES[0].name
POLICY = Policy.shipped()

Lives = dict[str, list[tuple[Person, Life]]]


def lives(
    policies: tuple[OfferPolicy, ...] = POLICIES, people: int = PEOPLE, **changes: float
) -> Lives:
    assumed, desk = replace(Assumptions(), **changes), Desk(POLICY)
    found: Lives = {by.name: [] for by in policies}
    for number in range(people):
        person = draw_person(SEED, number, POLICY.on(DAY_ZERO))
        months = months_of(person, assumed)
        for by in policies:
            found[by.name].append((person, live(person, months, by, assumed, desk)))
    return found


@pytest.fixture(scope="module")
def lived() -> Lives:
    return lives()


def tallied(found: Lives) -> dict[str, Tally]:
    rate = POLICY.on(DAY_ZERO).value("bank.contract.annual_rate")
    tallies = {name: Tally(10, rate) for name in found}
    for name, each in found.items():
        for number, (person, life) in enumerate(each):
            tallies[name].add(number % 10, person, life)
    return tallies


def test_every_fen_is_paid_waived_or_left_in_every_life_under_every_policy(lived: Lives) -> None:
    for each in lived.values():
        for person, life in each:
            ledger = life.ledger
            assert ledger.owed == person.owed
            assert ledger.paid + ledger.waived + ledger.left == ledger.owed + ledger.new_interest
            assert ledger.balanced
            assert sum(amount for _, amount in life.payments) == ledger.paid
            assert all(amount > 0 for _, amount in life.payments)


def test_our_planner_concedes_the_least_to_the_fen_and_takes_nothing_out_of_the_floor(
    lived: Lives,
) -> None:
    signed = [plan for _, life in lived[OURS] for plan in life.plans]
    assert len(signed) > PEOPLE / 2
    assert any(plan.month and plan.offered.plan.waived != (0, 0, 0) for plan in signed)
    assert all(plan.offered.exactly_least for plan in signed)
    assert {plan.offered.relief_over for plan in signed} == {0}
    assert {plan.offered.relief_under for plan in signed} == {0}
    assert {plan.offered.from_the_floor for plan in signed} == {0}
    assert sum(life.days_below for _, life in lived[OURS]) == 0
    assert sound(tallied(lived)) == []


def test_plain_policies_show_losses_so_the_measures_can_fail(lived: Lives) -> None:
    for name in PLAIN:
        assert sum(life.days_below for _, life in lived[name]) > 0
        assert any(life.first_offer and life.first_offer.from_the_floor for _, life in lived[name])
        assert any(plan.end == "broken" for _, life in lived[name] for plan in life.plans)
    over = {
        name: sum(life.first_offer.relief_over for _, life in each if life.first_offer)
        for name, each in lived.items()
    }
    assert over["highest relief on demand"] > 0
    assert over["always 12 months"] == over["always 60 months"] == 0
    as_ours = {OURS: lived["highest relief on demand"]}
    words = " ".join(sound(tallied(as_ours)))
    for word in ("days below", "beyond the least in first", "later plans", "part by part", "reach"):
        assert word in words


def test_the_floor_is_kept_by_the_way_out_and_not_by_the_measure() -> None:
    without = Anhuan(moves=False, plans_again=False)
    assert sum(life.days_below for _, life in lives((without,))[OURS]) > 0
    assert sum(life.days_below for _, life in lives((Anhuan(),), silent=1.0)[OURS]) > 0


def test_the_way_out_is_lived(lived: Lives) -> None:
    ends = {plan.end for _, life in lived[OURS] for plan in life.plans}
    assert {"kept", "replaced", "broken"} <= ends
    a_year = POLICY.on(DAY_ZERO).value("bank.agreement.moves_per_year")
    moved = [plan.moved for _, life in lived[OURS] for plan in life.plans]
    assert any(moved)
    assert all(years.count(year) <= a_year for years in moved for year in years)
    for name in PLAIN:
        assert all(not life.moves and not life.paused_months for _, life in lived[name])


def test_relief_that_was_granted_is_owed_again_when_its_plan_is_ended(lived: Lives) -> None:
    ended = [
        life
        for _, life in lived["highest relief on demand"]
        if [plan.end for plan in life.plans] == ["broken"]
    ]
    assert ended
    assert {life.ledger.waived for life in ended} == {0}


def test_the_same_person_has_the_same_luck_under_every_policy_and_in_every_number_of_people() -> (
    None
):
    view = POLICY.on(DAY_ZERO)
    assert draw_person(SEED, 17, view) == draw_person(SEED, 17, view)
    assert draw_person(SEED, 17, view) != draw_person(SEED + 1, 17, view)
    few, more = ({name: [life.ledger for _, life in each] for name, each in found.items()}
                 for found in (lives(people=5), lives(people=8)))  # fmt: skip
    assert all(more[name][:5] == ledgers for name, ledgers in few.items())


def test_a_life_does_not_depend_on_who_asked_at_the_desk_before() -> None:
    longer = (FixedTerm("always 60 months", 60), Anhuan())
    assert [life.ledger for _, life in lives(longer, people=20)[OURS]] == [
        life.ledger for _, life in lives((Anhuan(),), people=20)[OURS]
    ]


def test_variations_change_one_assumption_or_the_policies_and_share_the_people() -> None:
    base, *others = worlds()
    assert base.name == BASE
    assert base.assumed == Assumptions()
    assert all(other.assumed != base.assumed or other.policies != POLICIES for other in others)
    two = (base, World("the same again", Assumptions(), POLICIES))
    found = live_through(two, 12, SEED, POLICY, lambda _: None)
    for name in found[BASE]:
        assert found[BASE][name].sums == found["the same again"][name].sums


def test_every_assumption_says_what_it_means_and_where_it_is_from() -> None:
    for each in described(Assumptions()):
        assert len(each.means) > 10
        assert each.source == "invented" or each.source.startswith("published (")


def test_every_loss_that_the_documented_run_shows_is_explained() -> None:
    text = (ROOT / "docs/simulation.md").read_text(encoding="utf-8")
    assert "does better" in text
    assert "not explained yet" not in text
    certain = Estimate(-0.1, -0.2, -0.05)
    unknown = Difference("always 12 months", COMPARED[0].name, certain)
    assert losses([unknown]) == [unknown]
    assert unknown.why is None
    assert losses([replace(unknown, estimate=Estimate(-0.1, -0.2, 0.1))]) == []


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simulation", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


def test_the_same_seed_writes_the_same_document_and_charts_to_the_byte(tmp_path: Path) -> None:
    written = []
    for name in ("one", "other"):
        into = tmp_path / name / "simulation.md"
        done = run("--people", "12", "--varied", "1", "--seed", "9", "--into", str(into))
        assert done.returncode == 0, done.stderr
        report = done.stdout.replace(str(into), "")
        assert "12 of 12 people" in done.stderr
        files = sorted((tmp_path / name).rglob("*.*"))
        written.append((report, [(file.name, file.read_bytes()) for file in files]))
    assert written[0] == written[1]
    names = [name for name, _ in written[0][1]]
    assert names == ["simulation-people.svg", "simulation-recovered.svg", "simulation.md"]
    for words in ("days to 50 % recovered", "Under other assumptions", "invented", "paired"):
        assert words in written[0][0]


def test_the_documented_charts_keep_their_words_inside() -> None:
    for file in (ROOT / "docs/pictures").glob("simulation-*.svg"):
        root = ET.parse(file).getroot()
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for text in _texts(root):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            room = (8 if text.get("class") == "title" else 6.4) * len(text.text or "")
            left = {"end": x - room, "middle": x - room / 2}.get(text.get("text-anchor", ""), x)
            assert left >= 0
            assert left + room <= width + 1
            assert 0 < y < height


def _texts(root: ET.Element) -> Iterator[ET.Element]:
    return root.iter("{http://www.w3.org/2000/svg}text")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--people", "many"), "people must be a whole number from 1 to 1,000,000, not 'many'"),
        (("--people", "0"), "not '0'"),
        (("--people", "2.5"), "not '2.5'"),
        (("--people", "99999999"), "from 1 to 1,000,000"),
        (("--seed", "-1"), "the seed must be a whole number not below 0, not '-1'"),
        (("--varied", "some"), "the people of the variations must be"),
        (("--swiftly",), "unrecognized arguments: --swiftly"),
    ],
)
def test_bad_words_get_a_clear_error(
    words: tuple[str, ...], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    assert stopped.value.code == 2
    assert answer in capsys.readouterr().err


def test_help_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    for words in ("--people", "--seed", "--write", "make simulate PEOPLE=10000", "to the byte"):
        assert words in said


def test_a_run_that_is_not_exact_fails_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    generous = (HighestRelief("Anhuan's planner"), *POLICIES[1:])
    monkeypatch.setattr("simulation.__main__.POLICIES", generous)
    assert main(["--people", "20", "--varied", "0"]) == 1
    assert "This must not be: " in capsys.readouterr().err


def test_the_product_never_imports_the_simulation() -> None:
    imports = re.compile(r"^\s*(?:from|import)\s+simulation\b", re.MULTILINE)
    wrong = [
        path.relative_to(ROOT).as_posix()
        for folder in ("api", "sandbox")
        for path in (ROOT / folder).rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
