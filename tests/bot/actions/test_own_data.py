"""Who wants a copy of what is held of them, or wants it deleted, gets a colleague; who asks gets an answer."""

import pytest

from bot.actions.questions import ActionAnswerQuestion

WORDS = {
    "case_no": "A0001", "reply_by": "今天 16:00", "bank": "云汀银行", "retention": "还清后满2年",
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "我要删除我的资料", "把我的信息删了", "我的聊天记录清掉", "给我一份我的资料", "把我的数据导出",
        "delete my data", "erase everything I told you", "send me a copy of my data",
    ],
)  # fmt: skip
async def test_a_request_for_ones_own_data_becomes_a_case(api, run, turn, text):
    api.context(words=WORDS)
    heard = await run(ActionAnswerQuestion, turn("ask_privacy", text))
    assert heard.said == ["utter_data_request"]
    assert ("POST", "handoff", {"reason": "data_request"}) in api.asked


@pytest.mark.parametrize(
    "text",
    [
        "能删掉我的资料吗",
        "信息保存多久",
        "谁能看到我们的聊天",
        "can I delete my data",
        "别让我爸妈知道",
    ],
)
async def test_a_question_about_it_is_answered_and_opens_nothing(api, run, turn, text):
    api.context(words=WORDS)
    heard = await run(ActionAnswerQuestion, turn("ask_privacy", text))
    assert heard.said[0] in ("utter_data_use", "utter_privacy")
    assert [verb for _, verb, _ in api.asked] == ["context"]


async def test_before_identity_nothing_is_registered_for_whoever_writes(api, run, turn):
    api.context(identified=False, words=WORDS)
    heard = await run(ActionAnswerQuestion, turn("ask_privacy", "删掉我的资料"))
    assert heard.said == ["utter_data_use_before"]
    assert [verb for _, verb, _ in api.asked] == ["context"]
