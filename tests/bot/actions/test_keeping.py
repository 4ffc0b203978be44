"""The months after a signature in words: by the payments as they stand, and what the agreement allows."""

import pytest

from bot.actions.agree import ActionRecordAgreement
from bot.actions.handoff import ActionHandoff
from bot.actions.keeping import ActionMoveMonth, ActionReminderSums, ActionTellProgress
from bot.actions.questions import ActionAnswerQuestion

PAID = {"paid_total": "400.00 元", "left_total": "2,474.64 元", "paid_count": "1", "period_count": "8",
        "credit_years": "5"}  # fmt: skip
NEXT = {"next_due": "1月15日", "next_amount": "359.33 元", "grace_date": "1月20日"}
CASE = {"case_no": "A0001", "reply_by": "明天 13:00", "grace_days": "5"}


@pytest.mark.parametrize(
    ("progress", "words", "said"),
    [
        (
            {"state": "in_force", "next_state": "due", "paid_total": "400.00"}, PAID | NEXT,
            "utter_progress",
        ),
        (
            {"state": "in_force", "next_state": "due", "paid_total": "0.00"}, PAID | NEXT,
            "utter_progress_first",
        ),
        ({"state": "in_force", "next_state": "part_paid"}, PAID | NEXT, "utter_progress"),
        ({"state": "in_force", "next_state": "in_grace"}, PAID | NEXT, "utter_progress_grace"),
        ({"state": "in_force", "next_state": "missed"}, PAID | NEXT, "utter_progress_missed"),
        ({"state": "fulfilled", "next_state": None}, PAID, "utter_progress_done"),
        ({"state": "broken", "next_state": None}, PAID, "utter_progress_ended"),
        (None, {"debt_total": "2,700.00 元", "as_of": "11月23日", "interest": "0", "penalty": "0",
                "principal": "2,700.00 元"}, "utter_what_you_owe"),
        (None, {}, "utter_refused_nothing_due"),
    ],
)  # fmt: skip
async def test_how_much_is_paid_at_any_time(api, run, turn, progress, words, said):
    api.answers("progress", progress=progress, words=words)
    heard = await run(ActionTellProgress, turn("ask_progress", "还了多少"))
    assert api.asked == [("GET", "progress", None)]
    assert heard.said == [said]


async def test_before_identity_nothing_is_told(api, run, turn):
    api.answers("progress", 403, code="not_identified", words={})
    heard = await run(ActionTellProgress, turn("ask_progress", "还了多少"))
    assert heard.said == ["utter_ask_identity"]


@pytest.mark.parametrize(
    ("intent", "said"),
    [("ask_after_signing", "utter_after_signing"), ("ask_how_to_pay", "utter_how_to_pay_signed"),
     ("ask_what_i_owe", "utter_progress")],
)  # fmt: skip
async def test_what_comes_next_is_read_from_the_payments(api, run, turn, intent, said):
    first = {"next_due": "12月15日", "next_amount": "359.33 元", "how_to_pay": "在App里还"}
    api.context(stage="followup", signed=True, words=first)
    api.answers(
        "progress", progress={"state": "in_force", "next_state": "due"}, words=first | PAID | NEXT
    )
    heard = await run(ActionAnswerQuestion, turn(intent, "下次什么时候"))
    assert heard.said == [said]
    assert all(message.get("next_due", "1月15日") == "1月15日" for message in heard.messages)


async def test_after_the_end_nothing_more_is_announced(api, run, turn):
    api.context(stage="followup", signed=False)
    api.answers("progress", progress={"state": "fulfilled"}, words=PAID)
    heard = await run(ActionAnswerQuestion, turn("ask_after_signing", "下次什么时候"))
    assert heard.said == ["utter_progress_done"]


