"""Greeting, proving identity, consent: what is said, and in which order after the API's answer."""

import pytest
from rasa_sdk.events import ActiveLoop, SlotSet

from bot.actions.consent import ActionGrantConsent, ActionRefuseConsent
from bot.actions.identify import ActionChallengeFailed, ActionChallengePassed, ActionSendCode
from bot.actions.welcome import ActionPause, ActionResume, ActionWelcome

FACTS = {
    "reason": "job_loss",
    "monthly_income": {"from": "4000.00", "to": "5000.00"},
    "essential_spending": "2500.00",
    "other_debt_payments": "skipped",
    "proposed_payment": "800.00",
    "pay_day": 25,
}
READ_BACK = dict.fromkeys(
    ("income", "spending", "other_debts", "proposed", "pay_day", "left"), "约1,000元"
)
CONSENT = {"bank": "云汀银行", "retention": "还清后满2年"}


async def test_somebody_new_is_welcomed(api, run, turn):
    api.context(stage="welcome", identified=False, words={"bank": "云汀银行"})
    heard = await run(ActionWelcome, turn("open"))
    assert heard.said == ["utter_welcome"]
    assert heard.messages[0]["bank"] == "云汀银行"
    assert heard.events == [SlotSet("asked", "start"), SlotSet("ask_facts", False)]


async def test_somebody_who_was_here_goes_on_with_the_open_question(api, run, turn):
    api.context(returning=True, situation={"reason": "illness"})
    heard = await run(ActionWelcome, turn("open"))
    assert heard.said == ["utter_welcome_back"]
    assert heard.slots["reason"] == "illness"
    assert heard.slots["asked"] == "facts"
    assert heard.slots["ask_facts"] is True


async def test_everything_told_already_is_read_back_not_asked(api, run, turn):
    api.context(returning=True, situation=FACTS, words=READ_BACK)
    heard = await run(ActionResume, turn("continue"))
    assert heard.said == ["utter_read_back"]
    assert heard.slots["asked"] == "read_back"
    assert heard.slots["ask_facts"] is False


async def test_the_form_asks_by_itself_when_resumed(api, run, turn):
    heard = await run(ActionResume, turn("continue", form=True))
    assert heard.said == []
    assert heard.events == [SlotSet("ask_facts", True)]
    assert api.asked == []


async def test_the_code_is_announced_only_after_it_was_sent(api, run, turn):
    api.context(stage="identify", identified=False, words={"code_minutes": "10"})
    heard = await run(ActionSendCode, turn(stage="welcome"))
    assert api.asked == [("POST", "challenge", {"purpose": "identity"})]
    assert (heard.said, heard.cards) == (["utter_code_sent"], ["code"])
    assert heard.events == [SlotSet("asked", "code")]


async def test_a_paused_challenge_says_until_when(api, run, turn):
    api.answers("challenge", 429, code="challenge_paused", words={"paused_until": "15:00"})
    heard = await run(ActionSendCode, turn(stage="welcome"))
    assert heard.said == ["utter_challenge_paused"]
    assert heard.messages[0]["paused_until"] == "15:00"


async def test_after_the_code_comes_the_document(api, run, turn):
    api.context(stage="identify", identified=False)
    heard = await run(ActionChallengePassed, turn("challenge_passed", purpose="identity"))
    assert (heard.said, heard.cards) == (["utter_ask_document"], ["document"])
    assert heard.slots["asked"] == "document"


async def test_after_the_document_comes_consent(api, run, turn):
    api.context(stage="consent", words=CONSENT)
    heard = await run(ActionChallengePassed, turn("challenge_passed", purpose="document"))
    assert heard.said == ["utter_identity_done", "utter_ask_consent"]
    assert heard.cards == ["consent"]
    assert heard.events == [SlotSet("asked", "consent"), SlotSet("ask_facts", False)]


