"""What a bank's policy file would change, for the people of the sample portfolio: ``make policy-check``.

``python -m api.policy.check [FILE] [--on DAY]``: FILE stands in the place of the shipped bank.yaml. First
the file must be sound: each value of its unit, dated and cited, nothing missing that the product needs,
and on every day on which it changes something the planner's figures must agree with each other and stay
within the regulator's. Then everyone in the sample is planned by both, and the differences are a table: as
they are, with nothing but a lump sum of most of what they owe, and with nothing but their income to come, so
that every kind of offer is looked at.

The sample is read as files (a portfolio CSV and a YAML of facts); nothing of it is imported.

Exit codes: 0 sound; 1 not sound; 2 it could not be looked at (no such file, wrong use).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from api.kit.clock import SystemClock
from api.kit.exact import ZERO, money
from api.plans.debt import AccountStatus, Debt
from api.plans.offers import Offered, plan_offers
from api.plans.situation import FACT_FIELDS, MoneyRange, Situation
from api.plans.terms import planning_terms
from api.policy.check import BANK_FILE, SHIPPED_FOLDER, sound_policy
from api.policy.errors import PolicyGap, PolicyInvalid
from api.policy.lookup import Policy, PolicyView
from api.policy.reading import read_strict_yaml

__all__ = ["Row", "SamplePerson", "changed_rows", "check_every_day", "main", "read_sample"]

SAMPLE_FOLDER = Path(__file__).parents[2] / "sandbox" / "portfolio"
SOUND, UNSOUND, UNCHECKED = 0, 1, 2
COLUMNS = ("person", "", "kind", "monthly", "periods", "total", "waived", "beside it", "refusal")
LUMP_SUM_PERCENT, INCOME_IN_DAYS = 95, 60
"""What people of the sample are also supposed to have. Questions, not rules: they decide nothing."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One person of the sample: what they owe and what they would say."""

    person: str
    debts: tuple[Debt, ...]
    situation: Situation

    def and_supposed(self, today: date) -> tuple[SamplePerson, ...]:
        """Return the person as they are, with a lump sum, and with their income only to come."""
        total = sum((debt.total for debt in self.debts), start=ZERO)
        nothing_now = replace(self.situation, monthly_income=MoneyRange.exactly(0))
        lump = replace(
            nothing_now, lump_sum=money(total * LUMP_SUM_PERCENT / 100) if total else None
        )
        later = replace(
            nothing_now,
            expected_income=self.situation.monthly_income,
            income_from=today + timedelta(days=INCOME_IN_DAYS),
        )
        return (
            self,
            SamplePerson(f"{self.person} with {LUMP_SUM_PERCENT}% at once only", self.debts, lump),
            SamplePerson(f"{self.person} paid in {INCOME_IN_DAYS} days only", self.debts, later),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one calculation: the best offer, or why there is none. Amounts in yuan."""

    kind: str = ""
    monthly: str = ""
    periods: str = ""
    total: str = ""
    waived: str = ""
    beside: str = ""
    """Other kinds that are shown beside the best, with their totals."""
    refusal: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row's cells in the order of the table."""
        return (
            self.kind, self.monthly, self.periods, self.total, self.waived, self.beside, self.refusal,
        )  # fmt: skip


def read_sample(folder: Path) -> list[SamplePerson]:
    """Read ``people.yaml`` and ``sample.csv``; days past due count to the file's own day.

    Raises:
        OSError: a file is not there. PolicyInvalid, ValueError: a file cannot be read exactly.
    """
    facts = {person["person_ref"]: person["facts"] for person in _people(folder / "people.yaml")}
    debts: dict[str, list[Debt]] = {}
    with (folder / "sample.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            debts.setdefault(row["person_ref"], []).append(_debt(row))
    return [
        SamplePerson(person, tuple(owed), _situation(facts.get(person, {})))
        for person, owed in sorted(debts.items())
    ]


def changed_rows(
    people: Iterable[SamplePerson], before: PolicyView, after: PolicyView
) -> list[tuple[str, Row, Row]]:
    """Return the people for whom something changes, with both outcomes."""
    both = [
        (supposed.person, _outcome(supposed, before), _outcome(supposed, after))
        for person in people
        for supposed in person.and_supposed(after.date)
    ]
    return [(person, old, new) for person, old, new in both if old != new]


def check_every_day(policy: Policy, on: date) -> None:
    """Hold the planner's figures together on ``on`` and on each later day that changes something.

    Raises:
        PolicyInvalid, PolicyGap: as ``planning_terms``; the day is in the message.
    """
    for day in sorted({on, *(day for day in policy.changes() if day > on)}):
        try:
            planning_terms(policy.on(day))
        except (PolicyInvalid, PolicyGap) as error:
            msg = f"on {day.isoformat()}: {error}"
            raise PolicyInvalid(msg) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m api.policy.check",
        description="Validate a bank.yaml and show what it changes for the sample portfolio.",
        epilog="Exit codes: 0 sound; 1 not sound; 2 it could not be looked at.",
    )
    parser.add_argument(
        "file", type=Path, nargs="?", help="a bank.yaml; the shipped one if left out"
    )
    parser.add_argument(
        "--on", type=date.fromisoformat, help="the day to plan on; today if left out"
    )
    parser.add_argument("--sample", type=Path, default=SAMPLE_FOLDER, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    file: Path = wanted.file or SHIPPED_FOLDER / BANK_FILE
    on: date = wanted.on or SystemClock().today()
    if not file.is_file():
        _say(f"no such file: {file}")
        return UNCHECKED
    try:
        policy = sound_policy(file, on)
        check_every_day(policy, on)
    except (PolicyInvalid, PolicyGap) as error:
        _say(f"not sound: {error}")
        return UNSOUND
    _say(f"sound: {file.name} on {on.isoformat()}, policy digest {policy.on(on).digest}")
    later = [day.isoformat() for day in policy.changes() if day > on]
    if later:
        _say(f"more changes later: {', '.join(later)} (see --on)")
    try:
        people = read_sample(wanted.sample)
    except (OSError, ValueError, KeyError) as error:
        _say(f"the sample portfolio cannot be read: {error}")
        return UNCHECKED
    changes = changed_rows(people, Policy.shipped().on(on), policy.on(on))
    if not changes:
        _say(f"nothing changes for the {len(people)} people of the sample")
        return SOUND
    changed = {person.split()[0] for person, _, _ in changes}
    _say(f"changes for {len(changed)} of the {len(people)} people of the sample:\n")
    _table(changes)
    return SOUND


def _people(file: Path) -> list[Mapping[str, Any]]:
    content = read_strict_yaml(file)
    if not isinstance(content, list):
        msg = f"{file.name}: a list of people is expected"
        raise ValueError(msg)
    return content


def _debt(row: Mapping[str, str]) -> Debt:
    status = row["status"]
    if status not in get_args(AccountStatus):
        msg = f"{row['account_ref']}: unknown status {status}"
        raise ValueError(msg)
    late = date.fromisoformat(row["as_of"]) - date.fromisoformat(row["due_date"])
    return Debt(
        account=row["account_ref"],
        principal=Decimal(row["principal"]),
        interest=Decimal(row["interest"]),
        penalty=Decimal(row["penalty"]),
        fees=Decimal(row["fees"]),
        status=status,  # type: ignore[arg-type]  # checked above
        currency=row["currency"],
        days_past_due=max(0, late.days),
    )


def _situation(facts: Mapping[str, Any]) -> Situation:
    return Situation.from_facts({name: facts[name] for name in FACT_FIELDS if name in facts})


def _outcome(person: SamplePerson, view: PolicyView) -> Row:
    result = plan_offers(person.debts, person.situation, view)
    if not isinstance(result, Offered):
        return Row(refusal=f"{result.reason}, {result.next_step}")
    best = result.offers[0]
    return Row(
        kind=best.kind,
        monthly=f"{best.monthly:,.2f}",
        periods=str(best.periods),
        total=f"{best.total:,.2f}",
        waived=f"{best.waived.total:,.2f}",
        beside=", ".join(
            f"{offer.kind} {offer.total:,.2f}"
            for offer in result.offers[1:]
            if offer.kind != best.kind
        ),
    )


def _table(changes: Sequence[tuple[str, Row, Row]]) -> None:
    lines: list[tuple[str, ...]] = [COLUMNS]
    for person, old, new in changes:
        lines += [(person, "now", *old.cells()), ("", "then", *new.cells())]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    for number, line in enumerate(lines):
        figures = [
            cell.rjust(width) if 3 <= column <= 6 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        _say("  ".join(figures).rstrip())
        if number == 0:
            _say("  ".join("-" * width for width in widths))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
