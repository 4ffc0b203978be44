"""The compiled check takes what Rasa's takes, and refuses what Rasa's refuses, in Rasa's words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa_sdk.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    FollowupAction,
    SessionStarted,
    SlotSet,
)

from bot.action_results import RasaChanged, check_results_fast

ROOT = Path(__file__).parents[2]
Check = Callable[[Any], bool]


class _Fast(RemoteAction):
    """A class of its own, so that Rasa's stays as it is in this process."""


@pytest.fixture
def slow() -> Check:
    method = RemoteAction._validate_action_result
    action = RemoteAction("action_plain", None)
    return lambda result: getattr(method, "__wrapped__", method)(action, result)


@pytest.fixture
def fast() -> Check:
    check_results_fast(_Fast)
    return _Fast("action_plain", None)._validate_action_result


GOOD = [
    {},
    {"events": [], "responses": []},
    {"events": [SlotSet("reason", "job_loss"), SlotSet("monthly_income", {"from": "5000.00"})]},
    {"events": [ActiveLoop("situation_form"), ActiveLoop(None), SlotSet("asked", None)]},
    {"events": [SessionStarted(), ActionExecuted("action_listen"), AllSlotsReset()]},
    {"events": [ConversationPaused(), FollowupAction("action_resume")]},
    {"responses": [{"text": "好的", "buttons": [{"title": "是", "payload": "/affirm"}]}]},
]
BAD = [
    None,
    [],
    "ok",
    {"events": "none"},
    {"events": [{"name": "reason"}]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "no such event"}]},
    {"events": [SlotSet("reason", "job_loss"), 7]},
    {"responses": {"text": "好的"}},
    {"responses": ["好的"]},
]


@pytest.mark.parametrize("result", GOOD, ids=json.dumps)
def test_a_valid_result_passes_both(result: Any, fast: Check, slow: Check) -> None:
    assert slow(result) is True
    assert fast(result) is True


@pytest.mark.parametrize("result", BAD, ids=json.dumps)
def test_a_malformed_result_still_raises_what_rasa_raised(
    result: Any, fast: Check, slow: Check
) -> None:
    with pytest.raises(ValidationError) as theirs:
        slow(result)
    with pytest.raises(ValidationError) as ours:
        fast(result)
    assert ours.value.message == theirs.value.message
    assert "Failed to validate Action server response" in ours.value.message
    assert list(ours.value.absolute_path) == list(theirs.value.absolute_path)


def test_the_schema_itself_is_not_checked_again_for_each_result(
    fast: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        pytest.fail("the slow way was taken")

    monkeypatch.setattr("jsonschema.validate", never)
    assert fast(GOOD[2]) is True


def test_a_second_call_changes_nothing() -> None:
    check_results_fast(_Fast)
    once = _Fast._validate_action_result
    check_results_fast(_Fast)
    assert _Fast._validate_action_result is once


@pytest.mark.parametrize("gone", ["_validate_action_result", "action_response_format_spec"])
def test_another_rasa_without_that_check_does_not_start(gone: str) -> None:
    class Other:
        _validate_action_result = RemoteAction._validate_action_result
        action_response_format_spec = staticmethod(RemoteAction.action_response_format_spec)

    delattr(Other, gone)
    with pytest.raises(RasaChanged, match=gone):
        check_results_fast(Other)


def test_loading_the_channel_is_enough_and_another_rasa_is_refused_there() -> None:
    """What Rasa does with credentials.yml when it starts, in a process of its own."""
    program = (
        "from rasa.core.actions.action import RemoteAction as R\n"
        "{change}\n"
        "from rasa.shared.utils.common import class_from_module_path as load\n"
        "load('bot.channel.QuietRestInput')\n"
        "print(hasattr(R._validate_action_result, '__wrapped__'))\n"
    )

    def run(change: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program.format(change=change)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip

    assert run("").stdout.strip() == "True"
    refused = run("del R._validate_action_result")
    assert refused.returncode != 0
    assert "RasaChanged" in refused.stderr
