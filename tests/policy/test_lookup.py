"""Looking up a dated value: what was in force, since when, on whose authority; and what is refused."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from api.policy.errors import PolicyGap, PolicyInvalid
from api.policy.lookup import Policy

GOOD = """
parameters:
  bank.days:
    title: Days
    unit: days
    applies: policy
    verified: true
    citation: {title: A rule, article: One, issued: "2026-01-01"}
    values:
      - {since: 2026-01-01, value: 5}
      - {since: 2026-06-01, value: 7}
      - {since: 2026-09-01, value: null}
"""


def load(folder: Path, text: str) -> Policy:
    (folder / "some.yaml").write_text(dedent(text), encoding="utf-8")
    return Policy.load(folder)


def test_each_day_has_the_value_of_its_day(tmp_path: Path) -> None:
    policy = load(tmp_path, GOOD)
    assert policy.on(date(2026, 5, 31)).value("bank.days") == 5
    assert policy.on(date(2026, 6, 1)).value("bank.days") == 7
    assert policy.on(date(2026, 6, 1)).parameter("bank.days").since == date(2026, 6, 1)
    assert policy.changes() == (date(2026, 1, 1), date(2026, 6, 1), date(2026, 9, 1))


def test_a_value_comes_with_its_citation(tmp_path: Path) -> None:
    parameter = load(tmp_path, GOOD).on(date(2026, 6, 1)).parameter("bank.days")
    assert parameter.citation.text == "《A rule》One"
    assert parameter.applies == "policy"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2025, 12, 31), "in force only from 2026-01-01"),
        (date(2026, 9, 1), "repealed on 2026-09-01"),
    ],
)
def test_a_gap_raises_and_says_why(tmp_path: Path, day: date, why: str) -> None:
    with pytest.raises(PolicyGap, match=why):
        load(tmp_path, GOOD).on(day).value("bank.days")


def test_an_unknown_id_raises(tmp_path: Path) -> None:
    with pytest.raises(PolicyGap, match="no such parameter"):
        load(tmp_path, GOOD).on(date(2026, 6, 1)).value("bank.weeks")


def test_the_digest_is_of_the_values_in_force(tmp_path: Path) -> None:
    policy = load(tmp_path, GOOD)
    june, july, may = (policy.on(date(2026, month, 2)).digest for month in (6, 7, 5))
    assert june == july != may
    changed = load(tmp_path, GOOD.replace("value: 7", "value: 8"))
    assert changed.on(date(2026, 6, 2)).digest != june


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("unit: days", "unit: fortnights", "unknown unit"),
        ("value: 5", "value: -5", "greater than or equal to 0"),
        ("value: 5", 'value: "5"', "valid integer"),
        ("value: 5", "value: 5.0", "valid integer"),
        ("2026-06-01, value", "2025-06-01, value", "not in order"),
        ("2026-06-01, value", "2026-01-01, value", "not in order"),
        ("2026-06-01, value", "soon, value", "since"),
        ('citation: {title: A rule, article: One, issued: "2026-01-01"}', "note: none", "citation"),
        ("article: One, ", "", "article"),
        ('issued: "2026-01-01"', 'issued: "last year"', "issued"),
        ("applies: policy", "applies: rumour", "applies"),
        ("verified: true", "verified: maybe", "verified"),
        ("title: Days", "title: Days\n    titel: Days", "titel"),
        ("title: Days", "title: Days\n    title: Weeks", "written twice"),
        ("bank.days:", "Days:", "pattern"),
        ("parameters:", "parameter:", "parameter"),
        ("values:\n", "values: [\n", "not readable"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    tmp_path: Path, before: str, after: str, why: str
) -> None:
    assert before in GOOD
    with pytest.raises(PolicyInvalid, match=why) as raised:
        load(tmp_path, GOOD.replace(before, after))
    assert "some.yaml" in str(raised.value)


def test_one_id_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(PolicyInvalid, match="already defined"):
        load(tmp_path, GOOD)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match="no policy files"):
        Policy.load(tmp_path)