@pytest.mark.parametrize(
    ("purpose", "outcome", "said", "asked"),
    [
        ("identity", "wrong", "utter_code_wrong", "code"),
        ("document", "wrong", "utter_document_wrong", "document"),
        ("signature", "wrong", "utter_signing_code_wrong", "signing_code"),
        ("identity", "paused", "utter_challenge_paused", "code"),
        ("signature", "expired", "utter_code_expired", "signing_code"),
    ],
)
async def test_a_failed_proof_says_what_is_left(api, run, turn, purpose, outcome, said, asked):
    api.context(words={"tries_left": "3", "paused_until": "15:00"})
    entities = [{"entity": "outcome", "value": outcome}]
    heard = await run(
        ActionChallengeFailed, turn("challenge_failed", "", entities, purpose=purpose)
    )
    assert heard.said == [said]
    assert heard.slots["asked"] == asked


async def test_consent_begins_the_questions(api, run, turn):
    heard = await run(ActionGrantConsent, turn(stage="consent"))
    assert api.asked[-1] == ("POST", "consent", {"kind": "financial", "granted": True})
    assert heard.said == ["utter_questions_begin"]
    assert (heard.slots["asked"], heard.slots["ask_facts"]) == ("facts", True)


async def test_a_refusal_is_recorded_before_a_colleague_is_promised(api, run, turn):
    api.context(stage="consent", words={"reply_by": "11月25日 17:00"})
    heard = await run(ActionRefuseConsent, turn("deny", stage="consent"))
    assert api.asked == [("POST", "consent", {"kind": "financial", "granted": False})]
    assert heard.said == ["utter_consent_refused"]


async def test_identity_lost_on_the_way_is_asked_for_again(api, run, turn):
    api.answers("consent", 403, code="not_identified")
    heard = await run(ActionGrantConsent, turn(stage="consent", form=True))
    assert heard.said == ["utter_ask_identity"]
    assert heard.slots["asked"] == "start"
    assert heard.left_the_form


async def test_trouble_is_admitted_and_asks_nothing(api, run, turn):
    api.answers("consent", 500, code="internal")
    heard = await run(ActionGrantConsent, turn(stage="consent"))
    assert heard.said == ["utter_system_trouble"]
    assert heard.events == [SlotSet("ask_facts", False)]


async def test_a_sentence_with_a_hole_is_never_sent(api, run, turn):
    api.context(stage="welcome", identified=False, words={})
    heard = await run(ActionWelcome, turn("open"))
    assert heard.said == ["utter_system_trouble"]


@pytest.mark.parametrize(
    ("intent", "stage", "said"),
    [
        ("unwilling_to_pay", "identify", "utter_unwilling_before"),
        ("unwilling_to_pay", "offers", "utter_unwilling"),
        ("ask_later", "situation", "utter_later"),
        ("insult", "welcome", "utter_insult"),
    ],
)
async def test_leaving_it_asks_nothing_more(api, run, turn, intent, stage, said):
    heard = await run(ActionPause, turn(intent, form=True, stage=stage))
    assert heard.said == [said]
    assert heard.events == [ActiveLoop(None), SlotSet("requested_slot", None)]
    assert api.asked == []


async def test_who_is_known_gets_no_second_code_of_identity(api, run, turn):
    heard = await run(ActionSendCode, turn("resend_code", "没收到验证码", stage="situation"))
    assert (heard.said, api.asked) == (["utter_no_code_needed"], [])


async def test_a_second_hello_is_answered_without_saying_it_all_again(api, run, turn):
    api.context(identified=False, stage="welcome")
    heard = await run(ActionResume, turn("greet", "你好", stage="welcome", asked="start"))
    assert heard.said == ["utter_hello"]


async def test_a_first_hello_is_answered_by_saying_who_is_here(api, run, turn):
    api.context(identified=False, stage="welcome", words={"bank": "云汀银行"})
    heard = await run(ActionResume, turn("greet", "你好", stage="welcome"))
    assert heard.said == ["utter_welcome"]
