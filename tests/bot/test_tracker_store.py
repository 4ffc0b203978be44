"""Our tracker store reads and writes what Rasa's does, on the same tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from bot.rasa_changed import RasaChanged
from bot.tracker_store import KEPT_SECONDS, MOST_KEPT, ConversationStore

ROOT = Path(__file__).parents[2]
DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet"],
        "slots": {"asked": {"type": "any", "mappings": [{"type": "custom"}]}},
    }
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rasa.db"


def store(file: Path, kind: type[SQLTrackerStore] = ConversationStore) -> SQLTrackerStore:
    return kind(domain=DOMAIN, dialect="sqlite", db=str(file))


def turn(text: str) -> list[Event]:
    return [
        UserUttered(text, {"name": "greet", "confidence": 1.0}, metadata={"message_id": text}),
        ActionExecuted("action_welcome"),
        BotUttered("您好", {"buttons": [{"title": "是", "payload": "是"}]}),
        SlotSet("asked", {"from": "5000.00"}),
        ActionExecuted("action_listen"),
    ]


async def hold(where: SQLTrackerStore, *texts: str, sender: str = "c_1") -> None:
    for text in texts:
        tracker = await where.get_or_create_tracker(sender)
        for event in turn(text):
            tracker.update(event, DOMAIN)
        await where.save(tracker)


def told(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    assert tracker is not None
    return [event.as_dict() for event in tracker.events]


@pytest.mark.parametrize("reader", [SQLTrackerStore, ConversationStore])
@pytest.mark.parametrize("writer", [SQLTrackerStore, ConversationStore])
async def test_either_reads_what_the_other_wrote(
    file: Path, reader: type[SQLTrackerStore], writer: type[SQLTrackerStore]
) -> None:
    await hold(store(file, writer), "一", "二")
    await hold(store(file, reader), "三")
    tracker = await store(file, writer).retrieve("c_1")
    texts = [event["text"] for event in told(tracker) if event["event"] == "user"]
    assert texts == ["一", "二", "三"]
    assert tracker is not None
    assert tracker.get_slot("asked") == {"from": "5000.00"}
    assert told(await store(file, reader).retrieve("c_1")) == told(tracker)


async def test_a_turn_reads_the_newest_session_and_the_api_all_of_them(file: Path) -> None:
    here = store(file)
    await hold(here, "一")
    tracker = await here.get_or_create_tracker("c_1")
    tracker.update(SessionStarted(), DOMAIN)
    await here.save(tracker)
    await hold(here, "二")

    def heard(tracker: DialogueStateTracker | None) -> list[str]:
        return [event["text"] for event in told(tracker) if event["event"] == "user"]

    assert heard(await here.retrieve("c_1")) == ["二"]
    assert heard(await here.retrieve_full_tracker("c_1")) == ["一", "二"]


async def test_nobody_is_another_and_a_stranger_is_nobody(file: Path) -> None:
    here = store(file)
    await hold(here, "一", sender="c_1")
    await hold(here, "二", sender="c_2")
    assert len(told(await here.retrieve("c_2"))) == 6  # with the first action_listen
    assert await here.retrieve("c_3") is None


async def test_a_turn_is_on_the_disk_when_it_is_saved_and_readers_do_not_wait(file: Path) -> None:
    here = store(file)
    await hold(here, "一")
    other = sqlite3.connect(file, timeout=0)
    assert other.execute("SELECT count(*) FROM events").fetchone() == (
        6,
    )  # with the first action_listen
    other.execute("BEGIN")
    other.execute("SELECT * FROM events").fetchone()
    await hold(here, "二")
    other.close()
    with here.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_our_endpoints_name_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANHUAN_TRACKER_DB", str(file))
    config = read_endpoint_config(str(ROOT / "endpoints.yml"), "tracker_store")
    assert isinstance(config, EndpointConfig)
    made = TrackerStore.create(config, DOMAIN)
    assert type(made) is ConversationStore


def test_another_rasa_is_refused_where_rasa_would_go_on_in_memory(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(SQLTrackerStore, "_event_query")
    config = EndpointConfig(
        type="bot.tracker_store.ConversationStore", dialect="sqlite", db=str(file)
    )
    with pytest.raises(RasaChanged, match="_event_query"):
        TrackerStore.create(config, DOMAIN)


async def whole(where: SQLTrackerStore, sender: str = "c_1") -> list[dict[str, Any]]:
    """What another process reads of a conversation."""
    return told(await where.retrieve_full_tracker(sender))


async def test_between_its_turns_a_conversation_stays_in_memory_as_it_is_on_the_disk(
    file: Path,
) -> None:
    here = store(file)
    await hold(here, "一", "二")
    first = await here.retrieve("c_1")
    assert first is not None
    for event in turn("三"):
        first.update(event, DOMAIN)
    await here.save(first)
    assert await here.retrieve("c_1") is first
    read = await store(file).retrieve("c_1")
    assert read is not None
    assert told(first) == told(read) == await whole(here)
    for state in ("slots", "latest_message", "latest_action", "active_loop", "followup_action"):
        assert getattr(first, state) == getattr(read, state), state


async def test_what_a_failed_turn_added_is_nowhere(file: Path) -> None:
    here = store(file)
    await hold(here, "一")
    failed = await here.retrieve("c_1")
    assert failed is not None
    failed.update(UserUttered("nothing came of this", {"name": "greet"}), DOMAIN)
    again = await here.retrieve("c_1")
    assert again is not failed
    assert told(again) == await whole(store(file))
    await hold(here, "二")
    texts = [event["text"] for event in await whole(store(file)) if event["event"] == "user"]
    assert texts == ["一", "二"]


async def test_what_others_wrote_or_took_away_is_seen(file: Path) -> None:
    here, there = store(file), store(file)
    await hold(here, "一")
    await hold(there, "二")
    await hold(here, "三")
    texts = [event["text"] for event in await whole(there) if event["event"] == "user"]
    assert texts == ["一", "二", "三"]
    with sqlite3.connect(file) as other:
        other.execute("DELETE FROM events")
    assert await here.retrieve("c_1") is None
    assert await there.retrieve("c_1") is None


async def test_two_readers_never_share_a_tracker_and_each_turn_is_kept_once(file: Path) -> None:
    here = store(file)
    await hold(here, "一")
    one, other = await here.retrieve("c_1"), await here.retrieve("c_1")
    assert one is not None
    assert one is not other
    for event in turn("二"):
        one.update(event, DOMAIN)
    await here.save(one)
    await here.save(one)
    assert told(await here.retrieve("c_1")) == told(one) == await whole(store(file))


async def test_few_conversations_are_kept_and_not_for_long(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    here = store(file)
    monkeypatch.setattr(here, "_tell_time", lambda: now)
    for number in range(MOST_KEPT + 5):
        await hold(here, "一", sender=f"c_{number}")
    assert len(here._known) == MOST_KEPT
    now = KEPT_SECONDS + 1
    await hold(here, "一", sender="c_new")
    assert list(here._known) == ["c_new"]
