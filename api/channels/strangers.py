"""A text from a number that is nobody's: one word on where to turn, and no more that day.

It reads the same whoever writes and whatever they wrote, says the bank's name and the hotline's way and
nothing else, and is kept nowhere. There is nobody to hold a ledger for, so it goes as the provider's answer
to the very text and not through the outbox; where the provider would not carry a reply, nothing is said.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from api.accounts.hashes import telephone_hash
from api.accounts.models import Person
from api.accounts.tries import Counted, PauseRule, spend
from api.contact.carriage import Text, carriage_of
from api.contact.wishes import wish_in
from api.conversations.language import language_of
from api.conversations.sentences import sentence
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.secrecy import keyring
from api.policy.lookup import Policy

__all__ = ["word_to_stranger"]

ONCE_A_DAY = PauseRule(1, (timedelta(days=1),), timedelta(days=1))


def word_to_stranger(
    database: Database, clock: Clock, policy: Policy, *, sender: str, body: str
) -> str | None:
    """Return what is answered to a text from a number that is nobody's; ``None``: nothing."""
    if wish_in(body) in ("stop", "start"):
        return None
    now = clock.now()
    view = policy.on(local_date(now))
    words = sentence("sms_stranger", language_of(body) or "zh", view)
    if carriage_of("reply", sender, Text(words), view).refused_by:
        return None
    key = keyring().keyed_hash("text of a stranger", sender)
    with database.transaction() as session:
        known = select(Person.id).where(Person.telephone_hash == telephone_hash(sender)).limit(1)
        if session.scalar(known) is not None:
            return None
        once = spend(session, [Counted("number", key, ONCE_A_DAY)], now)
    return None if once.running_until is not None else words
