"""A deterministic net for signs of self-harm, before anything else hears a message. Pure.

The assistant's classifier is the second net. A false alarm costs a kind word; a miss may cost a
life: phrases are kept broad, and only plain idioms that cannot mean it are let through.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["signals_distress"]

SIGNS = re.compile(
    r"""
    自杀|自殺|轻生|輕生|寻短|尋短|寻死|尋死|想死|求死|去死了?算|死了算|死掉算|一死了之|以死|
    不想活|活不下去|活着没意思|活着没意义|活着干什么|活着还有什么|没法活|沒法活|活够了|活腻|活着(?:好|太|真|很|这么)累|
    (?:跳|从).{0,6}(?:楼|樓)|跳(?:河|江|桥|橋|海|下去)|上吊|割腕|烧炭|燒炭|喝(?:农)?药|
    吃(?:了)?(?:一|整)?(?:瓶)?安眠[药藥]|安眠[药藥].{0,6}(?:吃|买|買|够)|了结(?:自己|生命|这一生|算了)|
    结束(?:自己|生命|这一切|我的)|离开这个世界|離開這個世界|解脱(?:算了|了吧|自己)|
    (?:没|沒)有?活路|(?:没|沒)有我.{0,8}(?:好|轻松|輕鬆|幸福)|(?:只有|剩下)死路?|死路一条|遗书|遺書|
    (?:我要是|要是我|如果我|我如果|等我|哪天我)(?:没了|沒了|不在了|死了)|
    撑不下去.{0,8}(?:死|活|走了)|拿命(?:还|抵|赔)|用命(?:还|抵)|这条命(?:给|赔|还)|伤害自己|自残|
    \bsuicid\w*|\bkill(?:ing)?\s+my\s?self|\bend(?:ing)?\s+(?:it\s+all|my\s+life|everything|myself)|
    \bwant(?:ed)?\s+to\s+die|\bwanna\s+die|\bbetter\s+(?:off\s+)?(?:dead|without\s+me)|
    \b(?:don'?t|do\s+not)\s+want\s+to\s+(?:live|be\s+here|wake\s+up|exist)|
    \bno\s+(?:reason|point)\s+(?:to|in)\s+liv\w+|\bnot\s+worth\s+living|\bcan'?t\s+go\s+on\s+living|
    \btake\s+my\s+own\s+life|\bself[\s-]?harm\w*|\bhurt(?:ing)?\s+myself|\bcut(?:ting)?\s+myself|
    \bjump(?:ing)?\s+off|\boverdos\w+|\bhang(?:ing)?\s+myself|\brather\s+(?:be\s+dead|die)|
    \bgoodbye\s+(?:world|forever)|\bwish\s+i\s+(?:was|were)\s+dead|\bnothing\s+left\s+to\s+live|\bpoint\s+(?:of|in)\s+(?:living|being\s+alive)
    """,
    re.VERBOSE | re.IGNORECASE,
)

IDIOMS = re.compile(
    r"想死你|(?:累|热|熱|饿|餓|困|气|氣|笑|急|烦|煩)死(?:我|人)?了?|\bto\s+die\s+for\b"
)
"""Everyday exaggeration that says nothing of the kind."""


def signals_distress(text: str) -> bool:
    """Return whether a message may speak of self-harm, in Chinese (either script), English or mixed."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    plain = re.sub(r"(?<=[\u3400-\u9fff])[\s,，.。、…·*]+(?=[\u3400-\u9fff])", "", plain)
    return SIGNS.search(IDIOMS.sub(" ", plain)) is not None
