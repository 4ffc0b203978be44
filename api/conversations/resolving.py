"""What a colleague does besides talking: decide a matter, pause contact, mark somebody as vulnerable."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact.holds import lift_hold, place_hold
from api.contact.outbox import enqueue
from api.conversations.cases import HOLDS, open_case
from api.conversations.colleagues import Colleague, may_read, may_take
from api.conversations.floor import release
from api.conversations.holding import happened, locked_case, touch
from api.conversations.matters import FINDINGS
from api.conversations.models import Case, Conversation
from api.conversations.transcript import append_message
from api.conversations.writer import Writer
from api.kit.dates import LOCAL_ZONE, local_date
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["mark_vulnerable", "pause_contact", "resolve"]


def resolve(
    session: Session, case_id: int, by: Colleague, finding: str, *, now: datetime,
    policy: PolicyView,
) -> Case:  # fmt: skip
    """Decide what a case is about, lift its hold where the finding says so, tell the person, close it.

    Doing it again changes nothing.

    Raises:
        Problem: ``finding_unknown`` (422), ``not_yours`` (403), ``case_taken`` (409).
    """
    case, conversation = locked_case(session, case_id)
    known = FINDINGS.get(case.reason, {})
    if finding not in known:
        raise Problem("finding_unknown", 422, "There is no such finding.", findings=sorted(known))
    if case.state == "closed":
        return case
    if case.holder_id not in (None, by.id):
        raise Problem("case_taken", 409, "A colleague has this case.", by=case.holder_name)
    if not may_take(case.role, by.roles):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    if known[finding].lifts:
        lift_hold(
            session, person_id=case.person_id, kind=HOLDS[case.reason], now=now, actor=by.actor,
            source=f"case:{case.number}:{finding}",
        )  # fmt: skip
    happened(session, case, by.actor, "matter_decided", now, finding=finding)
    if known[finding].told:
        _tell(session, conversation, case, f"finding_{case.reason}_{finding}", now, policy)
    release(session, case, conversation, finding, by, now)
    return case


def pause_contact(
    session: Session, case_id: int, by: Colleague, until: date, *, now: datetime, policy: PolicyView
) -> None:
    """Stop unasked contact until the end of a day; a later one prolongs it. The person is told.

    Raises:
        Problem: ``not_yours`` (403), ``pause_absurd`` (422) for a day that is past or beyond policy's
            longest pause (``longest`` is its last day).
    """
    case, conversation = _may_act(session, case_id, by, policy)
    longest = local_date(now) + timedelta(days=policy.value("bank.pause.days"))
    if not local_date(now) < until <= longest:
        raise Problem(
            "pause_absurd", 422, "A pause ends after today and within what policy allows.",
            longest=longest.isoformat(),
        )  # fmt: skip
    end = datetime.combine(until + timedelta(days=1), time(), LOCAL_ZONE)
    place_hold(
        session, person_id=case.person_id, kind="breathing_space", source=f"case:{case.number}",
        now=now, until=end, actor=by.actor,
    )  # fmt: skip
    touch(session, case, now, policy)
    happened(session, case, by.actor, "contact_paused", now, until=until.isoformat())
    writer = Writer(conversation.locale, local_date(now), policy)
    _say(session, conversation, writer.sentence("contact_paused", until=writer.day(until)), now)


def mark_vulnerable(
    session: Session, case_id: int, by: Colleague, *, now: datetime, policy: PolicyView
) -> Case:
    """Say that somebody needs more care than most: nobody presses them, and care looks after it.

    Returns the case for care. Doing it again gives the same one.

    Raises:
        Problem: ``not_yours`` (403).
    """
    _, conversation = _may_act(session, case_id, by, policy)
    return open_case(
        session, conversation, reason="vulnerability", now=now, policy=policy, actor=by.actor
    )


def _may_act(
    session: Session, case_id: int, by: Colleague, policy: PolicyView
) -> tuple[Case, Conversation]:
    case, conversation = locked_case(session, case_id)
    if not may_read(case.role, by.roles, policy.value("bank.care.read_by")):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    return case, conversation


def _tell(
    session: Session, conversation: Conversation, case: Case, key: str, now: datetime,
    policy: PolicyView,
) -> None:  # fmt: skip
    """Tell the person what was found, in the conversation, and by text that there is an answer."""
    writer = Writer(conversation.locale, local_date(now), policy)
    _say(session, conversation, writer.sentence(key, case_no=case.number), now)
    if conversation.channel == "sms":  # there the answer itself arrives as a text
        return
    enqueue(
        session, key=f"answered:{case.id}", purpose="service_notice", now=now, policy=policy,
        person=session.get_one(Person, case.person_id), by="colleague",
        body=writer.sentence("case_answered", case_no=case.number),
    )  # fmt: skip


def _say(session: Session, conversation: Conversation, text: str, now: datetime) -> None:
    append_message(session, conversation, speaker="system", text=text, now=now)
