"""Papers before a signature: told with the offer and after the terms; no code while one is wanted."""

import pytest
from rasa_sdk.events import SlotSet

from bot.actions.agree import PARTS, ActionNextTerms, ActionSign
from bot.actions.evidence import ActionEvidence

from .test_agree import WORDS as TERMS

WORDS = {
    "bank": "云汀银行",
    "evidence_missing": "收入证明",
    "evidence_in_review": "收入证明",
    "evidence_days": "30",
    "reply_by": "今天16:00",
}


@pytest.mark.parametrize(
    ("state", "said", "cards"),
    [
        ("missing", "utter_evidence_before_signing", ["evidence"]),
        ("in_review", "utter_evidence_in_review", []),
        ("complete", "utter_evidence_done", []),
        (None, "utter_evidence_none", []),
    ],
)
async def test_what_is_wanted_and_how_far_it_has_come(api, run, turn, state, said, cards):
    api.context(stage="agree", words=WORDS, evidence=state)
    heard = await run(ActionEvidence, turn("ask_evidence", "交好了", stage="agree"))
    assert (heard.said, heard.cards) == ([said], cards)
    assert heard.slots.get("asked") == ("evidence" if cards or state == "in_review" else None)


async def test_before_identity_and_while_care_comes_first_nothing_is_wanted(api, run, turn):
    api.context(identified=False, evidence=None)
    heard = await run(ActionEvidence, turn("ask_evidence", stage="identify"))
    assert heard.said == ["utter_needs_identity"]
    api.context(identified=True, evidence="missing", care=True, words=WORDS)
    heard = await run(ActionEvidence, turn("ask_evidence", stage="care"))
    assert (heard.said, heard.cards) == (["utter_evidence_none"], [])


async def test_asked_among_the_offers_it_leaves_the_offer_on_the_table(api, run, turn):
    api.context(stage="offers", words=WORDS, evidence="missing")
    heard = await run(ActionEvidence, turn("ask_evidence", stage="offers", asked="offer"))
    assert heard.events == []


async def test_read_terms_end_in_what_is_wanted_instead_of_the_question_of_signing(api, run, turn):
    api.context(stage="agree", words={**TERMS, **WORDS}, evidence="missing")
    heard = await run(ActionNextTerms, turn("continue", stage="agree", terms_read=3))
    assert heard.said[-2:] == ["utter_terms_in_full", "utter_evidence_before_signing"]
    assert heard.cards == ["terms", "evidence"]
    assert heard.events == [SlotSet("asked", "evidence"), SlotSet("terms_read", len(PARTS))]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("evidence_missing", "utter_evidence_before_signing"),
        ("evidence_in_review", "utter_evidence_in_review"),
    ],
)
async def test_no_code_is_sent_while_a_paper_is_wanted(api, run, turn, code, said):
    api.answers("challenge", 409, code=code, words=WORDS)
    heard = await run(
        ActionSign, turn("sign_agreement", "确定，签", stage="agree", terms_read=len(PARTS))
    )
    assert heard.said == [said]
    assert heard.slots["asked"] == "evidence"


async def test_without_words_for_it_the_card_still_says_what_is_wanted(api, run, turn):
    api.answers("challenge", 409, code="evidence_missing", words={})
    heard = await run(
        ActionSign, turn("sign_agreement", "确定，签", stage="agree", terms_read=len(PARTS))
    )
    assert (heard.said, heard.cards) == (["utter_evidence_plain"], ["evidence"])
