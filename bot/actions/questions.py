"""Questions at any stage, answered as far as the asker's identity allows."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.answers import ANSWERS, answer_for, plain_answer
from bot.actions.api_client import Context
from bot.actions.besides import note_besides
from bot.actions.counters import answer_wish, wish_of
from bot.actions.fallback import led_back
from bot.actions.keeping import progress_responses
from bot.actions.offers import WITH_COLLEAGUE, wait_for_colleague
from bot.actions.turn import ConversationAction, Event, Turn, leave_form, rest

#: Wishes that a human or a later offer should know of: sent to the API with the question.
WISHES: Final = frozenset({"ask_interest_relief", "ask_settlement_discount", "ask_extension"})
_MAY_HOLD_WISHES: Final = frozenset({"situation", "offers", "agree"})
#: What is not talked of while care comes first.
_ABOUT_PAYING: Final = WISHES | {
    "ask_if_worse",
    "ask_why_amount",
    "ask_terms_question",
    "cannot_pay_anything",
    "report_hardship",
    "ask_how_to_pay",
    "ask_after_signing",
}
_NOT_OURS: Final = "chitchat_oos"
_WHAT_NOW: Final = re.compile(r"怎么办|咋办|点算|what (?:now|then|do i do)", re.IGNORECASE)
_HARD: Final = frozenset({"report_hardship", "cannot_pay_anything", "ask_extension"})
_AS_IT_STANDS: Final = frozenset({"ask_what_i_owe", "ask_after_signing", "ask_how_to_pay"})
#: What a relative may ask after telling of a death; about an account nothing can be said to them.
AFTER_A_DEATH: Final = _ABOUT_PAYING | {
    "ask_what_i_owe",
    "ask_why_contacted",
    "legal_question",
    "ask_credit_record",
    "ask_annual_rate",
}
_WITH_OFFER: Final = frozenset({"offers", "agree"})
_SIGNED: Final = frozenset({"signed", "followup"})
#: Of other kinds, what stands in the place of the words for a personalised agreement.
_OF_OTHER_KINDS: Final = {
    ("utter_new_cards", "catch_up"): ("utter_new_cards_free",),
    ("utter_new_cards", "settlement"): ("utter_new_cards_free",),
    ("utter_new_cards", "deferral"): ("utter_new_cards_free",),
    ("utter_why_amount", "catch_up"): ("utter_why_amount_goodwill", "utter_why_amount_catch_up"),
    ("utter_why_amount", "settlement"): ("utter_why_amount_settlement", "utter_why_amount_plain"),
}


#: Papers of a court or a lawyer that have come: a colleague looks at that.
_PAPERS: Final = re.compile(
    r"(?:收到|寄来|寄到|送来|送到|发来)[^，。]{0,8}(?:律师函|传票|起诉书|法院|调解|立案)|(?:律师函|传票|起诉书|法院[^，。]{0,4}短信)[^，。]{0,6}(?:收到|寄|送|发)"
    r"|\b(?:got|received|sent me|have)\b[^.?]{0,16}\b(?:summons|lawyer'?s letter|court (?:papers|letter|notice)|writ)\b",
    re.IGNORECASE,
)


#: A wish to have a copy of one's own data, or to have it deleted; asking whether one can is a question.
_OWN_DATA: Final = re.compile(
    r"(?:删|清)(?:掉|除|空|了|干净)?[^，。]{0,4}(?:资料|信息|数据|记录|聊天|内容|说过的)|(?:资料|信息|数据|记录|聊天|内容|说过的)[^，。]{0,6}(?:删|清掉|清空|清除)"
    r"|(?:给我|发我|要|导出|复制|打印|下载)[^，。]{0,6}(?:资料|信息|数据|副本)|(?:资料|信息|数据)[^，。]{0,4}(?:给我一份|发我|导出|副本)"
    r"|\b(?:delete|erase|remove|wipe)\b[^.?]{0,16}\b(?:data|information|details|everything|chat|all)\b"
    r"|\b(?:copy|export|download)\b[^.?]{0,16}\b(?:data|information|details|everything)\b",
    re.IGNORECASE,
)
_ASKS_WHETHER: Final = re.compile(
    r"吗|嘛|能不能|可不可以|会不会|怎么|多久|谁|[?？]|\b(?:can|could|will|would|do) (?:i|you|we)\b|\bhow\b",
    re.IGNORECASE,
)


class ActionAnswerQuestion(ConversationAction):
    """Answers a question in one call, then leaves the conversation where it was."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_answer_question"

    async def act(self, turn: Turn) -> list[Event]:
        """The record, not Rasa's memory, decides what may be said to this person."""
        wishes: dict[str, object] = {}
        if turn.intent in WISHES and turn.stage in _MAY_HOLD_WISHES:
            wishes["wishes"] = [turn.intent]
        noted = await note_besides(turn, self.api, wishes)
        context = noted.context
        if context.care and turn.intent in _ABOUT_PAYING:
            return rest(turn, context.words)
        if turn.intent in _HARD and context.barred == "nothing_due":
            case = await self.api.handoff(turn.conversation, "hardship")
            turn.say(case.context.words, "utter_hard_ahead", "utter_human_noted")
            return leave_form(turn)
        if turn.intent in _AS_IT_STANDS and (context.signed or context.stage in _SIGNED):
            return await self._as_it_stands(turn)
        if context.bereaved and turn.intent in AFTER_A_DEATH:
            turn.say(context.words, "utter_death_question", "utter_human_noted")
            return leave_form(turn)
        if turn.intent == "ask_privacy" and context.identified and _wants_own_data(turn):
            case = await self.api.handoff(turn.conversation, "data_request")
            turn.say(case.context.words, "utter_data_request", "utter_human_noted")
            return leave_form(turn) if turn.caring else []
        if turn.intent in WISHES and not turn.caring and (wish := wish_of(turn)):
            if turn.intent == "ask_interest_relief":  # two things were asked
                turn.say(context.words, *responses_for(turn, context))
            return await answer_wish(turn, self.api, wish)
        if turn.intent == _NOT_OURS and not turn.caring:
            if context.identified and (plainly := plain_answer(turn.text)):
                turn.say(context.words, *plainly.known)
                return [*noted.events, *noted.closing(turn)]
            awaited = context.refused in WITH_COLLEAGUE and context.case != "none"
            if awaited and _WHAT_NOW.search(turn.text):
                return wait_for_colleague(turn, context.words)
            led = led_back(turn, context.words, responses_for(turn, context))
            return [*noted.events, *led, *noted.closing(turn)]
        turn.say(context.words, *responses_for(turn, context))
        if turn.intent == "legal_question" and _PAPERS.search(turn.text) and not turn.caring:
            case = await self.api.handoff(turn.conversation, "legal")
            turn.say(case.context.words, "utter_papers_noted", "utter_human_noted")
        if turn.caring:
            return leave_form(turn)
        return [*noted.events, *noted.closing(turn)]

    async def _as_it_stands(self, turn: Turn) -> list[Event]:
        """What is asked about an agreement in force is answered by its payments, not by its first day."""
        progress = await self.api.progress(turn.conversation)
        said = progress_responses(progress)
        if turn.intent != "ask_what_i_owe":
            said = (*ANSWERS[turn.intent].signed, *said)
        turn.say(progress.words, *said)
        return leave_form(turn) if turn.caring else []


def _wants_own_data(turn: Turn) -> bool:
    return bool(_OWN_DATA.search(turn.text)) and not _ASKS_WHETHER.search(turn.text)


def responses_for(turn: Turn, context: Context) -> tuple[str, ...]:
    """The responses to try, by who asks and where the record stands."""
    if turn.intent == "ask_meaning" and turn.in_form and (asked_for := turn.slot("requested_slot")):
        answer = answer_for(turn.intent, turn.text)
        general = answer.known == ("utter_meaning_which",)
        return (f"utter_explain_{asked_for}",) if general else answer.known
    answer = answer_for(turn.intent, turn.text)
    if not context.identified:
        return answer.unknown
    if turn.in_form and answer.in_form:
        return answer.in_form
    if turn.intent == "legal_question" and context.barred == "in_court":
        return ("utter_legal_in_court",)
    if context.stage in _SIGNED and answer.signed:
        return (*answer.signed, *answer.known)
    found = answer.known
    if context.stage in _WITH_OFFER and answer.with_offer:
        found = answer.with_offer
    kind = context.kind or (context.offers[0].kind if context.offers else None)
    return _OF_OTHER_KINDS.get((found[0], str(kind)), found)
