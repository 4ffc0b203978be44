"""Offers computed by the API: shown, compared, chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rasa_sdk.events import SlotSet

from bot.actions.agree import read_out
from bot.actions.api_client import ApiClient, ApiError, Context, OffersAnswer, OfferSummary
from bot.actions.counters import answer_wish, months_wished, wish_of
from bot.actions.evidence import MISSING
from bot.actions.later import LATER
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked
from bot.actions.which_offer import named_option

_REFUSED: Final = {
    "nothing_affordable": ("utter_refused_nothing_affordable", "utter_refused_short"),
    "beyond_authority": ("utter_refused_beyond_authority", "utter_refused_short"),
    "account_with_human": ("utter_refused_account_with_human",),
    "in_court": ("utter_refused_in_court", "utter_refused_account_with_human"),
    "nothing_due": ("utter_refused_nothing_due",),
}
#: Refusals after which a colleague acts.
WITH_COLLEAGUE: Final = ("nothing_affordable", "beyond_authority", "account_with_human")
_BEGGING: Final = re.compile(
    r"便宜|优惠|再少|再低|少点|低点|低一点|减点|让点|求|帮帮"
    r"|cheaper|go (?:any )?lower|any lower|better deal|come on|beg\b|just do it|help me",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"吗|能不能|怎么|什么时候|[?？]|^\s*(?:can|could|how|when|where|should|do)\b", re.IGNORECASE
)


class ActionMakeOffers(ConversationAction):
    """Has the offers computed and shows the best-fitting one."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_make_offers"

    async def act(self, turn: Turn) -> list[Event]:
        """One offer first; or why there is none and who is next. A figure named is answered instead."""
        if wish := wish_of(turn):
            return [*await answer_wish(turn, self.api, wish), ask_facts(False)]
        return await plan_again(turn, self.api)

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing is asked after a failure."""
        return [ask_facts(False)]


class ActionShowOtherOffers(ConversationAction):
    """The others, side by side, as numbered lines and a card."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_show_other_offers"

    async def act(self, turn: Turn) -> list[Event]:
        """Two or three to compare; or the honest word that there is only one."""
        return await _answer_wish(turn, self.api)


class ActionChangeTerm(ConversationAction):
    """Answers a wish for less or for another length: the figures do not depend on the asking."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_change_term"

    async def act(self, turn: Turn) -> list[Event]:
        """Begging changes nothing and is told so; a wish for another length shows the others."""
        return await _answer_wish(turn, self.api)


class ActionChooseOffer(ConversationAction):
    """A choice by number, by name or by description."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_choose_offer"

    async def act(self, turn: Turn) -> list[Event]:
        """Records the choice and begins to read the terms; an unclear one is asked about.

        A figure that is none of the offers is no choice but a question: what would that come to?
        """
        option = named_option(turn)
        if option is None and (wish := wish_of(turn)):
            return await answer_wish(turn, self.api, wish)
        if option is None and turn.intent == "sign_agreement" and _ASKS.search(turn.text):
            turn.say({}, "utter_how_to_sign")  # "今天能签吗" chooses nothing
            return []
        option = _talked_of(turn) if option is None else option
        if option is None:
            turn.say({}, "utter_which_option")
            return []
        if turn.asked == "offer" and option > 1:
            # Only the first was shown ("第二个得唔得"): nobody chooses what they have not seen.
            return await compare_plans(turn, self.api)
        context = await self.api.choice(turn.conversation, option)
        if context.review:  # first, so that the way on stands below the terms
            turn.say(context.words, "utter_plan_review", "utter_human_noted")
        return read_out(turn, context, 0, 1)

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """A number that is not there, or an offer past its date."""
        if error.code == "option_unknown":
            turn.say(error.words, "utter_which_option")
            return []
        if error.code == "offers_expired":
            turn.say(error.words, "utter_offers_expired")
            return [asked(None), SlotSet("options_shown", None)]
        return super().failed(turn, error)


