"""A conversation by text message: each new record leaves as a text, short, with numbered choices.

Records are put into texts in one transaction with the mark of how far that went, so that none is
texted twice or left out, whoever wrote it: the assistant, the intake, or a colleague.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.invites import invite_back
from api.accounts.models import Person
from api.contact.carriage import Text, only_registered
from api.contact.ledger import heard_lately
from api.contact.outbox import enqueue
from api.contact.segments import plain_for_sms, segments
from api.conversations.models import Conversation, Message
from api.conversations.sentences import sentence, text_of
from api.conversations.transcript import locked_conversation, messages_after
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView

__all__ = ["choices_texted", "compose", "text_new_records"]

MOST_CHOICES = 4
LONGEST_TEXT = 3
LONGEST_TURN = 6
"""Segments of one text and of one turn (see the voice of the product); beyond, a link."""
AT_ONCE = 50
A_PERSON = frozenset({"找人工", "A person"})
"""The titles by which the assistant offers a person."""


def text_new_records(database: Database, clock: Clock, policy: Policy, address: str) -> int:
    """Put what was said in conversations by text message into the outbox; return how many texts."""
    with database.reading() as session:
        waiting = session.scalars(
            select(Conversation.id)
            .where(Conversation.channel == "sms", Conversation.texted_seq < Conversation.last_seq)
            .limit(AT_ONCE)
        ).all()
    return sum(_text(database, clock, policy, address, found) for found in waiting)


def _text(
    database: Database, clock: Clock, policy: Policy, address: str, conversation_id: str
) -> int:
    now = clock.now()
    view = policy.on(local_date(now))
    with database.transaction() as session:
        conversation = locked_conversation(session, conversation_id)
        if conversation.channel != "sms":
            return 0
        records = [
            record
            for record in messages_after(session, conversation.id, conversation.texted_seq)
            if record.speaker != "person"
        ]
        person = session.get_one(Person, conversation.person_id)

        def link() -> str:
            code = invite_back(
                session, conversation_id=conversation.id, person_id=person.id,
                reference=conversation.reference, now=now,
                valid_minutes=view.value("bank.sms.link_minutes"),
            )  # fmt: skip
            return f"{address}/i/{code}"

        texts: Sequence[str | Text] = compose(records, conversation.locale, view, link)
        if texts and only_registered("reply", person.telephone, view):
            texts = [text_of("sms_on_the_page", conversation.locale, view, link=link())]
        by_colleague = any(record.speaker == "collector" for record in records)
        for number, body in enumerate(texts):
            enqueue(
                session, key=f"text:{conversation.id}:{conversation.last_seq}:{number}",
                purpose="reply", person=person, body=body, policy=view,
                answering=heard_lately(session, person.id, now, view),
                by="colleague" if by_colleague else "assistant", now=_in_order(now, number),
            )  # fmt: skip
        conversation.texted_seq = conversation.last_seq
        return len(texts)


def _in_order(now: datetime, number: int) -> datetime:
    """Return a time by which texts of one turn keep their order in the outbox."""
    return now + timedelta(microseconds=number)


def compose(
    records: Sequence[Message], locale: str, policy: PolicyView, link: Callable[[], str]
) -> list[str]:
    """Return one turn's texts: as few as hold it, or its beginning and a link to the page.

    The choices of the last record are numbered; ``0`` is always a person.
    """
    said = [plain_for_sms(record.text) for record in records if record.text]
    if not said:
        return []
    if any(record.card and record.card["kind"] == "evidence" for record in records):
        said.append(
            sentence("sms_evidence", locale, policy, link=link())
        )  # a file cannot be texted
    lines = _choices(records[-1], locale, policy)
    whole = "\n".join([*said, *lines])
    if segments(whole) <= LONGEST_TEXT:
        return [whole]
    texts = [*said[:-1], "\n".join([said[-1], *lines])]
    if all(segments(text) <= LONGEST_TEXT for text in texts) and (
        sum(map(segments, texts)) <= LONGEST_TURN
    ):
        return texts
    on_the_page = sentence("sms_too_long", locale, policy, link=link())
    first = f"{said[0]}\n{on_the_page}"
    return [first if segments(first) <= LONGEST_TEXT else on_the_page]


def _offered(record: Message) -> list[dict[str, str]]:
    """Return the choices that get a number; a person has one of their own, ``0``."""
    return [choice for choice in record.quick_replies if choice["title"] not in A_PERSON][
        :MOST_CHOICES
    ]


def _choices(record: Message, locale: str, policy: PolicyView) -> list[str]:
    if not record.quick_replies:
        return []
    shown = _offered(record)
    numbered = [
        plain_for_sms(f"{number} {choice['title']}") for number, choice in enumerate(shown, start=1)
    ]
    return [*numbered, sentence("sms_a_person", locale, policy)]


def choices_texted(session: Session, conversation: Conversation) -> list[dict[str, str]]:
    """Return the choices that stood in the last text of a conversation, in their order."""
    last = session.scalar(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.speaker != "person",
            Message.seq <= conversation.texted_seq,
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return _offered(last) if last else []
