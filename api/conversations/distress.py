"""A deterministic net for signs of self-harm, before anything else hears a message. Pure.

The assistant's classifier is the second net. A false alarm costs a kind word; a miss may cost a
life: the signs are kept broad, oblique ones included, and only plain idioms, other people's stories and
"I am not going to" are let through. The words stand in :mod:`api.conversations.distress_signs`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from api.conversations.distress_signs import HARMLESS, SIGNS

__all__ = ["signals_distress"]

_SIGNS: Final = re.compile("|".join(f"(?:{pattern})" for pattern in SIGNS.values()), re.IGNORECASE)
_HARMLESS: Final = re.compile(HARMLESS, re.IGNORECASE)
_BETWEEN_CHARACTERS: Final = re.compile(r"(?<=[\u3400-\u9fff])[\s,，.。、…·*]+(?=[\u3400-\u9fff])")

# The traditional characters that the signs contain, each before its simplified form.
_PAIRS: Final = (
    "殺杀輕轻尋寻樓楼橋桥燒烧遺遗書书囑嘱離离開开個个還还債债沒没無无會会說说結结斷断藥药農农葯药煙烟繩绳買买賣卖過过這这裡里後后來来麼么為为給给妳你們们時时間间從从"
    "對对錯错話话聽听見见讓让錢钱點点別别實实覺觉淨净鬆松脫脱擔担憂忧親亲媽妈爺爷嬰婴樣样體体傷伤殘残劃划牆墙車车軌轨臺台頂顶邊边陽阳寫写訴诉誰谁願愿應应該该當当總总"
    "經经臉脸頭头處处條条單单險险賠赔償偿換换煩烦絕绝窮穷廢废遠远幾几歲岁戀恋難难壓压熱热餓饿氣气嚇吓懶懒鬧闹罵骂鬱郁噉咁係系啲些嗰那貸贷帳账賬账費费貴贵減减發发請请"
    "講讲騙骗記记關关門门現现運运連连裏里愛爱擾扰掛挂爲为帶带歸归鐵铁長长閉闭靜静順顺顧顾風风餘余馬马髮发黃黄衝冲網网動动協协報报夠够嗎吗並并乾干儘尽備备價价倉仓凍冻"
    "腦脑興兴機机欄栏毀毁準准環环盡尽盤盘著着睏困種种筆笔純纯萬万諒谅辦办義义較较繼继續续終终線线級级癒愈療疗癥症獨独牽牵慘惨驚惊懷怀悶闷惡恶"
)
_SIMPLER: Final = {ord(_PAIRS[at]): _PAIRS[at + 1] for at in range(0, len(_PAIRS) - 1, 2)}


def signals_distress(text: str) -> bool:
    """Return whether a message may speak of self-harm, in Chinese (either script), English or mixed."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").translate(_SIMPLER)
    plain = _BETWEEN_CHARACTERS.sub("", plain)
    return _SIGNS.search(_HARMLESS.sub(" ", plain)) is not None
