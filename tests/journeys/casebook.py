"""What the record says after a story, and people of the sample to whom nothing has happened yet."""

from __future__ import annotations

import csv
import io
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.journeys.cardholder import Cardholder
from tests.journeys.stack import SamplePerson, Stack

RULES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "bot/voice_rules.yml").read_text("utf-8")
)
TROUBLE = ("系统出了故障", "system has a fault")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")

QUESTIONS = {
    "reason": ("碰上什么难处", "What has happened lately"),
    "monthly_income": ("每个月到手大概多少", "how much do you take home"),
    "essential_spending": ("最少要花多少", "What do you need to live on"),
    "other_debt_payments": ("别的银行和平台", "goes to other lenders each month"),
    "proposed_payment": ("每个月能拿出多少", "how much could you pay each month"),
    "pay_day": ("每个月几号还", "Which day of the month"),
}
"""A piece of each question of the situation that stands in no other sentence, Chinese and English."""


class Guest(Cardholder):
    """A visit of somebody like a person of the sample, with a record of their own.

    After every turn it holds what is true of all turns: one question at most, no system trouble, and
    before identity not a word that tells of a debt.
    """

    def __init__(
        self, stack: Stack, like: str, locale: str | None = None, *, again: str | None = None
    ) -> None:
        """Open the conversation; ``again`` is the reference of somebody who was here before."""
        super().__init__(stack, again or someone_like(stack, like), locale)
        self.locale = locale or "zh"
        self._hold()

    def say(self, *texts: str) -> str:
        """Send messages one after another; returns all that was said in reply to the last."""
        for text in texts:
            super().say(text)
            self._hold()
        return self.words

    def back_again(self, locale: str | None = None) -> Guest:
        """The same person in a new visit, by a new invite."""
        return Guest(self.stack, "", locale or self.locale, again=self.person.person_ref)

    def known(self, start: str = "") -> str:
        """Prove identity; returns what was said after it."""
        return self.identify(start or ("开始" if self.locale == "zh" else "Start"))

    def asked(self, fact: str) -> int:
        """How often a question of the situation was put in this visit."""
        return sum(
            speaker == "assistant" and any(piece in text for piece in QUESTIONS[fact])
            for speaker, text in self.transcript
        )

    def context(self) -> dict[str, Any]:
        """Where the record stands, as the assistant is told it."""
        token = self.stack.settings["ANHUAN_BOT_TOKEN"]
        answer = self.stack.client(Authorization=f"Bearer {token}").get(
            f"/v1/bot/conversations/{self.conversation_id}/context"
        )
        found: dict[str, Any] = answer.json()
        return found

    def facts(self) -> dict[str, Any]:
        """What is on record of the person's situation."""
        return dict(self.context()["situation"])

    def cases(self) -> dict[str, str]:
        """The cases of this conversation: why, and their state."""
        found = "SELECT {} FROM cases WHERE conversation_id = :id ORDER BY id"
        reasons, states = (
            self.stack.asked(found.format(column), id=self.conversation_id)
            for column in ("reason", "state")
        )
        return dict(zip(reasons, states, strict=True))

    def holds(self) -> set[str]:
        """The holds in force for the person."""
        return set(
            self.stack.asked(
                "SELECT kind FROM holds WHERE ended_at IS NULL AND person_id ="
                " (SELECT person_id FROM conversations WHERE id = :id)",
                id=self.conversation_id,
            )
        )

    def card(self, kind: str) -> dict[str, Any]:
        """A card of the last answer."""
        found = [card for card in self.cards if card["kind"] == kind]
        assert found, f"no card {kind}\n{self.text()}"
        return found[0]

    def offer(self) -> dict[str, Any]:
        """The best offer, which was just shown."""
        found: dict[str, Any] = self.card("offer")["offer"]
        return found

    def _hold(self) -> None:
        text = QUOTED.sub("", self.words)
        assert len(re.findall(r"[?？]", text)) <= 1, f"more than one question\n{self.text()}"
        assert not any(words in text for words in TROUBLE), self.text()
        assert self.words or self.answer["floor"] != "assistant", self.text()
        if self.stage in ("welcome", "identify"):
            assert told_of_a_debt(self.words) == [], self.text()


