"""Which of the plans on the table a line means: by number, by order, by a figure, by what it is best at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.actions.api_client import OfferSummary
from bot.actions.counters import wish_of
from bot.actions.turn import Turn

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
_FIRST_SHOWN: Final = re.compile(
    r"刚才|原来|最合适|推荐|最好的|the first|original|best|recommend|\bbefore\b", re.IGNORECASE
)
_ORDER: Final = ("first", "second", "third")
_BY_ORDER: Final = re.compile(
    r"(?:ok(?:ay)?|yes|yeah|let'?s|lets|do|go|for|with|take|i'?ll|pick|choose|the|then|[,\s])*\b(first|second|third)\b(?: one)?(?: then| please)?[.!]*",
    re.IGNORECASE,
)
_TOO_MUCH: Final = re.compile(
    r"^(?!.*(?:一分|没钱|没有钱|拿不出|\bno money|\bnothing)).*(?:太[多高贵重]|还不起|负担不起|承受不了|压力太?大|吃力|吃不消"
    r"|\btoo (?:much|high|expensive|steep)\b|\bcan'?t (?:afford|manage) (?:that|this|it)\b)",
    re.IGNORECASE,
)


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


def is_by_order(text: str) -> bool:
    """Whether a line is nothing but "ok, the second": among several that is one of them, and no day of the month."""
    return _BY_ORDER.fullmatch(text.strip()) is not None


def says_too_much(turn: Turn) -> bool:
    """Whether a line says of the plan on the table that it is too much; not that there is no money at all."""
    return turn.stage in ("offers", "agree") and _TOO_MUCH.search(turn.text) is not None


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
