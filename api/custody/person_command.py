"""``make person-export REF=…`` and ``make person-erase REF=…``: what a person may have, and what must go.

The reference is the bank's own of the person. Erasing shows what it would do, and does it with ``CONFIRM=1``.
Whoever asked for it has proven to a colleague who they are: that is not looked at here.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import Person
from api.custody.erasing import Erasure, erase
from api.custody.exporting import archive, title_of
from api.custody.terminal import say
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import use_keyring
from api.policy.installed import installed_policy
from api.policy.lookup import PolicyView
from api.settings import Settings

COMMAND = "command"
"""The actor of what is done from the command line."""


def main(arguments: list[str] | None = None) -> int:
    """Export or erase; return 0, or 2 after saying why not."""
    parser = argparse.ArgumentParser(prog="make person-…", description=__doc__)
    parser.add_argument("act", choices=("export", "erase"))
    parser.add_argument("--ref", required=True, help="the bank's reference of the person")
    parser.add_argument("--confirm", action="store_true", help="erase, and not only show")
    wanted = parser.parse_args(arguments)
    settings = Settings()
    use_keyring(settings.keyring())
    database, clock = Database(settings.database), settings.clock()
    policy = installed_policy(sandbox=settings.sandbox).on(clock.today())
    try:
        if not inspect(database.engine).has_table(Person.__tablename__):
            say("Nothing was done: the database has no tables yet. `make run` once makes them.")
            return 2
        if wanted.act == "export":
            _export(database, clock, policy, wanted.ref, settings.data_dir)
        else:
            _erase(database, clock, policy, wanted.ref, settings.data_dir, confirmed=wanted.confirm)
    except Problem as problem:
        say(f"Nothing was done: {problem.detail}")
        return 2
    finally:
        database.close()
    return 0


def _person(session: Session, ref: str) -> Person:
    found = session.scalar(select(Person).where(Person.person_ref == ref))
    if found is None:
        raise Problem("person_unknown", 404, "Nobody has this reference, or they were erased.")
    return found


def _export(
    database: Database, clock: Clock, policy: PolicyView, ref: str, folder: Path
) -> None:  # fmt: skip
    now = clock.now()
    with database.transaction() as session:
        person = _person(session, ref)
        lock_persons(session, [person.id])
        locale: Literal["zh", "en"] = "en" if person.locale == "en" else "zh"
        made = archive(session, person, locale=locale, now=now, policy=policy)
        append_event(
            session, at=now, actor=COMMAND, subject=("person", person.id), kind="exported",
            size=len(made),
        )  # fmt: skip
        path = folder / "exports" / f"person-{now:%Y%m%dT%H%M%SZ}-{person.id[-6:]}.zip"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(made)
    say(f"{path}\nHand it to the person themselves, and delete it afterwards: it holds everything.")


class _OnlyShown(Exception):
    """Ends the transaction of a dry run; what was done in it is not."""


def _erase(
    database: Database, clock: Clock, policy: PolicyView, ref: str, folder: Path, *, confirmed: bool
) -> None:
    done: Erasure | None = None
    try:
        with database.transaction() as session:
            person = _person(session, ref)
            done = erase(session, person, now=clock.now(), policy=policy, actor=COMMAND)
            if not confirmed:
                raise _OnlyShown
    except _OnlyShown:
        pass
    if done is None:  # pragma: no cover - an error has left before this
        return
    _tell(done, confirmed=confirmed)
    if confirmed:
        forget_in_tracker(done.conversations, folder)


def _tell(done: Erasure, *, confirmed: bool) -> None:
    kept = done.kept
    if not done.rows:
        say("There is nothing left to erase.")
    else:
        say("Erased:" if confirmed else "This would be erased (CONFIRM=1 does it):")
        for table, rows in done.erased.items():
            say(f"  {rows:6}  {title_of(table, 'en')}")
    if kept.person:
        say("Stays: name, telephone, accounts. Something is owed, or an agreement is in force.")
    for until in kept.agreements.values():
        say(
            "Stays: an agreement in force, with what it rests on."
            if until is None
            else f"Stays until {until.isoformat()}: an agreement that has ended, with what it rests on."
        )
    say(
        f"Stays: contacts since {kept.contacts_since.isoformat()}, and events (no words, no names)."
    )


def forget_in_tracker(conversations: list[str], folder: Path) -> None:
    """Delete what the assistant's own store remembers of conversations (an SQLite file beside ours)."""
    path = Path(os.environ.get("ANHUAN_TRACKER_DB") or folder / "rasa.db")
    if not conversations or not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=10)) as tracker, tracker:
        known = tracker.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone()
        if known:
            tracker.executemany(
                "DELETE FROM events WHERE sender_id = ?", [(each,) for each in conversations]
            )


if __name__ == "__main__":
    raise SystemExit(main())
