"""One spelling for the many ways the same character is written.

Every function here keeps the length of the text, so a place found in the normalised text is the
same place in what the person wrote.
"""

from __future__ import annotations

import re
from typing import Final

# Traditional, simplified, traditional, simplified ... of the characters people need to speak about
# money, work, illness and family. Not a general converter: an unknown character stays as it is.
_PAIRS: Final = (
    "錢钱還还貸贷款款債债務务帳账賬账單单銀银負负費费貴贵資资賺赚買买賣卖質质購购賠赔罰罚額额"
    "減减發发業业職职員员幫帮請请問问題题說说話话談谈講讲討讨論论認认識识讓让該该誰谁謝谢證证"
    "試试詐诈騙骗訴诉訟讼調调護护計计記记許许詢询詳详誤误課课讀读變变議议訊讯號号碼码點点個个"
    "們们會会來来時时間间關关開开門门問问聽听見见觀观覺觉親亲規规視视現现實实際际對对錯错難难"
    "願愿應应當当總总經经過过進进遲迟運运達达違违連连遠远選选邊边這这裡里裏里裝装補补被被複复"
    "後后從从徵征徹彻復复慮虑憶忆懷怀態态慘惨愛爱憑凭擔担據据擇择換换損损擾扰擬拟掛挂掃扫斷断"
    "無无煩烦為为爲为爺爷牆墙獄狱獨独獲获產产療疗癥症癌癌離离婚婚孫孙孩孩學学寧宁審审寫写寬宽"
    "將将專专尋寻導导層层歲岁師师幣币帶带幾几庫库廠厂廣广強强張张彈弹歸归錄录鐘钟鐵铁長长閉闭"
    "電电靈灵靜静頁页項项順顺預预頭头顧顾類类顯显風风飛飞飯饭養养餘余館馆馬马騷骚驗验驚惊體体"
    "髮发鬧闹魚鱼黃黄點点黨党齊齐龍龙與与舊旧藥药蘇苏處处蓋盖術术衛卫衝冲補补製制製制訂订"
    "細细終终結结給给統统絕绝線线維维續续約约紅红級级紙纸組组網网緊紧練练縮缩繳缴罷罢"
    "勞劳動动勝胜勢势協协單单壓压壞坏圍围國国圖图團团場场報报塊块夠够夾夹奪夺奮奋妳你婦妇媽妈"
    "嗎吗嘗尝嚇吓嚴严嘆叹嘍喽啟启喪丧員员問问兩两並并乾干亂乱億亿優优償偿儘尽備备傳传債债傷伤"
    "僅仅價价條条佔占係系個个倆俩倉仓偽伪內内冊册凍冻別别刪删剛刚創创劃划劇剧劉刘臉脸腦脑腫肿"
    "臨临舉举興兴樣样機机檢检權权欄栏歷历歐欧殺杀殘残毀毁氣气決决沒没況况淚泪測测準准溫温滿满"
    "滯滞漲涨潛潜灣湾燒烧爭争狀状猶犹環环畢毕異异瘋疯盡尽監监盤盘眾众著着睏困礙碍祕秘種种稅税"
    "窮穷竊窃競竞筆笔節节範范築筑簡简簽签籤签籌筹粵粤糧粮純纯納纳紹绍絡络綁绑綜综編编緩缓縱纵"
    "羅罗義义習习聯联聲声職职肅肃脅胁膽胆華华萬万葉叶蕭萧蝕蚀螢萤蟲虫衆众訪访設设誠诚誰谁"
    "諒谅諾诺謊谎豐丰貧贫貨货貿贸賣卖賭赌贏赢趕赶跡迹踐践車车軟软輕轻輛辆輪轮輸输轉转辦办辭辞"
    "農农遊游適适遺遗郵邮鄉乡醫医釋释針针銷销鎖锁鏡镜閒闲間间陰阴陳陈陸陆險险隨随雖虽雙双雜杂"
    "雞鸡霸霸韓韩響响頂顶須须頓顿領领頻频顆颗願愿飢饥餓饿騎骑騰腾鬆松鬱郁麼么麻麻黑黑點点齡龄"
    "週周毎每喺在嘅的冇没佢他哋们咁这俾给啲些嚟来"
)
_SIMPLER: Final[dict[int, str]] = {
    ord(_PAIRS[at]): _PAIRS[at + 1] for at in range(0, len(_PAIRS) - 1, 2)
}
# Financial numerals (as on cheques) read as the everyday ones.
_SIMPLER.update(
    {
        ord(a): b
        for a, b in zip(
            "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟〇○", "一二二三三四五六六七八九十百千零零", strict=True
        )
    }
)
# Full-width forms, except the comma: a full-width comma never groups thousands.
_SIMPLER.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0C})
_SIMPLER.update({0x3000: " ", 0x00A0: " ", ord("’"): "'", ord("‘"): "'", ord("￥"): "¥"})
_SIMPLER.update({ord(a): b for a, b in zip("–—～〜", "--~~", strict=True)})


def normalise(text: str) -> str:
    """The text with half-width, lower-case, simplified characters; same length, same places."""
    out = []
    for character in text:
        simpler = _SIMPLER.get(ord(character), character)
        lower = simpler.lower()
        # "İ".lower() has two characters; such a letter keeps its place and its case.
        out.append(lower if len(lower) == 1 else simpler)
    return "".join(out)


def compiled(words: str) -> re.Pattern[str]:
    r"""A compiled pattern of a normalised text whose Latin words end at a Chinese character.

    People write both in one line without a space ("yesterday我转了", "plan B那个"); for Python's own ``\b``
    a Chinese character goes on with the word.
    """
    return re.compile(words, re.ASCII)
