"""Codes that do not arrive, and what is held of oneself, through the running product."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.casebook import Guest, told
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("locale", "again", "word"),
    [("zh", "重新发一条", "以后能再发"), ("en", "Send a new code", "another after")],
)
def test_who_has_had_enough_codes_is_told_when_the_next_can_go_and_goes_on_with_the_newest(
    stack: Stack, locale: str, again: str, word: str
) -> None:
    guest = Guest(stack, "P-1012" if locale == "zh" else "P-1004", locale)
    guest.say("发验证码" if locale == "zh" else "Send the code")
    code = guest.code()
    for _ in range(4):
        guest.say(again)
        code = guest.code()  # it has arrived, so that the next one is newer
    said = guest.say(again)
    assert word in said, guest.text()
    guest.say(code)
    guest.say(guest.person.id_last4)
    assert guest.stage == "consent", guest.text()


@pytest.mark.parametrize(
    ("locale", "words"), [("zh", "给我一份我的资料"), ("en", "please delete my data")]
)
def test_a_wish_for_ones_own_data_becomes_a_case(stack: Stack, locale: str, words: str) -> None:
    guest = told(stack, locale)
    said = guest.say(words)
    assert "data_request" in guest.cases(), guest.text()
    assert ("登记" if locale == "zh" else "logged") in said


def test_the_keys_change_under_the_running_product_and_a_conversation_goes_on(stack: Stack) -> None:
    guest = told(stack)
    done = subprocess.run(
        [sys.executable, "-m", "api.custody.keys_command"], check=False, capture_output=True,
        text=True, cwd=ROOT, env={**os.environ, **{name: str(value) for name, value in stack.settings.items()}},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything is encrypted with the newest key" in done.stdout
    guest.say("看看办法")
    assert guest.stage in ("situation", "offers"), guest.text()
    assert guest.facts()
    assert guest.back_again().known() is not None
