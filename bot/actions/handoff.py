"""Where a human is next: each branch with its own words, said after the API has made the case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.actions.answers import ANSWERS
from bot.actions.api_client import ApiError, HandoffAnswer
from bot.actions.keeping import hard_month
from bot.actions.turn import ConversationAction, Event, Turn, asked, leave_form, rest


@dataclass(frozen=True)
class Branch:
    """A reason for the API and the words; ``before`` is what may be said before identity."""

    reason: str
    words: tuple[str, ...]
    before: tuple[str, ...] = ()


_HUMAN: Final = ("utter_human_later", "utter_human_noted")
_HARD_MONTH: Final = ("utter_hardship_move", "utter_hardship")
_IN_HOURS: Final = ("utter_human_in_hours", *_HUMAN)

BRANCHES: Final = {
    "ask_human": Branch("ask_human", _HUMAN),
    "nlu_fallback": Branch("not_understood", _HUMAN),
    "dispute_debt": Branch("dispute", ("utter_dispute",), ("utter_dispute_before",)),
    "suspected_fraud": Branch("suspected_fraud", ("utter_fraud",)),
    "complain_harassment": Branch(
        "complaint", ("utter_complaint_plain",), ("utter_complaint_plain_before",)
    ),
    "wrong_person": Branch("wrong_person", ("utter_wrong_person",)),
    "report_death": Branch("death", ("utter_death",)),
    "represents_holder": Branch("represents_holder", ("utter_represents",)),
    "already_paid": Branch("already_paid", ("utter_already_paid",), ("utter_already_paid_before",)),
    "report_hardship": Branch("hardship", _HARD_MONTH, ("utter_needs_identity",)),
    "cannot_pay_anything": Branch("hardship", _HARD_MONTH, ("utter_needs_identity",)),
    "ask_extension": Branch("hardship", _HARD_MONTH, ("utter_needs_identity",)),
    "refuse_automation": Branch("refuse_automation", ("utter_person_decides",)),
    "threaten_legal": Branch("legal", ("utter_legal_case",), ("utter_legal_case_before",)),
}


_PESTERED: Final = Branch("complaint", ("utter_complaint",), ("utter_complaint_before",))
_PESTERING: Final = re.compile(
    r"电话|打[给到来过了]?我|骚扰|短信轰|轰炸|天天|每天|一天|半夜|爆|上门|堵|单位|家人|家里|父母|\bcall|\bphone|\btext|harass|pester|bother|hound"
    r"|every day|all day|times a day|\bwork\b|\bfamily\b|\bboss\b|\bnight",
    re.IGNORECASE,
)
#: "你们是不是也要爆我通讯录" asks what we will do; it tells of nothing that was done.
_WILL_YOU: Final = re.compile(
    r"会不会|是不是也?[要会]|该不会|你们也?会.{1,20}[吗嘛么]|\b(?:will|would) (?:you|u)\b|\bare (?:you|u) (?:going to|gonna)\b",
    re.IGNORECASE,
)
_WAS_DONE: Final = re.compile(
    r"已经|昨天|前天|今天|上次|刚才|刚刚|半夜|一直|又[打找来]|了[吗，。！!]?$|\b(?:already|yesterday|last|keeps?|kept|called|rang|been)\b",
    re.IGNORECASE,
)
_CANNOT_USE: Final = Branch("cannot_use", ("utter_call_you",))
#: Words of somebody who cannot manage a screen: they are phoned, and choose nothing.
NOT_ABLE: Final = re.compile(
    r"不(?:太|大|怎么)?会(?:弄|用|填|操作|搞|打字|整)|不懂怎么|看不清|眼睛|弄不来|弄不了|搞不来"
    r"|can'?t (?:use|work|do|manage) (?:this|it|the)|don'?t know how|not good with|can'?t see|hard to read",
    re.IGNORECASE,
)
#: Branches that stop messages or start an inquiry: understood well, or with one of these words in it.
_TELLING: Final = {
    "report_death": re.compile(
        r"去世|过世|離世|离世|病逝|走了|没了|不在了|死|逝|遗|节哀|died|dead|death|passed|deceased|late |gone|lost",
        re.IGNORECASE,
    ),
    "wrong_person": re.compile(
        r"打错|找错|发错|错人|认错|不是(?:我|他|她|本人|机主|这个人)|不认识|号码|我不姓|没有这个人|wrong|not (?:me|him|her|that person)"
        r"|don'?t know|no one|nobody|isn'?t (?:me|my)|number",
        re.IGNORECASE,
    ),
    "represents_holder": re.compile(
        r"[替帮代]|委托|儿子|女儿|老公|老婆|爱人|丈夫|妻子|[爸妈父母]|家属|亲戚|监护|本人|behalf|\bfor (?:my|him|her)\b|\bmy (?:son|daughter|wife|husband|mother|mum|mom"
        r"|father|dad|brother|sister)|\bson\b|daughter|guardian|attorney|help(?:ing)? (?:him|her|my)",
        re.IGNORECASE,
    ),
    "suspected_fraud": re.compile(
        r"盗|诈|骗|冒|不是我(?:刷|办|开|借)|泄|偷|丢|fraud|stolen|scam|hack|stole|cloned|someone else|identity|lost my card",
        re.IGNORECASE,
    ),
}
_LEAST_CONFIDENCE: Final = 0.4
_BEFORE_IDENTITY: Final = frozenset({"welcome", "identify"})
_CARDHOLDER: Final = re.compile(
    r"持卡人|卡主|机主|户主|\bcard ?holder|\baccount holder", re.IGNORECASE
)


class ActionHandoff(ConversationAction):
    """Opens a case for the reason the person gave, then says what happens next."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_handoff"

    async def act(self, turn: Turn) -> list[Event]:
        """The form rests: nothing is asked after this."""
        intent = (
            "nlu_fallback"
            if turn.asked == "person" and turn.intent in ("affirm", "ask_human")
            else turn.intent
        )
        if not _sure(turn):
            turn.say({}, "utter_did_i_get_it")
            return leave_form(turn)
        if intent == "complain_harassment" and _only_asks(turn.text):
            told = ANSWERS["ask_privacy"]
            context = await self.api.context(turn.conversation)
            turn.say(context.words, *(told.known if context.identified else told.unknown))
            return leave_form(turn) if turn.caring else []
        branch = BRANCHES.get(intent, BRANCHES["ask_human"])
        if intent == "ask_human" and NOT_ABLE.search(turn.text):
            branch = _CANNOT_USE
        if intent == "complain_harassment" and _PESTERING.search(turn.text):
            branch = _PESTERED
        if intent == "report_death" and await self._may_be_another(turn):
            turn.say({}, "utter_death_whose")
            return leave_form(turn)
        answer = await self.api.handoff(turn.conversation, branch.reason)
        if intent == "ask_human" and answer.context.care:
            turn.say(answer.context.words, "utter_distress_call", "utter_human_noted")
            return leave_form(turn)
        if intent == "represents_holder" and answer.context.bereaved:
            turn.say(answer.context.words, "utter_death_question", "utter_human_noted")
            return leave_form(turn)
        known = answer.context.identified
        words = dict(answer.context.words)
        if branch.reason == "hardship" and known:
            words |= await hard_month(self.api, turn)
        turn.say(words, *_words(branch, answer, known), "utter_human_noted")
        return [*_forget_what_was_asked(turn), *leave_form(turn)]

    async def _may_be_another(self, turn: Turn) -> bool:
        """Whether somebody who has proved who they are may speak of a death in the family.

        Taken for the cardholder's own, it would stop all messages to somebody who is alive.
        """
        if turn.stage in _BEFORE_IDENTITY or _CARDHOLDER.search(turn.text):
            return False
        context = await self.api.context(turn.conversation)
        return context.identified and not context.bereaved

    def after_trouble(self, turn: Turn) -> list[Event]:
        """No case, no claim; but no question about money either."""
        return leave_form(turn)


