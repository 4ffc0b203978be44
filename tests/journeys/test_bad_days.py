"""Bad days, through real processes: whatever dies comes back, and nothing said is lost or doubled.

Each test is a whole story of a person nobody else knows; only the installation is shared, since it
takes long to start. It is not the one of the other journeys, whose processes nobody kills.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.journeys.bad_days import TOLD, Patient, database_held, kill
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bad_days"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation of its own, for its processes are killed."""
    started = Stack(tmp_path_factory.mktemp("bad_days"))
    yield started
    started.stop()


def test_the_assistant_dies_and_what_was_said_meanwhile_is_answered_once(broken: Stack) -> None:
    visit = Patient(broken).known()
    troubled = Patient(broken, "P-1014", locale="en")
    kill(broken, "rasa")
    first = visit.post(TOLD["income"], visit.next_id)
    assert first.status_code == 202
    assert "存着" in first.json()["replies"][-1]["text"]
    distress = troubled.post("I want to kill myself", "d1").json()
    assert distress["replies"][-1]["card"]["kind"] == "crisis"
    words = visit.insist(TOLD["income"])
    assert "存着" in words
    assert len(visit.answer["replies"]) >= 2, visit.text()
    visit.survived()
    troubled.survived()
    assert "kill myself" not in broken.logs()


def test_the_action_server_dies_and_the_same_message_is_answered_when_it_is_back(
    broken: Stack,
) -> None:
    visit = Patient(broken).known()
    kill(broken, "actions")
    words = visit.insist(TOLD["income"])
    assert words, visit.text()
    visit.insist(TOLD["spending"])
    visit.survived()


def test_the_api_dies_with_a_message_in_its_hands(broken: Stack) -> None:
    visit = Patient(broken).known()
    threading.Timer(0.08, kill, [broken, "api"]).start()
    words = visit.insist(TOLD["income"])
    assert words, visit.text()
    visit.survived()


def test_a_database_that_is_held_for_a_moment_costs_time_and_nothing_else(broken: Stack) -> None:
    visit = Patient(broken).known()
    visit.say(TOLD["income"], TOLD["spending"], TOLD["others"])
    with database_held(broken):
        page = visit._client.get("/chat", headers={"Accept": "text/html"})
        assert page.status_code == 200
        refused = visit.post(TOLD["proposed"], visit.next_id)
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
    visit.insist(TOLD["proposed"])
    words = visit.insist(TOLD["day"])
    for figure in ("6,000", "3,900", "1,000"):
        assert figure in words, visit.text()
    visit.survived()


def test_the_api_dies_at_the_signature_and_there_is_one_agreement(broken: Stack) -> None:
    visit = Patient(broken).read_back()
    visit.say("都对", "选这个", "继续", "继续", "继续", "我看完了，同意签")
    before = {item["id"] for item in broken.bank.get("/v1/agreements").json()["items"]}
    code = visit.code()
    threading.Timer(0.1, kill, [broken, "api"]).start()
    visit.insist(code)
    deadline = time.monotonic() + 60
    while visit.stage != "signed" and time.monotonic() < deadline:
        time.sleep(1)
        visit.insist("好了吗")
    assert visit.stage == "signed", visit.text()
    after = {item["id"] for item in broken.bank.get("/v1/agreements").json()["items"]}
    assert len(after - before) == 1
    signed = [r for r in visit.records() if r["card"] and r["card"]["kind"] == "signed"]
    assert len(signed) == 1, visit.text()
    visit.survived()


def test_everything_dies_at_once_and_the_conversation_goes_on_where_it_was(broken: Stack) -> None:
    visit = Patient(broken).known()
    for name in ("api", "rasa", "actions"):
        kill(broken, name)
    visit.insist(TOLD["income"])
    visit.insist(TOLD["spending"])
    visit.insist(TOLD["others"])
    visit.insist(TOLD["proposed"])
    words = visit.insist(TOLD["day"])
    for figure in ("6,000", "3,900", "1,000", "15"):
        assert figure in words, visit.text()
    visit.survived()
