"""A signature is the code and nothing but a yes beside it; whoever hesitates has signed nothing and lost nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.answers import only_agrees
from api.conversations.models import Message
from api.kit.audit import Event
from api.kit.clock import SetClock
from tests.conftest import Visit

YES = [
    "482913", "482 913", "验证码是482913", "四八二九一三", "我是沈禾，482913，同意签", "482913 确认",
    "沈 禾 482913", "My code is 482913", "code: 482-913", "482913, I agree to sign", "４８２９１３",
]  # fmt: skip
NO = [
    "482913 先不签", "我不签 482913", "482913？", "482913吗", "482913 but I'm not sure", "王芳 482913",
    "这是我老婆的 482913", "同意个鬼 482913", "要是签的话 482913", "482913 what happens if I sign",
    "I don't agree 482913", "他让我填 482913", "482913 等一下", "482913 for my husband",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_a_code_alone_or_with_a_yes_agrees(text: str) -> None:
    assert only_agrees(text, 6, "沈禾")


@pytest.mark.parametrize("text", NO)
def test_a_code_with_a_doubt_or_another_name_does_not(text: str) -> None:
    assert not only_agrees(text, 6, "沈禾")


def at_the_code(visit: Visit) -> str:
    visit.identify()
    visit.tell()
    visit.choose()
    return visit.code("signature")


@pytest.mark.parametrize("words", ["先不签", "but I'm not sure", "我是他老婆"])
def test_a_hesitant_code_signs_nothing_and_is_still_good(
    visit: Visit, app: FastAPI, words: str
) -> None:
    code = at_the_code(visit)
    visit.say(f"{code} {words}")
    assert visit.bot("agreement", {})["code"] == "not_signed"
    with app.state.database.reading() as session:
        texts = session.scalars(select(Message.text).order_by(Message.seq)).all()
    assert code not in " ".join(texts)
    assert "没有签" in texts[-1] or "Nothing is signed" in texts[-1]
    assert visit.bot("context")["open_challenge"]["tries_left"] == 5
    visit.say(code)
    assert visit.bot("agreement", {})["signed"] is True


@pytest.mark.parametrize(("ticked", "recorded"), [(True, "ticked"), (False, "told")])
def test_how_the_name_was_confirmed_is_on_record(
    visit: Visit, app: FastAPI, ticked: bool, recorded: str
) -> None:
    code = at_the_code(visit)
    assert visit.bot("context")["words"]["signer"] == "沈*"
    visit.client.post(
        f"/v1/chat/conversations/{visit.conversation_id}/messages",
        json={"text": code, "client_message_id": "tick", "name_confirmed": ticked},
    )
    assert visit.bot("agreement", {})["signed"] is True
    with app.state.database.reading() as session:
        given = session.scalars(
            select(Event.data).where(Event.kind == "challenge_answered").order_by(Event.id.desc())
        ).first()
    assert given is not None
    assert (given["outcome"], given["name"]) == ("passed", recorded)


def test_a_doubt_beside_a_code_that_ran_out_is_told_that_it_ran_out(
    visit: Visit, clock: SetClock, app: FastAPI
) -> None:
    code = at_the_code(visit)
    clock.forward(timedelta(minutes=11))
    visit.say(f"{code} 先不签")
    assert visit.bot("context")["open_challenge"]["state"] == "expired"
    with app.state.database.reading() as session:
        said = session.scalars(select(Message.text).order_by(Message.seq)).all()
    assert "也还能用" not in " ".join(said)
