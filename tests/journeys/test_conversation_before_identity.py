"""Before anybody has proved who they are: each branch has its words and its case, and discloses nothing.

``Guest`` holds after every turn that no word of ``before_identity`` (tests/bot/voice_rules.yml) was said.
"""

from __future__ import annotations

import pytest

from tests.journeys.casebook import Guest
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

BRANCHES = {
    # what it is about: (what is said in zh and en, words of the answer, case, hold)
    "dispute": ("这笔不是我欠的", "I don't owe this", ("先查", "check first"), "dispute", "dispute"),
    "fraud": ("我的卡被盗刷了", "my card was stolen and used", ("护住卡", "Protect the card"),
              "suspected_fraud", "fraud"),
    "harassment": ("一天打十几个电话骚扰我", "you call me a dozen times a day",
                   ("谁都吃不消", "wear anyone down"), "complaint", "complaint"),
    "wrong person": ("你们找错人了，我不是她", "wrong person, I'm not her", ("打扰了", "sorry to have troubled"),
                     "wrong_person", "wrong_number"),
    "death": ("我爸上个月走了，我是他女儿", "my father passed away last month", ("请节哀", "sorry for your loss"),
              "death", "deceased"),
    "for the holder": ("我替我妈问问", "I'm asking for my mum", ("有没有都不能说", "or say if there is one"),
                       "represents_holder", None),
    "already paid": ("我已经还了", "I've already paid that", ("登记好了", "I've logged it"),
                     "already_paid", None),
    "no machine": ("我不接受机器决定", "I refuse a decision by a machine", ("让人来定", "a person will decide"),
                   "refuse_automation", None),
    "cannot use it": ("我不会弄，请打给我", "I can't use this, please phone me", ("请同事打给您", "a colleague will phone you"),
                      "cannot_use", None),
}  # fmt: skip


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("branch", BRANCHES)
def test_a_branch_before_identity(stack: Stack, branch: str, locale: str) -> None:
    zh, en, words, reason, hold = BRANCHES[branch]
    guest = Guest(stack, "P-1011" if branch == "death" else "P-1002", locale)
    said = guest.say(zh if locale == "zh" else en)
    assert words[locale == "en"] in said, guest.text()
    assert guest.answer["case"] == "waiting"
    assert guest.cases() == {reason: "waiting"}
    assert guest.holds() == ({hold} if hold else set())
    # A second question on the same matter opens no second case and still discloses nothing.
    guest.say(zh if locale == "zh" else en, "那我欠多少" if locale == "zh" else "so what do I owe?")
    assert guest.cases() == {reason: "waiting"}
    assert guest.stage in ("welcome", "identify")


@pytest.mark.parametrize(
    ("locale", "usual", "unusual"),
    [("zh", "别再给我发短信", "你们那些消息我一条都不想看到了"),
     ("en", "Stop texting me", "Please don't text me any more")],
)  # fmt: skip
def test_no_more_texts_is_done_at_once_and_is_no_case(
    stack: Stack, locale: str, usual: str, unusual: str
) -> None:
    """Words that the net before the assistant does not know are understood by the assistant."""
    done = ("不再给您发短信了", "won't text you again")[locale == "en"]
    for words in (usual, unusual):
        guest = Guest(stack, "P-1002", locale)
        said = guest.say(words)
        if "想再收我们的短信吗" in said or "no more text messages" in said:
            said = guest.say(usual)  # it was asked about first
        assert done in said, guest.text()
        assert guest.holds() == {"opt_out"}
        assert guest.cases() == {}
        assert guest.stage in ("welcome", "identify")


