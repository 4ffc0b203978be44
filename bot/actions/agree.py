"""Reading the terms in five short parts, signing, and the recorded agreement."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet

from bot.actions.api_client import ApiError, Context
from bot.actions.evidence import refused_for_evidence, stands_between, tell_of_evidence
from bot.actions.turn import ConversationAction, Event, Turn, asked

#: Kinds that are a personalised instalment agreement: only these hold the promise about new cards.
_PERSONALISED: Final = frozenset({"instalments", "deferral_instalments"})
#: The five parts; of each, the first response whose placeholders have values is said.
PARTS: Final = (
    ("utter_terms_1_fees", "utter_terms_1", "utter_terms_1_no_relief"),
    ("utter_terms_2",),
    ("utter_terms_3",),
    ("utter_terms_4", "utter_terms_4_no_relief"),
    ("utter_terms_5",),
)


def part_of(number: int, kind: str | None) -> tuple[str, ...]:
    """The responses that say one part of the terms of a kind."""
    if number == 1 and kind == "settlement":
        return ("utter_terms_2_settlement",)
    if number == 2 and kind is not None and kind not in _PERSONALISED:
        return ("utter_terms_3_ordinary",)
    return PARTS[number]


_SIGNING: Final = re.compile(r"[签簽]|\bsign", re.IGNORECASE)
_DOUBT: Final = re.compile(
    r"不[^，,。]{0,3}[签簽]|不确定|不知道|不一定|[别没未][签簽]|先不|再想|等等|等一下|不确定|怕|会不会|要是|如果|万一|吗|[?？]"
    r"|怎么办|后悔|犹豫|之前|以前|\bnot\b|n't\b|\bbefore\b|\blater\b|\bif\b|\bmaybe\b|\bwhat\b|\bwhen\b|\bunsure\b"
    r"|\bwait\b|\bafraid\b",
    re.IGNORECASE,
)


class ActionNextTerms(ConversationAction):
    """Reads the next part of the terms out."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_next_terms"

    async def act(self, turn: Turn) -> list[Event]:
        """One part a turn; after the last one, the question of signing with the whole text."""
        context = await self.api.context(turn.conversation)
        return go_on_reading(turn, context)


class ActionSign(ConversationAction):
    """The person clearly said that they want to sign, or wants the signing code again."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_sign"

    async def act(self, turn: Turn) -> list[Event]:
        """Has the code sent; but first reads whatever part has not been read. Doubt sends nothing."""
        if turn.intent == "sign_agreement" and not turn.surely(_SIGNING, _DOUBT):
            turn.say({}, "utter_ask_clear_yes")
            return [asked("sign")] if _read(turn) >= len(PARTS) else []
        if _read(turn) < len(PARTS):
            context = await self.api.context(turn.conversation)
            return read_out(turn, context, _read(turn), len(PARTS))
        try:
            context = await self.api.challenge(turn.conversation, "signature")
        except ApiError as error:
            if error.code != "terms_not_shown":
                raise
            context = await self.api.context(turn.conversation)
            return read_out(turn, context, 0, len(PARTS))
        turn.say(context.words, "utter_signing_code_sent")
        turn.card("code")
        return [asked("signing_code")]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """Too many tries, nothing to sign, or the balance moved meanwhile."""
        if error.code == "codes_enough":
            turn.say(error.words, "utter_codes_enough")
            turn.card("code")
            return [asked("signing_code")]
        if error.code == "challenge_paused":
            turn.say(error.words, "utter_challenge_paused")
            turn.card("code")
            return [asked("sign")]
        if error.code in ("no_terms", "offers_expired"):
            turn.say(error.words, "utter_offers_expired")
            return [asked(None)]
        return (
            refused_for_evidence(turn, error)
            or _balance_changed(turn, error)
            or super().failed(turn, error)
        )


class ActionRecordAgreement(ConversationAction):
    """``/challenge_passed`` for a signature: has the API record the agreement."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_record_agreement"

    async def act(self, turn: Turn) -> list[Event]:
        """Says "signed" only after the record exists."""
        context = await self.api.agreement(turn.conversation)
        turn.say(context.words, "utter_signed")
        turn.card("signed")
        turn.say(context.words, *_next_after(context.kind))
        if "staff_name" in context.words:
            turn.say(context.words, "utter_signed_by_name")
        return [asked("after_signing"), SlotSet("terms_read", None)]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """No matched code: nothing is signed. A moved balance: the terms are worked out again."""
        if error.code == "not_signed":
            turn.say(error.words, "utter_code_not_seen")
            return [asked("sign")]
        if error.code == "already_in_force":  # given twice: the first one is the answer
            turn.say(error.words, "utter_already_signed", "utter_already_in_force")
            turn.card("signed")
            return [asked("after_signing"), SlotSet("terms_read", None)]
        return (
            refused_for_evidence(turn, error)
            or _balance_changed(turn, error)
            or super().failed(turn, error)
        )


def _next_after(kind: str | None) -> tuple[str, ...]:
    if kind == "settlement":
        return ("utter_signed_next_settlement", "utter_signed_next")
    ordinary = kind is not None and kind not in _PERSONALISED
    return ("utter_signed_next_ordinary",) if ordinary else ("utter_signed_next",)


def read_out(turn: Turn, context: Context, start: int, stop: int) -> list[Event]:
    """Says the parts ``start`` to ``stop`` (exclusive); after the last, asks about signing."""
    for part in range(start, stop):
        if not turn.say(context.words, *part_of(part, context.kind)):
            return [asked("terms"), SlotSet("terms_read", part)]
    if stop < len(PARTS):
        return [asked("terms"), SlotSet("terms_read", stop)]
    if stands_between(context):
        turn.say(context.words, "utter_terms_in_full")
        turn.card("terms")
        return [*tell_of_evidence(turn, context), SlotSet("terms_read", len(PARTS))]
    turn.say(context.words, "utter_ask_sign")
    turn.card("terms")
    return [asked("sign"), SlotSet("terms_read", len(PARTS))]


def go_on_reading(turn: Turn, context: Context) -> list[Event]:
    """The next part; the last two come together, since the fifth is one line."""
    start = _read(turn)
    stop = start + 1
    return read_out(turn, context, start, len(PARTS) if stop >= len(PARTS) - 1 else stop)


def _read(turn: Turn) -> int:
    value = turn.slot("terms_read")
    return min(int(value), len(PARTS)) if isinstance(value, int | float) else 0


def _balance_changed(turn: Turn, error: ApiError) -> list[Event]:
    if error.code != "balance_changed":
        return []
    turn.say(error.words, "utter_balance_changed", "utter_balance_changed_plain")
    return [asked(None), SlotSet("terms_read", None)]
