"""The replies suggested for one case now: what holds of it, and the ready words of its record."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.conversations.case_view import CaseView
from api.conversations.colleagues import Colleague
from api.conversations.conduct import findings, rules_of
from api.conversations.suggestions import Moment, Suggestion, suggest
from api.conversations.words import words_for
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["moment_of_case", "suggested_replies"]

SILENT_AFTER = timedelta(minutes=20)


def suggested_replies(
    session: Session, view: CaseView, by: Colleague, *, now: datetime, policy: PolicyView
) -> list[Suggestion]:
    """Return what a colleague might say next, in the person's language; all of it may be said."""
    locale = view.conversation.locale
    words = {**words_for(session, view.conversation, now=now, policy=policy), "colleague": by.name}
    rules = rules_of(policy, identified=view.identified, care=view.care)
    return [
        each
        for each in suggest(locale, moment_of_case(view, by, now), words)
        if not findings(each.text, locale, rules)
    ]


def moment_of_case(view: CaseView, by: Colleague, now: datetime) -> Moment:
    """Return what decides which sentences fit."""
    standing = (
        view.offers is not None
        and view.offers.outcome == "offered"
        and view.offers.expires_on is not None
        and view.offers.expires_on >= local_date(now)
    )
    spoken = any(
        record["speaker"] == "collector" and record["name"] == by.name for record in view.records
    )
    states = {
        "first": not spoken,
        "identified": view.identified,
        "unproven": not view.identified and not view.care,
        "plan": standing and view.agreement is None and not view.care,
        "no_plan": not standing and view.agreement is None and not view.care,
        "signed": view.agreement is not None and view.identified and not view.care,
        "care": view.care,
        "silent": view.heard_at is not None and now - view.heard_at > SILENT_AFTER,
    }
    return Moment(
        reason=view.case.reason,
        stage=view.conversation.stage,
        states=frozenset(name for name, holds in states.items() if holds),
    )
