"""Texts that came in, how far a conversation was texted, and links that lead on from a text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "inbound_texts",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_inbound_texts_person_id")
        ),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_inbound_texts")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("texted_seq", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.add_column(sa.Column("conversation_id", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Bring the database back to the revision before."""
    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.drop_column("conversation_id")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("texted_seq")
    op.drop_table("inbound_texts")
