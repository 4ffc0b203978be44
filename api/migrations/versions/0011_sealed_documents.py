"""Sealed documents: certificates stand in the ledger too, its head is sealed, and rows cannot be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FIXED = {
    "ledger": (
        "position", "agreement_id", "kind", "number", "terms_digest", "document_digest",
        "recorded_at", "previous_hash", "entry_hash",
    ),
    "ledger_heads": ("position", "entry_hash", "at", "statement", "seal"),
}  # fmt: skip
"""What never changes. A document may be encrypted anew or be erased; its digest stays."""

FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only appended to', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$
"""


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("ledger") as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=12), server_default="agreement", nullable=False)
        )
        batch_op.drop_constraint("uq_ledger_agreement_id", type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_ledger_agreement_id_kind"), ["agreement_id", "kind"]
        )
    op.create_table(
        "ledger_heads",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_heads")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, fixed in FIXED.items():
            for name, act in (("update", f"UPDATE OF {', '.join(fixed)}"), ("delete", "DELETE")):
                op.execute(
                    f"CREATE TRIGGER {table}_append_only_{name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is only appended to'); END"
                )
        return
    op.execute(FUNCTION)
    for table, fixed in FIXED.items():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OF {', '.join(fixed)} OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )


def downgrade() -> None:
    """Go back to the revision before. Entries of other kinds than agreements must not be there."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER ledger_append_only_{act}")
    else:
        op.execute("DROP TRIGGER ledger_append_only ON ledger")
        op.execute("DROP TRIGGER ledger_append_only_truncate ON ledger")
    op.drop_table("ledger_heads")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION append_only()")
    with op.batch_alter_table("ledger") as batch_op:
        batch_op.drop_constraint("uq_ledger_agreement_id_kind", type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_ledger_agreement_id"), ["agreement_id"])
        batch_op.drop_column("kind")
