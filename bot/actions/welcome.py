"""The first word, coming back, and leaving it for now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.actions.agree import go_on_reading
from bot.actions.answers import AFTER_SIGNING
from bot.actions.api_client import ApiClient, Context
from bot.actions.besides import note_besides
from bot.actions.counters import keep_months_wished
from bot.actions.fact_names import AMOUNTS
from bot.actions.later import LATER
from bot.actions.offers import (
    WITH_COLLEAGUE,
    plan_again,
    present_barred,
    present_offers,
    wait_for_colleague,
)
from bot.actions.read_back import missing_facts, read_back, remembered_facts
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked, leave_form, rest


class ActionWelcome(ConversationAction):
    """``/open``: a first greeting, or where we were."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_welcome"

    async def act(self, turn: Turn) -> list[Event]:
        """Greets somebody new; takes up the thread with somebody who was here before."""
        context = await self.api.context(turn.conversation)
        if not context.returning and context.stage == "welcome":
            turn.say(context.words, "utter_welcome")
            return [asked("start"), ask_facts(False)]
        if context.identified:
            turn.say(context.words, "utter_welcome_back")
        return [*leave_form(turn), *await take_up(turn, self.api, context)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing is asked after a failure."""
        return [ask_facts(False)]


class ActionResume(ConversationAction):
    """Says again where we are, and asks what was being asked."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_resume"

    async def act(self, turn: Turn) -> list[Event]:
        """While the form runs it asks by itself; elsewhere the API knows where we are."""
        kept = keep_months_wished(turn)
        if turn.in_form and not turn.caring:
            if turn.intent in _ABOUT_PLANS:
                turn.say({}, "utter_first_the_rest")
            elif turn.intent == "affirm" and (needed := turn.slot("requested_slot")) in _NEEDED:
                turn.say({}, _NEEDED[needed])
            if turn.entities("also"):  # "hours cut, could i do 48 months"
                noted = await note_besides(turn, self.api, {})
                kept += [*noted.events, *noted.closing(turn)]
            return [*kept, ask_facts(True)]
        if turn.stage == "situation" and turn.asked == "read_back":
            if turn.intent == "change_term" or _takes_it_so(turn):
                return await plan_again(turn, self.api)
            if turn.intent in _ABOUT_PLANS:
                turn.say({}, "utter_first_is_it_right")
        if turn.stage == "situation" and turn.asked in LATER and not turn.caring:
            if turn.intent in (*_ABOUT_PLANS, "ask_for_plan"):
                turn.say({}, "utter_first_the_rest")
            turn.say({}, f"utter_ask_{turn.asked}")
            return [*kept, ask_facts(False)]
        return await take_up(turn, self.api, await self.api.context(turn.conversation))

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing is asked after a failure."""
        return [ask_facts(False)]


#: What is asked of a plan while the questions that it rests on are still open.
_ABOUT_PLANS: Final = frozenset(
    {"ask_other_offers", "change_term", "choose_option", "sign_agreement"}
)
#: What a bare yes to a question for a figure is told.
_NEEDED: Final = {**dict.fromkeys(AMOUNTS, "utter_no_value"), "pay_day": "utter_refused_day"}
_PAUSES: Final = {
    "ask_later": ("utter_later", "utter_later"),
    "goodbye": ("utter_goodbye", "utter_goodbye"),
    "insult": ("utter_insult", "utter_insult"),
    "unwilling_to_pay": ("utter_unwilling_before", "utter_unwilling"),
}
_BEFORE_IDENTITY: Final = ("welcome", "identify")


def _takes_it_so(turn: Turn) -> bool:
    """Whether words that choose mean only the read-back they answer ("好 就这个"): there is nothing else yet."""
    return turn.intent == "choose_option" and not turn.entities("option")


class ActionPause(ConversationAction):
    """The person leaves it for now, angrily or not: nothing is asked after the answer."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_pause"

    async def act(self, turn: Turn) -> list[Event]:
        """Answers in the person's own key and lets the form rest. No call: nothing is recorded."""
        if turn.caring and turn.intent == "unwilling_to_pay":
            turn.say({}, "utter_later")
            return leave_form(turn)
        before, after = _PAUSES.get(turn.intent, _PAUSES["ask_later"])
        turn.say({}, before if turn.stage in _BEFORE_IDENTITY else after)
        return leave_form(turn)


async def take_up(turn: Turn, api: ApiClient, context: Context) -> list[Event]:
    """Says what the record's stage calls for next, and returns the events that go with it."""
    if context.bereaved:
        turn.say(context.words, "utter_death_question", "utter_human_noted")
        return [asked(None), ask_facts(False)]
    if context.care or context.on_hold:
        return rest(turn, context.words)
    if not context.identified:
        return [*_prove_identity(turn, context), ask_facts(False)]
    if context.stage == "offers":
        return [*present_offers(turn, await api.offers(turn.conversation)), ask_facts(False)]
    if context.barred and context.stage in ("consent", "situation"):
        return [*await present_barred(turn, api, context), ask_facts(False)]
    if context.stage in ("welcome", "identify", "consent"):
        return [*ask_consent(turn, context), ask_facts(False)]
    if context.stage == "situation":
        return _go_on_with_facts(turn, context)
    ways: dict[str, Callable[[Turn, Context], list[Event]]] = {"agree": _go_on_agreeing}
    return [*ways.get(context.stage, _after_signing)(turn, context), ask_facts(False)]


def ask_consent(turn: Turn, context: Context) -> list[Event]:
    """The consent question with its card."""
    turn.say(context.words, "utter_ask_consent")
    turn.card("consent")
    return [asked("consent")]


def _prove_identity(turn: Turn, context: Context) -> list[Event]:
    challenge = context.challenge
    if challenge is None or challenge.purpose == "signature":
        greeting = "utter_hello" if turn.asked == "start" else "utter_welcome"
        turn.say(context.words, greeting if turn.intent == "greet" else "utter_ask_identity")
        return [asked("start")]
    if challenge.state == "paused":
        turn.say(context.words, "utter_challenge_paused")
        return [asked("start")]
    if challenge.purpose == "document":
        turn.say(context.words, "utter_ask_document")
        turn.card("document")
        return [asked("document")]
    expired = challenge.state == "expired"
    turn.say(context.words, "utter_code_expired" if expired else "utter_code_waiting")
    turn.card("code")
    return [asked("code")]


def _go_on_with_facts(turn: Turn, context: Context) -> list[Event]:
    events = remembered_facts(context)
    if missing_facts(context.situation):
        return [*events, asked("facts"), ask_facts(True)]
    if context.refused in WITH_COLLEAGUE and context.case != "none":
        return [*events, *wait_for_colleague(turn, context.words), ask_facts(False)]
    return [*events, *read_back(turn, context.words), ask_facts(False)]


def _go_on_agreeing(turn: Turn, context: Context) -> list[Event]:
    challenge = context.challenge
    if challenge is not None and challenge.purpose == "signature" and challenge.state == "open":
        turn.say(context.words, "utter_signing_code_waiting")
        turn.card("code")
        return [asked("signing_code")]
    return go_on_reading(turn, context)


def _after_signing(turn: Turn, context: Context) -> list[Event]:
    turn.say(context.words, *AFTER_SIGNING, "utter_thanks")
    return [asked("after_signing")]
