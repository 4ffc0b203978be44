"""Facts and corrections at any time outside the form, and figures set against a plan."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet

from bot.actions.acknowledging import kind_word, say_refused
from bot.actions.counters import answer_wish, lump_sum_of, wish_of
from bot.actions.fact_names import SKIPPED, named_fact
from bot.actions.facts import read_facts
from bot.actions.handoff import ActionHandoff
from bot.actions.later import LATER
from bot.actions.offers import ActionChooseOffer, compare_plans, plan_again, present_barred
from bot.actions.read_back import (
    TOLD_ANEW,
    missing_facts,
    part_of_spending,
    read_back,
    remembered_facts,
    total_again,
)
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked, rest
from bot.actions.which_offer import named_by_order, says_too_much

#: What to ask for when the sum itself was not told.
_UNTOLD: Final = {"state_lump_sum": "lump_sum", "state_expected_income": "expected_income"}
#: What is disputed is on the card, not among what the person told of themselves.
_OF_THE_CARD: Final = re.compile(
    r"刷|账单|帳單|这笔|那笔|欠|交易|消费|利息|违约金|年费|手续费|\bcharged?\b|transaction|purchase|statement|\bowed?\b|balance|\bbill\b|interest|\bfee",
    re.IGNORECASE,
)
_RESTED: Final = (None, "person", "safe")


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
        if disputed and _OF_THE_CARD.search(turn.text):
            return [*await ActionHandoff(self.api).act(turn), ask_facts(False)]
        intent = "correct_fact" if disputed else turn.intent
        facts = read_facts(intent, turn.text, turn.every_entity, waiting, known, turn.today)
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
        told_anew = turn.intent in TOLD_ANEW
        fact = named_fact(turn.text) if told_anew else None
        fact = "essential_spending" if told_anew and part_of_spending(turn) else fact
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
        if part_of_spending(turn):
            total_again(turn)
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
        if turn.intent == "cannot_pay_anything" and says_too_much(turn):
            return [
                *await compare_plans(turn, self.api),
                ask_facts(False),
            ]  # this plan, not any at all
        return await super().act(turn)
