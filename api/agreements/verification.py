"""Verifying a document: it is what the ledger holds, byte for byte, or it is named what it is instead.

*Intact* is said of nothing but recorded bytes under a seal that holds; there is no "probably". Everything else
ends in a ``Problem`` whose code names what is wrong. What is not recorded is never read as a PDF.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn

from asn1crypto import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.document.marks import DRAFT, marked_as
from api.agreements.lives import life_of
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.seal.checking import SealStatus, check_document, check_range
from api.agreements.seal.installed import MARK_DIGITS
from api.agreements.seal.ranges import SealedRange, sealed_ranges
from api.kit.errors import Problem

__all__ = ["Recorded", "State", "Verified", "recorded_under", "state_of", "verify"]

State = Literal["in_force", "fulfilled", "withdrawn", "superseded", "ended", "issued"]
"""What became of a document: an agreement's life; a certificate is ``issued``. ``ended`` says no more on purpose."""

_TOLD: dict[str, State] = {
    "fulfilled": "fulfilled", "withdrawn": "withdrawn", "broken": "ended",
}  # fmt: skip

ALTERED = "It is not what was sealed: at least a byte differs."
CUT = "The end of the file is missing."
TRACES = (b"/ByteRange", b"/DocMDP", b"ETSI.CAdES.detached")
"""What is left in a file of a seal that can no longer be found in it."""


@dataclass(frozen=True)
class Recorded:
    """What anybody may know of a recorded document: no name, no amount."""

    kind: str
    number: str
    recorded_at: datetime
    state: State


@dataclass(frozen=True)
class Verified:
    """A document that is intact. ``seal`` is ``None`` for one that was recorded before there were seals."""

    recorded: Recorded
    document_digest: str
    seal: SealStatus | None


def state_of(session: Session, agreement: Agreement) -> State:
    """Return what anybody may know of a signed agreement's life.

    One that was not kept is *ended*, which tells no more than that; where the person has signed a newer one
    since, it is *superseded*.
    """
    told = _TOLD.get(life_of(session, agreement), "in_force")
    if told != "ended":
        return told
    newer = select(Agreement.id).where(
        Agreement.person_id == agreement.person_id, Agreement.signed_at > agreement.signed_at
    )
    return "superseded" if session.scalar(newer.limit(1)) else told


def recorded_under(session: Session, number: str, mark: str) -> Recorded:
    """Return what is recorded under a number, to who shows the part of its content's digest that the QR code has.

    Raises:
        Problem: ``document_unknown`` (404); an unknown number and a wrong mark are answered alike.
    """
    entry = session.scalar(select(LedgerEntry).where(LedgerEntry.number == number))
    expected = entry.terms_digest if entry is not None else hashlib.sha256(b"").hexdigest()
    fits = hmac.compare_digest(mark.lower().encode(), expected[:MARK_DIGITS].encode())
    if entry is None or not fits:
        raise Problem("document_unknown", 404, "Nothing is recorded under this code.")
    return _recorded(session, entry)


def verify(
    session: Session,
    content: bytes,
    *,
    trusted: Sequence[x509.Certificate],
    now: datetime,
    number: str | None = None,
) -> Verified:
    """Return what is known of an intact document; raise for everything else.

    ``number``: the document it is said to be (from a QR code); another genuine one is refused as that.

    Raises:
        Problem: a ``document_…`` code, 422: ``empty``, ``not_pdf``, ``encrypted``, ``cut``, ``altered``,
            ``added_to`` (something stands behind the seal), ``other_key``, ``not_recorded`` (our seal, but not
            of this ledger), ``draft``, ``seal_missing``, ``unsealed``, ``seal_unknown``, ``other``.
    """
    digest = hashlib.sha256(content).hexdigest()
    entry = _entry(session, digest)
    if entry is None:
        _name_what_is_wrong(session, content, trusted, now)
    seal = check_document(content, trusted, entry.recorded_at)
    if seal is not None and not (seal.holds and seal.ours):
        raise Problem(
            "document_seal_unknown", 422,
            "It is what was recorded, but its seal is of a certificate that is not known here.",
        )  # fmt: skip
    if number is not None and number != entry.number:
        raise Problem("document_other", 422, "A genuine document, but not the one of this code.")
    return Verified(_recorded(session, entry), digest, seal)


def _entry(session: Session, digest: str) -> LedgerEntry | None:
    return session.scalar(select(LedgerEntry).where(LedgerEntry.document_digest == digest))


def _recorded(session: Session, entry: LedgerEntry) -> Recorded:
    state: State = "issued"
    if entry.kind == "agreement":
        state = state_of(session, session.get_one(Agreement, entry.agreement_id))
    return Recorded(entry.kind, entry.number, entry.recorded_at, state)


def _name_what_is_wrong(
    session: Session, content: bytes, trusted: Sequence[x509.Certificate], now: datetime
) -> NoReturn:
    """Say what a file is instead; the answer does not depend on what numbers there are (see below)."""
    if not content:
        raise Problem("document_empty", 422, "The file is empty.")
    seals = list(sealed_ranges(content))
    for found in seals:
        if found.end < len(content) and _holds_record(session, content, found):
            raise Problem("document_added_to", 422, "Something was added after the seal.")
    if b"/Encrypt" in content:
        raise Problem("document_encrypted", 422, "The file is encrypted.")
    mark = marked_as(content)
    numbered = mark is not None and mark != DRAFT
    for found in seals:
        if not found.whole and not _ends(content):
            raise Problem("document_cut", 422, CUT)
        status = check_range(content, found, trusted, now)
        if status.ours and status.holds and not _number_known(session, mark or ""):
            raise Problem(
                "document_not_recorded", 422, "The bank's seal holds, but nothing is recorded here."
            )
        if status.ours or (numbered and not status.holds):
            raise Problem("document_altered", 422, ALTERED)
        if status.certificate is not None:
            raise Problem("document_other_key", 422, "It is sealed, but not with the bank's key.")
    if b"%PDF-" not in content[:1024]:
        raise Problem("document_not_pdf", 422, "This is not a PDF.")
    if not _ends(content):
        raise Problem("document_cut", 422, CUT)
    if mark == DRAFT:
        raise Problem("document_draft", 422, "A draft: it was not signed, and nothing is agreed.")
    if numbered and any(trace in content for trace in TRACES):
        raise Problem("document_altered", 422, ALTERED)
    if numbered:
        raise Problem("document_seal_missing", 422, "It names a number, but bears no seal.")
    raise Problem("document_unsealed", 422, "This PDF bears no seal of ours that can be read.")


def _number_known(session: Session, number: str) -> bool:
    """Tell whether a number is recorded; asked only of what the bank sealed, so that nobody can try numbers."""
    found = select(LedgerEntry.position).where(LedgerEntry.number == number)
    return session.scalar(found) is not None


def _holds_record(session: Session, content: bytes, found: SealedRange) -> bool:
    return _entry(session, hashlib.sha256(content[: found.end]).hexdigest()) is not None


def _ends(content: bytes) -> bool:
    """Tell whether a file ends as a PDF does; blanks behind do not matter."""
    return content.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF")
