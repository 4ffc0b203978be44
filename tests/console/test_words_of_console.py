"""The console's words: the same keys and placeholders in both languages, quiet, and none missing."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

import api.console
from api.console.frame import console_entries
from api.policy.lookup import Policy
from api.web.words import LOCALES, entries

FOLDER = Path(api.console.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").rglob("*.html"))
TITLES = yaml.safe_load((FOLDER / "policy_titles.yaml").read_text(encoding="utf-8"))


def own(locale: str) -> dict[str, str | dict[str, str]]:
    return {
        key: said for key, said in console_entries(locale).items() if key not in entries(locale)
    }


def placeholders(entry: str | dict[str, str]) -> set[str]:
    text = entry["other"] if isinstance(entry, dict) else entry
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_area_hides_words_of_the_cardholders_pages() -> None:
    areas = {file.name.split(".")[0] for file in (FOLDER / "text").glob("*.yaml")}
    assert not areas & {key.split(".")[0] for key in entries("zh")}


def test_both_languages_say_the_same() -> None:
    zh, en = own("zh"), own("en")
    assert zh.keys() == en.keys()
    wrong = [key for key in zh if placeholders(zh[key]) - {"n"} != placeholders(en[key]) - {"n"}]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_shouted_and_nothing_is_a_yes_or_no_of_yaml(locale: str) -> None:
    for key, entry in own(locale).items():
        for text in entry.values() if isinstance(entry, dict) else [entry]:
            assert isinstance(text, str), key
            assert not re.search(r"[!！～\U0001F300-\U0001FAFF]", text), key


def test_every_key_that_a_template_names_is_there() -> None:
    known = console_entries("zh").keys()
    missing = [
        f"{file.name}: {key}"
        for file in TEMPLATES
        for key in re.findall(r"w\('([a-z_]+\.[a-z_.0-9]+)'[,)]", file.read_text(encoding="utf-8"))
        if key not in known
    ]
    assert missing == []


def test_every_policy_parameter_has_a_chinese_title_and_no_title_is_left_over() -> None:
    assert sorted(TITLES) == sorted(Policy.shipped().ids())


def test_a_refusals_words_are_found_by_its_code_in_one_place() -> None:
    codes = [key.rpartition(".")[2] for key in own("zh") if re.match(r"\w+\.problem\.", key)]
    assert len(codes) == len(set(codes))
