"""Where in a conversation an intent belongs: the stage resolves what words alone cannot.

"不签了" before an agreement is a no, after it a withdrawal; "没事" is "I am safe" only where signs of
distress are open. An intent that is not listed belongs everywhere. The stages are the API's
(``domain.yml``); what is out of place only counts for less, since people do say anything anywhere.
"""

from __future__ import annotations

from typing import Final

_BEFORE_IDENTITY: Final = frozenset({"welcome", "identify"})
_ON_THE_TABLE: Final = frozenset({"offers", "agree"})
_AFTER_SIGNING: Final = frozenset({"signed", "followup"})
_TALKING: Final = frozenset({"consent", "situation"}) | _ON_THE_TABLE

BELONGS: Final[dict[str, frozenset[str]]] = {
    "state_safe": frozenset({"care"}),
    "report_hardship": _AFTER_SIGNING,
    "ask_after_signing": _AFTER_SIGNING | {"agree"},
    "sign_agreement": _ON_THE_TABLE,
    "choose_option": _ON_THE_TABLE,
    "ask_other_offers": _ON_THE_TABLE,
    "change_term": _ON_THE_TABLE | {"situation"},
    "ask_why_amount": _ON_THE_TABLE | _AFTER_SIGNING | {"situation"},
    "ask_terms_question": _ON_THE_TABLE | _AFTER_SIGNING,
    "ask_if_worse": _ON_THE_TABLE | _AFTER_SIGNING | {"situation"},
    "withdraw": _TALKING | _AFTER_SIGNING,
    "hesitate": _TALKING,
    "show_family": _TALKING,
    "skip": _TALKING,
    "correct_fact": _TALKING - {"consent"},
    "resend_code": _BEFORE_IDENTITY | {"agree"},
}
"""The stages in which a listed intent is at home."""


def out_of_place(intent: str, stage: str) -> bool:
    """Whether an intent is hardly meant at a stage."""
    at_home = BELONGS.get(intent)
    return at_home is not None and stage not in at_home
