"""What a case is about, where that must be decided before it ends: the hold it stands on, and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Proposal
from api.contact.holds import holds_of
from api.conversations.cases import HOLDS
from api.conversations.models import CallBack, Case

__all__ = ["FINDINGS", "Finding", "matter_open", "still_seen_to"]


@dataclass(frozen=True)
class Finding:
    """One way in which a matter can be decided: whether its hold ends, and whether the person is told."""

    lifts: bool
    told: bool = True


FINDINGS: Mapping[str, Mapping[str, Finding]] = {
    "dispute": {
        "upheld": Finding(lifts=True),
        "not_upheld": Finding(lifts=True),
    },
    "suspected_fraud": {
        "upheld": Finding(lifts=False),  # what was not theirs is still to be taken off the account
        "not_upheld": Finding(lifts=True),
    },
    "complaint": {
        "upheld": Finding(lifts=True),
        "not_upheld": Finding(lifts=True),
    },
    "distress": {
        "safe": Finding(lifts=True, told=False),
        "in_care": Finding(lifts=False, told=False),  # with somebody who helps; nobody presses them
    },
    "vulnerability": {
        "looked_after": Finding(lifts=False, told=False),
        "no_need": Finding(lifts=True, told=False),
    },
    "death": {
        "confirmed": Finding(lifts=False, told=False),
        "mistaken": Finding(lifts=True, told=False),
    },
    "wrong_person": {
        "confirmed": Finding(lifts=False, told=False),
        "mistaken": Finding(lifts=True, told=False),
    },
}
"""For each reason that has a matter, how it can be decided. The sentences are ``finding_*``."""


def matter_open(session: Session, case: Case) -> bool:
    """Return whether the hold that a case stands on is still in force, so that it cannot just be closed."""
    return case.reason in FINDINGS and HOLDS[case.reason] in holds_of(session, case.person_id)


def still_seen_to(session: Session, case: Case) -> bool:
    """Return whether a colleague still has something to do about a case once the floor is handed back.

    That is a matter to decide, a call that was arranged, or an approval that was asked for.
    """
    if matter_open(session, case):
        return True
    call = select(CallBack.id).where(CallBack.case_id == case.id, CallBack.state == "planned")
    asked = select(Proposal.id).where(
        Proposal.conversation_id == case.conversation_id, Proposal.state == "asked"
    )
    return any(session.scalar(found.limit(1)) is not None for found in (call, asked))
