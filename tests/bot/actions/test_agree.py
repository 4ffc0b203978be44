"""The terms are read whole before a code is asked for; signed is said only of a record."""

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.agree import PARTS, ActionNextTerms, ActionRecordAgreement, ActionSign

WORDS = dict.fromkeys(
    (
        "debt_total principal interest penalty waived due_day monthly first_due periods total pays pays_terms"
        " annual_rate fees_meanwhile grace_days relief_if_broken cooling_days signer"
    ).split(),
    "x",
)


async def test_one_part_a_turn(api, run, turn):
    api.context(stage="agree", words=WORDS)
    heard = await run(ActionNextTerms, turn("continue", terms_read=1))
    assert (heard.said, heard.cards) == (["utter_terms_2"], [])
    assert heard.events == [SlotSet("asked", "terms"), SlotSet("terms_read", 2)]


async def test_the_last_parts_end_in_the_question_of_signing(api, run, turn):
    api.context(stage="agree", words=WORDS)
    heard = await run(ActionNextTerms, turn("continue", terms_read=3))
    assert heard.said == ["utter_terms_4", "utter_terms_5", "utter_ask_sign"]
    assert heard.cards == ["terms"]
    assert heard.events == [SlotSet("asked", "sign"), SlotSet("terms_read", len(PARTS))]


async def test_without_relief_the_terms_claim_none(api, run, turn):
    words = {name: value for name, value in WORDS.items() if name != "waived"}
    api.context(stage="agree", words=words)
    heard = await run(ActionNextTerms, turn("continue", terms_read=3))
    assert heard.said[0] == "utter_terms_4_no_relief"


async def test_a_part_that_cannot_be_said_stops_the_reading(api, run, turn):
    api.context(stage="agree", words={})
    heard = await run(ActionNextTerms, turn("continue", terms_read=1))
    assert heard.said == ["utter_system_trouble"]
    assert heard.events == [SlotSet("asked", "terms"), SlotSet("terms_read", 1)]


async def test_signing_unread_terms_reads_the_rest_first(api, run, turn):
    api.context(stage="agree", words=WORDS)
    heard = await run(ActionSign, turn("sign_agreement", "签", stage="agree", terms_read=2))
    assert heard.said == ["utter_terms_3", "utter_terms_4", "utter_terms_5", "utter_ask_sign"]
    assert api.asked == [("GET", "context", None)]
    assert heard.slots["asked"] == "sign"


async def test_signing_read_terms_sends_the_code(api, run, turn):
    api.context(stage="agree", words=WORDS)
    heard = await run(ActionSign, turn("sign_agreement", "确定，签", stage="agree", terms_read=5))
    assert api.asked == [("POST", "challenge", {"purpose": "signature"})]
    assert (heard.said, heard.cards) == (["utter_signing_code_sent"], ["code"])
    assert heard.events == [SlotSet("asked", "signing_code")]


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        ("challenge_paused", {"paused_until": "15:00"}, "utter_challenge_paused"),
        ("codes_enough", {"codes_from": "15:00"}, "utter_codes_enough"),
        ("no_terms", {}, "utter_offers_expired"),
        ("balance_changed", {"difference": "12.00 元"}, "utter_balance_changed"),
        ("balance_changed", {}, "utter_balance_changed_plain"),
        ("on_hold", {}, "utter_on_hold"),
    ],
)
async def test_a_code_that_is_not_sent_says_why(api, run, turn, code, words, said):
    api.answers("challenge", 409, code=code, words=words)
    heard = await run(ActionSign, turn("sign_agreement", "签", stage="agree", terms_read=5))
    assert heard.said == [said]


async def test_signed_is_said_of_a_record(api, run, turn):
    words = dict.fromkeys(
        ("agreement_no", "next_due", "next_amount", "how_to_pay", "cooling_end"), "x"
    )
    api.context(stage="signed", words=words)
    heard = await run(ActionRecordAgreement, turn("challenge_passed", "", purpose="signature"))
    assert api.asked == [("POST", "agreement", {})]
    assert heard.said == ["utter_signed", "utter_signed_next"]
    assert heard.cards == ["signed"]
    assert heard.messages[1]["custom"] == {"card": "signed"}, (
        "the card follows the word it belongs to"
    )
    assert heard.events == [SlotSet("asked", "after_signing"), SlotSet("terms_read", None)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("not_signed", "utter_code_not_seen"),
        ("balance_changed", "utter_balance_changed_plain"),
        ("internal", "utter_system_trouble"),
    ],
)
async def test_nothing_is_called_signed_without_a_record(api, run, turn, code, said):
    api.answers("agreement", 409, code=code)
    heard = await run(ActionRecordAgreement, turn("challenge_passed", "", purpose="signature"))
    assert heard.said == [said]


async def test_terms_that_were_not_shown_whole_are_read_out_instead_of_a_code(api, run, turn):
    api.context(stage="agree", words=WORDS, kind="instalments")
    api.answers("challenge", 409, code="terms_not_shown")
    heard = await run(ActionSign, turn("sign_agreement", "确定，签", stage="agree", terms_read=5))
    assert "terms" in heard.cards
    assert "utter_signing_code_sent" not in heard.said


async def test_a_second_signature_is_answered_with_the_first(api, run, turn):
    words = {"agreement_no": "20261124-0001"}
    api.context(stage="agree")
    api.answers("agreement", 409, code="already_in_force", words=words)
    heard = await run(ActionRecordAgreement, turn("challenge_passed", "", stage="agree"))
    assert (heard.said, heard.cards) == (["utter_already_signed"], ["signed"])