async def test_a_month_is_moved_back(api, run, turn):
    api.answers("progress", progress={"state": "in_force", "move": {"number": 1}}, words=PAID)
    api.answers("move", progress={"state": "in_force"}, words=PAID | NEXT)
    heard = await run(ActionMoveMonth, turn("move_month", "往后挪一个月"))
    assert [verb for _, verb, _ in api.asked] == ["progress", "move"]
    assert heard.said == ["utter_moved"]


@pytest.mark.parametrize("code", ["no_moves_left", "too_late_to_move", "nothing_to_move"])
async def test_what_cannot_be_moved_goes_to_a_colleague(api, run, turn, code):
    api.answers("progress", progress={"state": "in_force"}, words=PAID)
    api.answers("move", 409, code=code, words={})
    heard = await run(ActionMoveMonth, turn("move_month", "往后挪一个月"))
    assert heard.said == ["utter_no_move"]
    assert heard.slots["asked"] == "person"


async def test_without_an_agreement_nothing_is_moved(api, run, turn):
    api.answers("progress", progress=None)
    heard = await run(ActionMoveMonth, turn("move_month", "往后挪一个月"))
    assert [verb for _, verb, _ in api.asked] == ["progress"]
    assert heard.said == ["utter_extension"]


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("提醒里写明金额", True, "utter_sums_named"), ("Name the sum in reminders", True, "utter_sums_named"),
        ("提醒别写金额", False, "utter_sums_left_out"),
        ("Leave the sum out of reminders", False, "utter_sums_left_out"),
        ("don't put the amount in reminders", False, "utter_sums_left_out"),
    ],
)  # fmt: skip
async def test_the_sum_in_reminders(api, run, turn, text, wanted, said):
    heard = await run(ActionReminderSums, turn("reminder_sums", text))
    assert api.asked == [("POST", "reminders", {"sums": wanted})]
    assert heard.said == [said]


@pytest.mark.parametrize(
    ("progress", "said"),
    [({"state": "in_force", "move": {"number": 1}}, "utter_hardship_move"),
     ({"state": "in_force", "move": None}, "utter_hardship"), (None, "utter_hardship")],
)  # fmt: skip
async def test_a_hard_month_is_logged_and_the_move_that_is_agreed_is_offered(
    api, run, turn, progress, said
):
    api.answers("handoff", in_hours=False, identified=True, words=CASE)
    api.answers("progress", progress=progress, words=PAID | NEXT | {"move_to": "2月15日"})
    heard = await run(ActionHandoff, turn("report_hardship", "这个月有困难", stage="followup"))
    assert ("POST", "handoff", {"reason": "hardship"}) in api.asked
    assert heard.said == [said]


async def test_a_hard_month_is_logged_though_the_rest_cannot_be_read(api, run, turn):
    api.answers("handoff", in_hours=False, identified=True, words=CASE)
    api.answers("progress", 500, code="internal_error")
    heard = await run(ActionHandoff, turn("report_hardship", "这个月有困难", stage="followup"))
    assert heard.said == ["utter_hardship"]


@pytest.mark.parametrize("name", ["李敏", ""])
async def test_a_named_colleague_greets_where_the_bank_has_one(api, run, turn, name):
    words = {"agreement_no": "1", "next_due": "12月15日", "next_amount": "359.33 元",
             "how_to_pay": "App", "cooling_end": "12月1日", **({"staff_name": name} if name else {})}  # fmt: skip
    api.answers("agreement", words=words, kind="instalments")
    heard = await run(ActionRecordAgreement, turn("challenge_passed"))
    assert heard.said[:2] == ["utter_signed", "utter_signed_next"]
    assert heard.said[2:] == (["utter_signed_by_name"] if name else [])


async def test_who_sees_it_coming_gets_a_colleague_before_the_day(api, run, turn):
    api.context(barred="nothing_due", words={"due_soon_day": "11月27日"})
    api.answers("handoff", in_hours=False, words=CASE)
    heard = await run(ActionAnswerQuestion, turn("report_hardship", "这个月有困难"))
    assert ("POST", "handoff", {"reason": "hardship"}) in api.asked
    assert heard.said == ["utter_hard_ahead"]
