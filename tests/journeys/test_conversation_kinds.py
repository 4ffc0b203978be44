"""Counter-offers, lump sums and money that comes later: told in words, planned, signed, proven."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.casebook import Guest, offered, told
from tests.journeys.stack import ROOT, Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


def one(locale: str, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if locale == "zh" else en


def sign(guest: Guest) -> None:
    """Read the terms to the end and sign with the code."""
    guest.say(*[one(guest.locale, "继续", "Continue")] * 3)
    assert guest.card("terms"), guest.text()
    guest.say(one(guest.locale, "确定，签", "Yes, I'll sign"))
    guest.say(guest.code())
    assert guest.stage == "signed", guest.text()


@LOCALES
def test_another_payment_is_worked_out_and_signed_with_its_proof(
    stack: Stack, locale: str, tmp_path: Path
) -> None:
    guest = offered(stack, locale)
    best = guest.offer()
    said = guest.say(one(locale, "每月只能还800", "can I pay 2000 a month"))
    found = guest.offer()
    assert found["number"] > 2, guest.text()
    assert float(found["monthly"]) <= float(one(locale, "800", "2000"))
    assert found["waived"] == best["waived"], "asking brings no relief"
    assert one(locale, "没有选", "Nothing is chosen") in said
    guest.say(one(locale, "再少点", "go lower"))
    guest.say(one(locale, "每月只能还800", "can I pay 2000 a month"))
    assert guest.offer() == found, "asking again gets the same"
    guest.say(one(locale, "换成这个", "Take this one"))
    assert guest.stage == "agree", guest.text()
    sign(guest)
    assert guest.card("signed")["periods"] == found["periods"]
    proof = tmp_path / "proof.json"
    proof.write_bytes(guest._client.get("/agreement/proof.json").content)
    told = subprocess.run(
        [sys.executable, "-m", "api.plans.check", str(proof)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout.startswith("intact"), told.stdout


@LOCALES
def test_another_length_is_worked_out_or_it_is_said_why_not(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    said = guest.say(one(locale, "24期呢", "can I do 24 months"))
    assert one(locale, "所以不行", "can't be set") in said, guest.text()
    said = guest.say(one(locale, "40期呢", "what about 35 months"))
    assert guest.offer()["periods"] == int(one(locale, "40", "35")), guest.text()
    said = guest.say(one(locale, "算了", "no"))
    assert one(locale, "没换", "nothing has changed") in said, guest.text()
    assert guest.context()["choice"] is None


@LOCALES
def test_a_lump_sum_first_is_signed(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    said = guest.say(one(locale, "我手上有5000，先还这些", "I can put down 5000 now"))
    found = guest.offer()
    assert found["down_payment"]["amount"] == "5000.00", guest.text()
    guest.say(one(locale, "换成这个", "Take this one"))
    sign(guest)
    card = guest.card("signed")
    assert card["next_amount"] == "5000.00"
    assert card["next_date"] == found["down_payment"]["due_date"]
    assert said


@LOCALES
def test_a_settlement_is_signed(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(
        *one(
            locale,
            "同意|我被裁了|四千|三千九|一千|一分也拿不出|15号",
            "I agree|I lost my job|4000|3900|1000|I can't pay anything|the 15th",
        ).split("|")
    )
    guest.say(one(locale, "手上能凑36000，一次还清", "I have 36000 saved up to pay at once"))
    assert guest.facts()["lump_sum"] == "36000.00", guest.text()
    guest.say(one(locale, "都对", "All correct"))
    offers = guest.context()["offers"]
    settlement = next((offer for offer in offers if offer["kind"] == "settlement"), None)
    assert settlement is not None, (offers, guest.text())
    if settlement["number"] == 1:
        guest.say(one(locale, "选这个", "Choose this one"))
    else:
        guest.say(one(locale, "看看别的办法", "Other ways"))
        guest.say(one(locale, f"选第{settlement['number']}个", f"Option {settlement['number']}"))
    assert guest.context()["kind"] == "settlement", guest.text()
    said = guest.say(one(locale, "继续", "Continue"))
    assert one(locale, "不再欠别的", "nothing else is owed") in said, guest.text()
    said = guest.say(one(locale, "继续", "Continue"))
    assert one(locale, "不限制您申请信用卡", "does not limit you") in said
    guest.say(one(locale, "继续", "Continue"))
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    guest.say(guest.code())
    assert guest.stage == "signed", guest.text()
    assert guest.card("signed")["periods"] == 1


@LOCALES
def test_payments_that_begin_with_a_new_job_are_signed(stack: Stack, locale: str) -> None:
    guest = told(stack, locale)
    guest.say(one(locale, "收入改成4000", "my income is 9000"))
    said = guest.say(one(locale, "都对", "All correct"))
    assert one(locale, "往后会有别的收入吗", "Will other money come later") in said, guest.text()
    guest.say(
        one(locale, "新工作一个月6500，下个月10号开始", "new job at 15000 a month from 10 December")
    )
    assert guest.facts()["income_from"].endswith("-10"), guest.text()
    assert guest.offer()["kind"] == "deferral_instalments", guest.text()
    said = guest.say(one(locale, "万一又还不上呢", "what if I lose more income"))
    assert "10%" in said, guest.text()
    guest.say(one(locale, "选这个", "Choose this one"))
    sign(guest)


@LOCALES
def test_beyond_authority_is_a_case_for_a_supervisor_and_no_promise(
    stack: Stack, locale: str
) -> None:
    guest = Guest(stack, "P-1007", locale)
    guest.known()
    guest.say(
        *one(
            locale,
            "同意|生意倒闭了|一万二|四千|两千|每月三千|15号",
            "I agree|my business failed|12000|4000|2000|3000|the 15th",
        ).split("|")
    )
    said = guest.say(one(locale, "都对", "All correct"))
    assert guest.card("refusal")["reason"] == "beyond_authority", guest.text()
    assert guest.cases() == {"beyond_authority": "waiting"}
    assert one(locale, "主管", "supervisor") in said


@LOCALES
def test_after_a_death_a_relative_is_answered_kindly(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1002", locale)
    guest.say(one(locale, "我爸上个月去世了", "my father passed away last month"))
    said = guest.say(one(locale, "他还欠多少", "how much did he owe"))
    assert one(locale, "不能说", "can't say") in said, guest.text()
    assert guest.cases()["death"] == "waiting"
