"""Stop, start and help in a text message: keywords, and any reasonable wording of a stop."""

from __future__ import annotations

import pytest

from api.contact.wishes import wish_in

STOPS = """
STOP|stop.|Stop!|UNSUBSCRIBE|StopAll|退订|TD|td|ＴＤ|T|【退订】|退订！|别再发了|别发了。|不要再给我发短信了|请不要再发信息给我|
别给我发了|不想再收到你们的短信|拒绝接收任何信息|取消订阅|停止发送|别再骚扰我|不要再发消息来|
stop texting me|Please stop sending these messages|don't text me|dont text me again|do not contact me|no more texts|
take me off your list|remove my number from this|leave me alone|I want to opt out|opt-out|unsubscribe me please
"""
OTHERS = """
1|好|我失业了，能不能分期|能不能停息挂账|停止计息可以吗|这事别再发生了|别发脾气|没发现有问题|不要紧|我不想说收入|
can you stop the interest|when does it end by itself|don't stop texting, I need the link|I can't stop worrying|
不是要退订，我想问问|发工资那天还|不要发展成官司|取消罚息行吗|帮我看看|能帮助我减点吗|I need help with my plan
"""


def phrases(lines: str) -> list[str]:
    """Return the phrases between the bars."""
    return [phrase.strip() for phrase in lines.replace("\n", "").split("|") if phrase.strip()]


@pytest.mark.parametrize("text", phrases(STOPS))
def test_a_stop_is_heard(text: str) -> None:
    assert wish_in(text) == "stop"


@pytest.mark.parametrize("text", phrases(OTHERS))
def test_what_is_about_the_matter_is_no_wish_of_the_channel(text: str) -> None:
    assert wish_in(text) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [("START", "start"), ("恢复", "start"), ("“恢复”", "start"), ("unstop", "start"),
     ("HELP", "help"), ("帮助", "help"), ("？", "help")],
)  # fmt: skip
def test_start_and_help(text: str, wish: str) -> None:
    assert wish_in(text) == wish
