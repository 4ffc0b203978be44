"""What follows a signature: payments, moved instalments, steps due, ends and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _agreement(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["agreement_id"], ["agreements.id"], name=op.f(f"fk_{table}_agreement_id")
    )


def upgrade() -> None:
    """Bring the database to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "payments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["card_accounts.id"], name=op.f("fk_payments_account_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_payments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    op.create_index(op.f("ix_payments_person_id"), "payments", ["person_id"])
    op.create_table(
        "instalment_moves",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=10), nullable=False),
        sa.Column("at", moment, nullable=False),
        _agreement("instalment_moves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_moves")),
    )
    op.create_index(op.f("ix_instalment_moves_agreement_id"), "instalment_moves", ["agreement_id"])
    op.create_table(
        "followup_steps",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        _agreement("followup_steps"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_followup_steps")),
    )
    op.create_index(op.f("ix_followup_steps_agreement_id"), "followup_steps", ["agreement_id"])
    op.create_index("ix_followup_steps_due", "followup_steps", ["done_at", "due_at"])
    op.create_table(
        "agreement_ends",
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("relief", sa.String(length=10), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _agreement("agreement_ends"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_agreement_ends_person_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_agreement_ends")),
    )
    op.create_index(op.f("ix_agreement_ends_person_id"), "agreement_ends", ["person_id"])
    op.create_table(
        "settlement_certificates",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", moment, nullable=False),
        _agreement("settlement_certificates"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_settlement_certificates")),
        sa.UniqueConstraint("agreement_id", name=op.f("uq_settlement_certificates_agreement_id")),
    )
    op.create_table(
        "sums_wished",
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("wished", sa.Boolean(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_sums_wished_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_sums_wished")),
    )


def downgrade() -> None:
    """Bring the database back to the revision before."""
    for table in (
        "sums_wished",
        "settlement_certificates", "agreement_ends", "followup_steps", "instalment_moves",
        "payments",
    ):  # fmt: skip
        op.drop_table(table)
