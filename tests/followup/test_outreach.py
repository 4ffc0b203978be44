"""Outreach through the real application: who is invited, once, by which rule not, and what it says."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.accounts.models import Invite
from api.contact.models import ContactAttempt, OutboxMessage
from api.contact.segments import segments
from api.contact.sending import deliver_due
from api.followup import outreach_command
from api.followup.outreach import Considered, outreach
from api.kit.clock import SetClock
from tests.conftest import BANK, Telephone, import_rows, portfolio_row
from tests.followup.conftest import Months

pytestmark = pytest.mark.each_database

TODAY = date(2026, 11, 24)


def row(number: int, days: int, **changes: str) -> str:
    """One person's account, so many days past due."""
    return portfolio_row(
        account_ref=f"A-{number}", person_ref=f"P-{number}",
        telephone=f"+86199000{number:05d}", due_date=(TODAY - timedelta(days=days)).isoformat(),
        **changes,
    )  # fmt: skip


@pytest.fixture
def bank(app: FastAPI, telephone: Telephone) -> TestClient:
    """The bank's client of an application whose loops are still: a test sends by hand."""
    return TestClient(app)


def run(app: FastAPI, clock: SetClock, *, dry_run: bool = False) -> dict[str, Considered]:
    """Run outreach for everybody."""
    state = app.state
    return {
        found.account_ref: found
        for found in outreach(
            state.database, clock, state.policy, address="https://bank.example", dry_run=dry_run
        )
    }


