"""The migrations, run one after the other, make the very tables that the code speaks of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from api.kit.db import Base, Database
from api.main import create_app  # noqa: F401 - imported so that every table is known

ROOT = Path(__file__).parents[2]


def alembic(folder: Path, *words: str) -> None:
    """Run Alembic as an operator would."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/migrations/alembic.ini", *words],
        check=True, cwd=ROOT, capture_output=True,
        env={**os.environ, "ANHUAN_DATA_DIR": str(folder)},
    )  # fmt: skip


def test_up_down_and_up_again(tmp_path: Path) -> None:
    alembic(tmp_path, "upgrade", "head")
    alembic(tmp_path, "downgrade", "base")
    alembic(tmp_path, "upgrade", "head")
    database = Database(f"sqlite:///{tmp_path / 'anhuan.db'}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    database.close()
