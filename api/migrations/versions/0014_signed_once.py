"""The code that signed an agreement stands with it, and signs no other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision.

    Nothing is made anew: entries of the ledger point to agreements, and SQLite would have to let go of them.
    """
    op.add_column("agreements", sa.Column("signed_with", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_agreements_signed_with"), "agreements", ["signed_with"], unique=True)


def downgrade() -> None:
    """Bring the database back to the revision before."""
    op.drop_index(op.f("ix_agreements_signed_with"), "agreements")
    op.drop_column("agreements", "signed_with")