QUESTIONS = {
    "zh": [
        ("我欠多少钱", "确认是您本人"), ("你们找我干什么", "只跟持卡人本人说"), ("你是机器人吗", "我是程序"),
        ("有人说可以停息挂账，收6个点", "身份证、电话卡、验证码别交出去"), ("征信怎么办", "免费查两次"),
        ("你们会告我吗", "我不是律师"), ("别打给我家人", "我不联系您的家人"), ("吸血鬼", "您有气"),
        ("没钱，就不还", "今天不谈"), ("再便宜点", "确认是您本人"), ("收入写错了", "确认是您本人"),
        ("我想撤回", "确认是您本人"), ("这个月有困难", "确认是您本人"), ("先给家里人看看", "家里人商量"),
        ("确定，签", "确认是您本人"), ("明天下雨吗", "这个我不知道"),
    ],
    "en": [
        ("what do I owe?", "Once I know it's you"), ("why did you contact me", "for the cardholder only"),
        ("are you a robot", "I'm a program"), ("an agent says he can freeze interest", "Don't hand over your ID"),
        ("what about my credit record", "free twice a year"), ("will you sue me", "not a lawyer"),
        ("don't call my family", "I don't contact your family"), ("bloodsuckers", "You're angry"),
        ("I'm not paying", "not today"), ("make it cheaper", "know it's you"), ("my income is wrong", "know it's you"),
        ("I want to withdraw", "know it's you"), ("This month is hard", "know it's you"),
        ("show my family first", "talk it over"), ("Yes, I'll sign", "know it's you"),
        ("will it rain tomorrow", "don't know"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_questions_before_identity_are_answered_and_tell_nothing(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1013" if locale == "zh" else "P-1008", locale)
    for question, words in QUESTIONS[locale]:
        assert words in guest.say(question), guest.text()
    assert guest.cases() == {}
    assert guest.stage == "welcome"
    assert guest.facts() == {}


@pytest.mark.parametrize(
    ("locale", "doubt", "later", "checked"),
    [
        ("zh", "是不是骗子，怎么证明你们是银行", "以后再说", "确认好了"),
        ("en", "is this a scam? how do I know you're the bank", "Later", "I've checked"),
    ],
)
def test_somebody_checks_first_that_it_is_really_the_bank(
    stack: Stack, locale: str, doubt: str, later: str, checked: str
) -> None:
    guest = Guest(stack, "P-1014" if locale == "en" else "P-1006", locale)
    said = guest.say(doubt)
    assert ("卡背面" if locale == "zh" else "back of your card") in said
    assert ("什么都不用填" if locale == "zh" else "fill in nothing") in said
    guest.say(later)
    assert not stack.texts(guest.person), "no code was asked for"
    guest.say(checked)
    assert guest.stage in ("welcome", "identify")
    if guest.stage == "welcome":
        guest.say("发验证码" if locale == "zh" else "Send the code")
    guest.say(guest.code())
    guest.say(guest.person.id_last4.lower())  # a small x is an X
    assert guest.stage == "consent", guest.text()


@pytest.mark.parametrize(
    ("locale", "words", "safe"),
    [
        ("zh", "我不想活了", "我现在安全"),
        ("en", "honestly I just want to end it all", "I'm safe"),
    ],
)
def test_care_comes_first_before_identity_too(
    stack: Stack, locale: str, words: str, safe: str
) -> None:
    guest = Guest(stack, "P-1010", locale)
    guest.say(words)
    lines = [line["number"] for line in guest.card("crisis")["lines"]]
    assert {"12356", "120", "110"} <= set(lines)
    assert (guest.cases(), guest.holds()) == ({"distress": "waiting"}, {"distress"})
    said = guest.say(safe)
    assert ("知道您安全就行" if locale == "zh" else "Good to know you're safe") in said, (
        guest.text()
    )
    said = guest.say("没钱，就不还" if locale == "zh" else "I'm not paying")
    assert "利息" not in said
    assert "interest" not in said
    said = guest.say("请给我打电话" if locale == "zh" else "Please call me")
    assert "12356" in said
    assert guest.stage == "welcome"


def test_nobody_is_promised_a_code_after_messages_were_stopped(stack: Stack) -> None:
    guest = Guest(stack, "P-1002")
    guest.say("你们找错人了，我不是她")
    said = guest.say("发验证码")
    assert "发不出" in said, guest.text()
    assert not stack.texts(guest.person)


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh", "我要找真人，不跟机器说"), ("en", "I want to talk to a real person")],
)
def test_a_person_is_wanted_and_a_case_is_made(stack: Stack, locale: str, words: str) -> None:
    guest = Guest(stack, "P-1006", locale)
    said = guest.say(words)
    now = ("分钟", "minutes")[locale == "en"]
    later = ("留了话", "left word")[locale == "en"]
    assert now in said or later in said, guest.text()
    assert guest.cases() == {"ask_human": "waiting"}
    assert guest.holds() == set()
    guest.known("发验证码" if locale == "zh" else "Send the code")
    assert guest.stage == "consent"
    assert guest.cases() == {"ask_human": "waiting"}
