"""No more texts, understood by the classifier: done at once when it is sure, asked about when it is not."""

import pytest

from bot.actions.identify import ActionSendCode
from bot.actions.texts import ActionStopTexts


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("别再给我发短信", 1.0),
        ("烦死了你们那些消息", 0.4),
        ("把我拉黑算了", 0.9),
        ("text someone else", 0.3),
    ],
)
async def test_a_clear_wish_stops_texts(api, run, turn, text, confidence):
    made = turn("opt_out", text, form=True)
    made.latest_message["intent"]["confidence"] = confidence
    heard = await run(ActionStopTexts, made)
    assert api.asked == [("POST", "texts", {"wanted": False})]
    assert heard.said == ["utter_opt_out"]
    assert heard.left_the_form


async def test_a_guess_asks_first(api, run, turn):
    made = turn("opt_out", "烦不烦")
    made.latest_message["intent"]["confidence"] = 0.3
    heard = await run(ActionStopTexts, made)
    assert (heard.said, api.asked) == (["utter_ask_opt_out"], [])


async def test_nothing_is_claimed_that_was_not_done(api, run, turn):
    api.answers("texts", 500, code="internal_error")
    heard = await run(ActionStopTexts, turn("opt_out", "别再给我发短信", form=True))
    assert heard.said == ["utter_system_trouble"]
    assert heard.left_the_form


async def test_a_code_that_nobody_carries_is_not_announced(api, run, turn):
    api.answers("challenge", 409, code="texts_not_carried", words={})
    heard = await run(ActionSendCode, turn("affirm", stage="welcome", asked="start"))
    assert (heard.said, heard.cards) == (["utter_texts_not_carried"], [])
