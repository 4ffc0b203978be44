"""Where agreements stand in their lives, read from the appended events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from api.agreements.life import LIFE_EVENTS, State, state_of
from api.agreements.models import Agreement
from api.kit.audit import Event

__all__ = ["life_of", "lives_of"]

OF_THE_CODE = ("challenge_answered", "signature_void")
"""Events of a conversation that name the digest which a code was to sign."""


def life_of(session: Session, agreement: Agreement) -> State:
    """Return the state of one agreement."""
    return lives_of(session, [agreement])[agreement.id]


def lives_of(session: Session, agreements: Sequence[Agreement]) -> dict[str, State]:
    """Return the state of each agreement by its id, in one look."""
    with_digest = {agreement.digest: agreement.id for agreement in agreements}
    events = session.execute(
        select(Event.subject_kind, Event.subject_id, Event.kind, Event.data)
        .where(
            or_(
                and_(
                    Event.subject_kind == "agreement",
                    Event.subject_id.in_([agreement.id for agreement in agreements]),
                    Event.kind.in_(LIFE_EVENTS),
                ),
                and_(
                    Event.person_id.in_({agreement.person_id for agreement in agreements}),
                    Event.kind.in_(OF_THE_CODE),
                ),
            )
        )
        .order_by(Event.id)
    )
    kinds: dict[str, list[str]] = defaultdict(list)
    for subject_kind, subject_id, kind, data in events:
        if subject_kind == "agreement":
            kinds[subject_id].append(kind)
        elif (found := with_digest.get(data.get("digest", ""))) is None:
            continue
        elif kind == "signature_void":
            kinds[found].append(kind)
        elif data.get("purpose") == "signature" and data.get("outcome") == "passed":
            kinds[found].append("code_given")
    return {agreement.id: state_of(kinds[agreement.id]) for agreement in agreements}
