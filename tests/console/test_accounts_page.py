"""Accounts on the console: found by what is in hand, masked in lists, changed with an event each."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.accounts.models import Invite, Person
from api.console.admission import Role, Staff
from api.console.models import PortfolioImport
from api.contact.holds import holds_of, place_hold
from api.kit.audit import Event
from api.kit.clock import SetClock
from tests.conftest import BANK, HEADING, import_rows, invite_link, portfolio_row
from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def person_id(app: FastAPI, client: TestClient) -> str:
    """沈禾 with two cards, and somebody else."""
    import_rows(
        client,
        portfolio_row(),
        portfolio_row(account_ref="A-2", card_tail="4417", principal="1200.00"),
        portfolio_row(account_ref="A-9", person_ref="P-9", name="Daniel  Whitlock", locale="en",
                      telephone="+85251230104", card_tail="8888"),
    )  # fmt: skip
    with app.state.database.reading() as session:
        found: str = session.scalars(select(Person.id).where(Person.person_ref == "P-1")).one()
        return found


def events(app: FastAPI, *kinds: str) -> list[Event]:
    with app.state.database.reading() as session:
        found = select(Event).where(Event.kind.in_(kinds), Event.actor.like("staff:%"))
        return list(session.scalars(found.order_by(Event.id)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("沈禾", 2), (" 沈 禾 ", 2), ("P-1", 2), ("A-2", 2), ("4417", 2), ("19900000001", 2),
        ("+86 199 0000 0001", 2), ("daniel whitlock", 1), ("ＤＡＮＩＥＬ WHITLOCK", 1), ("8888", 1),
        ("沈", 0), ("Daniel", 0), ("A-", 0), ("%", 0), ("' OR 1=1 --", 0), ("0001", 0),
    ],
)  # fmt: skip
def test_a_person_is_found_by_what_is_whole_and_by_nothing_else(
    app: FastAPI, person_id: str, text: str, found: int
) -> None:
    del person_id
    colleague, _ = signed_in(app, "collector")
    page = colleague.get("/console/accounts", params={"q": text}, headers=HTML).text
    assert len(re.findall(r'<a class="link table__strong"', page)) == found


def test_a_list_masks_names_and_shows_no_number(app: FastAPI, person_id: str) -> None:
    del person_id
    colleague, _ = signed_in(app, "collector")
    page = colleague.get("/console/accounts?q=沈禾", headers=HTML).text
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "沈*" in rows
    assert "沈禾" not in rows
    assert "19900000001" not in page
    assert "38,600.00" in rows


def test_opening_a_person_is_of_record_and_searching_is_not(app: FastAPI, person_id: str) -> None:
    colleague, staff = signed_in(app, "collector")
    colleague.get("/console/accounts?q=沈禾")
    assert events(app, "seen") == []
    page = colleague.get(f"/console/accounts/{person_id}", headers=HTML)
    assert "沈禾" in page.text
    assert "19900000001" not in page.text
    seen = events(app, "seen")
    assert [(one.actor, one.subject_id, one.person_id) for one in seen] == [
        (staff.actor, person_id, person_id)
    ]


def test_a_person_who_is_not_there_is_a_page_that_says_so(app: FastAPI, person_id: str) -> None:
    del person_id
    colleague, _ = signed_in(app, "collector")
    page = colleague.get("/console/accounts/p_nobody", headers=HTML)
    assert page.status_code == 404
    assert "没有这个人" in page.text


def test_payments_are_shown_with_their_card(
    app: FastAPI, client: TestClient, person_id: str
) -> None:
    paid = {"reference": "B-77", "account_ref": "A-2", "amount": "512.30", "paid_on": "2026-11-20"}
    assert client.post("/v1/payments", json=paid, headers=BANK).status_code == 201
    colleague, _ = signed_in(app, "collector")
    page = colleague.get(f"/console/accounts/{person_id}", headers=HTML).text
    row = page[page.index("B-77") - 600 : page.index("B-77")]
    assert "512.30" in row
    assert "4417" in row


def holds(app: FastAPI, person_id: str) -> set[str]:
    with app.state.database.reading() as session:
        return holds_of(session, person_id)


def change(
    colleague: TestClient, person_id: str, hold: str, lift: bool = False, **more: str
) -> str:
    path = f"/console/accounts/{person_id}/holds{'/lift' if lift else ''}"
    answer = colleague.post(path, data={"hold": hold, "how": "call", **more})
    return "done" if answer.status_code == 303 else str(answer.json()["code"])


def test_a_hold_is_placed_once_with_whose_word_it_stands_on(app: FastAPI, person_id: str) -> None:
    colleague, staff = signed_in(app, "collector")
    for _ in range(2):
        assert change(colleague, person_id, "dispute", reference="T-2026/11") == "done"
    assert holds(app, person_id) == {"dispute"}
    placed = events(app, "hold_placed")
    assert [(one.actor, one.data["source"]) for one in placed] == [
        (staff.actor, "staff:call:T-2026/11")
    ]
    page = colleague.get(f"/console/accounts/{person_id}", headers=HTML).text
    assert "账目有争议" in page
    assert "本人来电 T-2026/11" in page


def test_a_pause_of_contact_ends_by_itself(app: FastAPI, person_id: str, clock: SetClock) -> None:
    colleague, _ = signed_in(app, "collector")
    change(colleague, person_id, "breathing_space")
    page = colleague.get(f"/console/accounts/{person_id}", headers=HTML).text
    assert "2027年2月22日" in page  # bank.pause.days later
    del clock


@pytest.mark.parametrize(
    ("role", "hold", "outcome"),
    [
        ("collector", "opt_out", "done"), ("collector", "vulnerable", "done"),
        ("collector", "dispute", "hold_not_yours_to_lift"), ("supervisor", "dispute", "done"),
        ("supervisor", "distress", "hold_not_yours_to_lift"),
        ("supervisor", "agreement_in_force", "hold_not_yours_to_lift"),
        ("supervisor", "no_such_hold", "hold_not_yours_to_lift"),
    ],
)  # fmt: skip
def test_who_may_lift_what(
    app: FastAPI, person_id: str, role: Role, hold: Any, outcome: str
) -> None:
    colleague, _ = signed_in(app, role)
    with app.state.database.transaction() as session:
        if hold != "no_such_hold":
            place_hold(
                session,
                person_id=person_id,
                kind=hold,
                source="test",
                now=app.state.clock.now(),
            )
    before = holds(app, person_id)
    assert change(colleague, person_id, hold, lift=True) == outcome
    assert holds(app, person_id) == (set() if outcome == "done" else before)


def test_what_belongs_to_cases_and_agreements_is_not_placed_by_hand(
    app: FastAPI, person_id: str
) -> None:
    colleague, _ = signed_in(app, "supervisor")
    for hold in ("distress", "agreement_in_force", "undeliverable", "x"):
        assert change(colleague, person_id, hold) == "hold_not_by_hand"
    assert change(colleague, person_id, "dispute", reference="沈禾 139") == "invalid_request"
    assert holds(app, person_id) == set()


def link_in(page: str) -> str | None:
    found = re.search(r'id="link">([^<]+)<', page)
    return found.group(1) if found else None


def make(colleague: TestClient, person_id: str) -> str:
    page = colleague.get(f"/console/accounts/{person_id}", headers=HTML).text
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_an_invite_is_shown_once_opens_the_chat_and_can_be_revoked(
    app: FastAPI, client: TestClient, person_id: str
) -> None:
    colleague, staff = signed_in(app, "collector")
    once = make(colleague, person_id)
    path = f"/console/accounts/{person_id}/invites"
    shown = colleague.post(path, data={"once": once}, headers=HTML)
    link = link_in(shown.text)
    assert link is not None
    assert link_in(colleague.post(path, data={"once": once}, headers=HTML).text) == link
    assert link_in(colleague.get(f"/console/accounts/{person_id}", headers=HTML).text) is None
    code = link.rsplit("/", 1)[1]
    assert client.get(f"/i/{code}", headers=HTML).status_code == 200
    with app.state.database.reading() as session:
        invite = session.scalars(select(Invite)).one()
    assert [one.actor for one in events(app, "created")] == [staff.actor]

    revoked = colleague.post(f"{path}/{invite.id}/revoke")
    assert revoked.status_code == 303
    assert client.get(f"/i/{code}", headers=HTML).status_code == 404
    assert [one.kind for one in events(app, "revoked")] == ["revoked"]


def test_an_invite_is_revoked_only_on_its_own_persons_page(app: FastAPI, person_id: str) -> None:
    colleague, _ = signed_in(app, "collector")
    colleague.post(
        f"/console/accounts/{person_id}/invites", data={"once": make(colleague, person_id)}
    )
    with app.state.database.reading() as session:
        invite = session.scalars(select(Invite)).one()
        other = session.scalars(select(Person.id).where(Person.person_ref == "P-9")).one()
    wrong = colleague.post(f"/console/accounts/{other}/invites/{invite.id}/revoke")
    assert wrong.json()["code"] == "invite_unknown"


def test_the_same_mark_of_another_colleague_makes_another_invite(
    app: FastAPI, person_id: str
) -> None:
    links = set()
    for _ in range(2):
        colleague, _staff = signed_in(app, "collector")
        page = colleague.post(
            f"/console/accounts/{person_id}/invites", data={"once": "0" * 20}, headers=HTML
        )
        links.add(link_in(page.text))
    assert len(links) == 2


def send(colleague: TestClient, content: bytes, name: str = "portfolio.csv") -> str:
    """Send a file and wait until it is taken in; returns the page of what became of it."""
    sent = colleague.post(
        "/console/accounts/import", files={"file": (name, content, "text/csv")}, headers=HTML
    )
    if sent.status_code != 303:
        return sent.text
    deadline = time.monotonic() + 20
    while True:
        page = colleague.get(sent.headers["location"], headers=HTML).text
        if "hx-trigger" not in page:
            return page
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_portfolio_is_imported_with_a_report_of_what_was_refused(
    app: FastAPI, client: TestClient
) -> None:
    del client
    colleague, staff = signed_in(app, "supervisor")
    file = HEADING + portfolio_row() + "a,b\n" + portfolio_row(account_ref="A-2", principal="x")
    page = send(colleague, file.encode())
    assert "导入完成" in page
    assert "the row has too many or too few columns" in page
    assert page.count('<td lang="en">') == 2
    assert "沈禾" not in page
    again = send(colleague, file.encode())
    assert re.search(r"没有变化</dt><dd>1<", again)
    begun = events(app, "import_begun", "import_ended")
    assert [one.kind for one in begun] == ["import_begun", "import_ended"] * 2
    assert {one.actor for one in begun} == {staff.actor}
    assert "沈禾" not in str([one.data for one in begun])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00broken", "不是 UTF-8"), (b"name,telephone\nx,1\n", "缺少规定的列名"),
        (b"", "缺少规定的列名"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_portfolio_is_refused_in_words(
    app: FastAPI, client: TestClient, content: bytes, said: str
) -> None:
    del client
    colleague, _ = signed_in(app, "supervisor")
    assert said in send(colleague, content)


def test_without_a_file_nothing_begins(app: FastAPI, client: TestClient) -> None:
    del client
    colleague, _ = signed_in(app, "supervisor")
    answer = colleague.post("/console/accounts/import", data={"file": ""})
    assert answer.json()["code"] == "file_missing"


def test_an_import_that_died_says_how_to_go_on(
    app: FastAPI, client: TestClient, clock: SetClock
) -> None:
    del client
    colleague, staff = signed_in(app, "supervisor")
    with app.state.database.transaction() as session:
        session.add(
            PortfolioImport(
                id="pi_1", staff_id=staff.id, state="running", rows=900, done=500,
                begun_at=clock.now(), heard_at=clock.now(),
            )
        )  # fmt: skip
    assert "正在导入" in colleague.get("/console/accounts/import/pi_1", headers=HTML).text
    clock.forward(timedelta(minutes=2))
    page = colleague.get("/console/accounts/import/pi_1", headers=HTML).text
    assert "停在 500 / 900 行" in page
    part = colleague.get("/console/accounts/import/pi_1", headers={"HX-Request": "true"}).text
    assert "<html" not in part


def test_a_care_case_of_a_person_is_only_there(
    app: FastAPI, client: TestClient, clock: SetClock
) -> None:
    import_rows(client, portfolio_row())
    made = client.post("/v1/chat/conversations", json={"invite": invite_link(client)}).json()
    client.post(
        f"/v1/chat/conversations/{made['conversation_id']}/messages",
        json={"text": "我不想活了", "client_message_id": "c1"},
        headers={"Authorization": f"Bearer {made['token']}"},
    )
    with app.state.database.reading() as session:
        person_id = session.scalars(select(Person.id)).one()
    roles: tuple[Role, ...] = ("collector", "supervisor")
    for role in roles:
        colleague, _ = signed_in(app, role)
        page = colleague.get(f"/console/accounts/{person_id}", headers=HTML).text
        assert "由关怀同事处理，这里不显示内容" in page
        assert "/console/cases/" not in page
    both, _ = signed_in(app, "collector", "care")
    assert "/console/cases/" in both.get(f"/console/accounts/{person_id}", headers=HTML).text
    del clock


def test_staff_is_a_plain_record() -> None:
    staff = Staff("s_1", "秦岚", frozenset({"care"}), "zh", "t")
    assert staff.actor == "staff:s_1"
    assert staff.may("care", "collector")
    assert not staff.may("collector")
