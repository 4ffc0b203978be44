"""Alembic's environment: the database of the settings, and every table of the product."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

import api.accounts.models
import api.agreements.evidence.models
import api.agreements.models
import api.console.models
import api.contact.models
import api.conversations.models
import api.followup.models
import api.kit.audit
import api.webhooks.models  # noqa: F401 - imported so that every table is known
from api.kit.db import Base, Database


def plain_types(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own column types as what the database sees: a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def database_url() -> str:
    """Return the database's URL; migrating needs no secret, so ``Settings`` is not asked."""
    folder = Path(os.environ.get("ANHUAN_DATA_DIR", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'anhuan.db'}"


database = Database(database_url())
with database.engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True,
        compare_type=True, render_item=plain_types,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()
database.close()
