"""Everything that is held of a person, in words they can read: one JSON, with the documents beside it.

Each section says what it is, why it is kept and until when. Files they sent, their signed agreements and
certificates are in the archive as files. Left out is what tells nothing of them: keys, keyed hashes and
counters of the machine (``holdings.TECHNICAL``); that they exist is said.
"""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.custody.holdings import SECTIONS, TECHNICAL, belonging_to
from api.custody.retention import Kept, kept_of
from api.custody.tables import TABLES
from api.kit.dates import iso_utc, local_date
from api.policy.lookup import PolicyView

__all__ = ["WORDS", "archive", "export", "title_of"]

Locale = Literal["zh", "en"]
WORDS = Path(__file__).with_name("words.yaml")

SUFFIXES = {
    "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic",
}  # fmt: skip


@functools.cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return loaded


def export(
    session: Session, person: Person, *, locale: Locale, now: datetime, policy: PolicyView
) -> dict[str, Any]:
    """Return everything held of a person, as plain JSON in their language."""
    words = _words()
    kept = kept_of(session, person, now=now, policy=policy)
    about = {
        "made_at": iso_utc(now),
        "bank": getattr(policy.value("bank.name"), locale),
        "rights": getattr(policy.value("cn.personal_data.copy"), locale),
        "rights_source": policy.parameter("cn.personal_data.copy").citation.text,
        "left_out": words["left_out"][locale],
    }
    sections = []
    for name, tables in SECTIONS.items():
        section = words["sections"][name]
        sections.append(
            {
                "title": section["title"][locale],
                "why": section["why"][locale],
                "until": _until(name, kept, locale, policy),
                "parts": [
                    _part(session, TABLES.tables[table], person.id, locale) for table in tables
                ],
            }
        )
    return {"about": about, "sections": sections}


def _until(section: str, kept: Kept, locale: Locale, policy: PolicyView) -> str:
    """Say until when a section is kept."""
    words = _words()["until"]
    years = policy.value("bank.retention.after_paid_years")
    if section in ("person", "accounts"):
        return str(words["while_owed" if kept.person else "nothing_holds"][locale])
    if section == "agreements":
        if None in kept.agreements.values():
            return str(words["in_force"][locale]).format(years=years)
        last = max((day for day in kept.agreements.values() if day), default=None)
        if last:
            return str(words["until_day"][locale]).format(day=last.isoformat())
        return str(words["nothing_holds"][locale])
    if section == "contact":
        least = policy.value("cn.contact.recording_retention_years")
        source = policy.parameter("cn.contact.recording_retention_years").citation.text
        return str(words["contact"][locale]).format(years=least, source=source)
    if section == "record":
        return str(words["record"][locale])
    law = getattr(policy.value("cn.personal_data.deletion"), locale)
    source = policy.parameter("cn.personal_data.deletion").citation.text
    return str(words["on_request"][locale]).format(law=law, source=source)


def _part(session: Session, table: Table, person_id: str, locale: Locale) -> dict[str, Any]:
    words = _words()
    columns = [column for column in table.columns if column.name not in TECHNICAL]
    if not columns:  # files, which lie beside
        return {"title": words["tables"][table.name][locale], "rows": []}
    rows = session.execute(
        select(*columns).where(belonging_to(person_id, table)).order_by(*table.primary_key.columns)
    )
    return {
        "title": words["tables"][table.name][locale],
        "rows": [
            {
                words["columns"][column.name][locale]: _plain(value)
                for column, value in zip(columns, row, strict=True)
            }
            for row in rows
        ],
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: money as text with two places, times in UTC, days as dates."""
    if isinstance(value, datetime):
        return iso_utc(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def archive(
    session: Session, person: Person, *, locale: Locale, now: datetime, policy: PolicyView
) -> bytes:
    """Return a ZIP archive: ``data.json`` and the documents."""
    content = export(session, person, locale=locale, now=now, policy=policy)
    files = dict(_documents(session, person.id))
    content["about"]["documents"] = sorted(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=2))
        for name, body in sorted(files.items()):
            zipped.writestr(name, body)
    return made.getvalue()


def _documents(session: Session, person_id: str) -> Iterator[tuple[str, bytes]]:
    ledger, evidence = TABLES.tables["ledger"], TABLES.tables["evidence"]
    files = TABLES.tables["evidence_files"]
    for number, document in session.execute(
        select(ledger.c.number, ledger.c.document).where(belonging_to(person_id, ledger))
    ):
        if document:
            yield f"documents/agreement-{number}.pdf", bytes(document)
    found = session.execute(
        select(evidence.c.kind, evidence.c.media_type, evidence.c.received_at, files.c.content)
        .join(files, files.c.evidence_id == evidence.c.id)
        .where(belonging_to(person_id, evidence))
        .order_by(evidence.c.received_at, evidence.c.id)
    )
    for place, (kind, media_type, received_at, body) in enumerate(found, start=1):
        day = local_date(received_at).isoformat()
        yield f"documents/evidence-{place}-{kind}-{day}.{SUFFIXES.get(media_type, 'bin')}", body


def title_of(table: str, locale: Locale) -> str:
    """Return a table's name as a person reads it."""
    return str(_words()["tables"][table][locale])
