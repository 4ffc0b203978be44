"""What is said to a question, by what it is about and by what may be said to whoever asks.

An intent is as wide as people's words ("about the terms"); within it the topic decides, so that who asks
whether they may pay early is not told to be more precise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_GATE: Final = ("utter_needs_identity",)
#: What follows a signature; that collection *has* stopped only where the bank's systems confirmed it.
AFTER_SIGNING: Final = (
    "utter_after_signing_stopped",
    "utter_after_signing_told",
    "utter_after_signing",
)


@dataclass(frozen=True)
class Answer:
    """Responses by what may be said; of each row the first that can be filled is said.

    ``known``: once we know who asks. ``unknown``: before. ``with_offer``: when an offer or terms are
    on the table. ``signed``: after signing. ``in_form``: short, since the form asks again after it.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...] = _GATE
    with_offer: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    in_form: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """What a question of some intents is about, by words in it."""

    intents: frozenset[str]
    words: re.Pattern[str]
    answer: Answer


def _anywhere(*responses: str) -> Answer:
    return Answer(responses, responses)


ANSWERS: Final = {
    "ask_what_i_owe": Answer(
        (
            "utter_due_soon",
            "utter_what_you_owe_fees",
            "utter_what_you_owe",
            "utter_refused_nothing_due",
        )
    ),
    "ask_why_contacted": Answer(("utter_why_contacted",), ("utter_why_contacted_before",)),
    "ask_verify_bank": _anywhere("utter_verify_bank"),
    "ask_credit_record": Answer(("utter_credit_record",), ("utter_credit_record_before",)),
    "legal_question": Answer(("utter_legal",), ("utter_legal_before",)),
    "ask_my_right": Answer(("utter_my_right",)),
    "ask_privacy": Answer(("utter_privacy",), ("utter_privacy_before",)),
    "ask_is_robot": Answer(("utter_robot",), ("utter_robot_before",)),
    "ask_agents": Answer(("utter_agents",), ("utter_agents_before",)),
    "ask_service": Answer(("utter_service",), ("utter_service_before",)),
    "ask_meaning": _anywhere("utter_meaning_which"),
    "ask_page_help": _anywhere("utter_page_help"),
    "ask_interest_relief": Answer(
        ("utter_relief",), with_offer=("utter_relief_offer", "utter_relief_none")
    ),
    "ask_settlement_discount": Answer(("utter_settlement",)),
    "ask_extension": Answer(("utter_extension",)),
    "ask_annual_rate": Answer(
        ("utter_annual_rate",), with_offer=("utter_annual_rate_offer", "utter_annual_rate")
    ),
    "ask_why_amount": Answer(
        ("utter_why_amount_plain",), with_offer=("utter_why_amount", "utter_why_amount_plain")
    ),
    "show_family": Answer(
        ("utter_show_family_early",),
        ("utter_show_family_early",),
        with_offer=("utter_show_family", "utter_show_family_early"),
    ),
    "ask_terms_question": Answer(
        ("utter_before_signing",),
        with_offer=("utter_terms_question",),
        signed=AFTER_SIGNING,
    ),
    "ask_if_worse": Answer(
        ("utter_if_worse_before",),
        with_offer=("utter_if_worse", "utter_if_worse_short", "utter_if_broken"),
        signed=("utter_if_worse_signed", *AFTER_SIGNING),
    ),
    "ask_how_to_pay": Answer(
        ("utter_how_to_pay",), signed=("utter_how_to_pay_signed", "utter_how_to_pay")
    ),
    "ask_after_signing": Answer(
        ("utter_before_signing",),
        with_offer=("utter_before_signing_offer", "utter_before_signing"),
        signed=AFTER_SIGNING,
    ),
    "cannot_pay_anything": Answer(("utter_cannot_pay",)),
    "report_hardship": Answer(("utter_cannot_pay",)),
    "chitchat_oos": Answer(
        ("utter_off_topic",), ("utter_off_topic",), in_form=("utter_off_topic_short",)
    ),
}

_OF_TERMS: Final = frozenset({"ask_terms_question", "ask_after_signing", "ask_how_to_pay"})
_OF_PERSON: Final = frozenset({"ask_privacy", "ask_why_amount", "ask_is_robot"})
_OF_WORDS: Final = frozenset({"ask_meaning", "ask_annual_rate"})


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


