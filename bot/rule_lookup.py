"""Rasa looks a rule up by what has just happened, instead of comparing the whole conversation with every rule.

Rasa 3.6 works out the state after each action of the conversation so far, twice for each prediction (by the
message's words and by its intent), and compares each of them with each rule, whose states it turns round
anew every time. This was a fifth of what Rasa does in a turn, and grows with the conversation. A rule
reaches back as many states as it has, so only so many are worked out; rules are found by the last action and
the intent before they are compared; and rules that no words can fit are not looked for by words.

What is found is what Rasa finds: whether a rule's state fits one of the conversation is still decided by its
own method. Only the name that it gives to "no rule fits" is shorter: that of the last states, not of all.

To be removed when Rasa mends it (``rasa.core.policies.rule_policy.RulePolicy``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import wraps
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changed import require_methods

__all__ = ["look_rules_up_fast"]

State = dict[str, dict[str, Any]]
Found = tuple[str | None, str | None, bool]

_METHODS = (
    "_get_possible_keys", "_does_rule_match_state", "_find_action_from_rules", "_prediction_states",
)  # fmt: skip


class _Rules:
    """One of the policy's lookups: each rule's states, the newest first, and the rules by the newest."""

    def __init__(self, lookup: Mapping[str, str]) -> None:
        self.lookup = lookup
        self.states: dict[str, list[State]] = {key: json.loads(key)[::-1] for key in lookup}
        self.longest = max(map(len, self.states.values()), default=1)
        self._by_newest: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for key, states in self.states.items():
            self._by_newest[_action(states[0]), _intent(states[0])].append(key)
        self.fit_words = any(
            _action(states[0]) in (None, ACTION_LISTEN_NAME) and _intent(states[0]) is None
            for states in self.states.values()
        )
        """Whether any could fit a message by its words: after the listening, and not by an intent."""

    def of(self, lookup: Mapping[str, str]) -> bool:
        """Whether these are the rules of ``lookup``, as it is now."""
        return lookup is self.lookup and len(lookup) == len(self.states)

    def likely(self, state: State) -> Iterator[str]:
        """Yield the rules whose newest state could fit this one, by its action and intent."""
        for action in dict.fromkeys((_action(state), None)):
            for intent in dict.fromkeys((_intent(state), None)):
                yield from self._by_newest.get((action, intent), ())


def _action(state: State) -> str | None:
    return _certain(state.get("prev_action", {}).get("action_name"))


def _intent(state: State) -> str | None:
    return _certain(state.get("user", {}).get("intent"))


def _certain(value: Any) -> str | None:
    """A value that only the same value fits; ``None`` where there is none."""
    return value if isinstance(value, str) and value and value != SHOULD_NOT_BE_SET else None


def look_rules_up_fast(policy: type = RulePolicy) -> None:
    """Put the faster search in the place of ``policy``'s own; a second call changes nothing.

    Raises:
        RasaChanged: ``policy`` does not search like this (another version of Rasa).
    """
    advice = "see bot/rule_lookup.py, and delete it if this Rasa looks rules up quickly by itself."
    require_methods(policy, _METHODS, advice)
    if hasattr(policy._get_possible_keys, "__wrapped__"):
        return
    own_find = policy._find_action_from_rules

    @wraps(policy._get_possible_keys)
    def possible_keys(self: Any, lookup: Mapping[str, str], states: Sequence[State]) -> set[str]:
        return _fitting(self, _rules(self, lookup), states)

    @wraps(policy._prediction_states)
    def prediction_states(
        self: Any,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: Mapping[str, Any] | None = None,
    ) -> list[State]:
        del rule_only_data  # of use to other policies, which leave out what only rules have
        longest = max(rules.longest for rules in _lookups(self))
        states = _last_states(tracker, domain, longest)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    @wraps(own_find)
    def find(
        self: Any,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,
    ) -> Found:
        if use_text_for_last_user_input and not any(rules.fit_words for rules in _lookups(self)):
            return None, None, False
        found: Found = own_find(self, tracker, domain, use_text_for_last_user_input)
        return found

    policy._get_possible_keys = possible_keys
    policy._prediction_states = prediction_states
    policy._find_action_from_rules = find


def _lookups(policy: Any) -> list[_Rules]:
    return [
        _rules(policy, policy.lookup.get(name, {})) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
    ]


def _rules(policy: Any, lookup: Mapping[str, str]) -> _Rules:
    """Return a lookup's rules, read once for each policy."""
    known: dict[int, _Rules] = policy.__dict__.setdefault("_rules_read", {})
    rules = known.get(id(lookup))
    if rules is None or not rules.of(lookup):
        rules = known[id(lookup)] = _Rules(lookup)
    return rules


def _fitting(policy: Any, rules: _Rules, states: Sequence[State]) -> set[str]:
    """Return the rules that fit the conversation's states, the newest of which is the last."""
    if not states:
        return set(rules.lookup)
    possible = list(rules.likely(states[-1]))
    for back, state in enumerate(reversed(states)):
        possible = [
            key for key in possible
            if back >= len(rules.states[key]) or _fits(policy, rules.states[key][back], state)
        ]  # fmt: skip
        if all(len(rules.states[key]) <= back + 1 for key in possible):
            break  # none of them reaches further back
    return set(possible)


def _fits(policy: Any, wanted: State, state: State) -> bool:
    """Whether a rule's state fits; one without an action before it is the beginning of a conversation."""
    begins, began = not wanted.get("prev_action"), not state.get("prev_action")
    if begins or began:
        return begins and began
    return bool(policy._does_rule_match_state(wanted, state))


def _last_states(tracker: DialogueStateTracker, domain: Domain, most: int) -> list[State]:
    """Return the states after the last actions, at most so many; ``Domain.states_for_tracker_history``."""
    events = tracker.applied_events()
    passed = sum(isinstance(event, ActionExecuted) for event in events) + 1 - most
    replayed = tracker.init_copy()
    states: list[State] = []
    for event in events:
        if isinstance(event, ActionExecuted):
            if passed <= 0:
                states.append(domain.get_active_state(replayed))
            passed -= 1
        replayed.update(event)
    states.append(domain.get_active_state(replayed))
    return states