def test_who_is_within_a_step_is_invited_and_nobody_else(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    import_rows(
        bank, row(1, 2), row(2, 3), row(3, 14), row(4, 15), row(5, 25), row(6, 4, status="sold"),
        row(7, 200), row(8, 5, locale="en", name="Ann"),
    )  # fmt: skip
    found = run(app, clock)
    assert {ref: (item.step, item.verdict) for ref, item in found.items()} == {
        "A-2": ("first_word", "send"), "A-3": ("first_word", "send"),
        "A-5": ("second_word", "send"), "A-8": ("first_word", "send"),
    }  # fmt: skip
    deliver_due(app.state.database, clock, app.state.policy, app.state.transports)
    assert len(telephone.texts) == 4
    for _, text in telephone.texts:
        assert segments(text) <= 2
        link = re.search(r"https://bank\.example(/i/[\w-]+)", text)
        assert link is not None
        assert bank.get(link.group(1)).status_code == 200
        for word in ("欠", "还款", "逾期", "账", "owe", "debt", "overdue", "沈禾", "Ann", "3071"):
            assert word not in text


def test_a_friendly_word_goes_ahead_of_the_due_day_and_tells_of_nothing(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    import_rows(
        bank, row(1, -3), row(2, -1, locale="en", name="Ann"), row(3, -4), row(4, 0),
        row(5, -2, principal="0.00", interest="0.00", penalty="0.00"), row(6, -2, status="sold"),
    )  # fmt: skip
    found = run(app, clock, dry_run=True)
    assert found == run(app, clock)
    assert {ref: (item.days_past_due, item.step, item.verdict) for ref, item in found.items()} == {
        "A-1": (-3, "due_soon", "send"), "A-2": (-1, "due_soon", "send"),
    }  # fmt: skip
    deliver_due(app.state.database, clock, app.state.policy, app.state.transports)
    assert telephone.texts[0][1].startswith("【云汀银行】信用卡服务：有件事想提前")
    for _, text in telephone.texts:
        assert segments(text) <= 2
        for word in (
            "欠",
            "还款",
            "到期",
            "逾期",
            "账",
            "元",
            "due",
            "owe",
            "pay",
            "bill",
            "沈禾",
            "Ann",
        ):
            assert word not in text
    clock.forward(timedelta(days=1))
    assert {ref: item.verdict for ref, item in run(app, clock).items()} == {
        "A-1": "done", "A-3": "send",
    }  # fmt: skip
    with app.state.database.reading() as session:
        purposes = session.scalars(select(ContactAttempt.purpose))
        assert set(purposes) == {"reminder"}  # no part of the budget for pressing


def test_who_is_overdue_on_one_card_gets_no_friendly_word_about_another(
    bank: TestClient, app: FastAPI, clock: SetClock
) -> None:
    import_rows(bank, row(1, 200), row(1, -2).replace("A-1,", "A-1b,", 1))
    assert run(app, clock) == {}


def test_an_agreement_has_reminders_of_its_own(months: Months) -> None:
    months.ticks()
    months.clock.forward(timedelta(days=8))
    soon = (months.today + timedelta(days=2)).isoformat()
    newer = portfolio_row(principal="2700.00", interest="0.00", penalty="0.00", due_date=soon,
                          as_of="2026-12-01")  # fmt: skip
    import_rows(months.client, newer)
    found = run(months.app, months.clock)["A-1"]
    assert (found.verdict, found.rule) == ("drop", "gate.agreement_in_force")


def test_again_the_same_day_or_the_next_invites_nobody_twice(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    import_rows(bank, row(1, 5))
    assert run(app, clock)["A-1"].verdict == "send"
    for days in (0, 1, 5):
        clock.forward(timedelta(days=days))
        assert run(app, clock)["A-1"].verdict == "done"
    clock.forward(timedelta(days=11))  # 22 days past due: the next step
    assert run(app, clock)["A-1"].verdict == "send"


def test_a_person_with_two_cards_gets_one_word(
    bank: TestClient, app: FastAPI, clock: SetClock
) -> None:
    second = row(1, 5).replace("A-1,", "A-1b,", 1)
    import_rows(bank, row(1, 5), second, row(2, 4).replace("A-2,", "A-2,", 1))
    assert set(run(app, clock)) == {"A-1", "A-2"}


def test_a_dry_run_writes_nothing(bank: TestClient, app: FastAPI, clock: SetClock) -> None:
    import_rows(bank, row(1, 5))
    assert run(app, clock, dry_run=True)["A-1"].verdict == "send"
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
        assert session.scalar(select(func.count()).select_from(Invite)) == 0
    assert run(app, clock)["A-1"].verdict == "send"


def test_a_hold_is_met_and_named_and_once_lifted_they_are_invited(
    bank: TestClient, app: FastAPI, clock: SetClock
) -> None:
    import_rows(bank, row(1, 5))
    hold = {"account_ref": "A-1", "hold": "dispute", "source": "branch"}
    bank.post("/v1/contacts/holds", json=hold, headers=BANK)
    found = run(app, clock)["A-1"]
    assert (found.verdict, found.rule) == ("drop", "gate.dispute")
    bank.post("/v1/contacts/holds/lift", json=hold, headers=BANK)
    assert run(app, clock)["A-1"].verdict == "send"


def test_by_night_it_is_kept_until_the_morning(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    import_rows(bank, row(1, 5))
    clock.forward(timedelta(hours=11))
    found = run(app, clock)["A-1"]
    assert (found.verdict, found.rule) == ("wait", "gate.quiet_hours")
    state = app.state
    assert deliver_due(state.database, clock, state.policy, state.transports) == 0
    clock.forward(timedelta(hours=9))
    assert deliver_due(state.database, clock, state.policy, state.transports) == 1


def test_who_was_here_lately_is_left_alone(bank: TestClient, app: FastAPI, clock: SetClock) -> None:
    import_rows(bank, row(1, 5))
    items = bank.get("/v1/accounts?overdue=true", headers=BANK).json()["items"]
    code = bank.post(f"/v1/accounts/{items[0]['id']}/invites", headers=BANK).json()["code"]
    with bank:
        bank.post("/v1/chat/conversations", json={"invite": code})
    assert run(app, clock)["A-1"].verdict == "here"
    clock.forward(timedelta(days=8))
    assert run(app, clock)["A-1"].verdict == "send"


def test_who_has_paid_is_not_invited_on_older_figures(months: Months) -> None:
    months.ticks()
    months.clock.forward(timedelta(days=8))  # the visit is long enough ago
    months.pay("2874.64")
    months.ticks()
    assert run(months.app, months.clock)["A-1"].verdict == "paid"
    newer = portfolio_row(principal="2700.00", interest="0.00", penalty="0.00", as_of="2026-12-03")
    import_rows(months.client, newer)
    assert run(months.app, months.clock)["A-1"].verdict == "send"


def test_every_page_of_many_is_looked_at_once(
    bank: TestClient, app: FastAPI, clock: SetClock
) -> None:
    import_rows(bank, *(row(number, 3 + number % 12) for number in range(1, 451)))
    assert len(run(app, clock)) == 450


def test_the_command_says_what_it_did(
    bank: TestClient, app: FastAPI, settings: object, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    long_ago = (date.today() - timedelta(days=5)).isoformat()  # noqa: DTZ011 - the command has the machine's clock
    import_rows(bank, portfolio_row(due_date=long_ago))
    monkeypatch.setattr(outreach_command, "Settings", lambda: settings)
    assert outreach_command.main(["--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "A-1" in said
    assert "1 looked at" in said
    assert "nothing was written" in said
    with pytest.raises(SystemExit):
        outreach_command.main(["--help"])
    assert "--dry-run" in capsys.readouterr().out
