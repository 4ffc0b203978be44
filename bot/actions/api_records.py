"""What the API answers, as frozen records, and how they are read from its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MALFORMED: Final = "api_malformed"


class ApiError(Exception):
    """The API refused or could not be asked.

    ``code`` is the API's problem code, or one of this module's own; ``words`` are what the API
    gave for telling the person (may be empty); ``status`` is the HTTP status, 0 when there was none.
    """

    def __init__(self, code: str, status: int = 0, words: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.words: Mapping[str, str] = words or {}


@dataclass(frozen=True)
class Challenge:
    """An open challenge: what is being proved, and whether it can still be answered."""

    purpose: str
    state: str
    tries_left: int


@dataclass(frozen=True)
class OfferSummary:
    """What is needed to tell one shown offer from another."""

    number: int
    tag: str
    monthly: str
    periods: int
    total: str
    kind: str = "instalments"


@dataclass(frozen=True)
class Handed:
    """How the floor came back from a colleague, and what was left with the assistant.

    ``kind``: handed_back, closed, away, late (a promise not kept) or call_missed.
    """

    kind: str
    agreed: str = ""
    #: A colleague's plan stands.
    plan: bool = False
    #: Facts that the colleague wrote down.
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """Where a conversation stands in the API's record, with ``words`` ready to be said."""

    words: Mapping[str, str]
    locale: str
    stage: str
    identified: bool
    case: str = "none"
    asked_next: str | None = None
    challenge: Challenge | None = None
    situation: Mapping[str, Any] = field(default_factory=dict)
    has_offers: bool = False
    offers: tuple[OfferSummary, ...] = ()
    choice: int | None = None
    has_terms: bool = False
    #: The kind of the plan that is spoken of.
    kind: str | None = None
    #: Papers wanted before a signature: ``missing``, ``in_review`` or ``complete``; None where none are.
    evidence: str | None = None
    signed: bool = False
    returning: bool = False
    #: Signs of distress were told in this conversation and nobody has seen to them yet.
    care: bool = False
    #: A death was told of in this conversation: whoever writes is a relative, or nobody we know.
    bereaved: bool = False
    #: Why plans and signing rest: ``distress``, ``deceased`` or ``fraud``.
    on_hold: str | None = None
    #: Why the newest calculation gave no offer; None when it did, or when facts changed since.
    refused: str | None = None
    #: Why no plan can come of it whatever is told: ``in_court``, ``account_with_human``, ``nothing_due``.
    barred: str | None = None
    #: What a colleague left when the floor last came back.
    handed: Handed | None = None
    #: A colleague looks at these terms before they can be signed.
    review: bool = False


@dataclass(frozen=True)
class Refused:
    """A fact the API would not take, and why."""

    field: str
    code: str


@dataclass(frozen=True)
class SituationAnswer:
    """What became of the facts that were sent."""

    context: Context
    accepted: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class OffersAnswer:
    """Offers were computed (``count`` of them), or refused for ``reason``."""

    context: Context
    outcome: str
    count: int
    reason: str | None
    #: With the reason ``needs_facts``: the one fact whose telling would help.
    question: str | None = None
    #: Kinds that were left out because only a supervisor may decide them; the case exists.
    with_supervisor: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandoffAnswer:
    """A case exists; ``in_hours`` says whether somebody is there now."""

    context: Context
    in_hours: bool


@dataclass(frozen=True)
class Progress:
    """How the newest agreement goes; ``state`` is None where there never was one."""

    words: Mapping[str, str]
    #: ``in_force``, ``fulfilled``, ``broken`` or ``withdrawn``.
    state: str | None
    #: Of the next payment: ``due``, ``part_paid``, ``in_grace`` or ``missed``.
    next_state: str
    may_move: bool
    #: Whether any payment has been counted yet.
    begun: bool = False


@dataclass(frozen=True)
class CallBackAnswer:
    """Times for a call, as words to choose from; none when nothing is free."""

    context: Context
    times: tuple[str, ...]


@dataclass(frozen=True)
class CounterAnswer:
    """The nearest plan to what was asked for; ``why_not`` says why it is not exactly that."""

    context: Context
    #: ``monthly``, ``periods`` or ``lump_sum``: what was asked for.
    asked: str
    number: int
    #: The plan it was set against, and whether it is that very plan.
    compared: int
    same: bool
    why_not: str | None
    offer: OfferSummary


