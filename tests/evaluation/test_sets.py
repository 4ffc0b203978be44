"""The form of evaluation sets, and that the sets kept here are in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evaluation.sets import SETS, Sentence, SetInvalid, read_set

ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sentence_may_be_its_text_or_say_more(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        ask_for_plan:
        - 能分期吗
        - {text: 失业了，能分期吗，一个月八百, also: [reason_job_loss], or: ask_human,
           asked: proposed_payment, values: {amount: "800.00", date: 2026-12-15}}
        """,
    )
    plain, told = read_set(path)
    assert plain == Sentence("能分期吗", "ask_for_plan")
    assert told.accepted == {"ask_for_plan", "reason_job_loss", "ask_human"}
    assert told.stage == "situation"
    assert told.values == {"amount": ("800.00",), "date": ("2026-12-15",)}


@pytest.mark.parametrize(
    "text",
    [
        "- 能分期吗",
        "greet: [{words: hi}]",
        "greet: [{text: hi, mood: good}]",
        "greet: [{text: hi, stage: nowhere}]",
        "greet: [{text: hi, asked: name}]",
        "greet: [{text: hi, values: {sum: 3}}]",
        "greet: [hi, Hi]",
    ],
)
def test_what_is_not_in_the_form_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SetInvalid):
        read_set(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("能分期吗", "zh"),
        ("用app还行吗", "zh"),
        ("我ICU住了三天", "zh"),
        ("lost my job 上个月", "mixed"),
        ("可以 delay 吗", "mixed"),
        ("can I pay later", "en"),
        ("???", "en"),
    ],
)
def test_two_languages_in_one_line_make_a_mixed_one(text: str, language: str) -> None:
    assert Sentence(text, "greet").language == language


@pytest.mark.parametrize("path", sorted(SETS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_set_names_intents_that_the_domain_has(path: Path) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    named = {
        name
        for sentence in read_set(path)
        for name in sentence.accepted
        if not sentence.intent.startswith("_")
    }
    assert named <= set(domain["intents"])


def test_every_intent_is_explained() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    explained = (ROOT / "docs/intents.md").read_text("utf-8")
    sent_by_the_api = {
        "open", "challenge_passed", "challenge_failed", "handed_back", "call_back_chosen",
    }  # fmt: skip
    assert [
        n for n in domain["intents"] if f"| `{n}` |" not in explained and n not in sent_by_the_api
    ] == []
