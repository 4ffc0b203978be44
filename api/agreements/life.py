"""The life of an agreement, derived from what happened to it: a pure function of its events, in their order.

draft → presented → signed → in force → (paused, amended) → fulfilled | broken | withdrawn. Terms that newer
terms have taken the place of are *superseded*. What cannot follow from a state changes nothing, so that no
order of events, and no event told twice, brings an ended agreement back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

__all__ = ["ENDED", "LIFE_EVENTS", "STATES", "UNSIGNED", "State", "after", "state_of"]

State = Literal[
    "draft", "presented", "signed", "in_force", "paused", "amended", "fulfilled", "broken",
    "withdrawn", "superseded",
]  # fmt: skip
"""*signed*: the code was given and is not recorded yet. *paused*: the next payment was moved back and nothing
was due since. *amended*: it goes on, on other days than those that were signed."""

UNSIGNED: Final = frozenset({"draft", "presented", "superseded"})
STANDING: Final = frozenset({"in_force", "paused", "amended"})
ENDED: Final = frozenset({"fulfilled", "broken", "withdrawn"})
"""Nothing follows these."""
STATES: Final = frozenset({*UNSIGNED, "signed", *STANDING, *ENDED})


def _from(states: Iterable[str], then: State) -> dict[str, State]:
    return dict.fromkeys(states, then)


_NEXT: Final[Mapping[str, Mapping[str, State]]] = {
    "presented": {"superseded": "draft"},  # chosen again
    "terms_shown": {"draft": "presented", "superseded": "presented"},
    "superseded": _from(("draft", "presented"), "superseded"),
    "code_given": _from(("draft", "presented", "superseded"), "signed"),
    "signature_void": {"signed": "presented"},
    "signed": _from((*UNSIGNED, "signed"), "in_force"),
    "instalment_moved": _from(STANDING, "paused"),
    "instalment_paid": {"paused": "amended"},
    "instalment_missed": {"paused": "amended"},
    "fulfilled": _from(STANDING, "fulfilled"),
    "broken": _from(STANDING, "broken"),
    "withdrawn": _from(STANDING, "withdrawn"),
}
"""For each kind of event, which state follows which; every other event changes nothing."""

LIFE_EVENTS: Final = frozenset(_NEXT)
"""The kinds that can change a state. ``code_given`` stands for a signing code that was answered rightly."""


def after(state: State, kind: str) -> State:
    """Return the state that an event of a kind leads to."""
    return _NEXT.get(kind, {}).get(state, state)


def state_of(kinds: Iterable[str]) -> State:
    """Return the state after events of these kinds, the oldest first; terms begin as a draft."""
    state: State = "draft"
    for kind in kinds:
        state = after(state, kind)
    return state
