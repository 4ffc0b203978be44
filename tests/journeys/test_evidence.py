"""A paper before the signature, through the real processes: asked for, sent, refused, sent again, signed."""

from __future__ import annotations

import re
import time

import pytest

from tests.evidence.papers import png
from tests.journeys.casebook import Guest
from tests.journeys.reviewer import Reviewer
from tests.journeys.stack import Stack
from tests.journeys.texter import Texter

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

LARGE_COSTS = (
    "同意",
    "我七月份被裁了，现在打零工",
    "两万六左右",
    "两万一",
    "没有别的",
    "每月能还一千",
    "15号",
)
"""Somebody whose living costs are so large that policy wants to see a bill before a plan is signed."""


def heard(guest: Guest, words: str) -> None:
    """Wait until something is said in the conversation by itself."""
    deadline = time.monotonic() + 20
    while words not in guest._client.get("/chat").text:
        assert time.monotonic() < deadline, f"{words} was not said"
        time.sleep(0.2)


def test_a_bill_is_asked_for_refused_kindly_sent_again_and_the_plan_is_signed(stack: Stack) -> None:
    guest = Guest(stack, "P-1002", "zh")
    guest.known()
    guest.say(*LARGE_COSTS)
    said = guest.say("都对")
    assert "支出的票据" in said, guest.text()
    assert guest.card("evidence")["missing"] == ["receipt"]
    assert guest.context()["has_offers"]  # nothing else is in the way
    said = guest.say("选这个", "继续", "继续", "继续")
    assert "签之前还差一样" in said, guest.text()
    texts = len(stack.texts(guest.person))
    assert "签之前还差一样" in guest.say("确定，签"), guest.text()
    assert "签之前还差一样" in guest.say("好"), guest.text()
    assert len(stack.texts(guest.person)) == texts  # no code left

    colleague = Reviewer(stack, "collector")
    for shade, verdict, told in ((1, "refuse", "看不清"), (2, "accept", "同事看过了，没有问题")):
        page = guest._client.get("/evidence").text
        assert "支出的票据" in page
        sent = guest._client.post(
            "/evidence", data={"kind": "receipt"}, files={"file": ("bill.png", png(shade))}
        )
        assert sent.status_code == 303
        assert guest.cases()["evidence"] == "waiting"
        assert "同事正在看" in guest.say("交好了"), guest.text()
        (case,) = re.findall(r"/console/evidence/case/(\d+)", colleague.look("/evidence"))[-1:]
        papers = colleague.look(f"/evidence/case/{case}")
        colleague.press(papers, f"/{verdict}", **({"reason": "unreadable"} if shade == 1 else {}))
        heard(guest, told)
    assert guest.cases()["evidence"] == "closed"
    said = guest.say("接着签")
    assert guest.card("code"), guest.text()
    guest.say(guest.code())
    assert guest.stage == "signed", guest.text()


def test_by_text_a_link_leads_to_the_page_where_the_bill_is_sent(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    person.text("你好")
    person.identify("1")
    said = person.text(*LARGE_COSTS, "都对")
    assert "支出的票据" in said, person.story()
    link = re.search(r"在网页上拍照交：\S+(/i/\S+)", said)
    assert link is not None, person.story()
    page = stack.client()
    assert page.post(link.group(1)).status_code == 303
    assert "支出的票据" in page.get("/evidence").text
    sent = page.post("/evidence", data={"kind": "receipt"}, files={"file": ("b.png", png(3))})
    assert sent.status_code == 303
