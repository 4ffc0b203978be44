"""Whose matter an event is, with the indexes that the overview counts by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SUBJECTS = {
    "conversation": "conversations",
    "agreement": "agreements",
    "invite": "invites",
    "payment": "payments",
}
"""Kinds of subjects that belong to a person, and the table that says to whom."""


def upgrade() -> None:
    """Bring the database to this revision; events of before are told whose they are."""
    op.add_column("events", sa.Column("person_id", sa.String(length=40), nullable=True))
    op.execute("UPDATE events SET person_id = subject_id WHERE subject_kind = 'person'")
    for kind, table in SUBJECTS.items():
        op.execute(
            f"UPDATE events SET person_id = (SELECT person_id FROM {table} "  # noqa: S608 - our names
            f"WHERE {table}.id = events.subject_id) WHERE subject_kind = '{kind}'"
        )
    op.drop_index("ix_events_kind", "events")
    op.create_index("ix_events_kind_at", "events", ["kind", "at"])
    op.create_index("ix_events_person_id_kind", "events", ["person_id", "kind"])


def downgrade() -> None:
    """Bring the database back to the revision before."""
    op.drop_index("ix_events_person_id_kind", "events")
    op.drop_index("ix_events_kind_at", "events")
    op.create_index("ix_events_kind", "events", ["kind"])
    op.drop_column("events", "person_id")
