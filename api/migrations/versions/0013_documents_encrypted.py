"""The documents of signed agreements lie encrypted, as everything else that names somebody.

Those that are there are encrypted here with the installation's keys; a database without one needs none.
Their digests are of the documents themselves and stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet, MultiFernet

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LEDGER = sa.table(
    "ledger", sa.column("position", sa.Integer()), sa.column("document", sa.LargeBinary())
)


def upgrade() -> None:
    """Bring the database to this revision."""
    _each_document(lambda cipher, document: cipher.encrypt(document))


def downgrade() -> None:
    """Bring the database back to the revision before."""
    _each_document(lambda cipher, document: cipher.decrypt(document))


def _each_document(change: Callable[[MultiFernet, bytes], bytes]) -> None:
    connection = op.get_bind()
    positions = connection.scalars(sa.select(LEDGER.c.position)).all()
    if not positions:
        return
    cipher = _cipher()
    for position in positions:
        of = LEDGER.c.position == position
        document = connection.scalars(sa.select(LEDGER.c.document).where(of)).one()
        connection.execute(
            LEDGER.update().where(of).values(document=change(cipher, bytes(document)))
        )


def _cipher() -> MultiFernet:
    """Return the keys as the product reads them: those of the file, then those of the environment."""
    folder = Path(os.environ.get("ANHUAN_DATA_DIR") or "var")
    file = Path(os.environ.get("ANHUAN_DATA_KEYS_FILE") or folder / "data-keys")
    keys = file.read_text(encoding="ascii").split() if file.exists() else []
    keys += [key for key in os.environ.get("ANHUAN_DATA_KEYS", "").split(",") if key]
    if not keys:
        msg = "documents are encrypted from now on: set ANHUAN_DATA_KEYS"
        raise RuntimeError(msg)
    return MultiFernet([Fernet(key) for key in keys])
