"""Notices to the bank, the sentence behind a text, and what runs once a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "bank_notices",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("last_error", sa.String(length=40), nullable=False),
        sa.Column("acknowledged_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_bank_notices_person_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_bank_notices")),
        sa.UniqueConstraint("id", name=op.f("uq_bank_notices_id")),
    )
    op.create_index("ix_bank_notices_due", "bank_notices", ["state", "due_at"])
    op.create_index("ix_bank_notices_about", "bank_notices", ["subject", "kind"])
    op.create_index(op.f("ix_bank_notices_person_id"), "bank_notices", ["person_id"])
    op.create_table(
        "daily_runs",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("held_until", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_daily_runs")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Bring the database back to the revision before."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("wording")
    op.drop_table("daily_runs")
    op.drop_table("bank_notices")
