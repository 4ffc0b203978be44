"""Failed tries of any kind in one table, with when they are forgotten; pauses of a conversation.

What was counted of failed sign-ins is not taken over: it is forgotten within a day anyhow.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the database to this revision."""
    op.drop_table("failed_sign_ins")
    op.create_table(
        "failed_tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("forgotten_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_failed_tries")),
    )
    op.create_index(op.f("ix_failed_tries_forgotten_at"), "failed_tries", ["forgotten_at"])
    op.add_column("conversations", sa.Column("answers_paused_until", MOMENT, nullable=True))
    op.add_column(
        "conversations", sa.Column("answers_paused_by", sa.String(length=8), nullable=True)
    )


def downgrade() -> None:
    """Bring the database back to the revision before."""
    op.drop_column("conversations", "answers_paused_by")
    op.drop_column("conversations", "answers_paused_until")
    op.drop_index(op.f("ix_failed_tries_forgotten_at"), "failed_tries")
    op.drop_table("failed_tries")
    op.create_table(
        "failed_sign_ins",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_failed_sign_ins")),
    )
