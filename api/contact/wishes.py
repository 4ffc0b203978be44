"""What a message wishes of text messages themselves: stop, start again, or help. Deterministic, pure.

Keywords are those that Twilio and carriers know, and those people in China use; beyond them any
reasonable wording stops texts (47 CFR 64.1200(a)(10) asks for that in the US; here it is policy), in
traditional characters, with the usual slips of the finger too. In doubt it is a stop: a message too
few harms nobody, and one word brings texts back.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

__all__ = ["Wish", "tells_more", "wish_in", "wish_on_page"]

Wish = Literal["stop", "start", "help"]

CLEAR_STOPS = frozenset(
    "unsubscribe unsubcribe unsuscribe unsubsribe optout td tuiding "
    "退订 退定 退丁 拒收 取消订阅 不要发了 别发了 别再发了 别在发了 停发 不想收".split()
)
"""What stops texts wherever it stands alone, on the page too."""

STOP_WORDS = CLEAR_STOPS | frozenset(
    "stop stopall stopp stp sotp stpo cancel end quit revoke t "
    "pleasestop stopplease plsstop plzstop stopnow stopit stopthis stoptexts stopsms "
    "退 停止 停 取消 不收 不要了 别了".split()
)
"""What stops texts when a text message says nothing else."""

START_WORDS = frozenset(
    "start unstop resume subscribe 恢复 恢复短信 重新接收 继续接收 开启 重新订阅".split()
)
HELP_WORDS = frozenset("help info 帮助 说明 ?".split())

SIMPLER = str.maketrans(
    "別發簡訊傳給煩擾騷聯絡繫訂閱絕這們個請號碼後開來讓說從單刪過",
    "别发短信传给烦扰骚联络系订阅绝这们个请号码后开来让说从单删过",
)
"""Traditional characters that occur in such wishes."""

_NOT = r"(?:别|不要|不许|不准|不用|不必|莫|勿|甭|咪|唔好|唔使|停止|禁止|少)"
_HOW = r"(?:再|在|总是?|老是?|一直|天天|成天|继续|乱|随便|每天|来|都|又)*"
_TO_ME = r"(?:(?:给|跟|向|往|对|俾)我(?:的?手机|这里|这个号码?|们)?)?"
_SEND = r"(?:发送?|推送?|传送?|寄|打|send|text)"
_WHICH = r"(?:这些|这种|这个|这类|那些|任何|什么|所有|你们?(?:银行)?的?|贵行的?|银行的?|垃圾|骚扰|催款|催收|提醒|营销|推广|通知|的)*"
_TEXTS = r"(?:短信|短讯|信息|消息|讯息|信|广告|东西|推送|通知短信|sms|message|text)"
_SOFT = r"(?:给我|俾我|过?来|嚟)?(?:了|啦|喇|嘞|啊|呀|吧|哈|嘛|好吗|好不好|行吗|行不行|可以吗|谢谢|拜托|ok|stop)*"
_OPENING = (
    r"(?:请|麻烦|拜托|求求?(?:你们?|您)?(?:了)?|你们?|您|能不能|可不可以|可以|以后|今后|从今以后|从现在起|都?说了"
    r"|快|赶紧|真的|大哥|喂|行了|好了|够了|我(?:说|让|叫|求)(?:你们?)?|就|也|那就)*"
)

STOP_CLAUSES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 别再发了: nothing but the wish
        rf"^{_OPENING}{_NOT}{_HOW}{_TO_ME}{_HOW}(?:发|推|传|寄|send)送?{_SOFT}$",
        # 别给我发了, 以后别给我推这些短信: said to be to me, or to be texts
        rf"{_NOT}{_HOW}(?:给|跟|向|往|对|俾)我(?:的?手机|这里|这个号码?)?{_HOW}{_SEND}{_WHICH}{_TEXTS}?{_SOFT}$",
        rf"{_NOT}{_HOW}{_SEND}(?:过?来)?{_WHICH}{_TEXTS}{_SOFT}$",
        # 不想再收到你们的东西, 拒绝接收, 取消短信通知
        rf"(?<![费息金])(?<![费息金]就)(?:不想|不愿意?|不要|不希望|不接受|不需要|拒绝|停止|谢绝|屏蔽)(?:再|在)?(?:收|接收|收到|接到|看到){_WHICH}{_TEXTS}?{_SOFT}$",
        rf"(?:不想要|不要|不接受|不需要|拒绝|停止|谢绝|屏蔽|取消|关闭|关掉|停掉){_WHICH}(?:短信|短讯|推送|消息)"
        rf"(?:通知|提醒|服务|推送)?(?:和电话)?{_SOFT}$",
        rf"(?:把|将)?(?:短信|短讯|推送)(?:通知|提醒|服务)?(?:都?给我)?(?:停|关|取消|退)(?:掉|了|止)?{_SOFT}$",
        r"(?<!已)(?<!已经)(?:停止|取消)(?:发送|推送|订阅)",  # 我已取消订阅 tells of something else
        r"^(?:stop|td|退订)(?:\s*(?:stop|td|退订))+$|^td(?:了|啦|吧)$",
        # 不要再联系我
        rf"{_NOT}{_HOW}(?:骚扰|打扰|联系|联络|烦|吵)我{_SOFT}$",
        rf"^{_OPENING}{_NOT}{_HOW}(?:短信)?(?:骚扰|打扰){_SOFT}$",
        # 拉黑, 别 message 我, 短信停掉
        r"^(?:把我)?拉黑(?:我)?(?:吧|了)?$|^屏蔽(?:我|吧)?$|^不接收$|不收(?:你们的?)?(?:短信|短讯)$|^停发(?:短信|短讯)$",
        rf"{_NOT}\s*(?:message|text|sms)\s*我{_SOFT}$|唔好再(?:揾|搵|找)我{_SOFT}$",
        rf"(?:短信|短讯|还款通知|提醒|通知)(?:也|都)?(?:停|关)(?:掉|了)(?:烦得很)?{_SOFT}$|^取消(?:通知|提醒){_SOFT}$",
        rf"^{_OPENING}停止(?:联系|联络|骚扰|打扰)(?:我)?{_SOFT}$",
        # said on and on without a mark: 别再给我发信息了 手机都要炸了; 烦死 别发了; 别再text我ok
        rf"{_NOT}(?:再|在|总是?|老是?|天天|继续){_HOW}给[我俺]发{_WHICH}{_TEXTS}了",
        r"(?:(?<!特)别|莫|甭|勿要?|不要)再?发[了咯啦]+$|莫发了莫发了",
        rf"(?:{_NOT}|don.?t|stop)\s*[再在]?\s*(?:message|text|sms|msg|send(?:ing)?)\s*(?:me\s*)?(?:我|短信|信息|了)",
        # 短信就免了, 通知也停了, 信息就到此为止, 短信不要再来了
        r"(?:短信|短讯|信息|消息|提醒|通知)(?:以后|从此|整个|功能|这一?块)?[都就也给我]*"
        r"(?:免了|到此为止|关了|停一下|停了(?!没)|(?:不要|别)再?[来推发](?:送|了)*(?![^，。]*(?:之前|以前)))",
        r"从\S{0,8}(?:名单|列表)\S{0,2}[删拿移拉划去]",
        # 退订, 回T退订, 把我从名单删掉
        r"退订|退定(?!金)|(?:回复?|发|输入)\s*(?:td|t)(?![a-z])|拒收(?:短信|信息)?$",
        r"(?:把|将)我的?号码?(?:删|去|移|划)",
        r"(?:把|将)?我(?:的号码?)?从?(?:你们的?)?(?:名单|列表)(?:里|上|中)?(?:里面)?(?:删|去|拿|移|划)",
        r"(?:移出|移除|删除|删掉)(?:你们的?)?(?:名单|列表|我的号码?)|(?:把|将)我移(?:出|除)",
        # English
        r"\bun-?subscribe\b|\bunsubcribe\b|\bunsuscribe\b|\bunsubsribe\b|\bopt(?:ing|ed)?[ -]?(?:me )?out\b",
        r"\b(?:stop|stopp|quit|cease|halt)\s+(?:all\s+|the\s+|this\s+)?"
        r"(?:text(?:ing|s)|txting|messag(?:ing|es)|sms(?:es|ing)?|contacting|bothering|spamming|harassing|pestering|bugging)"
        r"(?:\s+(?:me|us|my (?:phone|number|mobile|cell)|this (?:number|phone)|please|pls|plz|now|already|again|altogether|ok|thanks?|you))*$",
        r"\b(?:stop|quit|cease)\s+(?:sending|with)\s+(?:me\s+|us\s+)?(?:these|those|the|all|any|more|your|this|such|so many|stupid|bloody|damn|\s)*"
        r"(?:texts?|messages?|msgs?|sms|notifications?|reminders?|spam|stuff|things|crap|shit|them)\b",
        r"\bstop\s+(?:these|those|the|all|your)\s+(?:texts?|messages?|msgs?|sms|notifications?|reminders?)\b",
        r"\b(?:cancel|end|turn off|disable|block)\s+(?:these|those|the|all|my|your)?\s*(?:texts?|messages?|msgs?|sms|notifications?)\b",
        r"\b(?:do\s*n[o']?t|don.t|never|no)\s+(?:you\s+)?(?:ever\s+|keep\s+|dare\s+(?:to\s+)?)?"
        r"(?:text(?:ing)?|txt|messag(?:e|ing)|sms|contact(?:ing)?|bother(?:ing)?)\s+(?:me|this number|my phone)\b",
        r"\b(?:do\s*n[o']?t|don.t)\s+(?:ever\s+)?send\s+(?:me\s+)?(?:any\s*more\s+|any\s+|more\s+|these\s+)?(?:texts?|messages?|msgs?|sms)\b",
        r"\b(?:do\s*n[o']?t|don.t)\s+(?:want|need|wish)\s+(?:to\s+(?:get|receive|see)\s+)?(?:any\s*more\s+|any\s+|more\s+|these\s+|your\s+|those\s+)+"
        r"(?:texts?|messages?|msgs?|sms)\b",
        r"^(?:please\s+|pls\s+|and\s+)?no\s+more\s+(?:of\s+(?:these|your)\s+)?(?:texts?|messages?|msgs?|sms)\b",
        r"\b(?:remove|delete)\s+(?:me|my\s+(?:phone\s+)?number)\b(?:\s+(?:off|from)\b|$|\s+(?:please|now)$)",
        r"\btake\s+(?:me|my\s+(?:phone\s+)?number)\s+(?:off|from)\b(?!\s+(?:the|that|this|my)\s+(?:plan|agreement|deal|offer))",
        r"\bleave\s+me\s+(?:alone|be)\b|^unsub\b|\bleave\s+(?:me|my)\s+(?:inbox|phone)\s+alone\b",
        r"\bno\s+more\s+(?:text\s+)?(?:messages?|texts?|sms|msgs?|to\s+this\s+(?:phone|number))\b|\bno\s+more\s*短信",
        r"\b(?:remove|delete)\s+this\s+(?:phone\s+|mobile\s+)?number\b|\bremove\s+(?:me\s*)?(?:我|from)",
        r"\b(?:do\s*n[o']?t|don.t)\s+(?:want|wish)\s+(?:to\s+)?receive\b|\bdiscontinue\s+(?:all\s+)?(?:sms|texts?|messages?)\b",
        r"\bstop\s+(?:msg|txt)ing\b|\boff\s+your\s+(?:mailing|reminders?|sms|texts?)\b|\b(?:hu)?wag\s.{0,16}\btext\b",
        r"\b(?:do\s*n[o']?t|don.t|no\s+longer)\s+(?:want|wish|need)\s+(?:to\s+(?:receive|get|hear)\b|(?:your\s+)?(?:texts?|messages?|sms|reminders?)$)",
        r"^(?:please\s+|pls\s+)?(?:do\s*n[o']?t|don.t|never)\s+(?:text|message|send)"
        r"(?:\s+(?:me|any\s*more|anything|again|please|pls|了))*$|\bsend\s+nothing\s+more\b",
        r"^(?:please\s+)?no\s+(?:(?:more|further)\s+(?:texts?|messages?|msgs?|sms|短信|短讯)|texts|messages|reminders?)(?:\s+(?:please|thanks|whatsoever))*$",
        r"\bcease\s+(?:all\s+)?(?:sms|texts?|messages?|contact\s+by\s+text)\b|^stop\s*(?:sending\s*了?|发?(?:短信|短讯))$",
        r"\btake\s+(?:this|my)\s+(?:mobile\s+|phone\s+)?number\s+(?:off\b|out\s+of\b)|^(?:take\s+me\s+)?off\s+the\s+list$|^block\s+me$",
    )
]
"""Each is looked for in one clause of a message, whose marks and spaces in Chinese are gone."""

NOT_A_STOP = re.compile(
    r"(?:不是|没有?|并非)(?:说|要|想)*(?:退订|退定|让你们?别发)|别停|不要停|验证码|别退订|怎么退订"
    r"|(?:很快|以后|再)就?也?不用再?(?:联系|找|打扰)我"  # may be a farewell: the assistant hears it
    r"|\b(?:do\s*n[o']?t|don.t|can.?t|cannot|couldn.?t|won.?t|never)\s+(?:\w+\s+)?(?:stop|unsubscribe|opt)"
    # the bank's texts about other accounts, which are not ours to stop
    r"|(?:收费的?|余额|动账|入账|储蓄卡?|存折|借记卡|工资卡)\S{0,6}(?:短信|短讯|提醒|通知)"
    r"|\b(?:balance|savings?|passbook|debit|transaction)\b.{0,30}\b(?:alerts?|sms|texts?|notifications?)\b"
    r"|\b(?:alerts?|sms|texts?|notifications?)\b.{0,30}\b(?:balance|savings?|passbook|debit)\b",
    re.IGNORECASE,
)
"""Words by which a clause is about something else."""

START_CLAUSE = re.compile(
    r"(?:恢复|重新(?:开始)?|继续|再|可以)(?:给我)?(?:接收|收|发|开通|打开)?(?:你们的?)?(?:短信|短讯)"
    r"|\b(?:resume|restart|turn\s+(?:back\s+)?on)\s+(?:the\s+|my\s+)?(?:texts?|messages?|sms)\b"
    r"|\b(?:start|begin)\s+(?:texting|messaging)\s+me\b|\btext\s+me\s+again\b",
    re.IGNORECASE,
)

MORE = re.compile(
    r"不是我|不是本人|打错|发错|找错|弄错|不认识|没有这个人|换号|去世|过世|没了|走了|不在了|(?<![烦累气热饿困吓吵])死|逝|盗|骗|冒用|投诉|报警"
    r"|[还付结][清完过]|[已刚][经就]?[还付]|(?<!没)(?<!还没)还了|\bpaid\b|\bsettled\b"
    r"|\bdied\b|\bdead\b|\bdeath\b|\bpassed\b|\bdeceased\b|\bwrong\s+(?:number|person)|\bnot\s+(?:me|him|her)\b"
    r"|\bdon.t\s+know\b|\bstolen\b|\bfraud|\bscam|\bcomplain",
    re.IGNORECASE,
)
"""Matters that somebody has to hear of, beside a stop."""

MARKS = re.compile(r"[,，.。!！?？;；:：、~…\n\r\t]+")
CJK_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])")


def wish_in(text: str) -> Wish | None:
    """Return what a text message wishes of texts, or ``None`` when it is about something else."""
    word = _word(text)
    if word in STOP_WORDS:
        return "stop"
    if word in START_WORDS:
        return "start"
    if word in HELP_WORDS:
        return "help"
    if _stops(text):
        return "stop"
    return "start" if START_CLAUSE.search(_plain(text)) else None


def wish_on_page(text: str) -> Literal["stop", "start"] | None:
    """Return what a message on the page wishes of texts; a bare "cancel" there is about something else."""
    if _word(text) in CLEAR_STOPS or _stops(text):
        return "stop"
    return "start" if START_CLAUSE.search(_plain(text)) else None


def tells_more(text: str) -> bool:
    """Return whether a message that stops texts also tells of something that must not be lost."""
    return MORE.search(_plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(SIMPLER).strip().casefold()


def _word(text: str) -> str:
    """Return a message without spaces and marks, as a keyword is compared."""
    return re.sub(r"[\s.。!！,，~、'\"“”‘’()（）【】\[\]-]+", "", _plain(text)) or _plain(text)


def _stops(text: str) -> bool:
    plain = re.sub(r"[\"“”‘（）()【】\[\]]", "", _plain(text).replace("’", "'"))
    for clause in MARKS.split(plain):
        clause = CJK_SPACE.sub("", clause).strip()
        if NOT_A_STOP.search(clause):
            continue
        if any(pattern.search(clause) for pattern in STOP_CLAUSES):
            return True
    return False
