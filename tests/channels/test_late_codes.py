"""Codes and document digits typed too late, twice, or from two tabs: never in clear, never a try lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.models import Challenge
from api.conversations.models import InboxItem, Message
from api.kit.audit import Event
from api.kit.clock import SetClock
from tests.conftest import BANK, Visit, import_rows, invite_link

HIDDEN = "••••"


def kept(app: FastAPI) -> str:
    """Return everything stored of what was said, heard and done, but for the texts of the telephone."""
    with app.state.database.reading() as session:
        rows = [m.text for m in session.scalars(select(Message))]
        rows += [item.text for item in session.scalars(select(InboxItem))]
        rows += [str(event.data) for event in session.scalars(select(Event))]
    return "\n".join(rows)


def last_said(app: FastAPI) -> str:
    """Return the person's last message as it is kept."""
    with app.state.database.reading() as session:
        messages = session.scalars(select(Message).order_by(Message.seq)).all()
        return [m.text for m in messages if m.speaker == "person"][-1]


def tries(app: FastAPI, purpose: str) -> int:
    """Return the tries left of the newest challenge of a purpose."""
    with app.state.database.reading() as session:
        newest = session.scalars(
            select(Challenge).where(Challenge.purpose == purpose).order_by(Challenge.created_at)
        ).all()[-1]
        return newest.tries_left


def other(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def words(answer: dict[str, Any]) -> str:
    """What was answered at once, and by whom nothing but the API can have said it."""
    assert answer["status_code"] == 200, answer
    return "\n".join(reply["text"] for reply in answer["replies"])


WAYS = ["{}", " {} ", "验证码是{}", "填了{}怎么没反应", "code: {}."]


def spelled(code: str) -> list[str]:
    """The ways in which people write a code."""
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    chinese = code.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    parted = [wide, chinese, f"{code[:3]} {code[3:]}", " ".join(code), f"{code[:3]}-{code[3:]}"]
    return [way.format(code) for way in WAYS] + parted


def at_signing(visit: Visit) -> str:
    """Go to where a signing code has been sent; returns it."""
    visit.identify()
    visit.tell()
    visit.choose()
    return visit.code("signature")


def test_a_signing_code_after_distress_is_hidden_and_answered_with_care(
    visit: Visit, app: FastAPI
) -> None:
    code = at_signing(visit)
    visit.say("签了也没用，我不想活了")
    for way in (*spelled(code), other(code)):
        said = words(visit.say(way))
        assert "12356" in said, way
        assert "停用" in said
        assert last_said(app) == HIDDEN
    assert code not in kept(app)
    assert visit.bot("agreement", {})["code"] == "not_signed"


@pytest.mark.parametrize("words", ["{} 我不想活了", "I want to kill myself, {}"])
def test_a_code_beside_words_of_distress_signs_nothing_and_care_comes_first(
    visit: Visit, app: FastAPI, words: str
) -> None:
    code = at_signing(visit)
    answer = visit.say(words.format(code))
    assert answer["replies"][-1]["card"]["kind"] == "crisis"
    assert last_said(app) == words.format(HIDDEN), "a colleague reads what was said, not the code"
    assert code not in kept(app)
    visit.say(words.format(code))
    assert last_said(app) == words.format(HIDDEN)
    assert visit.bot("agreement", {})["code"] == "not_signed"


def test_a_signing_code_after_a_correction_is_hidden_and_nothing_is_signed(
    visit: Visit, app: FastAPI
) -> None:
    code = at_signing(visit)
    visit.bot("situation", {"facts": {"proposed_payment": "900.00"}})
    for way in (*spelled(code), other(code)):
        said = words(visit.say(way))
        assert "什么也没有签" in said, way
        assert last_said(app) == HIDDEN
    assert code not in kept(app)
    assert visit.bot("context")["signed"] is False


def test_in_a_long_message_only_the_code_is_hidden_and_the_rest_is_heard(
    visit: Visit, app: FastAPI
) -> None:
    code = at_signing(visit)
    visit.bot("situation", {"facts": {"proposed_payment": "900.00"}})
    story = "我刚才把短信里的{}填进去了，可是页面一直没有反应，另外我想说这个月的工资又晚发了，能不能过几天再签呢，谢谢"
    visit.say(story.format(f"{code[:3]} {code[3:]}"))
    assert last_said(app) == story.format(HIDDEN)
    assert code not in kept(app).replace(" ", "")


@pytest.mark.parametrize(
    "sum_", ["收入120000元", "120000块", "¥120000", "120,000", "年薪12万", "每月6000"]
)
def test_a_sum_is_no_code_even_then(visit: Visit, app: FastAPI, sum_: str) -> None:
    at_signing(visit)
    visit.bot("situation", {"facts": {"proposed_payment": "900.00"}})
    visit.say(sum_)
    assert last_said(app) == sum_


@pytest.mark.parametrize("sum_", ["120000", "120 000", "月入120000"])
def test_a_six_digit_income_is_heard_where_no_code_was_made_void(
    visit: Visit, app: FastAPI, sum_: str
) -> None:
    visit.identify()
    visit.bot("consent", {"granted": True})
    visit.say(sum_)
    assert last_said(app) == sum_


@pytest.mark.parametrize("sum_", ["我一年收入120000元", "120000 yuan a year", "¥120000"])
def test_a_sum_told_while_a_code_is_awaited_costs_no_try(
    visit: Visit, app: FastAPI, sum_: str
) -> None:
    at_signing(visit)
    visit.say(sum_)
    assert last_said(app) == sum_
    assert tries(app, "signature") == 5


def test_a_six_digit_income_is_heard_hours_after_a_void_or_an_expired_code(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    code = at_signing(visit)
    clock.forward(timedelta(hours=2))
    visit.say("120000")
    assert last_said(app) == "120000"
    visit.say(code)
    assert last_said(app) == HIDDEN
    visit.bot("situation", {"facts": {"proposed_payment": "900.00"}})
    visit.say("130000")
    assert last_said(app) == "130000"
    visit.say(code)
    assert last_said(app) == HIDDEN


def test_the_code_of_an_earlier_text_costs_no_try_and_the_field_stands_again(
    visit: Visit, app: FastAPI
) -> None:
    old = visit.code("identity")
    new = visit.code("identity")
    answer = visit.say(old)
    assert "最新那条" in words(answer)
    assert answer["replies"][-1]["card"]["kind"] == "code"
    assert tries(app, "identity") == 5
    visit.say(new)
    assert visit.bot("context")["open_challenge"]["purpose"] == "document"
    assert old not in kept(app)


def test_a_code_for_which_another_visit_asked_anew_is_hidden(visit: Visit, app: FastAPI) -> None:
    old, mine = visit.code("identity"), visit.client.cookies["conversation"]
    invite = invite_link(visit.client)
    opened = visit.client.post("/v1/chat/conversations", json={"invite": invite}).json()
    elsewhere = Visit(visit.client, visit.telephone, opened["conversation_id"])
    elsewhere.code("identity")
    visit.client.cookies.clear()
    visit.client.cookies.set("conversation", mine)
    assert "再发一条" in words(visit.say(f"验证码 {old}"))
    assert last_said(app) == HIDDEN
    assert old not in kept(app)
    assert tries(app, "identity") == 5


# Twice, and from two tabs


@pytest.mark.parametrize("purpose", ["identity", "signature"])
def test_the_same_wrong_code_again_is_the_same_try(
    visit: Visit, app: FastAPI, purpose: str
) -> None:
    code = visit.code("identity") if purpose == "identity" else at_signing(visit)
    for _ in range(7):
        visit.say(other(code))
    assert tries(app, purpose) == 4
    visit.say(other(other(code)))
    assert tries(app, purpose) == 3
    visit.say(code)
    with app.state.database.reading() as session:
        newest = session.scalars(select(Challenge).where(Challenge.purpose == purpose)).all()[-1]
        assert newest.state == "satisfied"
    assert code not in kept(app)
    assert other(code) not in kept(app)


def test_the_same_wrong_code_from_two_tabs_at_once_is_one_try(visit: Visit, app: FastAPI) -> None:
    code = visit.code("identity")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda tab: visit.say(other(code), f"tab{tab}"), range(4)))
    assert tries(app, "identity") == 4


