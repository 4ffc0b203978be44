"""The person's situation: the form's answers, corrections at any time, and the read-back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from rasa_sdk.events import SlotSet

from bot.actions.acknowledging import acknowledge, say_refused
from bot.actions.counters import keep_months_wished
from bot.actions.fact_names import AMOUNTS, FACTS, REASONS, SKIPPED, last_given, named_fact
from bot.actions.facts import in_so_many_words, is_date, is_plain_value, read_facts
from bot.actions.read_back import part_of_spending, read_back, total_again
from bot.actions.turn import FORM, ConversationAction, Event, Turn, rest
from bot.actions.which_offer import is_by_order

#: Actions that may stand between a message and the form that takes it.
_NO_OTHER_ACTION: Final = (FORM, "action_extract_slots")
#: Intents whose message may answer the form. Everything else is a digression: the form rejects, the
#: rule for that intent answers, and the form asks again.
_ANSWERS: Final = frozenset(
    {
        "inform_value",
        "state_income",
        "state_expense",
        "state_offer_amount",
        "state_pay_date",
        "state_household",
        "state_lump_sum",
        "state_expected_income",
        "correct_fact",
        "willing_to_pay",
        "ask_for_plan",
        "cannot_pay_anything",
        "choose_option",
        "skip",
        "deny",
        "nlu_fallback",
        "chitchat_oos",
        *(f"reason_{reason}" for reason in REASONS),
    }
)
#: Of those, the ones that surely gave a value: when none was read, we say what is missing.
_VALUES: Final = frozenset(
    {"inform_value", "state_income", "state_expense", "state_offer_amount", "state_pay_date"}
)
_TOO_LONG: Final = re.compile(r"\d{8,}")
#: Whatever was asked, these come first.
_FIRST_OF_ALL: Final = ("distress_self_harm", "weary", "ask_human", "report_death", "opt_out")
#: Intents that may stand around a sum without meaning anything else by it.
_UNSURE: Final = ("hesitate", "affirm", "thanks", "greet")
_GUESSES: Final = ("nlu_fallback", "chitchat_oos")
QUESTION: Final = re.compile(
    r"[?？]|吗|什么|怎么|谁|哪[里个儿]|^\s*(?:what|who|whose|where|why|how|can|could|do|does|is|are)\b",
    re.IGNORECASE,
)


class ValidateSituationForm(ConversationAction):
    """Takes whatever a turn gave, in one call to the API.

    Rasa runs it when the form is asked to take an answer, but also when the form begins and after a
    digression; only the first is an answer. It returns nothing for a digression, so that the form
    rejects and the digression's own rule runs.
    """

    def name(self) -> str:
        """The name Rasa expects for this form."""
        return f"validate_{FORM}"

    async def act(self, turn: Turn) -> list[Event]:
        """Sends the facts, acknowledges, and reads back once all are there."""
        requested = turn.slot("requested_slot")
        if turn.caring and turn.intent == "deny":
            return []  # "are you safe?" was the last question: a no is an answer to that
        if turn.caring and _is_answer(turn) and turn.intent in _ANSWERS:
            return rest(turn, (await self.api.context(turn.conversation)).words)
        if not _is_answer(turn) or requested is None:
            return []
        named_day = requested == "pay_day" and is_date(turn.text)
        may_answer = turn.intent in _ANSWERS or named_day or is_plain_value(turn.text)
        plain = in_so_many_words(turn.text, requested) is not None
        may_answer = may_answer or (plain and turn.intent not in _FIRST_OF_ALL)
        if not may_answer and not _guesses_a_sum(turn, requested):
            return []
        if turn.intent in _GUESSES and QUESTION.search(turn.text):
            return []  # a figure in a question that is not understood answers nothing
        known = {fact: turn.slot(fact) for fact in FACTS}
        facts = _facts(turn, requested, known)
        if not facts:
            events = _without_facts(turn, requested, known)
            return [*keep_months_wished(turn), *events] if events else []
        answer = await self.api.situation(turn.conversation, facts)
        refused = say_refused(turn, answer)
        events = [
            SlotSet(fact, None if fact in refused else facts[fact])
            for fact in FACTS
            if fact in facts
        ]
        # A rejected form must be told apart from one that took something outside its own slots.
        events = events or [SlotSet(requested, known.get(requested))]
        events += keep_months_wished(turn)
        acknowledge(turn, answer, facts, refused, known, requested)
        left = [
            fact
            for fact in FACTS
            if (fact in refused or (known[fact] is None and fact not in facts))
        ]
        if left:
            return events
        return [*events, *read_back(turn, answer.context.words)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """The question stays open and is asked again."""
        requested = turn.slot("requested_slot")
        return [SlotSet(requested, None)] if requested and _is_answer(turn) else []


def _is_answer(turn: Turn) -> bool:
    """Whether the form runs on a fresh message, rather than beginning or coming back to itself."""
    if not turn.in_form:
        return False
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return True
        if event.get("event") == "action_execution_rejected":
            return False
        if event.get("event") == "action" and event.get("name") not in _NO_OTHER_ACTION:
            return False
    return False


def _guesses_a_sum(turn: Turn, requested: str) -> bool:
    """Whether a hesitant word or a yes holds the sum that was asked for ("dunno, maybe 300")."""
    unsure = turn.intent in _UNSURE and requested in AMOUNTS
    return unsure and bool(turn.entities("amount")) and not QUESTION.search(turn.text)


def _facts(turn: Turn, requested: str, known: Mapping[str, Any]) -> dict[str, object]:
    facts = read_facts(turn.intent, turn.text, turn.every_entity, requested, known, turn.today)
    if requested != "pay_day" and is_by_order(turn.text):
        facts.pop("pay_day", None)
    if turn.intent in ("willing_to_pay", "ask_for_plan"):
        facts = {name: value for name, value in facts.items() if value != SKIPPED}
    return facts


def _without_facts(turn: Turn, requested: str, known: Mapping[str, Any]) -> list[Event]:
    if part_of_spending(turn) and known["essential_spending"]:
        return total_again(turn)
    if turn.intent == "correct_fact":
        fact = named_fact(turn.text) or last_given(known) or requested
        return [SlotSet(fact, None)]
    if requested != "pay_day" and is_by_order(turn.text):
        turn.say({}, "utter_first_the_rest")
        return [SlotSet(requested, None)]
    if turn.intent in _VALUES or (requested == "pay_day" and is_date(turn.text)):
        said = {"pay_day": "utter_refused_day", "reason": "utter_explain_reason"}
        turn.say({}, said.get(requested, "utter_no_value"))
        return [SlotSet(requested, None)]
    if requested in AMOUNTS and _TOO_LONG.fullmatch(turn.text.strip()):
        turn.say({}, "utter_refused_amount")
        return [SlotSet(requested, None)]
    if turn.intent in ("ask_for_plan", "choose_option"):
        turn.say({}, "utter_first_the_rest")
        return [SlotSet(requested, None)]
    if turn.intent == "willing_to_pay":
        turn.say({}, "utter_heard")
        return [SlotSet(requested, None)]
    if turn.intent == "deny":
        return [SlotSet(requested, None)]
    if turn.intent.startswith("reason_"):  # told already; heard, and on we go
        turn.say({}, "utter_heard")
        return [SlotSet(requested, None)]
    return []
