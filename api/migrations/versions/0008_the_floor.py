"""A colleague takes over: who has a case, notes, call-backs, proposals, and holds that end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _to(table: str, column: str, where: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [where], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Bring the database to this revision."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("broken", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("holder_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("holder_name", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("taken_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("handed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_cases_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index("ix_cases_due", ["state", "due_at"], unique=False)
    op.execute("UPDATE cases SET due_at = promised_by")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=MOMENT, nullable=False)
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=80), nullable=True))
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until", MOMENT, nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("by", sa.String(length=10), nullable=False, server_default="assistant")
        )
    with op.batch_alter_table("offer_sets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.String(length=40), nullable=True))
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reviewed_by", sa.String(length=40), nullable=True))
    op.create_table(
        "case_notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("case_notes", "case_id", "cases.id"),
        _to("case_notes", "person_id", "persons.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"])
    op.create_index(op.f("ix_case_notes_person_id"), "case_notes", ["person_id"])
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("call_backs", "conversation_id", "conversations.id"),
        _to("call_backs", "case_id", "cases.id"),
        _to("call_backs", "person_id", "persons.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index(op.f("ix_call_backs_conversation_id"), "call_backs", ["conversation_id"])
    op.create_index(op.f("ix_call_backs_case_id"), "call_backs", ["case_id"])
    op.create_index("ix_call_backs_due", "call_backs", ["state", "starts_at"])
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_by_name", sa.String(length=80), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("rests_on", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_by_name", sa.String(length=80), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_why", sa.LargeBinary(), nullable=True),
        sa.Column("offer_set_id", sa.Integer(), nullable=True),
        _to("proposals", "person_id", "persons.id"),
        _to("proposals", "offer_set_id", "offer_sets.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_person_id"), "proposals", ["person_id"])
    op.create_index(op.f("ix_proposals_conversation_id"), "proposals", ["conversation_id"])
    op.create_index("ix_proposals_asked", "proposals", ["state", "at"])


def downgrade() -> None:
    """Bring the database back to the revision before."""
    for table in ("proposals", "call_backs", "case_notes"):
        op.drop_table(table)
    for table, column in (
        ("agreements", "reviewed_by"), ("offer_sets", "made_by"), ("outbox", "by"), ("holds", "until"), ("messages", "name"),
    ):  # fmt: skip
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_due")
        batch_op.drop_index(batch_op.f("ix_cases_holder_id"))
        for column in (
            "revision", "outcome", "closed_at", "handed", "taken_at", "holder_name", "holder_id",
            "broken", "due_at",
        ):  # fmt: skip
            batch_op.drop_column(column)
