"""What the telephone's pages say, in Chinese and in English, each written for its own reader."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WORDS", "Words"]


@dataclass(frozen=True)
class Words:
    """The pages' words in one language; ``{}`` in a name's words is filled by the page."""

    lang: str
    practice: str
    list_title: str
    list_intro: str
    phone_title: str
    all_phones: str
    other_language: str
    others_title: str
    unread: str
    all_read: str
    no_texts: str
    text_only: str
    to_tail: str
    nobody_yet: str
    waiting_for_texts: str
    composer_label: str
    send: str
    later_hint: str
    chat_title: str
    open_chat_new_tab: str
    chat_down: str
    chat_not_framed: str
    sample_digits: str
    offline: str
    clock_label: str
    one_hour: str
    one_day: str
    next_payment_day: str
    clock_troubles: dict[str, str]
    today: str
    yesterday: str
    date: str
    segments_one: str
    segments_many: str
    statuses: dict[str, str]
    outcomes: dict[str | None, str]


WORDS = {
    "zh": Words(
        lang="zh",
        practice="练习用，不会发出真短信",
        list_title="沙盒：持卡人的手机",
        list_intro="人物、号码和账户都是编的。银行发出的短信会出现在对应的手机上，验证码也在这里看。",
        phone_title="沙盒：持卡人的手机",
        all_phones="所有手机",
        other_language="English",
        others_title="样本以外的号码",
        unread="{} 条新短信",
        all_read="短信都看过了",
        no_texts="还没有短信",
        text_only="只用短信",
        to_tail="发往 尾号 {}",
        nobody_yet="短信",
        waiting_for_texts="还没有短信。银行发来的会出现在这里，不用刷新。",
        composer_label="短信",
        send="发送",
        later_hint="短信回复还没有开通。写下的会留在这部手机上，银行收不到；现在请在网页里聊。",
        chat_title="网页聊天",
        open_chat_new_tab="在新标签打开聊天",
        chat_down="聊天页现在打不开，产品可能没有在运行。手机照常能用，启动之后刷新这一页。",
        chat_not_framed="聊天页不允许嵌在这里，请在新标签打开。",
        sample_digits="样本数据：证件号码后四位 {}，卡尾号 {}",
        offline="连不上沙盒电话，正在重试。已经显示的短信都还在。",
        clock_label="练习用的时钟",
        one_hour="＋1 小时",
        one_day="＋1 天",
        next_payment_day="到下个还款日",
        clock_troubles={
            "no_payment_day": "时钟没有动：这个人还没有签约定，前面没有还款日。",
            "down": "时钟没有动：产品可能没有在运行。",
        },
        today="今天",
        yesterday="昨天",
        date="{month}月{day}日",
        segments_one="{} 条计费段",
        segments_many="{} 条计费段",
        statuses={
            "accepted": "银行已交给运营商",
            "queued": "排队中",
            "sent": "已发出",
            "delivered": "已送达 {}",
            "failed": "没有送达",
        },
        outcomes={
            None: "发送中…",
            "taken": "银行已收到",
            "later": "没有送到：短信回复还没有开通",
            "refused": "没有送到：银行没有收下",
            "unreachable": "没有送到：产品没有在运行",
        },
    ),
    "en": Words(
        lang="en",
        practice="Practice only, no real texts are sent",
        list_title="Sandbox: the cardholders’ phones",
        list_intro=(
            "The people, numbers and accounts are invented. Texts from the bank, codes included, "
            "appear on the phone they were sent to."
        ),
        phone_title="Sandbox: the cardholder’s phone",
        all_phones="All phones",
        other_language="中文",
        others_title="Numbers outside the sample",
        unread="New texts: {}",
        all_read="All texts read",
        no_texts="No texts yet",
        text_only="Text messages only",
        to_tail="To the number ending {}",
        nobody_yet="Messages",
        waiting_for_texts="No texts yet. They appear here by themselves when the bank sends one.",
        composer_label="Text message",
        send="Send",
        later_hint=(
            "Replying by text is not available yet. What you write stays on this phone and does "
            "not reach the bank; for now, please use the web chat."
        ),
        chat_title="Web chat",
        open_chat_new_tab="Open the chat in a new tab",
        chat_down=(
            "The chat page cannot be opened: the product may not be running. The phone still "
            "works; reload this page once it has started."
        ),
        chat_not_framed="The chat page may not be shown inside this one. Open it in a new tab.",
        sample_digits="Sample data: document number ends {}, card ends {}",
        offline="The sandbox telephone cannot be reached; trying again. Texts shown are kept.",
        clock_label="Practice clock",
        one_hour="+1 hour",
        one_day="+1 day",
        next_payment_day="Next payment day",
        clock_troubles={
            "no_payment_day": (
                "The clock has not moved: this person has not signed anything, so no payment day lies ahead."
            ),
            "down": "The clock has not moved: the product may not be running.",
        },
        today="Today",
        yesterday="Yesterday",
        date="{day} {month_name}",
        segments_one="{} segment",
        segments_many="{} segments",
        statuses={
            "accepted": "handed to the carrier",
            "queued": "queued",
            "sent": "sent",
            "delivered": "delivered {}",
            "failed": "not delivered",
        },
        outcomes={
            None: "Sending…",
            "taken": "Received by the bank",
            "later": "Not delivered: replying by text is not available yet",
            "refused": "Not delivered: the bank did not take it",
            "unreachable": "Not delivered: the product is not running",
        },
    ),
}
"""The words by language; Chinese is the default."""
