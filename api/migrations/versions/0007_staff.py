"""Staff with their sessions, failed sign-ins, imports from the console, and names found by hash.

Names are encrypted, so their hashes are made here with the installation's keys; a database without
persons needs none.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet, MultiFernet

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _of_staff(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id"))


def upgrade() -> None:
    """Bring the database to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_expires_at", moment, nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_next", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("disabled_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", moment, nullable=True),
        _of_staff("staff_recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_codes")),
    )
    op.create_index(op.f("ix_staff_recovery_codes_staff_id"), "staff_recovery_codes", ["staff_id"])
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("admitted_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        _of_staff("staff_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"])
    op.create_table(
        "failed_sign_ins",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("paused_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_failed_sign_ins")),
    )
    op.create_table(
        "portfolio_imports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("heard_at", moment, nullable=False),
        _of_staff("portfolio_imports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_imports")),
    )
    op.add_column(
        "persons",
        sa.Column("name_hash", sa.String(length=64), nullable=False, server_default=""),
    )
    op.create_index(op.f("ix_persons_name_hash"), "persons", ["name_hash"])
    _hash_names()


def _hash_names() -> None:
    connection = op.get_bind()
    persons = sa.table(
        "persons", sa.column("id", sa.String), sa.column("name", sa.LargeBinary),
        sa.column("name_hash", sa.String),
    )  # fmt: skip
    named = connection.execute(sa.select(persons.c.id, persons.c.name)).all()
    if not named:
        return
    keys, hash_key = os.environ.get("ANHUAN_DATA_KEYS"), os.environ.get("ANHUAN_HASH_KEY")
    if not keys or not hash_key:
        msg = "names are found by hash from now on: set ANHUAN_DATA_KEYS and ANHUAN_HASH_KEY"
        raise RuntimeError(msg)
    cipher = MultiFernet([Fernet(key) for key in keys.split(",")])
    update = (
        persons.update()
        .where(persons.c.id == sa.bindparam("of"))
        .values(name_hash=sa.bindparam("hash"))
    )
    connection.execute(
        update,
        [
            {"of": one.id, "hash": _name_hash(cipher.decrypt(bytes(one.name)).decode(), hash_key)}
            for one in named
        ],
    )


def _name_hash(name: str, key: str) -> str:
    """Return what ``api.accounts.hashes.name_hash`` returned when this was written."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hmac.new(key.encode(), f"name\x1f{plain}".encode(), hashlib.sha256).hexdigest()


def downgrade() -> None:
    """Bring the database back to the revision before."""
    op.drop_index(op.f("ix_persons_name_hash"), "persons")
    op.drop_column("persons", "name_hash")
    op.drop_table("portfolio_imports")
    for table in ("failed_sign_ins", "staff_sessions", "staff_recovery_codes", "staff"):
        op.drop_table(table)
