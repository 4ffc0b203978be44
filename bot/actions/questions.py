"""Questions at any stage, answered as far as the asker's identity allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.actions.api_client import Context
from bot.actions.besides import note_besides
from bot.actions.turn import ConversationAction, Event, Turn, leave_form, rest

_GATE: Final = ("utter_needs_identity",)


@dataclass(frozen=True)
class Answer:
    """Responses by what may be said; of each row the first that can be filled is said.

    ``known``: once we know who asks. ``unknown``: before. ``with_offer``: when an offer or terms are
    on the table. ``signed``: after signing. ``in_form``: short, since the form asks again after it.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...] = _GATE
    with_offer: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    in_form: tuple[str, ...] = ()


ANSWERS: Final = {
    "ask_what_i_owe": Answer(
        ("utter_what_you_owe_fees", "utter_what_you_owe", "utter_refused_nothing_due")
    ),
    "ask_why_contacted": Answer(("utter_why_contacted",), ("utter_why_contacted_before",)),
    "ask_verify_bank": Answer(("utter_verify_bank",), ("utter_verify_bank",)),
    "ask_credit_record": Answer(("utter_credit_record",), ("utter_credit_record_before",)),
    "legal_question": Answer(("utter_legal",), ("utter_legal_before",)),
    "ask_privacy": Answer(("utter_privacy",), ("utter_privacy_before",)),
    "ask_is_robot": Answer(("utter_robot",), ("utter_robot_before",)),
    "ask_agents": Answer(("utter_agents",), ("utter_agents_before",)),
    "ask_interest_relief": Answer(
        ("utter_relief",), with_offer=("utter_relief_offer", "utter_relief")
    ),
    "ask_settlement_discount": Answer(("utter_settlement",)),
    "ask_extension": Answer(("utter_extension",)),
    "ask_annual_rate": Answer(
        ("utter_annual_rate",), with_offer=("utter_annual_rate_offer", "utter_annual_rate")
    ),
    "ask_why_amount": Answer(
        ("utter_why_amount_plain",), with_offer=("utter_why_amount", "utter_why_amount_plain")
    ),
    "show_family": Answer(
        ("utter_show_family_early",),
        ("utter_show_family_early",),
        with_offer=("utter_show_family", "utter_show_family_early"),
    ),
    "ask_terms_question": Answer(
        ("utter_before_signing",),
        with_offer=("utter_terms_question",),
        signed=("utter_after_signing",),
    ),
    "ask_if_worse": Answer(
        ("utter_if_worse_before",),
        with_offer=("utter_if_worse", "utter_if_worse_short", "utter_if_broken"),
        signed=("utter_if_worse_signed", "utter_after_signing"),
    ),
    "ask_how_to_pay": Answer(
        ("utter_how_to_pay",), signed=("utter_how_to_pay_signed", "utter_how_to_pay")
    ),
    "ask_after_signing": Answer(("utter_before_signing",), signed=("utter_after_signing",)),
    "cannot_pay_anything": Answer(("utter_cannot_pay",)),
    "report_hardship": Answer(("utter_cannot_pay",)),
    "chitchat_oos": Answer(
        ("utter_off_topic",), ("utter_off_topic",), in_form=("utter_off_topic_short",)
    ),
}

#: Wishes that a human or a later offer should know of: sent to the API with the question.
WISHES: Final = frozenset({"ask_interest_relief", "ask_settlement_discount", "ask_extension"})
_MAY_HOLD_WISHES: Final = frozenset({"situation", "offers", "agree"})
#: What is not talked of while care comes first.
_ABOUT_PAYING: Final = WISHES | {
    "ask_if_worse",
    "ask_why_amount",
    "ask_terms_question",
    "cannot_pay_anything",
    "report_hardship",
    "ask_how_to_pay",
    "ask_after_signing",
}
#: What a relative may ask after telling of a death; about an account nothing can be said to them.
AFTER_A_DEATH: Final = _ABOUT_PAYING | {
    "ask_what_i_owe",
    "ask_why_contacted",
    "legal_question",
    "ask_credit_record",
    "ask_annual_rate",
}
_WITH_OFFER: Final = frozenset({"offers", "agree"})
_SIGNED: Final = frozenset({"signed", "followup"})
_BREAKING: Final = re.compile(
    r"没做到|做不到|没还上|还不上|晚了|晚几天|违约|断供|逾期|break|broke|miss|late|can'?t keep|fail",
    re.IGNORECASE,
)


class ActionAnswerQuestion(ConversationAction):
    """Answers a question in one call, then leaves the conversation where it was."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_answer_question"

    async def act(self, turn: Turn) -> list[Event]:
        """The record, not Rasa's memory, decides what may be said to this person."""
        wishes: dict[str, object] = {}
        if turn.intent in WISHES and turn.stage in _MAY_HOLD_WISHES:
            wishes["wishes"] = [turn.intent]
        noted = await note_besides(turn, self.api, wishes)
        context = noted.context
        if context.care and turn.intent in _ABOUT_PAYING:
            return rest(turn, context.words)
        if context.bereaved and turn.intent in AFTER_A_DEATH:
            turn.say(context.words, "utter_death_question", "utter_human_noted")
            return leave_form(turn)
        turn.say(context.words, *responses_for(turn, context))
        if turn.caring:
            return leave_form(turn)
        return [*noted.events, *noted.closing(turn)]


def responses_for(turn: Turn, context: Context) -> tuple[str, ...]:
    """The responses to try, by who asks and where the record stands."""
    answer = ANSWERS.get(turn.intent, ANSWERS["chitchat_oos"])
    if not context.identified:
        return answer.unknown
    if turn.in_form and answer.in_form:
        return answer.in_form
    if turn.intent == "ask_terms_question" and _BREAKING.search(turn.text):
        return ("utter_if_broken", "utter_terms_4_no_relief", "utter_terms_question")
    if turn.intent == "legal_question" and context.barred == "in_court":
        return ("utter_legal_in_court",)
    if context.stage in _SIGNED and answer.signed:
        return (*answer.signed, *answer.known)
    if context.stage in _WITH_OFFER and answer.with_offer:
        return answer.with_offer
    return answer.known
