"""Training data that fits the domain, and says of no wording two things."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from bot.components.grammar.text import normalise
from evaluation.separate import training_examples

_ROOT = Path(__file__).parents[2]
# What the page's buttons and the API say (`/intent` messages), and what is said of no words at all.
_NEVER_WRITTEN = {
    "open", "challenge_passed", "challenge_failed", "handed_back", "call_back_chosen", "nlu_fallback",
}  # fmt: skip


def test_every_intent_of_the_data_is_in_the_domain_and_the_other_way_round() -> None:
    domain = yaml.safe_load((_ROOT / "domain.yml").read_text("utf-8"))
    named = {next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]}
    taught = {intent for _, intent in training_examples()}
    assert taught <= named
    assert named - taught <= _NEVER_WRITTEN


def test_no_wording_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for text, intent in training_examples():
        intents[re.sub(r"[\W_]+", "", normalise(text)) or text].add(intent)
    assert {text: named for text, named in intents.items() if len(named) > 1} == {}


@pytest.mark.long
@pytest.mark.timeout(300)
def test_rasa_finds_nothing_wrong_with_domain_data_and_rules() -> None:
    command = [sys.executable, "-m", "rasa", "data", "validate", "--data", "bot/data"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
