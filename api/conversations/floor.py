"""The floor: one writer at a time. A colleague takes a case, speaks, hands it back or closes it.

The floor belongs to the conversation. Whoever takes one of its cases takes all that are theirs to take,
and no other colleague can take one meanwhile; only care goes before: where somebody is in distress, a
colleague of the care team takes the floor from whoever has it. Each change of the floor raises the
epoch, so that what the assistant was about to say is dropped (``api.channels.inbox``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.agreements.records import facts_of, standing_offers
from api.conversations.accepting import printable
from api.conversations.cards import build_card
from api.conversations.cases import care_comes_first, open_cases, settle_case_state
from api.conversations.colleagues import Colleague, may_take
from api.conversations.conduct import findings, rules_of
from api.conversations.holding import (
    QUIET,
    assistant_goes_on,
    close_case,
    floor_changes,
    floor_of,
    give,
    happened,
    held_case,
    introduce,
    locked_case,
    put_back,
    touch,
)
from api.conversations.matters import matter_open, still_seen_to
from api.conversations.models import Case, Conversation, Message
from api.conversations.passing_on import give_up, reassign, return_overdue
from api.conversations.proving import send_code
from api.conversations.sentences import sentence
from api.conversations.stages import resume_stage, set_stage
from api.conversations.transcript import append_message
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = [
    "OUTCOMES",
    "Colleague",
    "ask_identity",
    "close",
    "give_up",
    "hand_back",
    "reassign",
    "release",
    "return_overdue",
    "say",
    "take",
]

OUTCOMES = ("resolved", "plan_agreed", "paid", "referred", "not_reached", "withdrawn")
"""How a colleague may close a case. ``handed_back`` and the findings of a matter are written by us."""

LONGEST = 2_000
LONGEST_AGREED = 200
AFTER_SIGNING = frozenset({"signed", "followup"})


def take(session: Session, case_id: int, by: Colleague, now: datetime, policy: PolicyView) -> Case:
    """Give the floor to a colleague, who answers from now on; taking it again changes nothing.

    Raises:
        Problem: ``case_closed`` or ``case_taken`` (409, ``by`` names who has it), ``not_yours`` (403),
            ``care_first`` (403) while somebody is in distress and ``by`` is not of the care team.
    """
    case, conversation = locked_case(session, case_id)
    if case.state == "closed":
        raise Problem("case_closed", 409, "This case is closed.")
    if not may_take(case.role, by.roles):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    if care_comes_first(session, conversation.id) and not may_take("care", by.roles):
        raise Problem("care_first", 403, "Somebody of the care team looks after this person now.")
    holding = floor_of(session, conversation.id)
    others = [held for held in holding if held.holder_id != by.id]
    goes_before = case.role == "care" and all(held.role != "care" for held in others)
    if others and not goes_before:
        raise Problem("case_taken", 409, "A colleague has this case.", by=others[0].holder_name)
    if case.state == "working" and case.holder_id != by.id:
        raise Problem("case_taken", 409, "A colleague has this case.", by=case.holder_name)
    if case.state == "taken" and not others:
        return case
    for held in others:
        put_back(session, held, now, policy, why="care_first", actor=by.actor)
    for found in open_cases(session, conversation.id):
        goes_on = found.state == "working" and found.holder_id == by.id
        if goes_on or (found.state == "waiting" and may_take(found.role, by.roles)):
            give(session, found, by, now, policy, kind="case_taken", actor=by.actor)
    floor_changes(session, conversation, now)
    introduce(session, conversation, by, now, policy)
    return case


def say(
    session: Session,
    case_id: int,
    by: Colleague,
    text: str,
    *,
    now: datetime,
    policy: PolicyView,
    client_message_id: str,
) -> Message:
    """Say something to the person; the same ``client_message_id`` is said once.

    On the page it is there at once; by text it leaves through the outbox and its gate.

    Raises:
        Problem: ``floor_lost`` (409), ``empty_message`` (422), ``message_too_long`` (413), or
            ``conduct`` (422) with ``findings``: what may not be said, by which rule, and what may.
    """
    case, conversation = held_case(session, case_id, by)
    known = session.scalar(
        select(Message).where(
            Message.conversation_id == conversation.id, Message.speaker == "collector",
            Message.client_message_id == client_message_id,
        )
    )  # fmt: skip
    if known is not None:
        return known
    text = printable(text)
    if not text:
        raise Problem("empty_message", 422, "The message is empty.")
    if len(text) > LONGEST:
        raise Problem("message_too_long", 413, f"At most {LONGEST} characters at a time.")
    _hold_to_conduct(session, conversation, text, policy)
    message = append_message(
        session, conversation, speaker="collector", text=text, now=now, name=by.name,
        client_message_id=client_message_id,
    )  # fmt: skip
    touch(session, case, now, policy)
    append_event(
        session, at=now, actor=by.actor, subject=("conversation", conversation.id),
        kind="colleague_said", person=conversation.person_id, case=case.id, seq=message.seq,
    )  # fmt: skip
    return message


def ask_identity(
    session: Session, case_id: int, by: Colleague, *, now: datetime, policy: PolicyView
) -> Message:
    """Have a code sent to the number on file, so that the person can prove who they are in the chat.

    The colleague never sees the code; the intake hears it, and asks for the second proof.

    Raises:
        Problem: ``floor_lost`` (409), ``already_identified`` (409), or as a code is refused.
    """
    case, conversation = held_case(session, case_id, by)
    if conversation.identified_at is not None:
        raise Problem("already_identified", 409, "Identity is proven in this conversation.")
    send_code(session, conversation, "identity", now=now, policy=policy)
    session.flush()
    touch(session, case, now, policy)
    happened(session, case, by.actor, "identity_asked", now)
    return append_message(
        session, conversation, speaker="system", now=now,
        text=sentence("proving_asked", conversation.locale, policy),
        card=build_card(session, conversation, "code", now, policy),
    )  # fmt: skip


def hand_back(
    session: Session,
    case_id: int,
    by: Colleague,
    now: datetime,
    policy: PolicyView,
    agreed: str = "",
    *,
    seen: int | None = None,
) -> Case:
    """Give the floor back to the assistant, which goes on from what was agreed.

    ``agreed`` is what the assistant repeats to the person as agreed, so it is held to the rules of conduct;
    plans and facts it sees in the record. A case that still needs somebody (``matters.still_seen_to``)
    stays with the colleague, without the floor; any other is closed. ``seen`` is the number of the last
    record on the colleague's page.

    Raises:
        Problem: ``floor_lost`` (409); ``unread`` (409) when the person has written since ``seen``;
            ``conduct`` (422); ``message_too_long`` (413).
    """
    case, conversation = held_case(session, case_id, by)
    if seen is not None and _last_word(session, conversation.id) > seen:
        raise Problem("unread", 409, "The person has just written something. Read it first.")
    agreed = printable(agreed).rstrip("。. ")  # it becomes a part of the assistant's own sentence
    if len(agreed) > LONGEST_AGREED:
        raise Problem("message_too_long", 413, f"At most {LONGEST_AGREED} characters.")
    _hold_to_conduct(session, conversation, agreed, policy)
    for held in floor_of(session, conversation.id):
        if still_seen_to(session, held):
            held.state = "working"
            touch(session, held, now, policy)
            happened(session, held, by.actor, "case_handed_back", now, goes_on=True)
        else:
            close_case(session, held, "handed_back", by.actor, now)
    if conversation.identified_at is not None and conversation.stage not in AFTER_SIGNING:
        set_stage(session, conversation, resume_stage(session, conversation, now), now)
    floor_changes(session, conversation, now)
    offers = standing_offers(session, conversation.person_id, local_date(now))
    before = case.context.get("facts", {})
    facts = facts_of(session, conversation.person_id)
    assistant_goes_on(
        session, conversation, case, now, "handed_back", by=by.name, agreed=agreed,
        plan=offers is not None and offers.made_by is not None,
        facts=sorted(name for name in facts if facts[name] != before.get(name)),
    )  # fmt: skip
    return case


def close(
    session: Session, case_id: int, by: Colleague, outcome: str, now: datetime, policy: PolicyView
) -> Case:
    """Close a case with an outcome; closing it again changes nothing.

    With the last case that gave somebody the floor, the assistant has it again.

    Raises:
        Problem: ``outcome_unknown`` (422), ``case_taken`` (409), ``not_yours`` (403), or ``matter_open``
            (409) while a hold of this case stands: that is decided first (``resolving.resolve``).
    """
    del policy
    if outcome not in OUTCOMES:
        raise Problem("outcome_unknown", 422, "There is no such outcome.", outcomes=list(OUTCOMES))
    case, conversation = locked_case(session, case_id)
    if case.state == "closed":
        return case
    if case.holder_id not in (None, by.id):
        raise Problem("case_taken", 409, "A colleague has this case.", by=case.holder_name)
    if not may_take(case.role, by.roles):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    if matter_open(session, case):
        raise Problem("matter_open", 409, "Decide first what this case is about.")
    release(session, case, conversation, outcome, by, now)
    return case


def release(
    session: Session, case: Case, conversation: Conversation, outcome: str, by: Colleague,
    now: datetime,
) -> None:  # fmt: skip
    """Close a case; when nobody has the floor any more, the assistant says so and goes on."""
    had_floor = case.state == "taken"
    close_case(session, case, outcome, by.actor, now)
    if not had_floor or floor_of(session, conversation.id):
        settle_case_state(session, conversation)
        return
    floor_changes(session, conversation, now)
    if case.reason not in QUIET:
        assistant_goes_on(session, conversation, case, now, "closed", by=by.name)


def _hold_to_conduct(
    session: Session, conversation: Conversation, text: str, policy: PolicyView
) -> None:
    """Refuse what nobody says to a person, with the rule and with kinder words; the text is not echoed."""
    rules = rules_of(
        policy, identified=conversation.identified_at is not None,
        care=care_comes_first(session, conversation.id),
    )  # fmt: skip
    found = findings(text, conversation.locale, rules)
    if found:
        raise Problem(
            "conduct", 422, "This may not be said to a person.",
            findings=[finding.document() for finding in found],
        )  # fmt: skip


def _last_word(session: Session, conversation_id: str) -> int:
    """Return the number of the last thing the person wrote; 0 where they wrote nothing."""
    newest = select(func.max(Message.seq)).where(
        Message.conversation_id == conversation_id, Message.speaker == "person"
    )
    return session.scalar(newest) or 0
