"""The person's situation: the form's answers, corrections at any time, and the read-back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from rasa_sdk.events import SlotSet

from bot.actions.acknowledging import acknowledge, kind_word, say_refused
from bot.actions.api_client import Context
from bot.actions.counters import answer_wish, keep_months_wished, lump_sum_of, wish_of
from bot.actions.fact_names import AMOUNTS, FACTS, REASONS, SKIPPED, last_given, named_fact
from bot.actions.facts import is_date, is_plain_value, read_facts
from bot.actions.handoff import ActionHandoff
from bot.actions.later import LATER
from bot.actions.offers import (
    ActionChooseOffer,
    compare_plans,
    named_by_order,
    plan_again,
    present_barred,
)
from bot.actions.turn import FORM, ConversationAction, Event, Turn, ask_facts, asked, rest

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
#: What to ask for when the sum itself was not told.
_UNTOLD: Final = {"state_lump_sum": "lump_sum", "state_expected_income": "expected_income"}
_TOO_LONG: Final = re.compile(r"\d{8,}")
_TOO_MUCH: Final = re.compile(
    r"^(?!.*(?:一分|没钱|没有钱|拿不出|\bno money|\bnothing)).*(?:太[多高贵重]|还不起|负担不起|承受不了|压力太?大|吃力|吃不消|\btoo (?:much|high|expensive|steep)\b|\bcan'?t (?:afford|manage) (?:that|this|it)\b)",
    re.IGNORECASE,
)
#: What is disputed is on the card, not among what the person told of themselves.
_OF_THE_CARD: Final = re.compile(
    r"刷|账单|帳單|这笔|那笔|欠|交易|消费|利息|违约金|年费|手续费|\bcharged?\b|transaction|purchase|statement|\bowed?\b|balance|\bbill\b|interest|\bfee",
    re.IGNORECASE,
)
_RESTED: Final = (None, "person", "safe")
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


class ActionTakeFact(ConversationAction):
    """A fact, or its correction, given while the form is not running."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_take_fact"

    async def act(self, turn: Turn) -> list[Event]:
        """Sends it and reads everything back; without a value, asks that one question again."""
        if turn.stage in ("care", "consent"):
            return await self._not_yet(turn)
        if turn.in_form:  # a correction that named nothing: the form asks what it was asking
            return [ask_facts(True)]
        if turn.intent == "state_pay_date" and named_by_order(turn) is not None:
            return [*await ActionChooseOffer(self.api).act(turn), ask_facts(False)]
        # The record, not this conversation's memory: they may have told it on an earlier day.
        known = (await self.api.context(turn.conversation)).situation
        # The form may have been left half-way (a colleague was offered, somebody was asked how they
        # are): a bare value still answers the open question.
        left = turn.asked == "facts" or (turn.asked in _RESTED and turn.stage == "situation")
        waiting = next(iter(missing_facts(known)), None) if left else None
        waiting = turn.asked if turn.asked in LATER else waiting
        disputed = turn.intent == "dispute_debt"
        if disputed and (named_fact(turn.text) is None or _OF_THE_CARD.search(turn.text)):
            return [*await ActionHandoff(self.api).act(turn), ask_facts(False)]
        intent = "correct_fact" if disputed else turn.intent
        facts = read_facts(intent, turn.text, _entities(turn), waiting, known, turn.today)
        if turn.intent == "cannot_pay_anything" and not facts:
            facts = {"proposed_payment": "0.00"}
        if not facts:
            return await self._reopen(turn)
        if wish := lump_sum_of(turn, facts):  # asked about first: what would it change?
            return [*await answer_wish(turn, self.api, wish), ask_facts(False)]
        planned = turn.stage in ("offers", "agree") or turn.asked in LATER
        answer = await self.api.situation(turn.conversation, facts)
        events = remembered_facts(answer.context)
        if refused := say_refused(turn, answer):
            again = next((fact for fact in LATER if fact in refused), turn.asked)
            return [*events, asked(again), ask_facts(False)]
        if answer.context.barred:
            return [
                *events,
                *await present_barred(turn, self.api, answer.context),
                ask_facts(False),
            ]
        changed = any(known.get(fact) not in (None, SKIPPED) for fact in facts)
        skipped = all(value == SKIPPED for value in facts.values())
        skipped = skipped and turn.intent == "skip"  # "none" was an answer
        noted = kind_word(turn, facts) if set(facts) == {"reason"} else "utter_noted"
        turn.say({}, "utter_changed" if changed else "utter_ack_skip" if skipped else noted)
        if missing_facts(answer.context.situation):
            return [*events, asked("facts"), ask_facts(True)]
        if planned and set(facts) <= set(
            LATER
        ):  # all else was read back already: worked out at once
            return [*events, *await plan_again(turn, self.api, changed=True)]
        return [*events, *read_back(turn, answer.context.words), ask_facts(False)]

    async def _not_yet(self, turn: Turn) -> list[Event]:
        """Nothing is stored: care comes first, or consent is missing, or no plan can come of it."""
        context = await self.api.context(turn.conversation)
        if context.care or context.on_hold:
            return rest(turn, context.words)
        if context.barred:
            return [*await present_barred(turn, self.api, context), ask_facts(False)]
        turn.say(context.words, "utter_facts_before_consent")
        return [asked("consent"), ask_facts(False)]

    async def _reopen(self, turn: Turn) -> list[Event]:
        told_anew = turn.intent in ("correct_fact", "state_expense", "dispute_debt")
        fact = named_fact(turn.text) if told_anew else None
        fact = "essential_spending" if told_anew and _part_of_spending(turn) else fact
        fact = _UNTOLD.get(turn.intent, turn.asked if turn.asked in LATER else fact)
        if fact in LATER:
            turn.say({}, f"utter_ask_{fact}")
            return [asked(fact), ask_facts(False)]
        if fact is None and turn.stage == "situation" and turn.entities("term_months"):
            return await self._length_first(turn)
        if fact is None:
            turn.say({}, "utter_ask_what_to_change")
            return [ask_facts(False)]
        context = await self.api.context(turn.conversation)
        if _part_of_spending(turn):
            _total_again(turn)
        return [*remembered_facts(context), SlotSet(fact, None), asked("facts"), ask_facts(True)]

    async def _length_first(self, turn: Turn) -> list[Event]:
        """A number of months alone ("那40期呢"), and no plan yet: kept, and on with what it needs."""
        context = await self.api.context(turn.conversation)
        months = SlotSet("wished_months", int(turn.entities("term_months")[-1]["value"]))
        if missing_facts(context.situation):
            turn.say({}, "utter_first_the_rest")
            return [months, *remembered_facts(context), asked("facts"), ask_facts(True)]
        turn.say({}, "utter_first_is_it_right")
        return [months, *read_back(turn, context.words), ask_facts(False)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing is asked after a failure."""
        return [ask_facts(False)]


class ActionCounterOffer(ActionTakeFact):
    """A figure named while a plan is on the table: what would that come to? Else it is a fact."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_counter_offer"

    async def act(self, turn: Turn) -> list[Event]:
        """Nothing the person told us changes by asking."""
        if wish := wish_of(turn):
            return [*await answer_wish(turn, self.api, wish), ask_facts(False)]
        if turn.intent == "cannot_pay_anything" and _TOO_MUCH.search(turn.text):
            return [
                *await compare_plans(turn, self.api),
                ask_facts(False),
            ]  # this plan, not any at all
        return await super().act(turn)


def missing_facts(situation: Mapping[str, Any]) -> list[str]:
    """The form's questions that the record has no answer to, in order."""
    return [fact for fact in FACTS if situation.get(fact) is None]


def remembered_facts(context: Context) -> list[Event]:
    """The form's slots as the record has them."""
    return [SlotSet(fact, context.situation.get(fact)) for fact in FACTS]


def read_back(turn: Turn, words: Mapping[str, str]) -> list[Event]:
    """Everything noted in one message, for a yes or a correction."""
    turn.say(
        words,
        "utter_read_back_more",
        "utter_read_back",
        "utter_read_back_short_more",
        "utter_read_back_short",
    )
    return [asked("read_back")]


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


def _part_of_spending(turn: Turn) -> bool:
    """Whether a line that gave no fact holds a sum that is spent: then it was a part of what is spent."""
    told_anew = turn.intent in ("correct_fact", "state_expense", "dispute_debt")
    spent = any(entity.get("role") == "spending" for entity in turn.entities("amount"))
    about = named_fact(turn.text) == "essential_spending" and bool(turn.entities("amount"))
    return told_anew and (spent or about)


def _total_again(turn: Turn) -> list[Event]:
    """A part of what one lives on was told anew: the form asks for the whole."""
    turn.say({}, "utter_total_again")
    return [SlotSet("essential_spending", None)]


def _guesses_a_sum(turn: Turn, requested: str) -> bool:
    """Whether a hesitant word or a yes holds the sum that was asked for ("dunno, maybe 300")."""
    unsure = turn.intent in _UNSURE and requested in AMOUNTS
    return unsure and bool(turn.entities("amount")) and not QUESTION.search(turn.text)


def _entities(turn: Turn) -> list[Event]:
    return list(turn.tracker.latest_message.get("entities") or [])


def _facts(turn: Turn, requested: str, known: Mapping[str, Any]) -> dict[str, object]:
    facts = read_facts(turn.intent, turn.text, _entities(turn), requested, known, turn.today)
    if turn.intent in ("willing_to_pay", "ask_for_plan"):
        facts = {name: value for name, value in facts.items() if value != SKIPPED}
    return facts


def _without_facts(turn: Turn, requested: str, known: Mapping[str, Any]) -> list[Event]:
    if _part_of_spending(turn) and known["essential_spending"]:
        return _total_again(turn)
    if turn.intent == "correct_fact":
        fact = named_fact(turn.text) or last_given(known) or requested
        return [SlotSet(fact, None)]
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
