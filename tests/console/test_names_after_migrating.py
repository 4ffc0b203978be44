"""Names that were encrypted before they could be found are found after migrating, with the keys at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from api.accounts.searching import search_clause
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring

ROOT = Path(__file__).parents[2]
KEYS = Fernet.generate_key().decode()


def migrate(folder: Path, revision: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANHUAN")}
    return subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/migrations/alembic.ini", "upgrade", revision],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**kept, "ANHUAN_DATA_DIR": str(folder), **more},
    )  # fmt: skip


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A database of the time before, with one person in it."""
    assert migrate(tmp_path, "0005").returncode == 0
    database = Database(f"sqlite:///{tmp_path / 'anhuan.db'}")
    name = Keyring([KEYS], "h").fernet.encrypt("沈禾".encode())
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO persons (id, person_ref, name, locale, telephone, telephone_hash,"
                " id_last4_hash, created_at) VALUES ('p_1', 'P-1', :name, 'zh', :name, 'x', 'x',"
                " '2026-01-01')"
            ),
            {"name": name},
        )
    database.close()
    return tmp_path


def test_a_name_from_before_is_found(before: Path) -> None:
    done = migrate(before, "0007", ANHUAN_DATA_KEYS=KEYS, ANHUAN_HASH_KEY="h")
    assert done.returncode == 0, done.stderr
    use_keyring(Keyring([KEYS], "h"))
    database = Database(f"sqlite:///{before / 'anhuan.db'}")
    with database.reading() as session:
        found = text("SELECT name_hash FROM persons")
        wanted = str(search_clause("沈 禾").compile(compile_kwargs={"literal_binds": True}))
        assert session.scalar(found) in wanted
    database.close()


def test_without_the_keys_it_says_what_is_missing_and_changes_nothing(before: Path) -> None:
    refused = migrate(before, "0007")
    assert refused.returncode != 0
    assert "set ANHUAN_DATA_KEYS and ANHUAN_HASH_KEY" in refused.stderr
    assert migrate(before, "0007", ANHUAN_DATA_KEYS=KEYS, ANHUAN_HASH_KEY="h").returncode == 0
