"""What a colleague decides: disputes, complaints, pauses, vulnerability; notes; what was heard and suggested."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.channels.assistant import AssistantDown
from api.channels.hearing import HeardFact, facts_heard, hear
from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.conversations import resolving
from api.conversations.case_notes import add_note, notes_of
from api.conversations.case_view import case_view
from api.conversations.cases import HOLDS
from api.conversations.matters import FINDINGS
from api.conversations.models import Case
from api.conversations.sentences import sentence
from api.conversations.suggested_replies import suggested_replies
from api.conversations.vulnerability import signals_vulnerability
from api.kit.errors import Problem
from tests.cases.conftest import GAO, LIN, QIN, TAO, Desk
from tests.in_a_loop import in_a_loop


def refused(code: str) -> Any:
    """Expect a problem of a code."""
    return pytest.raises(Problem, match=f"^{code}$")


def held(desk: Desk) -> set[str]:
    """Return the holds of the person."""
    return desk.do(lambda s: holds_of(s, desk.conversation.person_id))


def resolve(desk: Desk, case_id: int, finding: str, by: Any = TAO) -> Case:
    """Decide a matter."""
    return desk.do(
        lambda s: resolving.resolve(
            s, case_id, by, finding, now=desk.clock.now(), policy=desk.policy
        )
    )


def test_a_dispute_decided_lifts_its_hold_tells_the_person_and_closes(desk: Desk) -> None:
    desk.visit.identify()
    case_id = desk.handoff("dispute")
    assert "dispute" in held(desk)
    desk.take(case_id)
    with refused("finding_unknown"):
        resolve(desk, case_id, "perhaps")
    with refused("case_taken"):
        resolve(desk, case_id, "upheld", QIN)
    closed = resolve(desk, case_id, "not_upheld")
    assert (closed.state, closed.outcome) == ("closed", "not_upheld")
    assert resolve(desk, case_id, "upheld").outcome == "not_upheld"
    assert "dispute" not in held(desk)
    assert "记录对得上" in desk.said("system")[-1]
    with desk.app.state.database.reading() as session:
        notice = session.scalars(select(OutboxMessage).where(OutboxMessage.key.like("answered:%")))
        assert notice.one().purpose == "service_notice"
    lifted = desk.events("hold_lifted")[-1]
    assert (lifted.actor, lifted.data["source"]) == ("staff:s-tao", "case:A0001:not_upheld")


def test_what_was_not_theirs_stays_held_until_the_account_is_right(desk: Desk) -> None:
    case_id = desk.handoff("suspected_fraud")
    desk.take(case_id)
    resolve(desk, case_id, "upheld")
    assert "fraud" in held(desk)


def test_distress_is_ended_by_care_alone_and_nothing_is_said_of_it(desk: Desk) -> None:
    desk.visit.say("我不想活了")
    case_id = desk.case("distress").id
    with refused("not_yours"):
        resolve(desk, case_id, "safe", GAO)
    desk.take(case_id, LIN)
    before = len(desk.said())
    resolve(desk, case_id, "safe", LIN)
    desk.settled()
    assert "distress" not in held(desk)
    assert desk.visit.bot("context")["care"] is False
    assert len(desk.said()) == before


def test_every_finding_that_is_told_has_its_sentence_and_every_reason_its_hold(desk: Desk) -> None:
    assert set(FINDINGS) <= set(HOLDS)
    for reason, ways in FINDINGS.items():
        for finding, meaning in ways.items():
            if meaning.told:
                for locale in ("zh", "en"):
                    assert sentence(
                        f"finding_{reason}_{finding}", locale, desk.policy, case_no="A0001"
                    )


def test_contact_is_paused_until_a_day_within_policy_and_the_person_is_told(desk: Desk) -> None:
    case_id = desk.handoff()
    today = desk.clock.today()

    def pause(until: date) -> None:
        desk.do(
            lambda s: resolving.pause_contact(
                s, case_id, TAO, until, now=desk.clock.now(), policy=desk.policy
            )
        )

    with refused("pause_absurd"):
        pause(today)
    with refused("pause_absurd") as problem:
        pause(today + timedelta(days=91))
    assert problem.value.extra["longest"] == (today + timedelta(days=90)).isoformat()
    pause(today + timedelta(days=14))
    assert "breathing_space" in held(desk)
    assert "12月8日以前，我们不主动联系您" in desk.said("system")[-1]


def test_somebody_marked_vulnerable_is_pressed_by_nobody_and_care_looks(desk: Desk) -> None:
    case_id = desk.handoff()
    marked = desk.do(
        lambda s: resolving.mark_vulnerable(
            s, case_id, TAO, now=desk.clock.now(), policy=desk.policy
        )
    )
    assert (marked.reason, marked.role) == ("vulnerability", "care")
    assert "vulnerable" in held(desk)
    desk.take(marked.id, LIN)
    resolve(desk, marked.id, "looked_after", LIN)
    assert "vulnerable" in held(desk)


@pytest.mark.parametrize(
    "text",
    ["我查出来癌症，在化疗", "我是残疾人", "我有抑郁症在吃药", "他老打我，家暴，我搬出来了", "我怀孕六个月",
     "I have cancer", "I'm disabled", "I've been diagnosed with depression", "I am homeless now"],
)  # fmt: skip
def test_grave_circumstances_are_noticed(text: str) -> None:
    assert signals_vulnerability(text)


@pytest.mark.parametrize(
    "text",
    [
        "我感冒了",
        "公司裁员了",
        "我没有残疾",
        "看不见验证码",
        "最近压力大",
        "I was ill last week",
        "no, not disabled",
    ],
)
def test_ordinary_troubles_are_not(text: str) -> None:
    assert not signals_vulnerability(text)


def test_whoever_tells_of_a_grave_circumstance_is_told_who_looks_once(desk: Desk) -> None:
    desk.visit.say("我查出来癌症，在化疗")
    desk.visit.say("化疗很贵")
    told = [text for text in desk.said("assistant") if "专门的同事也照应着" in text]
    assert len(told) == 1
    assert desk.case("vulnerability").number in told[0]
    assert desk.assistant.heard == ["我查出来癌症，在化疗", "化疗很贵"]
    assert "vulnerable" in held(desk)


def test_notes_are_kept_and_those_of_care_are_cares_alone(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.visit.say("我是残疾人")
    care = desk.case("vulnerability").id
    now, view = desk.clock.now(), desk.policy
    desk.do(
        lambda s: add_note(s, case_id, TAO, "下月起有年终奖，先别按它算。", now=now, policy=view)
    )
    desk.do(lambda s: add_note(s, care, LIN, "有社工在跟。", now=now, policy=view))
    with refused("not_yours"):
        desk.do(lambda s: add_note(s, care, TAO, "看一眼", now=now, policy=view))
    with refused("empty_message"):
        desk.do(lambda s: add_note(s, case_id, TAO, " ", now=now, policy=view))
    person = desk.conversation.person_id
    assert [note.text for note in desk.do(lambda s: notes_of(s, person, TAO.roles, view))] == [
        "下月起有年终奖，先别按它算。"
    ]
    assert len(desk.do(lambda s: notes_of(s, person, LIN.roles | {"collector"}, view))) == 2
    assert "年终奖" not in desk.visit.client.get("/chat").text


def test_a_suggested_reply_fits_the_moment_is_filled_and_may_be_said(desk: Desk) -> None:
    case_id = desk.handoff("dispute")
    desk.take(case_id)

    def suggested() -> list[str]:
        def of(session: Any) -> list[str]:
            now, view = desk.clock.now(), desk.policy
            seen = case_view(session, case_id, TAO, now=now, policy=view)
            return [
                each.text for each in suggested_replies(session, seen, TAO, now=now, policy=view)
            ]

        return desk.do(of)

    first = suggested()
    assert first[0].startswith("您好，我是云汀银行的陶宁")
    assert any("确认是您本人" in text for text in first)
    for text in first:
        desk.say(case_id, text)
    assert not any(text.startswith("您好，我是") for text in suggested())


def test_facts_heard_are_proposed_under_the_situations_names() -> None:
    understood = {
        "intent": {"name": "state_income"},
        "entities": [
            {"entity": "amount", "value": "6000.00"},
            {"entity": "amount", "role": "spending", "value": "3000.00"},
            {"entity": "day_of_month", "value": 15},
            {"entity": "amount", "role": "debt", "value": "99.00"},
        ],
    }
    assert facts_heard(understood) == {
        "monthly_income": "6000.00", "essential_spending": "3000.00", "pay_day": 15,
    }  # fmt: skip
    assert facts_heard({"intent": {"name": "reason_job_loss"}}) == {"reason": "job_loss"}
    assert facts_heard({}) == {}


class Understanding:
    """Understands one thing, or is away."""

    def __init__(self, understood: dict[str, Any] | None) -> None:
        self.understood = understood

    async def understand(self, _: str) -> dict[str, Any]:
        if self.understood is None:
            raise AssistantDown("x")
        return self.understood


def test_what_cannot_be_a_fact_is_not_proposed_and_without_an_assistant_nothing_is(
    desk: Desk,
) -> None:
    absurd = {"intent": {"name": "state_income"}, "entities": [{"entity": "amount", "value": "-5"}]}
    fine = {"intent": {"name": "state_income"}, "entities": [{"entity": "amount", "value": "5000"}]}
    for understood, found in (
        (absurd, []), (None, []), (fine, [HeardFact("monthly_income", {"from": "5000.00", "to": "5000.00"})]),
    ):  # fmt: skip
        assistant: Any = Understanding(understood)
        assert in_a_loop(hear, assistant, "收入五千", clock=desk.clock, policy=desk.policy) == found
