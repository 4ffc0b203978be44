"""Finding a person by what a colleague has in hand: a name, a reference, a card's last four, a number."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from api.accounts.hashes import name_hash, telephone_hash
from api.accounts.models import CardAccount, Person

__all__ = ["find_persons", "search_clause"]


def search_clause(text: str) -> ColumnElement[bool]:
    """Return what a person must fulfil to be found by ``text``.

    A name is found whole, by its keyed hash (no part of a name can be looked for: it is encrypted);
    references whole, a card by its last four, a telephone number whole in any written form.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    by_account = select(CardAccount.person_id).where(CardAccount.account_ref == plain)
    clauses = [
        Person.name_hash == name_hash(plain),
        Person.person_ref == plain,
        Person.id.in_(by_account),
    ]
    if re.fullmatch(r"[0-9]{4}", plain):
        with_card = select(CardAccount.person_id).where(CardAccount.card_tail == plain)
        clauses.append(Person.id.in_(with_card))
    number = _number(plain)
    if number:
        clauses.append(Person.telephone_hash == telephone_hash(number))
    return or_(*clauses)


def find_persons(session: Session, text: str, limit: int) -> list[Person]:
    """Return at most ``limit`` persons found by ``text``, in the order of their references."""
    if not text.strip():
        return []
    found = (
        select(Person)
        .options(selectinload(Person.accounts))
        .where(search_clause(text))
        .order_by(Person.person_ref)
        .limit(limit)
    )
    return list(session.scalars(found))


def _number(text: str) -> str | None:
    if len(re.sub(r"\D", "", text)) < 7:
        return None
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
