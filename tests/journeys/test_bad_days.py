"""Bad days, through real processes: whatever dies comes back, and nothing said is lost or doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.journeys.bad_days import Patient, database_held, kill
from tests.journeys.cardholder import CODE
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bad_days"), pytest.mark.timeout(600)]

TOLD = {
    "reason": "我七月份被裁了，现在打零工",
    "income": "一个月到手六千左右",
    "spending": "房租吃饭加孩子差不多三千九",
    "others": "一千",
    "proposed": "每月能还一千",
    "day": "15号",
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation of its own, for its processes are killed."""
    started = Stack(tmp_path_factory.mktemp("bad_days"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def visit(broken: Stack) -> Patient:
    """One person who goes the whole way on a day when everything breaks once."""
    return Patient(broken, "P-1002")


def once(visit: Patient) -> None:
    """Every message of the person stands once, and the numbers have no gap."""
    records = visit.records()
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    ids = [record["client_message_id"] for record in records if record["speaker"] == "person"]
    assert len(ids) == len(set(ids)), visit.text()
    answers = [
        (record["text"], records[number - 1]["text"])
        for number, record in enumerate(records)
        if number and record["speaker"] == "assistant"
    ]
    assert not any(text == before for text, before in answers), visit.text()


def test_the_assistant_dies_and_what_was_said_meanwhile_is_answered_once(
    broken: Stack, visit: Patient
) -> None:
    visit.identify()
    visit.say("同意")
    visit.say(TOLD["reason"])
    kill(broken, "rasa")
    first = visit.post(TOLD["income"], f"m{visit._sent + 1}")
    assert first.status_code == 202
    assert "存着" in first.json()["replies"][-1]["text"]
    troubled = Patient(broken, "P-1014", locale="en")
    distress = troubled.post("I want to kill myself", "d1").json()
    assert distress["replies"][-1]["card"]["kind"] == "crisis"
    words = visit.insist(TOLD["income"])
    assert "存着" in words
    assert len(visit.answer["replies"]) >= 2, visit.text()
    once(visit)


def test_the_action_server_dies_and_the_same_message_is_answered_when_it_is_back(
    broken: Stack, visit: Patient
) -> None:
    kill(broken, "actions")
    words = visit.insist(TOLD["spending"])
    assert words, visit.text()
    once(visit)


def test_the_api_dies_with_a_message_in_its_hands(broken: Stack, visit: Patient) -> None:
    threading.Timer(0.08, kill, [broken, "api"]).start()
    words = visit.insist(TOLD["others"])
    assert words, visit.text()
    once(visit)


def test_a_database_that_is_held_for_a_moment_costs_time_and_nothing_else(
    broken: Stack, visit: Patient
) -> None:
    with database_held(broken):
        page = visit._client.get("/chat", headers={"Accept": "text/html"})
        assert page.status_code == 200
        refused = visit.post(TOLD["proposed"], f"m{visit._sent + 1}")
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
    visit.insist(TOLD["proposed"])
    words = visit.insist(TOLD["day"])
    for figure in ("6,000", "3,900", "1,000"):
        assert figure in words, visit.text()
    once(visit)


def test_the_api_dies_at_the_signature_and_there_is_one_agreement(
    broken: Stack, visit: Patient
) -> None:
    for words in ("都对", "选这个", "继续", "继续", "继续", "我看完了，同意签"):
        visit.insist(words)
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
    once(visit)


def test_no_log_of_that_day_names_anyone_or_anything_they_said(
    broken: Stack, visit: Patient
) -> None:
    logs = broken.logs()
    person = visit.person
    secrets = [person.telephone, person.telephone[3:], "周敏", "kill myself"]
    secrets += list(TOLD.values())
    secrets += [
        found.group() for text in broken.texts(person) if (found := CODE.search(text["body"]))
    ]
    for secret in secrets:
        assert secret not in logs, secret