def test_wrong_document_digits_again_are_the_same_try(visit: Visit, app: FastAPI) -> None:
    visit.say(visit.code("identity"))
    for text in ("9999", "９９９９", "尾号9999", "11010119900101 9999"):
        visit.say(text)
    assert tries(app, "document") == 4
    assert not re.search(r"(?<![0-9a-f])9999(?![0-9a-f])", kept(app))  # nor within a hash


def test_guessing_on_still_ends_in_a_pause(visit: Visit, app: FastAPI) -> None:
    code = visit.code("identity")
    for number in range(1, 6):
        visit.say(f"{(int(code) + number) % 1_000_000:06d}")
        visit.say(f"{(int(code) + number) % 1_000_000:06d}")
    assert visit.bot("context")["open_challenge"]["state"] == "paused"
    visit.say(code)
    assert last_said(app) == HIDDEN
    assert visit.bot("context")["open_challenge"]["state"] == "paused"


def test_a_right_code_twice_is_right_once_and_no_try_for_the_document(
    visit: Visit, app: FastAPI
) -> None:
    code = visit.code("identity")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda tab: visit.say(code, f"tab{tab}"), range(2)))
    told = ["已经对上" in str(answer["replies"]) for answer in answers]
    assert True in told
    assert tries(app, "document") == 5
    assert "已经对上" in words(visit.say(code))
    assert tries(app, "document") == 5
    visit.say("123x")
    assert visit.bot("context")["identified"] is True


def test_right_document_digits_twice_are_right_once_and_never_in_clear(
    visit: Visit, app: FastAPI
) -> None:
    visit.say(visit.code("identity"))
    visit.say("123x")
    assert "不用再填" in words(visit.say("123X"))
    assert visit.bot("context")["identified"] is True
    assert "123" not in kept(app)


def test_four_figures_later_are_a_figure_like_any_other(visit: Visit, app: FastAPI) -> None:
    import_rows(visit.client)
    visit.identify()
    visit.say("同意")
    visit.say("123x")
    assert last_said(app) == "123x"


def test_a_signing_code_twice_signs_once(visit: Visit, app: FastAPI) -> None:
    code = at_signing(visit)
    visit.say(code, "tab1")
    assert "不用再填" in words(visit.say(code, "tab2"))
    assert visit.bot("agreement", {})["status_code"] == 200
    assert "不用再填" in words(visit.say(code, "tab3"))
    assert visit.bot("agreement", {})["status_code"] == 200
    assert len(visit.client.get("/v1/agreements", headers=BANK).json()["items"]) == 1
    assert code not in kept(app)


def test_after_a_pause_a_fresh_start_is_offered_and_an_old_pause_stands_in_nobodys_way(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    code = visit.code("identity")
    for number in range(1, 6):
        visit.say(f"{(int(code) + number) % 1_000_000:06d}")
    clock.forward(timedelta(hours=3))
    visit.say("111111")
    with app.state.database.reading() as session:
        heard = session.scalars(select(InboxItem).order_by(InboxItem.seq)).all()[-1].text
    assert '"expired"' in heard
    visit.identify()
    assert visit.bot("context")["open_challenge"] is None
    visit.say("120000")
    assert last_said(app) == "120000"
