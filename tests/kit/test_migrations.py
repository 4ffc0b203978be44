"""The migrations, run one after the other, make the very tables that the code speaks of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from api.kit.db import Base, Database
from api.main import create_app  # noqa: F401 - imported so that every table is known
from tests.postgresql import PostgresServer

ROOT = Path(__file__).parents[2]


def alembic(folder: Path, url: str, *words: str) -> None:
    """Run Alembic as an operator would."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/migrations/alembic.ini", *words],
        check=True, cwd=ROOT, capture_output=True,
        env={**os.environ, "ANHUAN_DATA_DIR": str(folder), "DATABASE_URL": url},
    )  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest) -> str:
    """The setting ``DATABASE_URL`` of a database without a table."""
    if request.param == "sqlite":
        return ""
    server: PostgresServer = request.getfixturevalue("postgresql")
    return server.database()


def test_up_down_and_up_again(tmp_path: Path, empty: str) -> None:
    alembic(tmp_path, empty, "upgrade", "head")
    alembic(tmp_path, empty, "downgrade", "base")
    alembic(tmp_path, empty, "upgrade", "head")
    database = Database(empty or f"sqlite:///{tmp_path / 'anhuan.db'}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()
