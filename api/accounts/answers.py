"""What of a message answers a challenge: a code among words, the last four of an identity number."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["answer_in", "only_agrees", "without_answer"]

MONEY = r"(?:元|块|圆|万|千|亿|人民币|yuan|rmb|cny|kuai)"
CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
SPELLED = "零〇一二三四五六七八九十百千万亿"
DIGIT = "零〇一二三四五六七八九"
YES = (
    r"短信|手机|收到|验证码|驗證碼|校验码|号码|码|碼|您好|你好|嗯|好的|好|是的|是|对|在这里|在这|这里|这|我|本人|的|了"
    r"|同意|确认|确定|签署|签字|签名|签吧|签|簽"
    r"|\b(?:the|my|this|a|is|here|it s|s|it|code|number|text|sms|verification|one|time|received|got|from|phone)\b"
    r"|\b(?:hi|hello|i|m|am|ok|okay|yes|agree|agreed|to|confirm|confirmed|sign|please)\b"
)
"""Words beside a code that leave a yes a yes."""
BETWEEN = re.compile(r"(?<=\d)[\s-]+(?=\d)")


def answer_in(text: str, purpose: str, code_digits: int) -> str | None:
    """Return the answer that a message holds for a challenge, or ``None`` when it is about something else.

    A code is taken from among words ("验证码是 482 913"), not from a sum of money ("120000元"); a whole
    identity number gives its last four.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if purpose == "document":
        whole = re.search(r"(?<![0-9A-Za-z])[0-9]{14}([0-9]{3}[0-9Xx])(?![0-9A-Za-z])", plain)
        if whole:
            return whole.group(1).upper()
        four = re.findall(
            r"(?<![0-9A-Za-z])[0-9]{3}[0-9Xx](?![0-9A-Za-z])", re.sub(r"[\s-]", "", plain)
        )
        if len(four) == 1:
            return str(four[0]).upper()
        return plain.upper() if re.fullmatch(r"[0-9Xx]{1,20}", plain) else None
    joined = BETWEEN.sub("", _in_figures(plain, code_digits))
    runs = re.findall(_run(code_digits), joined)
    if len(runs) == 1:
        return str(runs[0])
    mistyped = rf"\d{{{code_digits - 1},{code_digits + 2}}}"
    return joined if re.fullmatch(mistyped, joined) else None


def only_agrees(text: str, code_digits: int, name: str) -> bool:
    """Return whether a message with a code says nothing besides, or nothing but yes.

    A code among other words (a doubt, a condition, somebody else's name) is no consent to a signature. ``name``
    is the holder's own, which may stand there.
    """
    plain = unicodedata.normalize("NFKC", text)
    beside = re.sub(_run(code_digits), " ", BETWEEN.sub("", _in_figures(plain, code_digits)))
    left = re.sub(r"[\W_]+", " ", beside.casefold()).strip()
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())
    own = r"\s*".join(re.escape(letter) for letter in letters) or "yes"
    yes = re.fullmatch(rf"\d*|(?:(?:{own}|{YES})\s*)+", left) is not None
    return yes and "?" not in plain


def without_answer(text: str, code_digits: int, mask: str) -> str:
    """Return a message with whatever looks like a code masked; the rest is as it was written."""
    loose = rf"(?<!\d)\d(?:[\s-]*\d){{{code_digits - 1}}}(?!\d|[\s-]+\d|\s*{MONEY})"
    spelled = rf"(?<![{SPELLED}])[{DIGIT}]{{{code_digits}}}(?![{SPELLED}])"
    return re.sub(rf"{loose}|{spelled}", mask, text, flags=re.IGNORECASE)


def _run(code_digits: int) -> str:
    return rf"(?i)(?<!\d)(?<!\d[.,])(?<![¥$])\d{{{code_digits}}}(?!\d|[.,]\d|\s*{MONEY})"


def _in_figures(text: str, digits: int) -> str:
    """Write a code that is spelled out (四八二九一三) in figures; sums are not spelled so."""
    spelled = rf"(?<![{SPELLED}\d])[{DIGIT}]{{{digits}}}(?![{SPELLED}\d])"
    return re.sub(spelled, lambda found: found.group().translate(CHINESE_DIGITS), text)
