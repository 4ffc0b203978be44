"""Calls that people ask for: times are offered, one is chosen, the gate is asked, the call is entered.

The person chooses in the chat or by text (intake hears it, whatever the assistant understands), or a
colleague arranges it with them. A call that nobody made in its time is told honestly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact.gate import Purpose
from api.contact.ledger import grounds, may_reach, note_heard, record_attempt
from api.conversations.call_times import CallTime, call_times, meant, spread
from api.conversations.cases import current_promise, latest_case, office_hours, open_case
from api.conversations.colleagues import Colleague
from api.conversations.holding import assistant_goes_on, happened, locked_case, touch
from api.conversations.models import CallBack, Case, Conversation
from api.kit.dates import as_utc, iso_utc, local_date
from api.kit.db import one_at_a_time
from api.kit.errors import Problem
from api.kit.secrecy import new_id
from api.policy.lookup import PolicyView

__all__ = [
    "CallTime",
    "arranged",
    "choose",
    "due",
    "made",
    "miss",
    "offer",
    "schedule",
    "slots",
]

CALL = "call"
"""The channel of these attempts in the ledger."""
Outcome = Literal["connected", "unanswered"]

_IN_STATE = select(CallBack).where(
    CallBack.conversation_id == bindparam("conversation"), CallBack.state == bindparam("state")
)


def slots(session: Session, now: datetime, policy: PolicyView) -> list[CallTime]:
    """Return every time that is still free for a call."""
    planned = session.execute(
        select(CallBack.starts_at, func.count())
        .where(CallBack.state == "planned", CallBack.starts_at > now)
        .group_by(CallBack.starts_at)
    )
    most = policy.value("bank.call_back.at_once")
    return call_times(
        now,
        office_hours(policy),
        policy.value("bank.call_back.windows"),
        notice=timedelta(minutes=policy.value("bank.call_back.notice_minutes")),
        days_ahead=policy.value("bank.call_back.days_ahead"),
        full=[as_utc(at) for at, count in planned if at is not None and count >= most],
    )


def offer(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> list[CallTime]:
    """Offer a few times to the person, and remember which; a case is there for whoever will call."""
    case = latest_case(session, conversation.id) or open_case(
        session, conversation, reason="ask_human", now=now, policy=policy
    )
    times = spread(slots(session, now, policy), policy.value("bank.call_back.offered"))
    _drop(session, conversation.id, "offered")
    if times:
        session.add(
            CallBack(
                id=new_id("b"), conversation_id=conversation.id, case_id=case.id,
                person_id=conversation.person_id, state="offered", asked_by="person", at=now,
                offered=[[iso_utc(each.starts_at), iso_utc(each.ends_at)] for each in times],
                tries=0, outcome="",
            )
        )  # fmt: skip
        session.flush()
    return times


def choose(
    session: Session, conversation: Conversation, text: str, *, now: datetime, policy: PolicyView
) -> CallBack | None:
    """Arrange the call that a message chooses among the times offered; ``None`` when it chooses none.

    A time that was taken by others, or went by, meanwhile is not arranged; then nothing is chosen. Nor
    is one whose case was closed: nobody would call.
    """
    if conversation.case_state == "none":
        return None
    open_offer = session.scalar(_IN_STATE, {"conversation": conversation.id, "state": "offered"})
    if open_offer is None:
        return None
    times = [
        CallTime(datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in open_offer.offered
    ]
    chosen = meant(text, times, local_date(now))
    if chosen is None:
        return None
    case = session.get_one(Case, open_offer.case_id)
    try:
        return _plan(session, case, conversation, chosen, "person", now, policy)
    except Problem:
        return None


def schedule(
    session: Session, case_id: int, by: Colleague, chosen: CallTime, *, now: datetime,
    policy: PolicyView, asked: bool = True,
) -> CallBack:  # fmt: skip
    """Arrange a call as a colleague agreed it with the person; one planned before is dropped.

    ``asked``: the person asked for it; otherwise the call meets the caps of what nobody asked for.

    Raises:
        Problem: ``time_not_free`` (409), or ``contact_barred`` (409, ``rule``) by the gate.
    """
    case, conversation = locked_case(session, case_id)
    made_by = "person" if asked else by.id
    planned = _plan(session, case, conversation, chosen, made_by, now, policy, by.actor)
    touch(session, case, now, policy)
    return planned


def _plan(
    session: Session, case: Case, conversation: Conversation, chosen: CallTime, asked_by: str,
    now: datetime, policy: PolicyView, actor: str = "person",
) -> CallBack:  # fmt: skip
    one_at_a_time(session, "call_backs")  # the last free place of a time is given once
    if chosen not in slots(session, now, policy):
        raise Problem("time_not_free", 409, "This time is no longer free.")
    person = session.get_one(Person, conversation.person_id)
    decision = may_reach(
        session, person, _purpose(asked_by), now=chosen.starts_at, policy=policy,
        answering=asked_by == "person",
    )  # fmt: skip
    if decision.verdict != "send":
        raise Problem("contact_barred", 409, "No call may be made then.", rule=decision.rule)
    _drop(session, conversation.id, "offered", "planned")
    planned = CallBack(
        id=new_id("b"), conversation_id=conversation.id, case_id=case.id,
        person_id=person.id, state="planned", offered=[], starts_at=as_utc(chosen.starts_at),
        ends_at=as_utc(chosen.ends_at), asked_by=asked_by, tries=0, outcome="", at=now,
    )  # fmt: skip
    session.add(planned)
    if case.state == "waiting":  # this is what is promised now
        case.promised_by = case.due_at = as_utc(chosen.ends_at)
    happened(session, case, actor, "call_back_planned", now, starts_at=iso_utc(chosen.starts_at))
    session.flush()
    return planned


def _purpose(asked_by: str) -> Purpose:
    return "reply" if asked_by == "person" else "service_notice"


def arranged(session: Session, conversation_id: str) -> CallBack | None:
    """Return the call that is arranged in a conversation, or ``None``."""
    return session.scalar(_IN_STATE, {"conversation": conversation_id, "state": "planned"})


def due(session: Session, until: datetime) -> Sequence[CallBack]:
    """Return the calls that begin before ``until`` and are not made, the soonest first."""
    return session.scalars(
        select(CallBack)
        .where(CallBack.state == "planned", CallBack.starts_at <= until)
        .order_by(CallBack.starts_at, CallBack.id)
    ).all()


def made(
    session: Session, call_back_id: str, by: Colleague, outcome: Outcome, *, now: datetime,
    policy: PolicyView,
) -> CallBack:  # fmt: skip
    """Enter a call in the contact ledger: connected, or unanswered (then it may be tried again).

    Raises:
        Problem: ``call_back_unknown`` (404), ``contact_barred`` (409, ``rule``): the gate is asked again.
    """
    found = _locked(session, call_back_id)
    if found.state not in ("planned", "done"):
        raise Problem("call_back_unknown", 404, "There is no such call.")
    case, _ = locked_case(session, found.case_id)
    if found.state == "done":
        return found
    person = session.get_one(Person, found.person_id)
    purpose, answering = _purpose(found.asked_by), found.asked_by == "person"
    decision = may_reach(session, person, purpose, now=now, policy=policy, answering=answering)
    if decision.verdict != "send":
        raise Problem("contact_barred", 409, "No call may be made now.", rule=decision.rule)
    found.tries += 1
    found.outcome = outcome
    record_attempt(
        session, person_id=person.id, at=now, by="colleague", channel=CALL, purpose=purpose,
        outcome=outcome, reference=f"call_back:{found.id}:{found.tries}",
        why=grounds(session, person, purpose, now=now, policy=policy, answering=answering),
    )  # fmt: skip
    if outcome == "connected":
        found.state = "done"
        note_heard(session, person.id, now)
    touch(session, case, now, policy)
    happened(session, case, by.actor, "call_back_made", now, outcome=outcome)
    return found


def miss(session: Session, call_back_id: str, now: datetime, policy: PolicyView) -> str | None:
    """Say honestly that a call was not made in its time; returns the conversation, if there was anything.

    One that was tried and not answered is closed without a word: the person knows who called.
    """
    call = _locked(session, call_back_id)
    if call.state != "planned" or call.ends_at is None or as_utc(call.ends_at) > now:
        return None
    case, conversation = locked_case(session, call.case_id)
    call.state = "missed"
    happened(session, case, "system", "call_back_missed", now, tries=call.tries)
    if call.tries == 0 and case.state != "closed" and conversation.floor == "assistant":
        case.promised_by = case.due_at = current_promise(now, policy, case.reason).reply_by
        assistant_goes_on(session, conversation, case, now, "call_missed")
    return conversation.id


def _locked(session: Session, call_back_id: str) -> CallBack:
    """Return a call as it stands at its person's turn.

    Raises:
        Problem: ``call_back_unknown`` (404).
    """
    case_id = session.scalar(select(CallBack.case_id).where(CallBack.id == call_back_id))
    if case_id is None:
        raise Problem("call_back_unknown", 404, "There is no such call.")
    locked_case(session, case_id)
    return session.get_one(CallBack, call_back_id, populate_existing=True)


def _drop(session: Session, conversation_id: str, *states: str) -> None:
    for known in session.scalars(
        select(CallBack).where(
            CallBack.conversation_id == conversation_id, CallBack.state.in_(states)
        )
    ):
        known.state = "dropped"
