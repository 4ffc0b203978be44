"""``make staff LOGIN=… NAME=… ROLE=…``: make a colleague, such as the first administrator.

Prints a one-time password, which is kept nowhere else and must be changed at the first sign-in; the
second factor is set up there too. ``RESET=1`` gives a colleague who is locked out a new one.
"""

from __future__ import annotations

import argparse

from sqlalchemy import inspect, select

from api.console.models import StaffMember
from api.console.signing_in import plain_login
from api.console.staffing import Made, add_colleague, reset_sign_in
from api.kit.clock import Clock
from api.kit.dates import LOCAL_ZONE
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import use_keyring
from api.policy.lookup import Policy
from api.settings import Settings

COMMAND = "command"
"""The actor of what is done from the command line."""


def main(arguments: list[str] | None = None) -> int:
    """Make or reset a colleague; return 0, or 2 after saying why not."""
    parser = argparse.ArgumentParser(prog="make staff LOGIN=… NAME=… ROLE=…", description=__doc__)
    parser.add_argument("--login", required=True)
    parser.add_argument("--name", default="")
    parser.add_argument("--role", default="", help="one or more, separated by commas")
    parser.add_argument("--locale", choices=("zh", "en"), default="zh")
    parser.add_argument("--reset", action="store_true")
    wanted = parser.parse_args(arguments)
    settings = Settings()
    use_keyring(settings.keyring())
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(StaffMember.__tablename__):
            print("Nothing was done: the database has no tables yet. `make run` once makes them.")
            return 2
        made = (_reset if wanted.reset else _add)(database, settings.clock(), wanted)
    except Problem as problem:
        print(f"Nothing was done: {problem.detail}")
        return 2
    finally:
        database.close()
    until = made.good_until.astimezone(LOCAL_ZONE)
    print(
        f"login              {made.login}\n"
        f"one-time password  {made.one_time_password}   (good until {until:%Y-%m-%d %H:%M})\n"
        f"sign in            {settings.address}/console"
    )
    return 0


def _add(database: Database, clock: Clock, wanted: argparse.Namespace) -> Made:
    roles = [role.strip() for role in wanted.role.split(",") if role.strip()]
    return add_colleague(
        database, login=wanted.login, name=wanted.name, roles=roles, locale=wanted.locale,
        by=COMMAND, now=clock.now(), policy=Policy.shipped().on(clock.today()),
    )  # fmt: skip


def _reset(database: Database, clock: Clock, wanted: argparse.Namespace) -> Made:
    with database.reading() as session:
        found = session.scalar(
            select(StaffMember.id).where(StaffMember.login == plain_login(wanted.login))
        )
    if found is None:
        raise Problem("staff_unknown", 404, "Nobody has this login.")
    return reset_sign_in(
        database, found, by=COMMAND, now=clock.now(), policy=Policy.shipped().on(clock.today())
    )


if __name__ == "__main__":
    raise SystemExit(main())
