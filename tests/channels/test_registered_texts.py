"""The texts to register with a gateway: all that can leave by themselves, in both languages, in its form."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from api.conversations.registered_texts import SENT, main, registered_form
from api.followup.tick import SENTENCES

API = Path(__file__).parents[2] / "api"
SAYING = {"text_of": 0, "say": 1, "_reply": 2, "_say": 2}
"""Functions that send a sentence as a text, and the place of its key among their arguments."""


def keys_in_code() -> set[str]:
    """Every key that the code names when it sends a text."""
    found = set()
    for path in API.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = SAYING.get(name)
            if place is not None and len(node.args) > place:
                key = node.args[place]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found.add(key.value)
    return found


def test_every_sentence_that_is_sent_as_a_text_is_listed() -> None:
    reminders = {f"{key}{end}" for key in SENTENCES.values() for end in ("", "_sum")}
    named = keys_in_code()
    assert len(named) > 12
    assert named | reminders <= set(SENT)
    assert len(SENT) == len(set(SENT))


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("key", SENT)
def test_it_is_in_the_gateways_form(key: str, locale: str) -> None:
    text, names = registered_form(key, locale)
    assert text
    assert not re.search(r"[【】]", text.replace("【${bank}】", ""))
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(names)
    assert "{" not in re.sub(r"\$\{\w+\}", "", text)


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    printed = capsys.readouterr().out
    assert "invitation:" in printed
    assert "zh: {code: SMS_…, variables: [link]}" in printed
