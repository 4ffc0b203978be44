"""The database held by another, or the disk full: a kind answer, nothing half done, nothing leaked."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, select

import api.kit.db as kit_db
from api.conversations.models import InboxItem, Message
from api.main import create_app
from api.settings import Settings
from tests.conftest import BANK, HEADING, Visit, portfolio_row

PAGE = {"Accept": "text/html", "Accept-Language": "zh-CN"}


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The usual ones, with a shorter patience."""
    monkeypatch.setattr(kit_db, "BUSY_SECONDS", 1)
    return settings


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Hold the one writer's place, as another process would."""
    path = settings.data_dir / "anhuan.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@contextmanager
def full(app: FastAPI) -> Iterator[None]:
    """Let the database grow no further, as a full disk would."""
    engine = app.state.database.engine

    def no_more(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(engine, "checkout", no_more)
    try:
        yield
    finally:
        event.remove(engine, "checkout", no_more)
        engine.dispose()


def test_a_held_database_is_said_so_and_the_message_goes_through_afterwards(
    visit: Visit, settings: Settings, app: FastAPI
) -> None:
    with held(settings):
        answer = visit.client.post(
            f"/v1/chat/conversations/{visit.conversation_id}/messages",
            json={"text": "我想看看办法", "client_message_id": "x1"},
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
        assert "我想看看办法" not in answer.text
        assert "INSERT" not in answer.text
    assert visit.say("我想看看办法", "x1")["status_code"] in (200, 202)
    with app.state.database.reading() as session:
        said = session.scalars(select(Message).where(Message.speaker == "person")).all()
        assert [message.text for message in said] == ["我想看看办法"]


def test_while_the_database_is_held_pages_are_shown_and_forms_get_a_page(
    visit: Visit, settings: Settings
) -> None:
    with held(settings):
        assert visit.client.get("/chat", headers=PAGE).status_code == 200
        assert visit.client.get("/notice", headers=PAGE).status_code == 200
        answer = visit.client.post("/chat/messages", data={"text": "在吗"}, headers=PAGE)
        assert answer.status_code == 503
        assert answer.headers["content-type"].startswith("text/html")
        assert "故障" in answer.text
        left = visit.client.post("/chat/leave", headers=PAGE)
        assert left.status_code == 303
        assert 'conversation=""' in left.headers["set-cookie"]


def test_help_lines_need_no_database(visit: Visit, settings: Settings) -> None:
    with held(settings):
        answer = visit.say("我真的不想活了")
        assert answer["status_code"] == 503
        assert [line["number"] for line in answer["crisis"]["lines"]] == ["12356", "120", "110"]
        assert "通知" not in str(answer)
        page = visit.client.post(
            "/chat/messages", data={"text": "I want to kill myself"}, headers=PAGE
        )
    assert page.status_code == 503
    assert 'href="tel:12356"' in page.text
    assert visit.bot("context")["case"] == "none"


def test_a_full_disk_refuses_kindly_and_what_was_said_before_stays(
    visit: Visit, app: FastAPI
) -> None:
    visit.say("第一句")
    long = "很长的话，" * 1500
    with full(app):
        answer = visit.say(long, "big")
        assert (answer["status_code"], answer["code"]) == (503, "storage_full")
        assert "很长" not in str(answer)
        shown = visit.client.get("/chat", headers=PAGE)
        assert "第一句" in shown.text
        form = visit.client.post("/chat/messages", data={"text": long}, headers=PAGE)
        assert (form.status_code, "故障" in form.text) == (503, True)
    assert visit.say(long, "big")["status_code"] in (200, 202)
    with app.state.database.reading() as session:
        items = session.scalars(select(InboxItem.external_id)).all()
        assert sorted(items) == ["big", "c1", "open"]


def test_storage_trouble_logs_neither_statements_nor_words(
    visit: Visit, settings: Settings, app: FastAPI, capfd: pytest.CaptureFixture[str]
) -> None:
    with held(settings):
        visit.say("我叫沈禾，手机19900000001", "x1")
    with full(app):
        visit.say("我叫沈禾，手机19900000001" * 400, "x2")
    printed = "".join(capfd.readouterr())
    assert "storage_trouble" in printed
    for secret in ("沈禾", "19900000001", "INSERT", "SELECT", "parameters"):
        assert secret not in printed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes, where this machine lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if not made or made.returncode:
        pytest.skip("no small file system can be mounted here (needs Linux and root)")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_really_full_disk_is_survived(settings: Settings, small_disk: Path) -> None:
    on_disk = settings.model_copy(update={"data_dir": small_disk})
    app = create_app(on_disk)
    app.state.database.create_all()
    with TestClient(app, follow_redirects=False) as client:
        client.post(
            "/v1/accounts/import", content=(HEADING + portfolio_row()).encode(), headers=BANK
        )
        account = client.get("/v1/accounts", headers=BANK).json()["items"][0]
        invite = client.post(f"/v1/accounts/{account['id']}/invites", headers=BANK).json()
        opened = client.post("/v1/chat/conversations", json={"invite": invite["code"]}).json()
        path = f"/v1/chat/conversations/{opened['conversation_id']}/messages"
        kept = []
        for number in range(200):
            answer = client.post(
                path, json={"text": f"{number} " + "说" * 7000, "client_message_id": str(number)}
            )
            if answer.status_code == 503:
                assert answer.json()["code"] == "storage_full"
                break
            kept.append(str(number))
        else:
            raise AssertionError("the disk was not filled")
        assert client.get("/chat").status_code == 200
        with app.state.database.reading() as session:
            stored = session.scalars(
                select(InboxItem.external_id).where(InboxItem.source == "web")
            ).all()
        assert sorted(stored) == sorted(kept)
