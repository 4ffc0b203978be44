"""From the bank's first word to the certificate, by text alone, through months: real processes, real model.

The bank invites; the person proves who they are, tells, chooses and signs; three payments follow, one of
them on time, one after the month was too hard, and one some days late. Nobody is pressed on the way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.journeys.passing import Passing
from tests.journeys.texter import Texter

pytestmark = [pytest.mark.xdist_group("months"), pytest.mark.timeout(600)]

DEBT = {"principal": "2600.00", "interest": "60.00", "penalty": "40.00", "fees": "0.00"}
"""Three payments catch up with it."""


@dataclass(frozen=True)
class Said:
    """What this person writes, and what stands in the texts they get, in their language."""

    like: str
    question: str
    agree: str
    situation: tuple[str, ...]
    on: str
    may_sign: str
    code_please: str
    invited: str
    card_tail: str
    signed: str
    agreed_day: str
    today: str
    received: str
    not_yet: str
    may_move: str
    moved: str
    half: str
    not_missed: str
    done: str
    certificate: str


ZH = Said(
    like="P-1002", question="你好，什么事", agree="1",
    situation=("被裁了，在打零工", "六千左右", "三千九", "没有别的", "九百", "15号"),
    on="1 继续", may_sign="1 确定，签", code_please="发验证码",
    invited="有件事想和持卡人本人说", card_tail="卡号最后四位", signed="签好了",
    agreed_day="是跟您约好的日子", today="今天，", received="这一次的办好了",
    not_yet="我们还没收到", may_move="往后挪一个月，不收费", moved="挪好了",
    half="已经办好一半", not_missed="都不算没做到", done="全部办好了", certificate="结清证明",
)  # fmt: skip
EN = Said(
    like="P-1004", question="Hello, what is this about", agree="I agree",
    situation=("My hours were cut in half", "6000", "3900", "nothing else", "900", "the 15th"),
    on="1 Continue", may_sign="1 Yes, I'll sign", code_please="Send the code",
    invited="for the cardholder", card_tail="last 4 digits of your card", signed="It's signed",
    agreed_day="is the day we agreed", today="today, ", received="This one is done",
    not_yet="nothing has reached us", may_move="can move back a month at no charge",
    moved="Moved.", half="Half of it all is done", not_missed="does not count as missed",
    done="It is all done", certificate="ertificate",
)  # fmt: skip


def owing(passing: Passing, said: Said) -> Texter:
    """Somebody whose payment day was five days ago, by the bank's portfolio of today."""
    passing.to_a_morning()
    today = passing.today
    return Texter(
        passing.stack, said.like, due_date=(today - timedelta(days=5)).isoformat(),
        last_payment_date=(today - timedelta(days=40)).isoformat(), as_of=today.isoformat(), **DEBT,
    )  # fmt: skip


def invite(passing: Passing, person: Texter) -> str:
    """Let the bank's outreach reach them, today or after the holidays; returns the text."""
    for _ in range(10):
        passing.invite_by_text()
        if said := person.arrived():
            return said
        passing.let_pass(days=1)
    raise AssertionError(person.story())


def sign(person: Texter, said: Said) -> None:
    """Go from the invitation to a signature, by text."""
    person.text(said.question, "1")
    assert said.card_tail in person.text(person.code())
    person.text(person.card_tail())
    person.text(said.agree, *said.situation, "1")
    assert person.stage == "offers", person.story()
    offered = person.text("1")
    while said.on in offered:
        offered = person.text("1")
    assert said.may_sign in offered, person.story()
    person.text("1")
    assert said.signed in person.text(person.code()), person.story()
    assert person.holds() == {"agreement_in_force"}


@pytest.mark.parametrize(
    "said", [pytest.param(ZH, id="zh"), pytest.param(EN, id="en", marks=pytest.mark.long)]
)
def test_the_whole_way_until_it_is_paid(passing: Passing, said: Said) -> None:
    person = owing(passing, said)
    assert said.invited in invite(passing, person)
    sign(person, said)
    lines = passing.agreement(person.person)["terms"]["repayment"]["schedule"]
    days = [date.fromisoformat(line["due_date"]) for line in lines]
    assert len(days) == 3

    def next_day() -> date:
        """Go on to the next payment day: a word before it, a word on it, and nothing else."""
        today = passing.let_pass(payment_day_of=person.person.telephone)
        texts = person.texts_arrived()
        assert [said.agreed_day in text for text in texts] == [True, True], person.story()
        assert [said.today in text for text in texts] == [False, True], person.story()
        return today

    def pay(number: int) -> str:
        passing.pay(person.person, lines[number - 1]["payment"])
        return person.arrived()

    # The first, on its day.
    assert next_day() == days[0]
    assert said.received in pay(1)
    # The second is not there on its day: a kind question within grace, and it moves back by a month.
    assert next_day() == days[1]
    passing.let_pass(days=2)
    assert said.not_yet in person.arrived()
    assert said.may_move in person.text("3")
    assert said.moved in person.text("1")
    assert next_day() == days[2]
    assert said.half in pay(2)
    # The third comes some days late, as its person said.
    assert next_day() > days[2]
    passing.let_pass(days=2)
    assert said.not_yet in person.arrived()
    assert said.not_missed in person.text("2")
    passing.let_pass(days=1)
    last = pay(3)
    assert said.done in last, person.story()
    assert person.holds() == set()
    assert passing.agreement(person.person)["state"] == "fulfilled"
    # Its link leads to the certificate, for nobody but the holder.
    [code] = re.findall(r"/i/([\w-]+)", last)
    page = passing.page_behind(
        code, lambda: said.code_please, person.fresh_code, lambda: person.person.id_last4
    )
    assert said.certificate in page
    assert passing.agreement(person.person)["number"] in page
    # Months later there is not a word more.
    passing.let_pass(days=90)
    assert person.texts_arrived() == [], person.story()
