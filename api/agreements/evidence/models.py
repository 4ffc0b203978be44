"""Tables of evidence: what was handed in and decided, and, apart from it, the files themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.kit.db import Base, UtcTime
from api.kit.secrecy import EncryptedBytes

__all__ = ["Evidence", "EvidenceFile"]


class Evidence(Base):
    """One piece of evidence of a person. What was decided stays on record when its file is deleted.

    ``media_type`` is what the file really is; empty where a colleague was shown the paper and no file
    exists. ``mark`` is a keyed hash of the content: the same file again is the same piece.
    ``scan``: clean, unchecked (no malware scanner answered), or none (no file).
    ``state``: waiting → accepted | refused (``reason`` says why) | withdrawn (by the person).
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_kept", "deleted_at", "state"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    mark: Mapped[str] = mapped_column(String(64))
    scan: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str | None] = mapped_column(String(50))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)


class EvidenceFile(Base):
    """The file of one piece of evidence, encrypted. Deleted on its day; the piece itself stays."""

    __tablename__ = "evidence_files"

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(EncryptedBytes)