def read_context(data: Mapping[str, Any]) -> Context:
    """Where a conversation stands; raises :class:`ApiError` when that is not what came."""
    try:
        stage, locale = str(data["stage"]), str(data["locale"])
    except KeyError as error:
        raise ApiError(MALFORMED) from error
    return Context(
        words=read_words(data),
        locale=locale,
        stage=stage,
        identified=bool(data.get("identified")),
        case=str(data.get("case") or "none"),
        asked_next=data.get("asked_next"),
        challenge=_challenge(data.get("open_challenge")),
        situation=data.get("situation") or {},
        has_offers=bool(data.get("has_offers")),
        offers=tuple(_offer(item) for item in _list(data.get("offers"))),
        choice=data.get("choice"),
        has_terms=bool(data.get("has_terms")),
        kind=data.get("kind"),
        evidence=data.get("evidence"),
        signed=bool(data.get("signed")),
        returning=bool(data.get("returning")),
        care=bool(data.get("care")),
        bereaved=bool(data.get("bereaved")),
        on_hold=data.get("on_hold"),
        refused=data.get("refused"),
        barred=data.get("barred"),
        handed=_handed(data.get("handed")),
        review=bool(data.get("review")),
    )


def read_words(data: Mapping[str, Any]) -> dict[str, str]:
    """The ready strings; an absent value is left out, so that nothing is said with a hole in it."""
    words = data.get("words")
    if not isinstance(words, dict):
        return {}
    return {str(name): str(value) for name, value in words.items() if value not in (None, "")}


def _handed(data: object) -> Handed | None:
    if not isinstance(data, dict):
        return None
    return Handed(
        kind=str(data.get("kind", "")),
        agreed=str(data.get("agreed") or ""),
        plan=bool(data.get("plan")),
        facts=tuple(str(name) for name in _list(data.get("facts"))),
    )


def _challenge(data: object) -> Challenge | None:
    if not isinstance(data, dict):
        return None
    return Challenge(
        purpose=str(data.get("purpose", "")),
        state=str(data.get("state", "")),
        tries_left=_int(data.get("tries_left")),
    )


def _offer(data: Mapping[str, Any]) -> OfferSummary:
    return OfferSummary(
        number=_int(data.get("number")),
        tag=str(data.get("tag", "")),
        monthly=str(data.get("monthly", "")),
        periods=_int(data.get("periods")),
        total=str(data.get("total", "")),
        kind=str(data.get("kind") or "instalments"),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def read_situation(data: Mapping[str, Any]) -> SituationAnswer:
    """What became of the facts that were sent."""
    refused = tuple(
        Refused(str(item.get("field", "")), str(item.get("code", "")))
        for item in _list(data.get("refused"))
    )
    accepted = tuple(str(name) for name in _list(data.get("accepted")))
    return SituationAnswer(read_context(data), accepted, refused)


def read_offers(data: Mapping[str, Any]) -> OffersAnswer:
    """Offers, or why there are none."""
    reason = data.get("reason")
    return OffersAnswer(
        context=read_context(data),
        outcome=str(data.get("outcome", "")),
        count=_int(data.get("count")),
        reason=None if reason is None else str(reason),
        question=data.get("question"),
        with_supervisor=tuple(str(kind) for kind in _list(data.get("with_supervisor"))),
    )


def read_progress(data: Mapping[str, Any]) -> Progress:
    """How an agreement goes."""
    found = data.get("progress")
    if not isinstance(found, dict):
        return Progress(read_words(data), state=None, next_state="", may_move=False)
    return Progress(
        words=read_words(data),
        state=str(found.get("state", "")),
        next_state=str(found.get("next_state") or ""),
        may_move=bool(found.get("move")),
        begun=str(found.get("paid_total")) != "0.00",
    )


def read_counter(data: Mapping[str, Any]) -> CounterAnswer:
    """A counter-offer; raises :class:`ApiError` when the answer holds none."""
    found = data.get("counter")
    if not isinstance(found, dict):
        raise ApiError(MALFORMED)
    why_not = found.get("why_not")
    return CounterAnswer(
        context=read_context(data),
        asked=str(found.get("asked", "")),
        number=_int(found.get("number")),
        compared=_int(found.get("compared")),
        same=bool(found.get("same")),
        why_not=None if why_not is None else str(why_not),
        offer=_offer(found),
    )