class ActionWithdraw(ConversationAction):
    """They take something back: a signed agreement, the consent to be asked, or only a thought."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_withdraw"

    async def act(self, turn: Turn) -> list[Event]:
        """A signed agreement ends only when they confirm it after hearing what that means."""
        context = await self.api.context(turn.conversation)
        if not context.identified:
            turn.say(context.words, "utter_needs_identity")
        elif context.care:
            return rest(turn, context.words)
        elif _CONSENT.search(turn.text) and not context.signed:
            taken_back = await self.api.consent(turn.conversation, granted=False)
            turn.say(taken_back.words, "utter_consent_withdrawn", "utter_human_noted")
            return [asked("consent"), *leave_form(turn)]
        elif context.signed:
            return await self._take_back(turn)
        elif _ASKS.search(turn.text):
            turn.say(context.words, "utter_cooling_off")
        elif context.stage in ("offers", "agree"):
            turn.say(context.words, "utter_not_signed")
        else:
            turn.say(context.words, "utter_no_is_fine")
        return leave_form(turn)

    async def _take_back(self, turn: Turn) -> list[Event]:
        """First what it means, then a clear yes to that; what is too late, or rests, a human looks at."""
        confirmed = turn.asked == "withdrawal" and turn.surely(_CONFIRMS, _UNSURE)
        confirmed = confirmed and _CONFIRMS.search(turn.text) is not None
        try:
            done = await self.api.withdrawal(turn.conversation, confirmed=confirmed)
        except ApiError as error:
            if error.code not in _FOR_A_HUMAN:
                raise
            answer = await self.api.handoff(turn.conversation, "withdrawal")
            words = {**error.words, **answer.context.words}
            late = error.code == "withdrawal_late"
            said = ("utter_withdrawal_late",) if late else ()
            turn.say(words, *said, "utter_human_noted")
            return [asked(None), *leave_form(turn)]
        if confirmed:
            turn.say(done.words, "utter_withdrawn_relief", "utter_withdrawn")
            return [asked("start"), *leave_form(turn)]
        turn.say(done.words, "utter_withdrawal_relief", "utter_withdrawal")
        return [asked("withdrawal"), *leave_form(turn)]


_FOR_A_HUMAN: Final = frozenset({"withdrawal_late", "on_hold"})
#: After hearing what it means: words that say it once more, and words that leave a doubt.
_CONFIRMS: Final = re.compile(
    r"(?:确定|确认|还是要|一定要|就是要|我要|要)[^，,。不]{0,4}撤|\b(?:yes|confirm|sure|definitely|i want to)\b.{0,12}\bwithdraw",
    re.IGNORECASE,
)
_UNSURE: Final = re.compile(
    r"不|别|吗|呢|先|再想|如果|要是|万一|怎么|什么|[?？]|\bnot\b|n't\b|\bif\b|\bmaybe\b|\bhow\b|\bwhat\b|\bwhen\b|\bcan i\b",
    re.IGNORECASE,
)
_CONSENT: Final = re.compile(
    r"同意|信息|资料|隐私|授权|consent|permission|\bdata\b|information|agreed to be asked",
    re.IGNORECASE,
)


#: "能反悔吗" asks about withdrawing; before anything is signed there is nothing to withdraw.
_ASKS: Final = re.compile(
    r"吗|能不能|可不可以|怎么|[?？]|\bcan (?:i|we)\b|\bcould i\b|\bhow\b|\bwhat if\b", re.IGNORECASE
)


def _sure(turn: Turn) -> bool:
    """A wrong guess would stop messages or open an inquiry that nobody asked for."""
    telling = _TELLING.get(turn.intent)
    if telling is None:
        return True
    return turn.confidence >= _LEAST_CONFIDENCE or telling.search(turn.text) is not None


def _only_asks(text: str) -> bool:
    return _WILL_YOU.search(text) is not None and _WAS_DONE.search(text) is None


def _words(branch: Branch, answer: HandoffAnswer, identified: bool) -> tuple[str, ...]:
    if branch.words == _HUMAN:
        return _IN_HOURS if answer.in_hours else _HUMAN
    if branch.before and not identified:
        return branch.before
    return branch.words


def _forget_what_was_asked(turn: Turn) -> list[Event]:
    """A person was offered and is on the way, or a relative writes: a later yes answers neither."""
    over = turn.asked == "person" or (turn.intent == "report_death" and turn.asked is not None)
    return [asked(None)] if over else []
