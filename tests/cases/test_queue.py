"""The queue and one case's view: who sees what, in which order, filtered, and whether it changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.channels.live import QUEUE
from api.conversations.case_list import CaseRow, hidden_cases, queue, queue_mark
from api.conversations.case_view import CaseView, case_view, mark_seen
from api.conversations.colleagues import Colleague
from api.kit.errors import Problem
from tests.cases.conftest import GAO, LIN, TAO, Desk, until
from tests.conftest import Visit, import_rows, invite_link, portfolio_row


@pytest.fixture
def three(desk: Desk, client: TestClient) -> list[Visit]:
    """Three conversations: a disputed debt, somebody who wants a person, and one in English."""
    visits = [desk.visit]
    for number, (name, locale) in enumerate((("欧阳明", "zh"), ("Daniel Whitlock", "en")), start=2):
        import_rows(
            client,
            portfolio_row(
                account_ref=f"A-{number}", person_ref=f"P-{number}", name=name, locale=locale,
                telephone=f"+861990000000{number}", card_tail=f"000{number}",
            ),
        )  # fmt: skip
        opened = client.post(
            "/v1/chat/conversations", json={"invite": invite_link(client, f"A-{number}")}
        )
        visits.append(Visit(client, desk.visit.telephone, opened.json()["conversation_id"]))
    for visit, reason in zip(visits, ("ask_human", "dispute", "not_understood"), strict=True):
        assert visit.bot("handoff", {"reason": reason})["status_code"] == 200
    return visits


def rows(desk: Desk, by: Colleague = TAO, **wanted: Any) -> list[CaseRow]:
    """Return the queue as somebody sees it."""
    return desk.do(
        lambda s: queue(s, roles=by.roles, now=desk.clock.now(), policy=desk.policy, **wanted)
    )


def view(desk: Desk, case_id: int, by: Colleague = TAO) -> CaseView:
    """Open a case."""
    return desk.do(lambda s: case_view(s, case_id, by, now=desk.clock.now(), policy=desk.policy))


def test_the_most_pressing_comes_first_and_names_are_masked(desk: Desk, three: list[Visit]) -> None:
    found = rows(desk)
    assert [row.reason for row in found] == ["dispute", "ask_human", "not_understood"]
    assert [row.name for row in found] == ["欧阳*", "沈*", "Whitlock, D*"]
    assert [row.card_tail for row in found] == ["0002", "3071", "0003"]


FILTERS: list[tuple[dict[str, Any], int]] = [
    ({"reason": "dispute"}, 1),
    ({"language": "en"}, 1),
    ({"channel": "sms"}, 0),
    ({"channel": "web"}, 3),
    ({"state": "waiting"}, 3),
    ({"mine": "s-tao"}, 0),
    ({"text": "欧阳明"}, 1),
    ({"text": "whit"}, 1),
    ({"text": "3071"}, 1),
    ({"text": "a0002"}, 1),
    ({"text": "0"}, 3),
    ({"text": "nobody"}, 0),
    ({"due_soon": True}, 0),
]


def test_the_queue_is_filtered(desk: Desk, three: list[Visit]) -> None:
    found = [(wanted, len(rows(desk, **wanted))) for wanted, _ in FILTERS]
    assert found == FILTERS


def test_what_is_due_soon_and_what_is_mine(desk: Desk, three: list[Visit]) -> None:
    desk.clock.forward(timedelta(hours=3, minutes=45))
    assert len(rows(desk, due_soon=True)) == 3
    desk.take(desk.case("dispute").id)
    assert [row.reason for row in rows(desk, mine="s-tao")] == ["dispute"]
    assert rows(desk, mine="s-tao")[0].holder_name == "陶宁"


def test_of_care_others_see_only_that_it_exists(desk: Desk, three: list[Visit]) -> None:
    case_id = desk.handoff("distress")
    for by in (TAO, GAO):
        assert "distress" not in {row.reason for row in rows(desk, by)}
        assert (
            desk.do(lambda s, by=by: hidden_cases(s, roles=by.roles, policy=desk.policy))  # type: ignore[misc]
            == 1
        )
        with pytest.raises(Problem, match="not_yours"):
            view(desk, case_id, by)
        with pytest.raises(Problem, match="not_yours"):
            view(desk, desk.case("ask_human").id, by)  # the same conversation
    assert [row.reason for row in rows(desk, LIN)] == ["distress"]
    assert view(desk, case_id, LIN).care is True


def test_every_change_changes_the_mark_and_wakes_the_queues_readers(
    desk: Desk, app: FastAPI
) -> None:
    marks = [desk.do(queue_mark)]
    woken: list[int] = []
    app.state.database.listen("cases", lambda _: woken.append(1))

    def changed() -> None:
        marks.append(desk.do(queue_mark))
        assert marks[-1] not in marks[:-1]

    case_id = desk.handoff()
    changed()
    desk.take(case_id)
    changed()
    desk.say(case_id, "您好。")
    changed()
    desk.hand_back(case_id)
    changed()
    assert len(woken) == 4
    assert QUEUE == "queue"


def test_a_reader_of_the_queue_is_woken_at_once(desk: Desk, app: FastAPI) -> None:
    import threading
    import time

    heard: list[float] = []

    async def read() -> None:
        with app.state.live.reading(QUEUE) as wait:
            await wait(10)
            heard.append(time.monotonic())

    portal = desk.visit.client.portal
    assert portal is not None
    reader = threading.Thread(target=lambda: portal.call(read))
    reader.start()
    until(lambda: QUEUE in app.state.live._readers)
    desk.handoff()
    reader.join(8)
    assert heard


def test_a_case_shows_everything_that_one_screen_needs(desk: Desk) -> None:
    desk.visit.identify()
    desk.visit.tell()
    desk.visit.bot("offers", {})
    desk.visit.bot("choice", {"option": 1})
    case_id = desk.handoff()
    seen = view(desk, case_id)
    assert (seen.name, seen.identified, seen.consent, seen.care) == ("沈禾", True, True, False)
    assert seen.facts["monthly_income"]["from"] == "6000.00"
    assert seen.affordability is not None
    assert str(seen.affordability.surplus) == "1100.00"
    assert [line.total for line in seen.debts] == ["38600.00"]
    assert seen.debts[0].days_past_due == 96
    assert seen.offers is not None
    assert seen.offers.answer["offers"][0]["number"] == 1
    assert seen.terms is not None
    assert seen.agreement is None
    assert seen.budget.left_today == 1
    assert (seen.reply.verdict, seen.answering) == ("send", True)
    assert [record["speaker"] for record in seen.records].count("person") == 2
    assert {event.kind for event in seen.events} >= {"case_opened", "identified", "consent_granted"}
    assert seen.authority.largest_waiver > 0
    assert seen.others == []
    desk.take(case_id)
    assert (view(desk, case_id).floor_name, view(desk, case_id).floor_holder) == ("陶宁", "s-tao")


def test_looking_is_on_record(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.do(lambda s: mark_seen(s, case_id, GAO, desk.clock.now()))
    event = desk.events("seen")[-1]
    assert (event.actor, event.subject_kind, event.subject_id) == (
        "staff:s-gao", "case", str(case_id),
    )  # fmt: skip
    assert event.person_id == desk.conversation.person_id


def test_an_unknown_case_is_none(desk: Desk) -> None:
    with pytest.raises(Problem, match="case_unknown"):
        view(desk, 999)
    with pytest.raises(Problem, match="case_unknown"):
        desk.take(999)
