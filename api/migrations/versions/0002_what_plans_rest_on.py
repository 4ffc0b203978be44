"""What each plan rests on, and the counter-offers that a person asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    with op.batch_alter_table("offer_sets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("basis", sa.LargeBinary(), nullable=True))

    op.create_table(
        "counters",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("offer_set_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_set_id"], ["offer_sets.id"], name=op.f("fk_counters_offer_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
    )
    with op.batch_alter_table("counters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counters_offer_set_id"), ["offer_set_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("counters")
    with op.batch_alter_table("offer_sets", schema=None) as batch_op:
        batch_op.drop_column("basis")
