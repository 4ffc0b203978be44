"""Counter-offers: another payment or another length, worked out by the API and only answered here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from rasa_sdk.events import SlotSet

from bot.actions.amounts import owed_elsewhere
from bot.actions.api_client import ApiClient, ApiError, CounterAnswer
from bot.actions.facts import said_besides
from bot.actions.later import read_later
from bot.actions.turn import Event, Turn, asked

#: Stages in which a plan is on the table that a figure can be set against.
_ON_THE_TABLE: Final = frozenset({"offers", "agree"})
_IN_INSTALMENTS: Final = re.compile(
    r"期|\binstal|\bspread|\bover \S+ (?:months|years)", re.IGNORECASE
)
_FOR_A_LENGTH: Final = frozenset({"change_term", "ask_for_plan"})
#: A bare figure up to here is a number of months: no payment is that small.
_LARGEST_BARE_TERM: Final = Decimal(60)
_WHY_NOT: Final = {
    ("more_than_affordable", "monthly"): "utter_counter_too_much",
    ("shorter_than_affordable", "periods"): "utter_counter_too_short",
    ("longer_than_allowed", "monthly"): "utter_counter_too_low",
    ("longer_than_allowed", "periods"): "utter_counter_too_long",
    ("one_payment_only", "monthly"): "utter_counter_one_payment",
    ("one_payment_only", "periods"): "utter_counter_one_payment",
    ("lump_sum_too_small", "lump_sum"): "utter_counter_lump_too_small",
    ("lump_sum_not_taken", "lump_sum"): "utter_counter_lump_not_taken",
}
#: Said alike whether or not another plan is shown.
_ONE_WAY: Final = frozenset(
    {"utter_counter_one_payment", "utter_counter_lump_too_small", "utter_counter_lump_not_taken"}
)


def wish_of(turn: Turn) -> dict[str, object] | None:
    """The payment, the months or the lump sum that a message asks for, while there is a plan to compare.

    A sum named as too much or as the debt is none; of a range the lower end counts, of several lengths the
    one named last. "Not 1,000, only 900" takes back what was said: a changed fact, not a wish.
    """
    if turn.stage not in _ON_THE_TABLE or takes_back(turn):
        return None
    later, _ = read_later(turn.intent, turn.text, turn.entities("amount"), turn.asked, turn.today)
    if "lump_sum" in later:
        return {"lump_sum": later["lump_sum"]}
    if later:  # an income to come is a fact, not a wish
        return None
    for entity in turn.entities("amount"):
        if entity.get("role") not in (None, "offer"):
            continue
        value = entity["value"]
        sum_named = Decimal(str(value["from"] if isinstance(value, Mapping) else value))
        if sum_named <= 0:
            continue
        if entity.get("role") is None and sum_named <= _LARGEST_BARE_TERM and sum_named % 1 == 0:
            return {"periods": int(sum_named)}
        return {"monthly": f"{sum_named:.2f}"}
    terms = turn.entities("term_months")
    return {"periods": int(terms[-1]["value"])} if terms else None  # "60期？先看40期吧": the last


def months_wished(turn: Turn) -> int | None:
    """The number of months that a message asks for before there is a plan to compare it with."""
    terms = turn.entities("term_months")
    if not terms or turn.stage in _ON_THE_TABLE:
        return None
    meant = {turn.intent, *said_besides(turn.entities("also"))} & _FOR_A_LENGTH
    in_so_many = _IN_INSTALMENTS.search(turn.text) and not owed_elsewhere(turn.text)
    return int(terms[-1]["value"]) if meant or in_so_many else None


def keep_months_wished(turn: Turn) -> list[Event]:
    """The event that keeps a wished length until there is a plan; none where none was named."""
    months = months_wished(turn)
    return [] if months is None else [SlotSet("wished_months", months)]


def takes_back(turn: Turn) -> bool:
    """Whether a figure takes back another ("not 1,000, only 900") while there is a plan."""
    corrected = any(entity.get("corrected") for entity in turn.entities("amount"))
    return corrected and turn.stage in _ON_THE_TABLE


def lump_sum_of(turn: Turn, facts: Mapping[str, object]) -> dict[str, object] | None:
    """The lump sum as a wish, where it is all that was told and there is a plan to compare."""
    only = set(facts) == {"lump_sum"} and facts["lump_sum"] != "skipped"
    return dict(facts) if only and turn.stage in _ON_THE_TABLE else None


async def answer_wish(turn: Turn, api: ApiClient, wish: Mapping[str, object]) -> list[Event]:
    """Says what the wish comes to and what it changes; nothing is chosen by asking."""
    try:
        answer = await api.counter(turn.conversation, wish)
    except ApiError as error:
        if error.code not in ("offers_expired", "balance_changed"):
            raise
        changed = error.code == "balance_changed"
        turn.say(error.words, "utter_balance_changed_plain" if changed else "utter_offers_expired")
        return [asked(None), SlotSet("counter", None)]
    turn.say(answer.context.words, *_responses(answer))
    if not answer.same:
        turn.card("counter")
    return [asked("counter"), SlotSet("counter", _remembered(answer))]


def _responses(answer: CounterAnswer) -> tuple[str, ...]:
    if answer.why_not is None:
        return ("utter_counter_same",) if answer.same else ("utter_counter",)
    said = _WHY_NOT.get((answer.why_not, answer.asked), "utter_counter")
    return (f"{said}_same",) if answer.same and said not in _ONE_WAY else (said,)


def _remembered(answer: CounterAnswer) -> dict[str, Any]:
    return {"number": answer.number, "compared": answer.compared}