async def plan_again(turn: Turn, api: ApiClient, *, changed: bool = False) -> list[Event]:
    """Has the plans worked out and shows the best; or asks the one question that would help.

    After a new fact (``changed``) it is said what that changed, where there was a plan before. Months wished
    for before there was a plan are answered with it.
    """
    answer = await api.offers(turn.conversation)
    if answer.outcome == "offered" or answer.reason != "needs_facts":
        shown = present_offers(turn, answer)
        if changed and "since_before" in answer.context.words:
            turn.say(answer.context.words, "utter_since_before")
        wished = months_wished(turn) or turn.slot("wished_months")
        if wished and answer.outcome == "offered" and not _has_length(answer, int(wished)):
            shown += await answer_wish(turn, api, {"periods": int(wished)})
            shown.append(SlotSet("wished_months", None))
        return [*shown, ask_facts(False)]
    if answer.question in LATER:
        turn.say(answer.context.words, f"utter_ask_{answer.question}")
        return [asked(answer.question), ask_facts(False)]
    return [asked("facts"), ask_facts(True)]


def _has_length(answer: OffersAnswer, months: int) -> bool:
    return bool(answer.context.offers) and answer.context.offers[0].periods == months


def present_offers(turn: Turn, answer: OffersAnswer) -> list[Event]:
    """Says the best offer with its card, or the refusal with its own."""
    words = answer.context.words
    if answer.outcome != "offered":
        in_court = answer.context.barred == "in_court"
        reason = "in_court" if in_court else str(answer.reason)
        turn.say(words, *_REFUSED.get(reason, ()), "utter_refused_short", "utter_human_noted")
        turn.card("refusal")
        return [asked(None)]
    best = answer.context.offers[0] if answer.context.offers else None
    if best is not None and best.kind == "settlement":
        turn.say(words, "utter_offer_settlement", "utter_offer_plain")
    else:
        turn.say(words, "utter_offer", "utter_offer_more", "utter_offer_plain")
    turn.card("offer")
    if "named_none" in words:
        turn.say(words, "utter_offer_named_none")
    if "named_less" in words:
        turn.say(words, "utter_offer_above_named")
    if answer.context.evidence == MISSING:
        turn.say(words, "utter_evidence_first")
        turn.card("evidence")
    if answer.with_supervisor:
        turn.say(words, "utter_with_supervisor", "utter_human_noted")
    return [asked("offer"), _shown(answer.context.offers)]


async def present_barred(turn: Turn, api: ApiClient, context: Context) -> list[Event]:
    """No plan can come of it whatever they tell, so they are told at once and asked nothing."""
    if context.barred == "nothing_due":
        turn.say(context.words, "utter_due_soon", "utter_refused_nothing_due")
        return [asked(None)]
    if context.refused == "account_with_human" and context.case != "none":
        turn.say(context.words, "utter_colleague_only", "utter_human_noted")
        return [asked(None)]
    return present_offers(turn, await api.offers(turn.conversation))


def wait_for_colleague(turn: Turn, words: Mapping[str, str]) -> list[Event]:
    """They were told already why there is no plan; now only who is next and what they may do."""
    turn.say(words, "utter_with_colleague", "utter_human_noted")
    return [asked(None)]


def _talked_of(turn: Turn) -> int | None:
    """The one offer that a bare yes means: the counter-offer just answered, or the one just shown."""
    if turn.asked == "counter" and turn.slot("counter"):
        return int(turn.slot("counter")["number"])
    return 1 if turn.asked == "offer" else None


async def compare_plans(turn: Turn, api: ApiClient) -> list[Event]:
    """The plans side by side; or the honest word that there is only one."""
    return _compare(turn, await api.offers(turn.conversation))


async def _answer_wish(turn: Turn, api: ApiClient) -> list[Event]:
    """The same facts get the same figures, however they are asked for; other lengths exist."""
    if wish := wish_of(turn):
        return await answer_wish(turn, api, wish)
    if _BEGGING.search(turn.text):
        context = await api.context(turn.conversation)
        turn.say(context.words, "utter_same_figures", "utter_only_offer")
        return []
    return await compare_plans(turn, api)


def _compare(turn: Turn, answer: OffersAnswer) -> list[Event]:
    if answer.outcome != "offered":
        return present_offers(turn, answer)
    if answer.count < 2:
        turn.say(answer.context.words, "utter_only_offer")
        return [asked("offer"), _shown(answer.context.offers)]
    turn.say(
        answer.context.words, f"utter_other_offers_{min(answer.count, 3)}", "utter_which_option"
    )
    turn.card("comparison")
    return [asked("options"), _shown(answer.context.offers)]


def _shown(offers: Sequence[OfferSummary]) -> Event:
    shown: list[dict[str, Any]] = [vars(offer) for offer in offers]
    return SlotSet("options_shown", shown)
