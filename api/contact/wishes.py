"""What a text message wishes of the channel itself: stop, start again, or help. Deterministic.

Keywords are those that Twilio and carriers know, and those people in China use; beyond them any
reasonable wording stops the channel (47 CFR 64.1200(a)(10) asks for that in the US; here it is policy).
In doubt it is a stop: a message too few harms nobody.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

__all__ = ["Wish", "wish_in"]

Wish = Literal["stop", "start", "help"]

STOP_WORDS = frozenset(
    "stop stopall unsubscribe cancel end quit revoke optout td t tuiding "
    "退订 退 停止 拒收 取消 取消订阅 不要发了 别发了 别再发了 不收 不想收".split()
)
START_WORDS = frozenset(
    "start unstop resume subscribe 恢复 恢复短信 重新接收 继续接收 开启".split()
)
HELP_WORDS = frozenset("help info 帮助 说明 ?".split())

STOP_WORDING = re.compile(
    r"(?:别|不要|不许|莫|勿|甭)(?:再|总|老|一直)*(?:给我|跟我|向我|往我)?(?:这里|手机)?(?:再|乱)?(?:发|推送)"
    r"(?:这些|这种|任何|什么)?(?:短信|信息|消息|广告)?(?:了|啦|啊|来)?(?:$|[^生现展挥觉财脾火疯])"
    r"|(?:不想|不愿|不要|拒绝|停止|取消)(?:再)?(?:收|接收|收到)(?:你们?的?|这些|这种|任何)*(?:短信|信息|消息)"
    r"|退订|(?:停止|取消)(?:发送|推送|订阅)|(?:别|不要)(?:再)?(?:短信)?骚扰"
    r"|\bun-?subscribe\b|\bopt(?:ing)?[ -]?(?:me )?out\b"
    r"|\b(?:stop|quit|cease)\s+(?:texting|messaging|sms|sending|contacting|bothering|these\s+(?:texts|messages)"
    r"|the\s+(?:texts|messages)|all\s+(?:texts|messages))\b"
    r"|\b(?:do\s*n[o']?t|don.t|never|please\s+don.t)\s+(?:ever\s+)?(?:text|message|sms|contact)\s+me\b"
    r"|\bno\s+more\s+(?:texts?|messages?|sms)\b|\b(?:take|remove)\s+(?:me|my\s+number)\s+(?:off|from)\b"
    r"|\bleave\s+me\s+alone\b",
    re.IGNORECASE,
)
NOT_A_STOP = re.compile(
    r"(?:不是|没有?|并非)(?:说|要|想)?(?:退订|让你们?别发)|别停|不要停(?:止)?发|don.t\s+stop",
    re.IGNORECASE,
)


def wish_in(text: str) -> Wish | None:
    """Return what a text wishes of the channel, or ``None`` when it is about something else."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    word = re.sub(r"[\s.。!！,，~、'\"“”‘’()（）【】\[\]-]+", "", plain)
    if word in STOP_WORDS:
        return "stop"
    if word in START_WORDS:
        return "start"
    if word in HELP_WORDS:
        return "help"
    if STOP_WORDING.search(plain) and not NOT_A_STOP.search(plain):
        return "stop"
    return None
