"""A bank's file before it is used: sound or not, and what it would change for the sample portfolio."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from api.plans.policy_changes import SAMPLE_FOLDER, changed_rows, main, read_sample
from api.policy.check import BANK_FILE, SHIPPED_FOLDER, sound_policy
from api.policy.lookup import Policy

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)
DAY = ["--on", "2026-11-24"]


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    text = (SHIPPED_FOLDER / BANK_FILE).read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    file = folder / "edited.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_file_is_sound_and_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(DAY) == 0
    said = capsys.readouterr().out
    assert said.startswith("sound: bank.yaml on 2026-11-24")
    assert "nothing changes for the 15 people" in said


def test_a_shorter_preferred_term_shows_who_gets_what_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = edited(tmp_path, ("value: 36}", "value: 24}"))
    assert main([str(file), *DAY]) == 0
    table = capsys.readouterr().out.splitlines()
    header = next(line for line in table if line.startswith("person"))
    assert header.split() == [
        "person", "kind", "monthly", "periods", "total", "waived", "beside", "it", "refusal",
    ]  # fmt: skip
    now = next(line for line in table if line.startswith("P-1002"))
    then = table[table.index(now) + 1]
    assert now.split() == [
        "P-1002",
        "now",
        "instalments",
        "1,000.00",
        "36",
        "36,000.00",
        "2,600.00",
    ]
    assert then.split()[:2] == ["then", "instalments"]
    assert then != now


def test_a_stricter_settlement_shows_for_whom_it_would_be_gone(tmp_path: Path) -> None:
    file = edited(
        tmp_path,
        ("value: [catch_up, instalments, settlement, deferral, deferral_instalments]",
         "value: [catch_up, instalments]"),
    )  # fmt: skip
    before, after = Policy.shipped().on(TODAY), sound_policy(file, TODAY).on(TODAY)
    changed = changed_rows(read_sample(SAMPLE_FOLDER), before, after)
    assert any(old.kind == "settlement" or "settlement" in old.beside for _, old, _ in changed)
    assert {old.kind for _, old, _ in changed} >= {"deferral_instalments"}
    for who, _, new in changed:
        assert "settlement" not in new.beside
        assert new.kind not in {"settlement", "deferral", "deferral_instalments"}, who


def test_a_changed_refusal_is_shown(tmp_path: Path) -> None:
    file = edited(
        tmp_path,
        ('assistant: {largest_debt: "150000.00"', 'assistant: {largest_debt: "10000.00"'),
    )
    before, after = Policy.shipped().on(TODAY), sound_policy(file, TODAY).on(TODAY)
    changed = changed_rows(read_sample(SAMPLE_FOLDER), before, after)
    changes = {who: new.refusal for who, _, new in changed}
    assert changes["P-1002"] == "beyond_authority, supervisor"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("value: 36}", "value: 72}", "on 2026-11-24: bank.terms"),
        ("value: 36}", "value: 36.5}", "bank.terms.preferred_longest_months"),
        ("value: 36}", "value: 36}, {since: 2027-01-01, value: 61}", "on 2027-01-01: bank.terms"),
        ("  bank.instalment.smallest:", "  bank.instalment.smalest:", "not in force on 2026-11-24: bank.instalment.smallest"),
        ("Smallest monthly instalment\n    unit: yuan", "Smallest monthly instalment\n    unit: percent", "another unit than the product reads"),
        ("parameters:", "parameters: [", "not readable"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_sound_is_refused_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, why: str
) -> None:
    if before == "value: 36}" and "2027" in after:
        before, after = "[{since: 2026-01-01, value: 36}]", f"[{{since: 2026-01-01, {after}]"
    assert main([str(edited(tmp_path, (before, after))), *DAY]) == 1
    said = capsys.readouterr().out
    assert said.startswith("not sound: ")
    assert why in said


def test_changes_that_begin_later_are_announced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = ("value: 36}]", "value: 36}, {since: 2027-03-01, value: 30}]")
    file = edited(tmp_path, later)
    assert main([str(file), *DAY]) == 0
    said = capsys.readouterr().out
    assert "more changes later: 2027-03-01" in said
    assert "nothing changes" in said
    assert main([str(file), "--on", "2027-03-01"]) == 0
    assert "P-1002" in capsys.readouterr().out


def test_no_file_no_sample_and_wrong_use_are_told_apart_from_an_unsound_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.yaml")]) == 2
    assert main([*DAY, "--sample", str(tmp_path)]) == 2
    with pytest.raises(SystemExit) as left:
        main(["--on", "someday"])
    assert left.value.code == 2
    capsys.readouterr()


def test_it_runs_under_the_name_that_the_makefile_uses() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api.policy.check", *DAY],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sound: bank.yaml")
