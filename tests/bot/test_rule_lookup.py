"""The faster search finds the rule that Rasa's own finds, for every conversation that can be invented."""

from __future__ import annotations

import json
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changed import RasaChanged
from bot.rule_lookup import look_rules_up_fast

STAGES = ["welcome", "identify", "offers"]
STAGE = {"type": "categorical", "values": STAGES, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet", "deny", "ask"],
        "actions": ["action_a", "action_b"],
        "forms": {"the_form": {"required_slots": []}},
        "slots": {"stage": {**STAGE, "initial_value": "welcome"}},
    }
)


def state(previous: str | None = None, user: str = "", stage: str = "", **more: Any) -> Any:
    made: dict[str, Any] = {"prev_action": {"action_name": previous}} if previous else {}
    if user:
        made["user"] = {"text" if " " in user else "intent": user}
    if stage:
        made["slots"] = {"stage": [float(stage == each) for each in STAGES]}
    return {**made, **more}


LOOP = {"active_loop": {"name": "the_form"}}
NO_LOOP = {"active_loop": {"name": "should_not_be_set"}}
RULES = [
    ([state("action_listen", "greet")], "action_a"),
    ([state("action_listen", "greet", "offers")], "action_b"),
    ([state("action_listen", "ask", **NO_LOOP)], "action_b"),
    ([state("action_listen", "ask", **LOOP)], "action_a"),
    ([state("action_listen", "greet"), state("action_a", "greet")], "action_listen"),
    ([state("action_a", stage="identify")], "the_form"),
    ([state("action_b"), state("action_listen", "deny"), state("action_a")], "action_b"),
    ([state(), state("action_listen", "deny")], "action_a"),
    ([state("action_listen", "should_not_be_set")], "action_b"),
]
UNHAPPY = [
    ([state("action_a"), state("the_form", **LOOP)], "loop was interrupted"),
    ([state("action_listen", "deny", **LOOP)], "do not predict loop action"),
]
BY_WORDS = [([state("action_listen", "some words")], "action_b")]


class _Fast(RulePolicy):
    """A class of its own, so that Rasa's stays as it is in this process."""


look_rules_up_fast(_Fast)


def policies(rules: list[Any], unhappy: list[Any]) -> tuple[RulePolicy, RulePolicy]:
    lookup = {
        "rules": {json.dumps(states, sort_keys=True): action for states, action in rules},
        "rules_for_loop_unhappy_path": {
            json.dumps(states, sort_keys=True): what for states, what in unhappy
        },
    }
    return of_lookup(RulePolicy, lookup), of_lookup(_Fast, lookup)


def of_lookup(kind: type[RulePolicy], lookup: Any) -> RulePolicy:
    config = kind.get_default_config()
    return kind(config, None, None, ExecutionContext(GraphSchema({})), lookup=lookup)


def found(policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain) -> Any:
    """What a prediction says; of "no rule" the name that Rasa gives to it is left out."""
    prediction, source = policy._predict(tracker, domain)
    known = source in policy.lookup["rules"] or not str(source).startswith("[")
    return prediction.probabilities, prediction.events, source if known else "no rule"


EVENTS = st.one_of(
    st.sampled_from(["greet", "deny", "ask"]).map(
        lambda intent: UserUttered("some words", {"name": intent})
    ),
    st.just(UserUttered("some words", {"name": None})),
    st.sampled_from(["action_a", "action_b", "action_listen", "action_listen", "the_form"]).map(
        ActionExecuted
    ),
    st.sampled_from(STAGES).map(lambda stage: SlotSet("stage", stage)),
    st.sampled_from(["the_form", None]).map(ActiveLoop),
    st.just(ActionExecutionRejected("the_form")),
    st.just(LoopInterrupted(True)),
    st.just(BotUttered("好的")),
    st.just(ActionReverted()),
    st.just(UserUtteranceReverted()),
    st.just(SessionStarted()),
)


@pytest.mark.parametrize("rules", [RULES, RULES + BY_WORDS], ids=["by intent", "by words too"])
@given(events=st.lists(EVENTS, max_size=14))
def test_both_find_the_same_whatever_has_happened(rules: list[Any], events: list[Event]) -> None:
    slow, fast = policies(rules, UNHAPPY)
    tracker = DialogueStateTracker("c_1", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"), DOMAIN)
    for event in events:
        tracker.update(event, DOMAIN)
    assert found(fast, tracker, DOMAIN) == found(slow, tracker, DOMAIN)
    for by_words in (True, False):
        ours = fast._find_action_from_rules(tracker, DOMAIN, by_words)
        theirs = slow._find_action_from_rules(tracker, DOMAIN, by_words)
        assert (ours[0], ours[2]) == (theirs[0], theirs[2])


ROOT = Path(__file__).parents[2]


@cache
def our_domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@cache
def our_rules() -> tuple[RulePolicy, RulePolicy] | None:
    """The policies of the trained model, where there is one."""
    newest = sorted((ROOT / "bot/models").glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not newest:
        return None
    with tarfile.open(newest[-1]) as model:
        name = next(name for name in model.getnames() if name.endswith("rule_policy.json"))
        file = model.extractfile(name)
        assert file is not None
        lookup = json.load(file)["lookup"]
    return of_lookup(RulePolicy, lookup), of_lookup(_Fast, lookup)


@given(data=st.data())
def test_both_find_the_same_among_the_rules_of_this_product(data: st.DataObject) -> None:
    both = our_rules()
    if both is None:
        pytest.skip("no model was trained")
    slow, fast = both
    domain = our_domain()
    stages = st.sampled_from(
        list(next(slot for slot in domain.slots if slot.name == "stage").values)
    )
    tracker = DialogueStateTracker("c_1", domain.slots)
    tracker.update(ActionExecuted("action_listen"), domain)
    for _ in range(data.draw(st.integers(1, 4))):
        intent = data.draw(st.sampled_from(domain.intents))
        tracker.update(UserUttered("字", {"name": intent}), domain)
        tracker.update(SlotSet("stage", data.draw(stages)), domain)
        if data.draw(st.booleans()):
            tracker.update(ActiveLoop(data.draw(st.sampled_from(["situation_form", None]))), domain)
        for _ in range(6):
            ours = found(fast, tracker, domain)
            assert ours == found(slow, tracker, domain)
            action = domain.action_names_or_texts[ours[0].index(max(ours[0]))]
            tracker.update(ActionExecuted(action), domain)
            if data.draw(st.booleans()):
                tracker.update(SlotSet("ask_facts", data.draw(st.booleans())), domain)
            if action == "action_listen":
                break


def test_another_rasa_is_refused_and_a_second_call_changes_nothing() -> None:
    once = _Fast._get_possible_keys
    look_rules_up_fast(_Fast)
    assert _Fast._get_possible_keys is once

    class Other:
        pass

    with pytest.raises(RasaChanged, match="_get_possible_keys"):
        look_rules_up_fast(Other)
