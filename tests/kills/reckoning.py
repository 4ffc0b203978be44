"""What must be true after days with kills: everything once, nothing lost, no budget overspent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.ledger.chain import GENESIS, entry_hash
from api.agreements.models import Agreement, LedgerEntry
from api.contact.gate import PRESSING
from api.contact.models import ContactAttempt, InboundText, OutboxMessage
from api.conversations.models import Conversation, InboxItem, Message
from api.followup.models import FollowupStep, InstalmentMove, Payment
from api.followup.standing import stands
from api.kit.audit import Event
from api.kit.dates import as_utc, local_date
from sandbox.telephone.store import Text
from tests.kills.days import Days
from tests.kills.town import CALLED, FORGETS, KEEPS, SIGNS, TEXTS, WRITES, number_of

REMINDER, TODAY, ASKED = "是跟您约好的日子", "今天，", "我们还没收到"
MAY_MOVE, MOVED, RECEIVED = "往后挪一个月", "挪好了", "这一次的办好了"
SIGNED, INVITED = "签好了", "有件事想和持卡人本人说"


def reckon(days: Days, texts: Sequence[Text]) -> None:
    """Hold the record and the telephones of one run against what everybody did.

    ``texts`` is everything the provider was ever given, the oldest first.
    """
    with days.database.reading() as session:
        _everything_written_was_heard_once(session, days)
        _the_provider_has_what_the_record_says(session, texts)
        _each_telephone_got_its_words_once(days, texts)
        _signatures_payments_and_moves_count_once(session)
        _steps_are_done_once(session, days)
        _no_budget_is_overspent(session)


def _everything_written_was_heard_once(session: Session, days: Days) -> None:
    texted = sum(len(days.accepted[person]) for person in (TEXTS, CALLED, SIGNS, FORGETS))
    assert session.scalar(select(func.count()).select_from(InboundText)) == texted
    assert session.scalars(select(InboxItem).where(InboxItem.handled_at.is_(None))).all() == []
    for conversation in session.scalars(select(Conversation)):
        records = session.scalars(
            select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
        ).all()
        assert [record.seq for record in records] == list(range(1, len(records) + 1))
        lines = [r.text for r in records if r.speaker == "person" and r.text.startswith("line ")]
        echoes = [r.text for r in records if r.text.startswith("echo of line ")]
        assert echoes == [f"echo of {line}" for line in lines]
        if lines:
            assert lines == days.accepted[int(lines[0].rsplit(" ", 1)[1])]


def _the_provider_has_what_the_record_says(session: Session, texts: Sequence[Text]) -> None:
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "sent")).all()
    given = {text.sid for text in texts}
    noted = [row.provider_id for row in sent if row.provider_id in given]
    assert Counter(noted) == Counter(text.sid for text in texts), "doubled, or sent and never noted"
    queued = session.scalars(select(OutboxMessage.reason).where(OutboxMessage.state == "queued"))
    assert all(reason.startswith("gate.") for reason in queued)
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.state == "failed")).all() == []


def _each_telephone_got_its_words_once(days: Days, texts: Sequence[Text]) -> None:
    def told(person: int) -> list[str]:
        """What this person was told, but for an invitation, of which there is one at most."""
        bodies = [text.body for text in texts if text.recipient == number_of(person)]
        assert sum(INVITED in body for body in bodies) <= 1, bodies
        said = [_without_triggers(body) for body in bodies if INVITED not in body]
        return [body for body in said if body]

    def like(person: int, *parts: str) -> None:
        bodies = told(person)
        assert len(bodies) == len(parts), (person, bodies)
        assert all(part in body for part, body in zip(parts, bodies, strict=True)), bodies

    like(KEEPS, REMINDER, TODAY, RECEIVED)
    like(FORGETS, REMINDER, TODAY, MAY_MOVE, MOVED)
    like(SIGNS, SIGNED, REMINDER, TODAY, ASKED)
    for person in (TEXTS, CALLED):
        echoes = "\n".join(told(person)).split("\n")  # two turns may share a text
        assert echoes == [f"echo of {line}" for line in days.accepted[person]]
    like(WRITES)


def _without_triggers(body: str) -> str:
    """A text without the stand-in's echo of what it was only told; another turn may share the text."""
    lines = body.split("\n")
    return "\n".join(line for line in lines if not line.startswith("echo of /"))


def _signatures_payments_and_moves_count_once(session: Session) -> None:
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.position)).all()
    assert [entry.position for entry in entries] == [1, 2, 3]
    before = GENESIS
    for entry in entries:
        assert entry.previous_hash == before
        before = entry_hash(
            before, position=entry.position, number=entry.number, agreement_id=entry.agreement_id,
            terms_digest=entry.terms_digest, document_digest=entry.document_digest,
            recorded_at=entry.recorded_at,
        )  # fmt: skip
        assert entry.entry_hash == before
    happened = Counter(session.scalars(select(Event.kind)))
    assert happened["signed"] == 3
    assert happened["payment_recorded"] == 1
    assert happened["instalment_moved"] == 1
    assert session.scalar(select(func.count()).select_from(Payment)) == 1
    assert session.scalar(select(func.count()).select_from(InstalmentMove)) == 1
    assert happened["message_sent"] == session.scalar(
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == "sent")
    )


def _steps_are_done_once(session: Session, days: Days) -> None:
    today = days.clock.today()
    undone = session.scalars(
        select(FollowupStep.key).where(
            FollowupStep.done_at.is_(None), FollowupStep.due_at <= days.clock.now()
        )
    ).all()
    assert undone == []
    paid = {}
    for agreement in session.scalars(select(Agreement).where(Agreement.in_force_for.is_not(None))):
        person = session.get_one(Person, agreement.person_id)
        paid[person.person_ref] = [
            one.state for one in stands(session, agreement, today).instalments
        ]
    assert paid == {
        f"P-{KEEPS}": ["paid", "due", "due"], f"P-{FORGETS}": ["due"] * 3,
        f"P-{SIGNS}": ["in_grace", "due", "due"],
    }  # fmt: skip


def _no_budget_is_overspent(session: Session) -> None:
    """Of one person's day, an attempt of our own is the first that presses; of seven days, there are three."""
    events = session.scalars(
        select(Event).where(Event.kind == "contact_attempted").order_by(Event.id)
    ).all()
    pressing = [event for event in events if event.data["purpose"] in PRESSING]
    days_of: set[tuple[str, object]] = set()
    for event in pressing:
        day = (event.subject_id, local_date(as_utc(event.at)))
        assert event.actor != "assistant" or day not in days_of
        days_of.add(day)
    for attempt in session.scalars(select(ContactAttempt)):
        assert attempt.outcome != "sending"
        week = [
            one for one in pressing
            if one.subject_id == attempt.person_id and one.actor == "assistant"
            and timedelta() <= as_utc(attempt.at) - as_utc(one.at) < timedelta(days=7)
        ]  # fmt: skip
        assert len(week) <= 3
