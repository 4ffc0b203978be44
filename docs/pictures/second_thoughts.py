"""Who hesitates over the signing code, signs after all, and takes it back within the days of thinking it over."""

from __future__ import annotations

import re

from walk import Walk

__all__ = ["SECOND_THOUGHTS", "second_thoughts"]

SECOND_THOUGHTS = ("phone-zh-hesitant", "phone-zh-withdraw", "phone-zh-withdrawn")
"""On a telephone, in Chinese: half a yes at the code, the question before a withdrawal, and its confirmation."""


def second_thoughts(walk: Walk) -> None:
    """Go on from an open offer and take the pictures."""
    if not walk.wanted.intersection(SECOND_THOUGHTS):
        return
    walk.press("换成这个|选这个")
    while walk.page.get_by_role("button", name=re.compile("^继续")).count():
        walk.press("继续")
    walk.say("我看完了，同意签")
    walk.code()  # it will not be given: half a yes makes it void
    walk.say("嗯……我再想想")
    walk.picture("phone-zh-hesitant")
    walk.press("确定，签")
    walk.enter(walk.code(), tick=True)
    walk.page.locator(".card--signed").wait_for()
    walk.say("我改主意了，想撤回")
    walk.picture("phone-zh-withdraw")
    walk.press("确定撤回")
    walk.picture("phone-zh-withdrawn")