def told_of_a_debt(text: str) -> list[str]:
    """Return the words in a text that may not be said before identity."""
    words = RULES["before_identity"]
    found = [word for word in words["zh"] if word in text]
    return found + [
        word
        for word in words["en"]
        if (
            re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
            if word[0].isalnum()
            else word in text
        )
    ]


def someone_like(stack: Stack, person_ref: str, **changes: str) -> str:
    """Add a person like one of the sample, ``changes`` apart, to the portfolio; returns their reference."""
    path = stack.folder / "sample-portfolio.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    number = f"{secrets.randbelow(10**8):08d}"
    like = [
        {
            **row,
            **changes,
            "person_ref": f"J-{number}",
            "account_ref": f"J-{number}-{place}",
            "telephone": f"+86199{number}",
        }
        for place, row in enumerate(r for r in rows if r["person_ref"] == person_ref)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(like)
    answer = stack.bank.post("/v1/accounts/import", content=text.getvalue().encode())
    assert answer.status_code < 300, answer.text
    with path.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, rows[0].keys(), lineterminator="\n").writerows(like)
    return f"J-{number}"


def pays_everything(stack: Stack, person: SamplePerson) -> None:
    """Have the bank's next portfolio, of tomorrow, say that a person owes nothing any more."""
    owes_tomorrow(
        stack, person, **dict.fromkeys(("principal", "interest", "penalty", "fees"), "0.00")
    )


def owes_tomorrow(stack: Stack, person: SamplePerson, **figures: str) -> None:
    """Have the bank's next portfolio, of tomorrow, say other figures of a person."""
    rows = list(
        csv.DictReader(io.StringIO((stack.folder / "sample-portfolio.csv").read_text("utf-8")))
    )
    tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {**row, **figures, "as_of": tomorrow.isoformat()}
        for row in rows
        if row["person_ref"] == person.person_ref
    )
    answer = stack.bank.post("/v1/accounts/import", content=text.getvalue().encode())
    assert answer.status_code < 300, answer.text
    assert answer.json()["updated"] >= 1, answer.text


MOTHER = (
    "同意",
    "我七月份被裁了，现在打零工",
    "六千左右",
    "三千九",
    "一千",
    "每月能还一千",
    "15号",
)
"""The laid-off mother of the sample (P-1002) agrees and answers the six questions."""
HALVED = ("I agree", "My hours were cut in half", "14000", "10500", "1000", "1,800", "the 28th")
"""The English speaker of the sample (P-1004) does."""


def told(stack: Stack, locale: str = "zh") -> Guest:
    """Somebody identified who has answered everything and now sees the read-back."""
    guest = Guest(stack, "P-1002" if locale == "zh" else "P-1004", locale)
    guest.known()
    guest.say(*(MOTHER if locale == "zh" else HALVED))
    return guest


def offered(stack: Stack, locale: str = "zh") -> Guest:
    """Somebody who sees their best offer."""
    guest = told(stack, locale)
    guest.say("都对" if locale == "zh" else "All correct")
    assert guest.stage == "offers", guest.text()
    return guest


def reading(stack: Stack, locale: str = "zh") -> Guest:
    """Somebody who has read all the terms and is asked whether they want to sign."""
    guest = offered(stack, locale)
    guest.say(
        *(("选这个", *["继续"] * 3) if locale == "zh" else ("Choose this one", *["Continue"] * 3))
    )
    assert guest.card("terms"), guest.text()
    return guest


def signed(stack: Stack, locale: str = "zh") -> Guest:
    """Somebody who has signed."""
    guest = reading(stack, locale)
    guest.say("确定，签" if locale == "zh" else "Yes, I'll sign")
    guest.say(guest.code())
    assert guest.stage == "signed", guest.text()
    return guest
