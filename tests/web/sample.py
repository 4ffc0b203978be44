"""Invented records of a conversation, one for every card, in either language."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from api.web.presentation import BankNames, Presentation
from api.web.views import ChatView, Table

TODAY = date(2026, 11, 24)
LOCALES = ("zh", "en")


@cache
def presentation() -> Presentation:
    return Presentation(bank=BankNames("云汀银行", "Yunting Bank"), today=lambda: TODAY)


def offer(number: int = 1, tag: str = "best", **changes: Any) -> dict[str, Any]:
    monthly, periods, total, interest, left, last = {
        1: ("1083.11", 18, "19495.98", "895.98", "566.89", "2028-05-23"),
        4: ("1200.00", 16, "19300.00", "700.00", "449.00", "2028-03-23"),
        2: ("1600.84", 12, "19210.03", "610.03", "49.16", "2027-11-23"),
        3: ("565.85", 36, "20370.53", "1770.53", "1084.15", "2029-11-23"),
    }[number]
    row = {"payment": monthly, "principal": "990.11", "interest": "93.00", "charges": "0.00"}
    return {
        "number": number, "tag": tag, "kind": "instalments", "monthly": monthly,
        "periods": periods, "first_due_date": "2026-12-23", "last_due_date": last, "due_day": 23,
        "total": total, "interest": interest, "annual_rate": "6.00",
        "waived": {
            "interest": "1284.36", "penalty": "372.00", "fees": "0.00", "total": "1656.36",
        },
        "annual_percentage_rate": "6.00", "contract_rate": "18.25", "left_after": left,
        "debt_total": "20256.36", "principal": "18600.00", "as_of": "2026-11-24",
        "expires": "2026-11-30",
        "schedule": [
            {**row, "number": n, "due_date": "2026-12-23", "balance": f"{periods - n}00.00"}
            for n in range(1, periods + 1)
        ],
        "rules": [
            {"id": "cn.a", "words_zh": "最长 5 年。", "words_en": "5 years at most.",
             "citation": "第七十条"},
        ],
        **changes,
    }  # fmt: skip


def code(purpose: str = "identity", **changes: Any) -> dict[str, Any]:
    card: dict[str, Any] = {
        "kind": "code", "purpose": purpose, "state": "open", "tries_left": 3, "minutes": 9,
        "expires_at": "2026-11-24T13:20:00Z",
    }  # fmt: skip
    if purpose == "signature":
        card |= {"fingerprint": "A31F 09C2", "name": "沈禾", "monthly": "1083.11", "periods": 18}
    return card | changes


SETTLEMENT = offer(
    kind="settlement", monthly="16000.00", total="16000.00", periods=1, interest="0.00",
    annual_rate="0.00", left_after=None, first_due_date="2026-12-04", last_due_date="2026-12-04",
    waived={
        "interest": "1284.36", "penalty": "372.00", "fees": "0.00", "principal": "2600.00",
        "total": "4256.36",
    },
)  # fmt: skip
STRESS = [
    {"event": "income_drop", "percent": 10, "words_zh": "收入少10%，还1,083.11 元也够。",
     "words_en": "With 10% less coming in you could still pay ¥1,083.11."},
    {"event": "missed_payment", "percent": None, "words_zh": "有一期没还上，5天以内补上就算按时。",
     "words_en": "If you miss a payment, making it up within 5 days still counts as on time."},
]  # fmt: skip

SIGNED = {
    "kind": "signed", "agreement_id": "a1", "number": "20261124-0417", "next_date": "2026-12-23",
    "next_amount": "1083.11", "periods": 18, "paid_periods": 0, "paid_total": "0.00",
    "last_date": "2028-05-23", "pdf_url": "/agreement/document.pdf", "how_to_pay": "In the app.",
    "cooling_off_until": "2026-11-30",
}  # fmt: skip

CARDS: dict[str, dict[str, Any]] = {
    "identity code": code(),
    "identity code, wrong": code(state="wrong", tries_left=1),
    "identity code, paused": code(state="paused"),
    "identity code, paused until": code(state="paused", paused_until="2026-11-24T13:45:00Z"),
    "identity code, expired": code(state="expired"),
    "identity code, done": code(state="done"),
    "signature code": code("signature"),
    "signature code, once": code("signature", periods=1),
    "signature code, first payment": code("signature", down="5000.00"),
    "signature code, wrong": code("signature", state="wrong"),
    "document": {"kind": "document", "state": "open", "tries_left": 4},
    "document, wrong": {"kind": "document", "state": "wrong", "tries_left": 2},
    "document, paused": {"kind": "document", "state": "paused", "tries_left": 0},
    "document, done": {"kind": "document", "state": "done", "tries_left": 4},
    "consent": {"kind": "consent", "notice_url": "/notice"},
    "offer": {"kind": "offer", "offer": offer()},
    "offer in one payment": {"kind": "offer", "offer": offer(periods=1, kind="catch_up")},
    "offer without relief": {
        "kind": "offer",
        "offer": offer(
            waived={"interest": "0.00", "penalty": "0.00", "fees": "0.00", "total": "0.00"}
        ),
    },
    "offer of a counter": {"kind": "offer", "offer": offer(number=4, tag="asked"), "counter": True},
    "offer with a first payment": {
        "kind": "offer",
        "offer": offer(down_payment={"due_date": "2026-12-04", "amount": "5000.00"}),
    },
    "offer of a settlement": {"kind": "offer", "offer": SETTLEMENT},
    "offer of a deferral": {
        "kind": "offer",
        "offer": offer(kind="deferral_instalments", deferred_until="2026-12-23"),
    },
    "offer in a hard month": {"kind": "offer", "offer": offer(stress=STRESS)},
    "comparison with a settlement": {
        "kind": "comparison",
        "offers": [
            offer(stress=STRESS), {**SETTLEMENT, "number": 2, "tag": "lowest_total"},
            offer(3, "lowest_monthly"),
        ],
    },
    "offer past its day": {"kind": "offer", "offer": offer(expires="2026-11-23")},
    "comparison of two": {"kind": "comparison", "offers": [offer(), offer(2, "soonest")]},
    "comparison of three": {
        "kind": "comparison",
        "offers": [offer(), offer(2, "soonest"), offer(3, "lowest_monthly")],
    },
    "terms": {
        "kind": "terms", "agreement_id": "a1", "fingerprint": "A31F 09C2",
        "full_url": "/agreement/terms", "rows": [{"label": "每月还", "text": "1,083.11 元"}],
    },
    "signed": SIGNED,
    "signed, with its proof": SIGNED | {"proof_url": "/agreement/proof.json"},
    "signed, all paid": SIGNED | {"paid_periods": 18, "paid_total": "19495.98"},
    "signed, with everything": SIGNED | {
        "collection_stop": "notifying", "contacts_url": "/contacts", "calendar_url": "/calendar",
    },
    "refusal": {"kind": "refusal", "reason": "nothing_affordable", "text": "没有还得起的。"},
    "refusal, nothing due": {"kind": "refusal", "reason": "nothing_due", "text": "没有。"},
    "refusal, for a person": {"kind": "refusal", "reason": "account_with_human", "text": "同事。"},
    "crisis": {
        "kind": "crisis", "title": "先不谈别的。", "text": "可以拨：", "after": "随时都行。",
        "lines": [{"number": "12356", "words": "心理援助"}, {"number": "120", "words": "危险"}],
    },
}  # fmt: skip


def record(
    seq: int, speaker: str = "assistant", text: str = "好的。", **more: Any
) -> dict[str, Any]:
    return {
        "id": f"m_{seq}", "seq": seq, "speaker": speaker, "text": text, "lang": "zh",
        "quick_replies": [], "card": None, "at": "2026-11-24T13:11:00Z", "client_message_id": None,
        **more,
    }  # fmt: skip


def view(locale: str = "zh", stage: str = "offers", **more: Any) -> ChatView:
    base: dict[str, Any] = {
        "locale": locale, "conversation_id": "c_1", "stage": stage,
        "identified": stage not in ("welcome", "identify"), "records": [], "reference": "7K2M",
    }  # fmt: skip
    return ChatView(**(base | more))  # type: ignore[typeddict-item]


def ledger() -> Table:
    """A table as long as a plan of eighteen months, as an agreement's text holds it."""
    labels = ["期", "还款日", "这一期还", "本金", "新利息", "以前的利息和费用", "还剩"]
    return {
        "columns": [
            {"label": label, "align": "left" if label == "还款日" else "right"} for label in labels
        ],
        "rows": [
            [str(n), "2027年12月23日", "1,083.11", "990.11", "93.00", "100.00", "17,609.89"]
            for n in range(1, 19)
        ],
        "total": ["", "合计", "19,495.98", "18,600.00", "895.98", "1,800.00", ""],
    }


def pages(locale: str) -> dict[str, str]:
    """Every whole page in one language."""
    show = presentation()
    return {
        "chat": show.render_chat(view(locale, records=[record(1, card=CARDS["offer"])])),
        "invite": show.render_invite(locale, action="/i/k7Qm2x", reference="7K2M"),
        "no invite": show.render_no_invite(locale),
        "old invite": show.render_no_invite(locale, expired=True),
        "notice": show.render_notice(locale, retention="5", contact="?", version="2026-01"),
        "terms": show.render_terms(
            locale, title="T", sections=[
                {"heading": "H", "paragraphs": ["P 1,083.11 元"], "mark": "第 1 条"},
                {"heading": "T", "paragraphs": [], "mark": "附表", "table": ledger()},
            ],
            fingerprint="A31F 09C2", number="20261124-0417", pdf_url="/agreement/document.pdf",
            proof_url="/agreement/proof.json", check_url="/agreement/check.pyz",
        ),
        "error": show.render_error("server_error", locale),
        "unknown error": show.render_error("never_heard_of", locale),
    }  # fmt: skip
