"""The code that signed an agreement stands with it, and signs no other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    with op.batch_alter_table("agreements") as batch_op:
        batch_op.add_column(sa.Column("signed_with", sa.String(length=40), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_agreements_signed_with"), ["signed_with"])
        batch_op.create_foreign_key(
            batch_op.f("fk_agreements_signed_with"), "challenges", ["signed_with"], ["id"]
        )


def downgrade() -> None:
    """Bring the database back to the revision before."""
    with op.batch_alter_table("agreements") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agreements_signed_with"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_agreements_signed_with"), type_="unique")
        batch_op.drop_column("signed_with")
