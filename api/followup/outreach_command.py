"""``make outreach``: write to whom policy chooses today, or with ``--dry-run`` only show them and why."""

from __future__ import annotations

import argparse
import sys
import time

from sqlalchemy import inspect

from api.contact.models import OutboxMessage
from api.followup.outreach import Considered, Tally, outreach
from api.kit.clock import Clock
from api.kit.dates import time_text
from api.kit.db import Database
from api.kit.secrecy import use_keyring
from api.policy.installed import installed_policy
from api.policy.lookup import Policy, PolicyView
from api.settings import Settings

MOST_SHOWN = 40
WORDS = {
    "send": "written to",
    "wait": "written to, kept until it is allowed",
    "drop": "not written to",
    "done": "written to before, in the same span of days",
    "here": "was here lately",
    "paid": "has paid; the bank's figures are older",
}


def main(arguments: list[str] | None = None) -> int:
    """Run it; return 0, or 2 when there is no database yet."""
    parser = argparse.ArgumentParser(prog="make outreach", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="write and send nothing, only show")
    parser.add_argument("--all", action="store_true", help="show every person, not the first 40")
    chosen = parser.parse_args(arguments)
    settings = Settings()
    use_keyring(settings.keyring())
    policy = installed_policy(sandbox=settings.sandbox)
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(OutboxMessage.__tablename__):
            print(
                "Nobody was written to: the database has no tables yet. `make run` once makes them."
            )
            return 2
        _run(
            database, settings.clock(), policy, settings.address, dry_run=chosen.dry_run,
            everybody=chosen.all,
        )  # fmt: skip
    finally:
        database.close()
    return 0


def _run(
    database: Database,
    clock: Clock,
    policy: Policy,
    address: str,
    *,
    dry_run: bool,
    everybody: bool,
) -> None:
    begun, tally = time.monotonic(), Tally()
    print(f"{'account':<16} {'days':>5}  {'step':<12} what, and why")
    for number, found in enumerate(
        outreach(database, clock, policy, address=address, dry_run=dry_run)
    ):
        tally.add(found)
        if everybody or number < MOST_SHOWN:
            print(_line(found, policy.on(clock.today())))
        elif number % 500 == 0:
            print(f"\r{number:,} looked at", end="", file=sys.stderr, flush=True)
    total = sum(tally.verdicts.values())
    print(f"\n{total:,} looked at in {time.monotonic() - begun:.1f} s")
    for verdict, count in tally.verdicts.most_common():
        print(f"  {count:>7,} {WORDS[verdict]}")
    for rule, count in tally.rules.most_common():
        print(f"  {count:>7,} met {rule}")
    if dry_run:
        print("A dry run: nothing was written, nobody was written to.")
    elif not total:
        print("Nobody's due day lies in a span of bank.outreach.steps or .before today.")


def _line(found: Considered, view: PolicyView) -> str:
    why = f": {view.parameter(found.rule).title}" if found.rule else ""
    until = f" (from {found.until:%Y-%m-%d} {time_text(found.until)})" if found.until else ""
    return (
        f"{found.account_ref:<16} {found.days_past_due:>5}  {found.step:<12} "
        f"{WORDS[found.verdict]}{until}{why}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
