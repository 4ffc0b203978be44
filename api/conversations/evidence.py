"""Evidence within a conversation: what is wanted is told, what comes in waits for a human, who decides is heard.

A file opens a case, so that somebody looks at it within the promised time; the last decision closes it.
The person is told of each decision on the channel they are on, and by a neutral text where they may
have left the page.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.invites import invite
from api.accounts.models import CardAccount, Person
from api.agreements.evidence.models import Evidence
from api.agreements.evidence.receiving import receive, take_back
from api.agreements.evidence.records import evidence_of
from api.agreements.evidence.scanner import Scan
from api.agreements.planning import Who
from api.agreements.proposals import needs_review
from api.agreements.records import presented_terms
from api.contact.outbox import enqueue
from api.conversations.cases import open_case, open_cases, settle_case_state
from api.conversations.evidence_wanted import named, standing_now
from api.conversations.holding import close_case
from api.conversations.models import Conversation
from api.conversations.transcript import append_message, locked_conversation
from api.conversations.writer import Writer
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["CASE", "hand_in", "take_away", "tell"]

CASE = "evidence"
"""The reason of the case that a file opens."""


def hand_in(
    session: Session, conversation: Conversation, *, kind: str, content: bytes, scan: Scan,
    now: datetime, policy: PolicyView,
) -> Evidence:  # fmt: skip
    """Take in a file from the person of a locked conversation; the same one again changes nothing.

    Raises:
        Problem: see ``api.agreements.evidence.receiving.receive``.
    """
    found, new = receive(
        session, Who(conversation.person_id, conversation.id), kind=kind, content=content, scan=scan,
        now=now, policy=policy,
    )  # fmt: skip
    if new:
        case = open_case(session, conversation, reason=CASE, now=now, policy=policy)
        writer = Writer(conversation.locale, local_date(now), policy)
        append_message(
            session, conversation, speaker="system", now=now,
            text=writer.sentence(
                "evidence_received", kind=named((kind,), writer),
                reply_by=writer.moment(case.promised_by),
            ),
        )  # fmt: skip
    return found


def take_away(
    session: Session, conversation: Conversation, evidence_id: str, *, now: datetime
) -> Evidence:
    """Let the person take back what nobody has decided on; raises as ``receiving.take_back``."""
    found = take_back(session, conversation.person_id, evidence_id, now)
    _close_case(session, conversation, "withdrawn", "person", now)
    return found


def tell(
    session: Session,
    evidence: Evidence,
    *,
    by: str,
    now: datetime,
    policy: PolicyView,
    address: str,
) -> None:
    """Tell the person what was decided about a piece of evidence, and what they can do now."""
    conversation = locked_conversation(session, evidence.conversation_id)
    writer = Writer(conversation.locale, local_date(now), policy)
    kind = named((evidence.kind,), writer)
    standing = standing_now(session, evidence.person_id, now=now, policy=policy)
    card, replies = None, []
    if evidence.state == "refused":
        text = writer.sentence(f"evidence_refused_{evidence.reason}", kind=kind)
        card = {"kind": "evidence", "url": "/evidence"}
    elif standing is not None and standing.missing:
        text = writer.sentence(
            "evidence_accepted_more", kind=kind, missing=named(standing.missing, writer)
        )
        card = {"kind": "evidence", "url": "/evidence"}
    elif (
        standing is not None
        and standing.complete
        and not _reviewed_first(session, evidence, now, policy)
    ):
        text = writer.sentence("evidence_accepted_go_on", kind=kind)
        replies = [{"title": go_on, "text": go_on} for go_on in [writer.sentence("evidence_go_on")]]
    else:
        text = writer.sentence("evidence_accepted", kind=kind)
    append_message(
        session, conversation, now=now, text=text, card=card, quick_replies=replies,
        speaker="assistant" if conversation.floor == "assistant" else "system",
    )  # fmt: skip
    _close_case(session, conversation, "resolved", by, now)
    if conversation.channel != "sms":
        person = session.get_one(Person, evidence.person_id)
        enqueue(
            session, key=f"evidence:{evidence.id}", purpose="service_notice", person=person,
            body=writer.sentence("evidence_notice", link=_link(session, person.id, now, policy, address)),
            now=now, policy=policy,
        )  # fmt: skip


def _reviewed_first(
    session: Session, evidence: Evidence, now: datetime, policy: PolicyView
) -> bool:
    """Return whether the plan itself waits for a colleague too, so that signing is not next."""
    terms = presented_terms(session, evidence.person_id, local_date(now))
    return terms is not None and needs_review(session, terms, policy)


def _link(
    session: Session, person_id: str, now: datetime, policy: PolicyView, address: str
) -> str:  # fmt: skip
    account_id = session.scalars(
        select(CardAccount.id)
        .where(CardAccount.person_id == person_id)
        .order_by(CardAccount.account_ref)
        .limit(1)
    ).one()
    _, code = invite(
        session, account_id=account_id, now=now, purpose="link",
        valid_hours=policy.value("bank.invite.valid_hours"),
    )  # fmt: skip
    return f"{address}/i/{code}"


def _close_case(
    session: Session, conversation: Conversation, outcome: str, by: str, now: datetime
) -> None:
    """Close the case once nothing waits to be looked at; one whom a colleague talks in is theirs to close."""
    session.flush()
    if any(each.state == "waiting" for each in evidence_of(session, conversation.person_id)):
        return
    for case in open_cases(session, conversation.id):
        if case.reason == CASE and case.state != "taken":
            close_case(session, case, outcome, by, now)
    settle_case_state(session, conversation)
