"""One writer at a time: taking, speaking, handing back, closing, and who may not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.channels.assistant import Answer
from api.conversations import floor
from api.conversations.case_view import case_view
from api.conversations.models import InboxItem
from api.kit.errors import Problem
from tests.cases.conftest import GAO, HAO, LIN, QIN, TAO, Desk, until
from tests.conftest import Telephone, invite_link

pytestmark = pytest.mark.each_database


def refused(code: str) -> Any:
    """Expect a problem of a code."""
    return pytest.raises(Problem, match=f"^{code}$")


def test_whoever_takes_a_case_has_the_floor_and_the_person_is_told(desk: Desk) -> None:
    case_id = desk.handoff()
    assert desk.conversation.floor == "assistant"
    taken = desk.take(case_id)
    assert (taken.state, taken.holder_id, taken.holder_name) == ("taken", "s-tao", "陶宁")
    assert desk.conversation.floor == "collector"
    assert "陶宁接手了" in desk.said("system")[-1]


def test_while_a_colleague_has_the_floor_the_assistant_hears_nothing(desk: Desk) -> None:
    desk.take(desk.handoff())
    answer = desk.visit.say("每月800行不行")
    assert answer["status_code"] == 200
    assert answer["floor"] == "collector"
    assert desk.assistant.heard == []
    assert desk.said()[-1] == "每月800行不行"


def test_taking_it_again_changes_nothing_and_a_second_colleague_is_told_by_whom(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    epoch = desk.conversation.epoch
    desk.take(case_id)
    assert desk.conversation.epoch == epoch
    assert len(desk.events("case_taken")) == 1
    with refused("case_taken") as problem:
        desk.take(case_id, QIN)
    assert problem.value.extra["by"] == "陶宁"


def test_of_two_who_take_it_at_once_one_has_it(desk: Desk) -> None:
    case_id = desk.handoff()

    def attempt(by: Any) -> str:
        try:
            return desk.take(case_id, by).holder_id or ""
        except Problem as problem:
            return problem.code

    with ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(attempt, [TAO, QIN, HAO]))
    assert found.count("case_taken") == 2
    assert len(desk.events("case_taken")) == 1


def test_a_reply_in_flight_when_the_case_is_taken_is_dropped_and_noted(desk: Desk) -> None:
    gate, asked = threading.Event(), threading.Event()

    async def slowly(*_: Any) -> list[Answer]:
        asked.set()
        await run_in_threadpool(gate.wait, 10)
        return [Answer("这句来晚了")]

    case_id = desk.handoff()
    desk.assistant.say = slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(desk.visit.say, "在吗")
        assert asked.wait(10)
        desk.take(case_id)
        gate.set()
        running.result()
    until(lambda: len(desk.events("reply_dropped")) == 1)
    assert "这句来晚了" not in desk.said()
    assert desk.waiting() == 0


def test_an_action_under_way_when_the_case_is_taken_does_nothing_any_more(desk: Desk) -> None:
    desk.visit.identify()
    case_id = desk.handoff()
    desk.take(case_id)
    answer = desk.visit.bot("consent", {"granted": True})
    assert (answer["status_code"], answer["code"]) == (409, "floor_taken")
    assert desk.visit.bot("context")["status_code"] == 200


def test_what_a_colleague_says_reaches_the_page_with_their_name_once(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    first = desk.say(case_id, "您好，我是云汀银行的陶宁。", message_id="a")
    again = desk.say(case_id, "您好，我是云汀银行的陶宁。", message_id="a")
    assert first.id == again.id
    assert desk.said("collector") == ["您好，我是云汀银行的陶宁。"]
    page = desk.visit.client.get("/chat").text
    assert "陶宁，银行同事" in page


def test_without_the_floor_nobody_speaks(desk: Desk) -> None:
    case_id = desk.handoff()
    with refused("floor_lost"):
        desk.say(case_id, "您好。")
    desk.take(case_id)
    with refused("floor_lost") as problem:
        desk.say(case_id, "您好。", QIN)
    assert problem.value.extra["by"] == "陶宁"


def test_empty_and_endless_words_are_refused(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    with refused("empty_message"):
        desk.say(case_id, " \u200b ", message_id="e")
    with refused("message_too_long"):
        desk.say(case_id, "好" * 2001, message_id="l")


def test_a_threat_is_stopped_with_its_rule_and_kinder_words(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    with refused("conduct") as problem:
        desk.say(case_id, "好的。不过您再不还就会被起诉，所以")
    found = {each["rule_id"]: each for each in problem.value.extra["findings"]}
    assert "conduct.threat" in found
    assert "第六十六条" in found["conduct.threat"]["source"]
    assert found["conduct.threat"]["kinder"]
    assert desk.said("collector") == []


def test_before_identity_a_colleague_says_nothing_of_a_debt(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    with refused("conduct"):
        desk.say(case_id, "您的欠款可以分期。")
    prove(desk, case_id)
    desk.say(case_id, "您的欠款可以分期。", message_id="b")
    assert desk.said("collector") == ["您的欠款可以分期。"]


def prove(desk: Desk, case_id: int) -> None:
    """Prove identity while a colleague has the floor."""
    texts = desk.visit.telephone.texts
    before = len(texts)
    desk.do(lambda s: floor.ask_identity(s, case_id, TAO, now=desk.clock.now(), policy=desk.policy))
    until(lambda: len(texts) > before)
    desk.visit.say(texts[-1][1][:6])
    desk.visit.say("123x")


def test_identity_can_be_proven_with_a_colleague_who_never_sees_the_code(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    prove(desk, case_id)
    assert desk.conversation.identified_at is not None
    told = desk.said("system")
    assert "确认是您本人了" in told[-1]
    assert "证件号码最后四位" in told[-2]
    assert desk.said("person") == ["••••", "••••"]
    assert desk.assistant.heard == []
    with refused("already_identified"):
        desk.do(
            lambda s: floor.ask_identity(s, case_id, TAO, now=desk.clock.now(), policy=desk.policy)
        )


def test_codes_are_consumed_while_a_colleague_has_the_floor(desk: Desk) -> None:
    code = desk.visit.code("identity")
    case_id = desk.handoff()
    desk.take(case_id)
    desk.visit.say(code)
    desk.visit.say("123x")
    assert desk.conversation.identified_at is not None
    assert desk.said("person")[-2:] == ["••••", "••••"]
    assert desk.assistant.heard == []


def test_handed_back_the_assistant_is_told_once_and_goes_on(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    desk.visit.say("那每月800")
    desk.say(case_id, "好，我交回给助手。")
    closed = desk.hand_back(case_id, agreed="每月15号以后还")
    assert (closed.state, closed.outcome) == ("closed", "handed_back")
    assert desk.conversation.case_state == "none"
    desk.settled()
    assert [heard.split("{")[0] for heard in desk.assistant.heard] == ["/handed_back"]
    told = desk.visit.bot("context")
    assert told["handed"]["kind"] == "handed_back"
    assert told["words"]["colleague"] == "陶宁"
    assert told["words"]["agreed"] == "每月15号以后还"
    desk.visit.say("好的")
    assert desk.assistant.heard[-1] == "好的"


def test_nothing_of_what_was_agreed_escapes_the_rules_of_conduct(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    with refused("conduct"):
        desk.hand_back(case_id, agreed="保证给您全部免掉")
    assert desk.conversation.floor == "collector"


def test_a_word_that_the_colleague_has_not_seen_keeps_the_floor_with_them(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    seen = desk.conversation.last_seq
    desk.visit.say("等一下，还有一件事")
    with refused("unread"):
        desk.hand_back(case_id, seen=seen)
    desk.hand_back(case_id, seen=desk.conversation.last_seq)
    assert desk.conversation.floor == "assistant"


def test_a_matter_that_is_open_stays_with_the_colleague_after_handing_back(desk: Desk) -> None:
    case_id = desk.handoff("dispute")
    desk.take(case_id)
    kept = desk.hand_back(case_id)
    assert (kept.state, kept.holder_id) == ("working", "s-tao")
    assert desk.conversation.floor == "assistant"
    assert desk.conversation.case_state == "waiting"
    with refused("matter_open"):
        desk.close(case_id)
    assert desk.take(case_id).state == "taken"


def test_several_cases_of_one_conversation_are_taken_together(desk: Desk) -> None:
    desk.visit.identify()
    first, second = desk.handoff(), desk.handoff("complaint")
    desk.take(first)
    assert desk.case("complaint").state == "taken"
    with refused("case_taken"):
        desk.take(second, QIN)
    desk.close(first)
    assert desk.conversation.floor == "collector"
    desk.hand_back(second)
    assert (desk.case().state, desk.case("complaint").state) == ("closed", "working")


def test_closing_the_last_case_gives_the_floor_back(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    closed = desk.close(case_id, "paid")
    assert (closed.state, closed.outcome) == ("closed", "paid")
    assert desk.close(case_id, "resolved").outcome == "paid"
    assert desk.conversation.floor == "assistant"
    desk.settled()
    assert desk.visit.bot("context")["handed"]["kind"] == "closed"
    with refused("case_closed"):
        desk.take(case_id)
    with refused("outcome_unknown"):
        desk.close(case_id, "no_such")


def test_distress_is_nobodys_but_cares(desk: Desk) -> None:
    desk.handoff()
    desk.visit.say("我不想活了")
    care = desk.case("distress").id
    for by in (TAO, HAO, GAO):
        with refused("not_yours"):
            desk.take(care, by)
    with refused("care_first"):
        desk.take(desk.case().id, TAO)
    assert desk.take(care, LIN).holder_id == "s-lin"


def test_care_takes_the_floor_from_a_collector(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    desk.visit.say("我不想活了")
    assert "12356" in desk.said("system")[-1]
    with refused("conduct") as problem:
        desk.say(case_id, "那这个月的还款怎么办？")
    rules = {found["rule_id"] for found in problem.value.extra["findings"]}
    assert "conduct.while_care" in rules
    desk.take(desk.case("distress").id, LIN)
    assert desk.case().state == "waiting"
    with refused("floor_lost"):
        desk.say(case_id, "我在。", message_id="late")
    desk.say(desk.case("distress").id, "我在，您慢慢说。", LIN)


def test_a_supervisor_gives_a_case_to_another_colleague_with_the_floor(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    now = desk.clock.now()
    with refused("not_yours"):
        desk.do(lambda s: floor.reassign(s, case_id, QIN, TAO, now, desk.policy))
    with refused("not_yours"):
        desk.do(lambda s: floor.reassign(s, case_id, LIN, HAO, now, desk.policy))
    desk.do(lambda s: floor.reassign(s, case_id, QIN, HAO, now, desk.policy))
    assert desk.case().holder_id == "s-qin"
    assert "秦岚接手了" in desk.said("system")[-1]
    with refused("floor_lost"):
        desk.say(case_id, "您好。")
    desk.say(case_id, "您好。", QIN)


def test_given_up_it_is_in_the_queue_again_and_the_assistant_says_so(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    desk.do(lambda s: floor.give_up(s, case_id, TAO, desk.clock.now(), desk.policy))
    assert (desk.case().state, desk.case().holder_id) == ("waiting", None)
    desk.settled()
    assert desk.visit.bot("context")["handed"]["kind"] == "away"
    desk.take(case_id, QIN)


def test_by_text_the_colleagues_words_leave_by_the_outbox_as_theirs(
    desk: Desk, telephone: Telephone
) -> None:
    def by_text(session: Any) -> None:
        from api.conversations.transcript import locked_conversation

        conversation = locked_conversation(session, desk.visit.conversation_id)
        conversation.channel, conversation.texted_seq = "sms", conversation.last_seq

    case_id = desk.handoff()
    desk.visit.say("有人吗")
    desk.do(by_text)
    desk.take(case_id)
    desk.say(case_id, "您好，我看过您写的了。")
    until(lambda: any("我看过您写的了" in body for _, body in telephone.texts))
    desk.hand_back(case_id)
    desk.visit.identify()
    ledger = desk.visit.client.get("/contacts").text
    assert "银行同事" in ledger


def test_a_colleagues_word_at_night_waits_for_the_morning_unless_it_answers(
    desk: Desk, telephone: Telephone
) -> None:
    from api.conversations.transcript import locked_conversation

    def by_text(session: Any) -> None:
        conversation = locked_conversation(session, desk.visit.conversation_id)
        conversation.channel, conversation.texted_seq = "sms", conversation.last_seq

    case_id = desk.handoff()
    desk.clock.forward(timedelta(hours=11))  # 23:01 in Shanghai
    desk.do(by_text)
    desk.take(case_id)
    desk.say(case_id, "明天上午我再看一遍。")
    until(lambda: desk.conversation.texted_seq == desk.conversation.last_seq)
    assert not any("明天上午" in body for _, body in telephone.texts)
    desk.clock.forward(timedelta(hours=9))
    until(lambda: any("明天上午" in body for _, body in telephone.texts))


def test_the_case_and_its_colleague_follow_the_person_into_another_visit(desk: Desk) -> None:
    desk.visit.identify()
    desk.visit.say("每月八百行吗")
    case_id = desk.handoff()
    desk.take(case_id)
    first = desk.visit.conversation_id
    client = desk.visit.client
    opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
    desk.visit.conversation_id = opened.json()["conversation_id"]
    assert desk.conversation.floor == "assistant"  # nobody knows yet who this is
    desk.visit.identify()
    assert desk.case().conversation_id == desk.visit.conversation_id
    assert desk.conversation.floor == "collector"
    desk.say(case_id, "您好，接着刚才的说。")
    assert desk.said("collector") == ["您好，接着刚才的说。"]
    seen = desk.do(lambda s: case_view(s, case_id, TAO, now=desk.clock.now(), policy=desk.policy))
    assert "每月八百行吗" in [record["text"] for record in seen.earlier]
    assert seen.conversation.id != first
    desk.hand_back(case_id)
    assert desk.conversation.floor == "assistant"


def test_what_a_stranger_told_stays_where_they_told_it(desk: Desk) -> None:
    desk.handoff("represents_holder")
    first = desk.visit.conversation_id
    client = desk.visit.client
    opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
    desk.visit.conversation_id = opened.json()["conversation_id"]
    desk.visit.identify()
    assert desk.case("represents_holder").conversation_id == first


def test_nothing_a_person_writes_is_lost_whoever_has_the_floor(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    for number in range(5):
        desk.visit.say(f"第{number}句")
    with desk.app.state.database.reading() as session:
        items = session.scalars(select(InboxItem)).all()
        assert all(item.handled_at is not None for item in items)
    assert [text for text in desk.said("person") if text.startswith("第")] == [
        f"第{number}句" for number in range(5)
    ]
