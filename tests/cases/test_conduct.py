"""What nobody says: harsh sentences are found by their rule, kind ones pass, whatever the disguise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.conversations.conduct import findings, rules_of
from api.conversations.suggestions import suggestions
from api.policy.lookup import Policy

ROOT = Path(__file__).parents[2]
VIEW = Policy.shipped().on(date(2026, 11, 24))
ALWAYS = rules_of(VIEW, identified=True, care=False)
UNPROVEN = rules_of(VIEW, identified=False, care=False)
CARE = rules_of(VIEW, identified=True, care=True)

HARSH = [
    ("threat", "您再不还就会被起诉"),
    ("threat", "我们只能走法律程序了"),
    ("threat", "再拖下去就法院见"),
    ("threat", "材料已经移交公安"),
    ("threat", "恶意透支是要坐牢的"),
    ("threat", "后果自负"),
    ("threat", "明天会有人上门"),
    ("threat", "我们去您单位找您"),
    ("threat", "会申请强制执行您的房子"),
    ("threat", "我們會起訴您"),
    ("threat", "我们会起 诉 您"),
    ("threat", "我们会起·诉·您"),
    ("threat", "We will sue you next week"),
    ("threat", "You leave us no choice but legal action"),
    ("threat", "Pay, or else"),
    ("threat", "Someone will come to your home tomorrow"),
    ("threat", "We can garnish your wages"),
    ("insult", "你是傻子吗"),
    ("insult", "闭嘴听我说"),
    ("insult", "Don't be stupid"),
    ("shame", "欠债还钱天经地义"),
    ("shame", "您怎么好意思不还"),
    ("shame", "有钱买手机没钱还款"),
    ("shame", "做人要讲良心"),
    ("shame", "You have failed to pay"),
    ("shame", "You should be ashamed"),
    ("shame", "It is your moral obligation"),
    ("false_urgency", "这是最后一次机会"),
    ("false_urgency", "今天必须还"),
    ("false_urgency", "请您立即处理"),
    ("false_urgency", "马上还一千"),
    ("false_urgency", "This is your last chance"),
    ("false_urgency", "You need to pay it today"),
    ("false_urgency", "Please reply immediately"),
    ("invented_consequence", "会影响您孩子上学"),
    ("invented_consequence", "您会被列入黑名单"),
    ("invented_consequence", "以后坐不了高铁"),
    ("invented_consequence", "微信都会被冻结"),
    ("invented_consequence", "Your children will suffer for this"),
    ("invented_consequence", "You will lose your job"),
    ("invented_consequence", "You'll be blacklisted"),
    ("promise", "我保证给您批下来"),
    ("promise", "利息全部给您免了"),
    ("promise", "签了就把您的逾期记录消掉"),
    ("promise", "征信不影响的"),
    ("promise", "我私下给您少一点"),
    ("promise", "肯定能批"),
    ("promise", "I promise it will be approved"),
    ("promise", "We can wipe your credit record"),
    ("promise", "You won't have to pay anything"),
    ("promise", "It is guaranteed"),
    ("borrowing", "找您家人借一点"),
    ("borrowing", "先刷别的卡还上"),
    ("borrowing", "去网贷周转一下"),
    ("borrowing", "Could you borrow from a friend?"),
    ("borrowing", "Ask your parents for the money"),
    ("borrowing", "Just use another card"),
    ("third_party", "我们会联系您的家人"),
    ("third_party", "那就通知您单位"),
    ("third_party", "让您爱人替您还"),
    ("third_party", "We will call your employer"),
    ("third_party", "I'll speak to your wife"),
    ("secrets", "把验证码发给我"),
    ("secrets", "您身份证号是多少"),
    ("secrets", "告诉我卡号后面的密码"),
    ("secrets", "Tell me the code"),
    ("secrets", "What's your PIN?"),
    ("secrets", "6222021234567890123"),
    ("own_pocket", "转到我的微信"),
    ("own_pocket", "加我微信聊"),
    ("own_pocket", "Transfer it to my account"),
    ("shouting", "快点！！"),
    ("shouting", "PAY IT NOW PLEASE"),
]

KIND = [
    "我们不会起诉您，也不拿这个吓您。",
    "银行会不会起诉，我不知道。",
    "您说有人上门，我登记一下。",
    "我们不联系您的家人、朋友、单位。",
    "如果有人联系您的家人，告诉我。",
    "不用去借，还不上的数我们不定。",
    "不要把验证码告诉任何人。",
    "别转到私人账户，只在银行App里还。",
    "不好意思，让您久等了。",
    "我转告您一声，材料收到了。",
    "我报告您一个进展。",
    "这个我不能保证，我去问，四点前答复您。",
    "今天不用定，过了也可以重新算。",
    "没有约定之前，利息会接着算。",
    "每月1,083.11元，还18个月，一共19,495.98元。",
    "好的，学费先留出来。",
    "We won't sue you, and I won't use it to scare you.",
    "We don't contact your family or employer.",
    "Please don't borrow for this.",
    "You needn't decide today.",
    "I can't promise that, but I'll ask.",
    "Never share the code with anyone.",
    "Sorry for the delay, I've read what you wrote.",
    "I'll call you tomorrow between 9 and 11.",
    "That was our mistake, and it's been put right.",
]


def rules_found(text: str, rules: Any = ALWAYS) -> set[str]:
    """Return the rules that a text breaks, without their prefix."""
    return {found.rule_id.removeprefix("conduct.") for found in findings(text, "zh", rules)}


@pytest.mark.parametrize(("rule", "text"), HARSH, ids=[text for _, text in HARSH])
def test_a_harsh_sentence_is_found_by_its_rule(rule: str, text: str) -> None:
    assert rule in rules_found(text)


@pytest.mark.parametrize("text", KIND)
def test_a_kind_sentence_passes(text: str) -> None:
    assert rules_found(text) == set()


SENTENCES = yaml.safe_load((Path(__file__).parent / "conduct_sentences.yaml").read_text("utf-8"))


def test_every_harsh_sentence_collected_so_far_is_found_by_some_rule() -> None:
    assert len(SENTENCES["harsh"]) > 130
    assert [text for text in SENTENCES["harsh"] if not rules_found(text)] == []


def test_no_kind_sentence_collected_so_far_is_stopped() -> None:
    assert len(SENTENCES["kind"]) > 60
    assert [(text, rules_found(text)) for text in SENTENCES["kind"] if rules_found(text)] == []


def test_what_is_found_stands_where_it_is_said_to_stand() -> None:
    text = "好的，学费先留出来。不过您再不还就会 被 起 诉，所以"
    found = [each for each in findings(text, "zh", ALWAYS) if each.rule_id == "conduct.threat"]
    assert [text[each.start : each.end].replace(" ", "") for each in found] == ["起诉"]
    assert found[0].kinder == VIEW.value("conduct.threat").kinder.zh
    in_english = [each for each in findings(text, "en", ALWAYS) if each.rule_id == found[0].rule_id]
    assert in_english[0].kinder == VIEW.value("conduct.threat").kinder.en


def ours() -> list[tuple[str, str, str]]:
    """Return every sentence that the product itself can say: name, language, text."""
    said = []
    responses = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"]
    for name, variations in responses.items():
        for variation in variations:
            locale = next(c["value"] for c in variation["condition"] if c["name"] == "locale")
            said.append((name, locale, variation.get("text") or ""))
    wording = ROOT / "api/conversations/wording"
    for locale in ("zh", "en"):
        for name, text in yaml.safe_load((wording / f"{locale}.yaml").read_text("utf-8")).items():
            said.append((name, locale, text))
        said += [(each.id, locale, each.text) for each in suggestions(locale)]
        for parameter in VIEW.ids():
            value = VIEW.value(parameter)
            if VIEW.parameter(parameter).unit == "conduct_rule":
                said.append((f"{parameter}.kinder", locale, getattr(value.kinder, locale)))
            if VIEW.parameter(parameter).unit == "words":
                said.append((parameter, locale, getattr(value, locale)))
    return said


def test_every_sentence_of_our_own_passes_the_rules_for_colleagues() -> None:
    said = ours()
    assert len(said) > 600
    broken = [
        (name, locale, found.rule_id, text[found.start : found.end])
        for name, locale, text in said
        for found in findings(text, locale, ALWAYS)
    ]
    assert broken == []


def test_what_is_suggested_in_care_speaks_of_no_money_and_before_identity_of_no_debt() -> None:
    for locale in ("zh", "en"):
        for each in suggestions(locale):
            if "care" in each.when or each.reasons == ("distress",):
                assert findings(each.text, locale, CARE) == [], each.id
            if "unproven" in each.when:
                assert findings(each.text, locale, UNPROVEN) == [], each.id


@pytest.mark.parametrize("text", ["您欠的钱可以分期", "每月还1000元", "About your debt"])
def test_before_identity_no_word_of_a_debt_and_in_distress_none_of_money(text: str) -> None:
    assert "before_identity" in rules_found(text, UNPROVEN)
    assert rules_found(text) == set()
    assert "while_care" in rules_found(text, CARE)


def test_in_distress_it_may_be_said_that_money_can_wait() -> None:
    assert rules_found("不用管还款，先看您人怎么样。", CARE) == set()
    assert rules_found("Leave the payment for now.", CARE) == set()


def test_every_rule_has_its_source_and_both_languages() -> None:
    assert len(ALWAYS) >= 11
    for rule in (*ALWAYS, *UNPROVEN, *CARE):
        assert rule.source.startswith("《")
        assert rule.zh
        assert rule.en
        assert rule.why.zh
        assert rule.why.en


@given(st.text(max_size=300))
def test_whatever_is_written_places_lie_within_it(text: str) -> None:
    for found in findings(text, "zh", CARE):
        assert 0 <= found.start < found.end <= len(text)


@given(st.sampled_from([text for rule, text in HARSH if rule == "threat" and text[0] >= "\u4e00"]),
       st.lists(st.integers(0, 40), max_size=6))  # fmt: skip
def test_spaces_between_the_characters_hide_nothing(text: str, places: list[int]) -> None:
    spaced = text
    for place in places:
        spaced = spaced[: place % (len(spaced) + 1)] + " " + spaced[place % (len(spaced) + 1) :]
    assert "threat" in rules_found(spaced)
