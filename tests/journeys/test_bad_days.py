"""Bad days, through real processes: whatever dies comes back, and nothing said is lost or doubled.

Each test is a whole story of a person nobody else knows, and waits until what it killed is back.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.journeys.bad_days import TOLD, Patient, all_back, database_held, kill, killed_after
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def good_days_around(stack: Stack) -> Iterator[None]:
    """What a story killed is back before the next one begins."""
    yield
    all_back(stack)


def test_the_assistant_dies_and_what_was_said_meanwhile_is_answered_once(stack: Stack) -> None:
    visit = Patient(stack).known()
    troubled = Patient(stack, "P-1014", locale="en")
    kill(stack, "rasa")
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
    assert "kill myself" not in stack.logs()


@pytest.mark.long
def test_the_assistant_dies_with_a_message_in_its_hands(stack: Stack) -> None:
    visit = Patient(stack).known()
    with killed_after(stack, "rasa", 0.02):
        words = visit.insist(TOLD["income"])
    assert words, visit.text()
    visit.insist(TOLD["spending"])
    visit.survived()


@pytest.mark.long  # tests/kills and test_page_survives kill it at every change
def test_the_api_dies_with_a_message_in_its_hands(stack: Stack) -> None:
    visit = Patient(stack).known()
    with killed_after(stack, "api", 0.08):
        words = visit.insist(TOLD["income"])
    assert words, visit.text()
    visit.survived()


@pytest.mark.long  # channels/test_storage_trouble holds it as well
def test_a_database_that_is_held_for_a_moment_costs_time_and_nothing_else(stack: Stack) -> None:
    visit = Patient(stack).known()
    visit.say(TOLD["income"], TOLD["spending"], TOLD["others"])
    with database_held(stack):
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


@pytest.mark.parametrize("process", ["api", pytest.param("rasa", marks=pytest.mark.long)])
def test_a_process_dies_at_the_signature_and_there_is_one_agreement(
    stack: Stack, process: str
) -> None:
    visit = Patient(stack).read_back()
    visit.say("都对", "选这个", "继续", "继续", "继续", "我看完了，同意签")
    before = {item["id"] for item in stack.bank.get("/v1/agreements").json()["items"]}
    code = visit.code()
    with killed_after(stack, process, 0.1):
        visit.insist(code)
    deadline = time.monotonic() + 60
    while visit.stage != "signed" and time.monotonic() < deadline:
        time.sleep(1)
        visit.insist("好了吗")
    assert visit.stage == "signed", visit.text()
    all_back(stack)  # a quick machine answers before the kill, and asks below while it is down
    after = {item["id"] for item in stack.bank.get("/v1/agreements").json()["items"]}
    assert len(after - before) == 1
    signed = [r for r in visit.records() if r["card"] and r["card"]["kind"] == "signed"]
    assert len(signed) == 1, visit.text()
    visit.survived()


@pytest.mark.long
def test_everything_dies_at_once_and_the_conversation_goes_on_where_it_was(stack: Stack) -> None:
    visit = Patient(stack).known()
    for name in ("api", "rasa"):
        kill(stack, name)
    visit.insist(TOLD["income"])
    visit.insist(TOLD["spending"])
    visit.insist(TOLD["others"])
    visit.insist(TOLD["proposed"])
    words = visit.insist(TOLD["day"])
    for figure in ("6,000", "3,900", "1,000", "15"):
        assert figure in words, visit.text()
    visit.survived()
