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
_SOONEST: Final = re.compile(
    r"最快|最早|快点?还|早点?还|短|quick|fast|soon|short|earliest", re.IGNORECASE
)
_LOWEST_TOTAL: Final = re.compile(
    r"一共最少|总共最少|总[额数]?最[少低]|最省|总的少|least in total|lowest total|cheapest|least overall",
    re.IGNORECASE,
)
_LOWEST_MONTHLY: Final = re.compile(
    r"每月最?[少低]|每个月最?[少低]|月供最?[少低]|最?轻松|长|慢|lowest month|lowest pay|smallest|lower month"
    r"|long|easiest|per month|a month",
    re.IGNORECASE,
)
_ORDER: Final = ("first", "second", "third")
_BY_ORDER: Final = re.compile(
    r"(?:ok(?:ay)?|yes|yeah|let'?s|lets|do|go|for|with|take|i'?ll|pick|choose|the|then|[,\s])*\b(first|second|third)\b(?: one)?(?: then| please)?[.!]*",
    re.IGNORECASE,
)
_FIRST_SHOWN: Final = re.compile(
    r"刚才|原来|最合适|推荐|最好的|the first|original|best|recommend|\bbefore\b", re.IGNORECASE
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


def named_option(turn: Turn) -> int | None:
    """Which of the shown offers the message names or describes; None when it names none."""
    number = _number(turn)
    number = named_by_order(turn) if number is None else number
    if number is not None:
        return number
    counter = turn.slot("counter") if turn.asked == "counter" else None
    if counter and _FIRST_SHOWN.search(turn.text):
        return int(counter["compared"])
    shown = [OfferSummary(**item) for item in turn.slot("options_shown") or []]
    by_figure = _by_figure(turn, shown)
    if by_figure is not None or wish_of(turn):  # "600 a month" is no word for the lowest of them
        return by_figure
    return _described(turn, shown)


def named_by_order(turn: Turn) -> int | None:
    """The offer that "ok, the first" names while offers are on the table, though it may be a day elsewhere."""
    if turn.stage != "offers" or turn.asked not in ("offer", "options", "counter"):
        return None
    found = _BY_ORDER.fullmatch(turn.text.strip())
    return 1 + _ORDER.index(found[1].lower()) if found else None


def _talked_of(turn: Turn) -> int | None:
    """The one offer that a bare yes means: the counter-offer just answered, or the one just shown."""
    if turn.asked == "counter" and turn.slot("counter"):
        return int(turn.slot("counter")["number"])
    return 1 if turn.asked == "offer" else None


def _number(turn: Turn) -> int | None:
    for entity in turn.entities("option"):
        if str(entity["value"]).isdigit():
            return int(entity["value"])
    if turn.intent == "inform_value":
        for entity in turn.entities("amount"):
            match = re.fullmatch(r"([1-3])(?:\.0+)?", str(entity["value"]))
            if match:
                return int(match.group(1))
    return None


def _by_figure(turn: Turn, shown: Sequence[OfferSummary]) -> int | None:
    """An offer told by its length or its payment."""
    terms = {str(entity["value"]) for entity in turn.entities("term_months")}
    sums = {str(entity["value"]) for entity in turn.entities("amount")}
    return next(
        (
            offer.number
            for offer in shown
            if str(offer.periods) in terms or offer.monthly in sums or offer.total in sums
        ),
        None,
    )


def _described(turn: Turn, shown: Sequence[OfferSummary]) -> int | None:
    """An offer told by what it is best at."""
    if not shown:
        return None
    if _FIRST_SHOWN.search(turn.text):
        return shown[0].number
    if _LOWEST_TOTAL.search(turn.text):
        return _tagged(shown, "lowest_total")
    if _SOONEST.search(turn.text):
        return min(shown, key=lambda offer: offer.periods).number
    if _LOWEST_MONTHLY.search(turn.text):
        return max(shown, key=lambda offer: offer.periods).number
    return None


def _tagged(shown: Sequence[OfferSummary], tag: str) -> int:
    """The offer with a tag; the API puts the best-fitting one first, which may hold it unnamed."""
    return next((offer.number for offer in shown if offer.tag == tag), shown[0].number)


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
