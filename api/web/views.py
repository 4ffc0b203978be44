"""The shapes that the pages are rendered from. Money is decimal strings, days are ISO, times UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, Required, TypedDict

__all__ = ["Banner", "ChatView", "ContactsView", "KeepingView", "Record", "Section"]

Record = Mapping[str, Any]
"""A reply record as the public API gives it: ``id, seq, speaker, text, lang, quick_replies, card,
at, client_message_id``; ``name`` too when the speaker is a collector."""


class Column(TypedDict):
    """A column of a document's table; figures stand to the right."""

    label: str
    align: str


class Table(TypedDict):
    """A table of a document: every cell is text already."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]


class Section(TypedDict):
    """One heading of a document with its paragraphs, its number if it is a clause, and its table."""

    heading: str
    paragraphs: Sequence[str]
    mark: NotRequired[str]
    table: NotRequired[Table | None]


class Banner(TypedDict, total=False):
    """Who has the floor, or that somebody is on the way."""

    case: Required[str]
    """``none``, ``waiting`` or ``taken``."""
    name: str | None
    """The collector's name once the case is taken."""
    reply_by: str | None
    """The promised time, an ISO instant."""


class ChatView(TypedDict):
    """Everything the chat page shows."""

    locale: str
    conversation_id: str
    stage: str
    identified: bool
    records: Sequence[Record]
    reference: str | None
    """What the person quotes to the hotline to check us (``7K2M``)."""
    banner: NotRequired[Banner]
    agreement_number: NotRequired[str | None]
    crisis: NotRequired[bool]
    """Care comes first: no progress, no offers. Also taken from an open crisis card."""
    links: NotRequired[Mapping[str, str]]
    """Optional addresses for the menu: ``my_data``, ``progress``, ``contacts``, ``notice``."""


class ContactsView(TypedDict):
    """The person's own contact ledger."""

    attempts: Sequence[Mapping[str, Any]]
    """``at`` (ISO instant), ``by``, ``channel``, ``purpose``, ``outcome``, ``why``; newest first."""
    stopped: bool
    """The person asked for no more messages."""
    texts: str
    """``on``, ``off``, or ``dead`` where none reaches the number."""
    left: int
    most_a_day: int
    most_a_week: int
    quiet: Mapping[str, str]
    """``start``, ``end`` (local times of day) and the ``citation`` of the rule."""
    route: str
    """Where a complaint can go besides the conversation."""


class KeepingView(TypedDict):
    """How an agreement goes, as ``api.followup.progress`` tells it, and what the page adds."""

    number: str
    collection_stop: str | None
    """``notifying`` or ``confirmed`` by the bank's systems; nothing is said where nobody was asked."""
    state: str
    """``in_force``, ``fulfilled``, ``broken`` or ``withdrawn``."""
    paid_total: str
    left_total: str
    over: str
    count: int
    paid_count: int
    next_number: int | None
    next_due: str | None
    next_amount: str | None
    next_state: str | None
    grace_until: str | None
    move: Mapping[str, Any] | None
    """``number``, ``to`` and how many are ``left`` this year."""
    instalments: Sequence[Mapping[str, Any]]
    certificate: Mapping[str, Any] | None
    how_to_pay: str
    credit_years: int
    promise: bool
    """The agreement held the promise about new cards."""
