"""``make rotate-keys``: a new data key, and everything encrypted with it, while the product runs.

Interrupted, it goes on where it stopped: as long as anything is encrypted with an older key, no further
one is made. Also after a new key was put first into ``ANHUAN_DATA_KEYS`` by hand. ``DROP=1`` afterwards
takes the keys that nothing needs any more out of the file.
"""

from __future__ import annotations

import argparse
import time

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import inspect

from api.accounts.models import Person
from api.custody.rotation import Progress, keys_in_use, reencrypt, unfinished
from api.custody.terminal import say
from api.kit.db import Database
from api.kit.keys_file import LOOK_SECONDS, KeysFile
from api.kit.secrecy import Keyring, use_keyring
from api.settings import Settings

STALE_SECONDS = LOOK_SECONDS + 5
"""After this long no process begins to write with an older key, and what it had begun is written."""


def main(arguments: list[str] | None = None) -> int:
    """Change the keys, or drop old ones; return 0, or 2 after saying why not."""
    parser = argparse.ArgumentParser(prog="make rotate-keys", description=__doc__)
    parser.add_argument("--drop", action="store_true", help="take out keys that nothing needs")
    wanted = parser.parse_args(arguments)
    settings = Settings()
    keys = settings.keyring()
    use_keyring(keys)
    if keys.file is None:  # pragma: no cover - settings always name one
        return 2
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(Person.__tablename__):
            say("Nothing was done: the database has no tables yet. `make run` once makes them.")
            return 2
        return (
            _drop(database, keys, keys.file) if wanted.drop else _rotate(database, keys, keys.file)
        )
    except InvalidToken:
        say(
            "Stopped: a value was found that none of the keys opens. A key is missing: put it back last\n"
            "into ANHUAN_DATA_KEYS, and run the command again; it goes on where it stopped."
        )
        return 2
    finally:
        database.close()


def _rotate(database: Database, keys: Keyring, file: KeysFile) -> int:
    if unfinished(database, keys):
        say("An earlier change of keys is not finished. Going on with it; no further key is made.")
    else:
        file.write((Fernet.generate_key().decode(), *keys.keys(now=True)))
        say(
            f"A new key stands first in {file.path}. Running processes see it within a second or two."
        )
    while (changed := reencrypt(database, keys, _tell)) or unfinished(database, keys):
        say(
            f"{changed} values encrypted with the newest key. Looking for what was written meanwhile."
        )
        time.sleep(STALE_SECONDS)
    say(
        f"Everything is encrypted with the newest key. {len(keys.keys()) - 1} older ones still open old\n"
        "backups. Once none of those is needed: make rotate-keys DROP=1, and take them out of\n"
        "ANHUAN_DATA_KEYS too. Keep the file of keys as safe as those, and apart from the backups."
    )
    return 0


def _tell(progress: Progress) -> None:
    say(f"  {progress.table}: {progress.seen} rows seen, {progress.changed} values changed")


def _drop(database: Database, keys: Keyring, file: KeysFile) -> int:
    found = keys_in_use(database, keys)
    needed = {place for place, values in found.items() if values}
    if -1 in needed:
        raise InvalidToken
    if needed - {0}:
        older = sum(values for place, values in found.items() if place > 0)
        say(
            f"Nothing was dropped: {older} values still need an older key. Run make rotate-keys first."
        )
        return 2
    newest, standing = keys.keys()[0], file.in_file()
    if newest in standing and len(standing) > 1:
        file.write((newest,))
    dropped = max(0, len(standing) - 1) if newest in standing else 0
    left = len(keys.keys(now=True)) - 1
    say(f"{dropped} keys were taken out of {file.path}.")
    if left:
        say(f"{left} more are in ANHUAN_DATA_KEYS and needed by nothing here: take them out there.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