#: In order: the first whose words stand in the question is the topic.
TOPICS: Final = (
    Topic(
        _OF_PERSON,
        _words(r"身份证|证件|[四4]位", r"\bid\b(?! like)", r"\bdocument"),
        _anywhere("utter_why_identity"),
    ),
    Topic(
        _OF_PERSON,
        _words(
            r"(?:为什么|为啥|为何|干嘛|干什么|凭什么|有什么用|什么用).{0,8}(?:问|知道|填|说)",
            r"(?:问|知道|填).{0,10}(?:干嘛|干什么|干啥|有什么用|做什么|凭什么|这么多|这么细)",
            r"\bwhy\b.{0,12}\b(?:ask|need|want|know)", r"what is it to you",
        ),
        Answer(("utter_why_asked",), ("utter_why_identity",)),
    ),
    Topic(
        frozenset({"ask_privacy"}),
        _words(
            r"信息|资料|資料|数据|存[了着多]|保存|删|记了|记录|录下来|录音|聊天|收入|外泄|泄露|隐私|通讯录|看得到|能看到|查得到|说过的",
            r"\bdata\b|\binformation\b|\bdetails\b|delete|erase|\bkeep\b|record|this chat|\bprivate\b|confidential|what I (?:write|said|told)"
            r"|did I tell|see what I|\bincome\b|\bshare\b|other accounts|my contacts",
        ),
        Answer(("utter_data_use",), ("utter_data_use_before",)),
    ),
    Topic(
        _OF_TERMS,
        _words(
            r"没做到|做不到|没还上|还不上|没按时|晚了|晚几天|违约|断供|断了|逾期|罚则|少收.{0,6}(?:要回|加回|算数)|减免.{0,6}算数",
            r"\bbreak|\bbroke|\bmiss|\blate\b|can'?t keep|can'?t pay|\bfail|\bdefault|come back if",
        ),
        Answer(
            ("utter_if_broken", "utter_if_broken_no_relief", "utter_terms_question"),
            signed=("utter_if_worse_signed", "utter_if_broken_no_relief"),
        ),
    ),
    Topic(
        _OF_TERMS,
        _words(r"提前|早点还完|多还|提早", r"\bearly\b|\bextra\b|pay more|pay (?:it )?off"),
        Answer(("utter_pay_early",)),
    ),
    Topic(
        _OF_TERMS,
        _words(
            r"(?:办|申请|開|开).{0,4}(?:信用)?卡|新卡|不许办卡|房贷",
            r"\bnew card|apply for|\bmortgage\b|promise not",
        ),
        Answer(("utter_new_cards",)),
    ),
    Topic(
        _OF_TERMS,
        _words(
            r"卡.{0,4}(?:还能|能不能|可以|还可以)?(?:用|刷)|冻结|[别其]的?他?.{0,3}(?:信用)?卡",
            r"(?:use|using) (?:my|the|this) card|other cards?\b|\bblocked\b",
        ),
        Answer(("utter_card_use",)),
    ),
    Topic(
        _OF_TERMS | {"withdraw"},
        _words(r"反悔|取消|撤|退掉", r"\bcancel|back out|undo|change my mind|withdraw"),
        Answer(("utter_cooling_off",)),
    ),
    Topic(
        _OF_TERMS,
        _words(
            r"全文|文件|协议.{0,3}(?:在哪|哪里|哪儿|怎么看|发|给我)|发.{0,4}协议|下载|副本",
            r"\bfull (?:text|notice)|whole text|\bwhere\b.{0,20}(?:read|agreement|text|file|copy)|\bcopy\b|\bpdf\b",
        ),
        Answer(("utter_where_document",)),
    ),
    Topic(
        _OF_TERMS,
        _words(r"怎么签|[能可]以?签|什么时候签", r"(?:can|how|when|where)\b.{0,12}\bsign\b"),
        Answer(("utter_how_to_sign",)),
    ),
    Topic(_OF_TERMS, _words(r"证明", r"\bcertificate\b"), Answer(("utter_certificate",))),
    Topic(
        _OF_TERMS, _words(r"法律效力|有效力", r"\bbinding\b|\bvalid\b"), Answer(("utter_binding",))
    ),
    Topic(
        frozenset({"ask_terms_question"}),
        _words(r"催|打电话", r"\bchas(?:e|ing)\b|\bcall(?:ing)? me\b"),
        Answer(("utter_before_signing",), signed=AFTER_SIGNING),
    ),
    Topic(_OF_WORDS, _words(r"年化|利率", r"\bapr\b|\bannual|\brate\b"), ANSWERS["ask_annual_rate"]),
    Topic(
        _OF_WORDS,
        _words(
            r"本金|利息|违约金|费用|手续费", r"\bprincipal\b|\binterest\b|late charge|penalty|\bfees?\b"
        ),
        Answer(("utter_meaning_parts",)),
    ),
    Topic(_OF_WORDS, _words(r"减免|少收", r"\brelief\b"), ANSWERS["ask_interest_relief"]),
)  # fmt: skip


#: Words that mean one thing whatever a sentence around them was taken for ("我想提前还清").
_PLAINLY: Final = (
    (
        _words(
            r"提前(?:还|结|清|付)|早点还[完清]",
            r"\bpay\b.{0,12}\b(?:off )?early\b|\bearly (?:re)?payment|\bsettle early",
        ),
        Answer(("utter_pay_early",)),
    ),
    (
        _words(
            r"协议.{0,3}(?:在哪|哪里|哪儿|发我|发给我|给我一份)|发.{0,3}协议",
            r"\bcopy of the agreement\b",
        ),
        Answer(("utter_where_document",)),
    ),
)


def plain_answer(text: str) -> Answer | None:
    """Return the answer to a sentence that was not understood as ours, where its words leave no doubt."""
    return next((answer for words, answer in _PLAINLY if words.search(text)), None)


def answer_for(intent: str, text: str) -> Answer:
    """Return the answer to a question, by its topic where its words tell one."""
    for topic in TOPICS:
        if intent in topic.intents and topic.words.search(text):
            return topic.answer
    return ANSWERS.get(intent, ANSWERS["chitchat_oos"])
