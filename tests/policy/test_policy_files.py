"""Walks every policy file that ships: cited, dated, in known units, and consistent with the law."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

import api.policy
from api.plans.terms import planning_terms
from api.policy.errors import PolicyGap
from api.policy.lookup import Policy
from api.policy.values import UNITS

FOLDER = Path(api.policy.__file__).parent / "parameters"
FILES = sorted(FOLDER.rglob("*.yaml"))
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_parameter_is_titled_cited_dated_in_order_and_in_a_known_unit(file: Path) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    defaults = content.get("defaults", {})
    for parameter_id, raw in content["parameters"].items():
        entry = {**defaults, **raw}
        assert entry["title"].strip(), parameter_id
        assert entry["unit"] in UNITS, parameter_id
        assert entry["citation"]["title"], parameter_id
        assert entry["citation"]["article"], parameter_id
        assert entry["citation"]["issued"], parameter_id
        since = [dated["since"] for dated in entry["values"]]
        assert all(isinstance(day, date) for day in since), parameter_id
        assert since == sorted(set(since)), parameter_id
        assert entry["applies"] in {"law", "regulation", "self_regulation", "policy"}, parameter_id


def test_no_money_or_rate_is_written_as_a_float() -> None:
    for file in FILES:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not re.search(r"(value|percent|person|debt|waiver): *\d+\.\d", line), (
                file.name,
                line,
            )


def test_the_banks_own_file_claims_to_be_law_nowhere() -> None:
    view = Policy.shipped().on(TODAY)
    banks = [
        view.parameter(parameter_id)
        for parameter_id in view.ids()
        if parameter_id.startswith("bank.")
    ]
    assert len(banks) > 40
    assert {parameter.applies for parameter in banks} == {"policy"}


def test_rules_from_general_knowledge_are_marked_as_not_verified() -> None:
    view = Policy.shipped().on(TODAY)
    unverified = {
        parameter_id for parameter_id in view.ids() if not view.parameter(parameter_id).verified
    }
    assert unverified == {
        "cn.allocation.interest_first_until_days",
        "cn.complaint.answer_days",
        "cn.complaint.complex_answer_days",
        "cn.complaint.extension_days",
        "cn.holidays.by_the_moon_and_sun",
    }


def test_the_banks_figures_stay_within_the_regulators() -> None:
    terms = planning_terms(Policy.shipped().on(TODAY))
    assert terms.longest <= 60
    assert terms.ladder[-1].id == "fees"


def test_what_the_assistant_says_has_both_languages() -> None:
    view = Policy.shipped().on(TODAY)
    for parameter_id in view.ids():
        parameter = view.parameter(parameter_id)
        if parameter.unit == "words":
            assert parameter.value.zh, parameter_id
            assert parameter.value.en, parameter_id


def test_the_daily_rate_cap_was_in_force_and_is_repealed() -> None:
    policy = Policy.shipped()
    assert (
        str(policy.on(date(2020, 12, 31)).value("cn.rate.overdraft_cap_percent_per_day")) == "0.05"
    )
    with pytest.raises(PolicyGap, match="repealed on 2021-01-01"):
        policy.on(date(2021, 1, 1)).value("cn.rate.overdraft_cap_percent_per_day")


def test_one_time_credit_repair_has_expired_and_cannot_be_promised() -> None:
    with pytest.raises(PolicyGap, match="repealed on 2026-04-01"):
        Policy.shipped().on(TODAY).value("cn.credit_record.one_time_repair_until")


def test_crisis_lines_never_claim_that_12356_is_open_all_day() -> None:
    lines = {line.number: line for line in Policy.shipped().on(TODAY).value("cn.crisis.lines")}
    assert set(lines) == {"12356", "120", "110"}
    assert "18" in lines["12356"].hours.zh
    assert "24" not in lines["12356"].hours.zh + lines["12356"].hours.en
