"""The desk in real browsers: live for everybody, and all of it by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Telephone
from tests.console.desk_browser import ServedDesk, messages, on_a_case, served_desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def desk(app: FastAPI, telephone: Telephone, browser: Browser) -> Iterator[ServedDesk]:
    """The application, served, with nobody in it yet."""
    with served_desk(app, telephone, browser) as made:
        yield made


def names(page: Page) -> list[str]:
    return page.locator("#rows .who__name").all_text_contents()


def test_every_open_queue_hears_of_a_case_and_of_who_took_it(desk: ServedDesk) -> None:
    desk.room.case("ask_human")
    one = desk.colleague("collector", name="陶宁")
    other = desk.colleague("collector", name="秦岚")
    expect(other.page.locator("body")).to_have_attribute("data-line", "live")
    other.press("j")
    expect(other.page.locator("#preview .preview__name")).to_have_text("沈*")
    urgent = desk.room.case("suspected_fraud")
    for page in (one.page, other.page):
        expect(page.locator("#rows tr")).to_have_count(2)
        assert names(page) == ["周*", "沈*"]
        expect(page).to_have_title("待办 (2)")
        expect(page.locator("#queue-said")).to_contain_text("说不是本人的消费")
    expect(other.page.locator("#case-1")).to_have_attribute("data-chosen", "")  # the choice stays
    assert other.page.evaluate("document.activeElement.id") == "open-1"
    one.press("j")
    expect(one.page.locator("#preview #take")).to_be_visible()
    one.press("t")
    one.page.wait_for_url(f"**/console/cases/{urgent}")
    expect(other.page.locator(f"#case-{urgent} td").last).to_have_text("陶宁")
    expect(other.page.locator("#show-open strong")).to_have_text("1")


def test_a_filter_stays_narrow_while_the_queue_goes_on(desk: ServedDesk) -> None:
    desk.room.case("ask_human")
    one = desk.colleague("collector")
    one.press("f")
    assert one.page.evaluate("document.activeElement.id") == "pick-channel"
    one.page.select_option("#pick-language", "en")
    expect(one.page.locator("#rows tr")).to_have_count(0)
    expect(one.page.locator("#nothing")).to_contain_text("没有符合筛选的")
    expect(one.page).to_have_url(re.compile("language=en"))
    desk.room.case("ask_human")
    desk.room.case("ask_human", locale="en", name="Mary Okoro")
    expect(one.page.locator("#rows tr")).to_have_count(1)
    assert names(one.page) == ["Okoro, M*"]
    one.press("Escape", "/")
    one.page.keyboard.type("周敏")
    expect(one.page.locator("#rows tr")).to_have_count(1)
    expect(one.page.locator("#rows .who__name")).to_have_text("周*")
    assert "周" not in one.page.url


def test_the_whole_of_a_case_by_keyboard(desk: ServedDesk) -> None:
    visit = desk.room.visit(told=True)
    visit.choose()
    case_id = desk.room.case("ask_human", visit)
    one = desk.colleague("collector")
    one.press("j", "Enter")
    one.page.wait_for_url(f"**/console/cases/{case_id}")
    floor = one.page.locator("#case-floor")
    expect(floor).to_contain_text("助手在发言")
    one.press("t")
    expect(floor).to_contain_text("您在发言")
    one.press("w", "Alt+1", "Control+Enter")
    expect(one.page.locator(".said--collector")).to_have_count(1)
    expect(one.page.locator("#words")).to_have_value("")
    one.press("Escape", "n")
    expect(one.page.locator("#note")).to_be_focused()
    one.page.keyboard.type("先别按年终奖算")
    one.press("Tab", "Enter")
    expect(one.page.locator("#part-notes")).to_contain_text("先别按年终奖算")
    expect(one.page.locator("#act-note")).to_be_focused()
    one.press("e")
    expect(one.page.locator("#f-reason")).to_be_focused()
    one.page.locator("#f-essential_spending").focus()
    one.press("Control+a")
    one.page.keyboard.type("4100")
    one.press("Enter")
    expect(one.page.locator("#part-situation")).to_contain_text("约4,100")
    one.press("p")
    expect(one.page.locator("#act-do")).to_be_focused()
    one.press("Enter")
    expect(one.page.locator("#part-plans")).to_contain_text("提出的方案已经给对方看了")
    expect(one.page.locator(".said--collector")).to_have_count(2)
    one.press("?")
    expect(one.page.locator("#keys")).to_be_visible()
    one.press("?")
    expect(one.page.locator("#keys")).to_be_hidden()
    one.press("h")
    expect(one.page.locator("#agreed")).to_be_focused()
    one.press("Escape")
    expect(one.page.locator("#sheet-body")).to_be_empty()
    one.press("h")
    expect(one.page.locator("#agreed")).to_be_focused()
    one.page.keyboard.type("每月八百，十五号。")
    one.press("Tab", "Enter")
    expect(floor).to_have_attribute("data-floor", "assistant")
    one.press("g", "q")
    one.page.wait_for_url("**/console/queue")


def test_harsh_words_are_marked_as_they_are_typed_and_kinder_ones_are_a_key_away(
    desk: ServedDesk,
) -> None:
    one, _ = on_a_case(desk)
    one.press("w")
    one.page.keyboard.type("好的😀，不过您会被起诉，所以")
    expect(one.page.locator("#under mark")).to_have_text("起诉")
    expect(one.page.locator("#lint")).to_contain_text("不能威胁")
    expect(one.page.locator("#lint")).to_contain_text("第六十六条")
    expect(one.page.locator("#send")).to_have_attribute("aria-disabled", "true")
    one.press("Control+Enter")
    expect(one.page.locator("#sent")).to_contain_text("先不能发")
    assert messages(desk) == []
    one.press("Alt+0")
    expect(one.page.locator("#words")).to_have_value(
        re.compile("^好的😀，不过您会被还不上的数我们不定")
    )
    expect(one.page.locator("#send")).to_have_attribute("aria-disabled", "false")
    one.press("Control+z")  # the browser's own undo brings back what was typed
    expect(one.page.locator("#words")).to_have_value("好的😀，不过您会被起诉，所以")


def test_the_marks_lie_exactly_under_the_words_on_every_line(desk: ServedDesk) -> None:
    one, _ = on_a_case(desk)
    one.page.fill("#words", "您说的我都看了，" * 12 + "再不还就起诉您。" + "\n" * 9 + "最后机会")
    expect(one.page.locator("#under mark").last).to_be_attached()
    sizes = one.page.evaluate(
        "['words', 'under'].map(id => { const one = document.getElementById(id);"
        " return [one.clientWidth, one.scrollHeight > one.clientHeight, one.scrollTop] })"
    )
    assert sizes[0] == sizes[1]
    heights = one.page.evaluate(
        "['words', 'under'].map(id => document.getElementById(id).scrollHeight)"
    )
    assert abs(heights[0] - heights[1]) <= 1


def test_what_the_person_writes_is_there_at_once_and_only_followed_from_the_end(
    desk: ServedDesk,
) -> None:
    one, _ = on_a_case(desk)
    visit = desk.room.visits[0]
    visit.say("孩子下月要交学费")
    expect(one.page.locator(".said--person").last).to_contain_text("孩子下月要交学费")
    for number in range(8):
        visit.say("再说一句，" * 20 + str(number))
    expect(one.page.locator(".said--person").last).to_contain_text("7")
    one.page.evaluate("document.getElementById('talk').scrollTop = 0")
    expect(one.page.locator("#newer")).to_be_hidden()
    visit.say("还在吗")
    expect(one.page.locator("#newer")).to_be_visible()
    assert one.page.evaluate("document.getElementById('talk').scrollTop") == 0
    one.page.click("#newer")
    expect(one.page.locator(".said--person").last).to_be_in_viewport()


def test_who_has_just_left_the_end_is_not_taken_back_by_what_comes_before_the_next_picture(
    desk: ServedDesk,
) -> None:
    one, _ = on_a_case(desk)
    for number in range(8):
        desk.room.visits[0].say("再说一句，" * 20 + str(number))
    expect(one.page.locator(".said--person").last).to_contain_text("7")
    expect(one.page.locator(".said--person").last).to_be_in_viewport()
    one.page.evaluate(
        "(() => { const talk = document.getElementById('talk'); talk.scrollTop = 0;"
        " talk.lastElementChild.before(talk.querySelector('[data-seq]').cloneNode(true)) })()"
    )
    expect(one.page.locator("#newer")).to_be_visible()
    assert one.page.evaluate("document.getElementById('talk').scrollTop") == 0


def test_what_is_opened_stays_open_when_its_part_changes(desk: ServedDesk) -> None:
    visit = desk.room.visit(told=True)
    visit.choose()
    case_id = desk.room.case("ask_human", visit)
    one = desk.colleague("collector", at=f"/console/cases/{case_id}")
    expect(one.page.locator("body")).to_have_attribute("data-line", "live")
    one.page.click("#why-1 summary")
    one.press("t")  # every part is put in place anew
    expect(one.page.locator("#case-floor")).to_have_attribute("data-floor", "mine")
    expect(one.page.locator("#why-1 li").first).to_be_visible()


def test_approvals_appear_and_go_by_themselves_and_keep_a_reason_half_written(
    desk: ServedDesk,
) -> None:
    rich = {"principal": "190000.00", "interest": "30000.00", "penalty": "9000.00"}
    facts = {"monthly_income": "16000", "essential_spending": "6000", "other_debt_payments": "0"}
    supervisor = desk.colleague("supervisor", name="秦岚", at="/console/approvals")
    expect(supervisor.page.locator("#none")).to_contain_text("现在没有要批的")
    asked = []
    for _ in range(2):
        case_id = desk.room.case("beyond_authority", told=True, **rich)
        one = desk.colleague("collector", at=f"/console/cases/{case_id}")
        one.press("t")
        expect(one.page.locator("#case-floor")).to_have_attribute("data-floor", "mine")
        one.press("e")
        for field, value in facts.items():
            one.page.fill(f"#f-{field}", value)
        one.page.click("#act-do")
        expect(one.page.locator("#sheet-body")).to_be_empty()
        one.press("a")
        one.page.fill("#why", "收入稳定，只是总数大。")
        one.page.click("#act-do")
        expect(one.page.locator("#part-plans")).to_contain_text("已请主管批")
        asked.append(one)
        expect(supervisor.page.locator(".approval")).to_have_count(len(asked))
        if len(asked) == 1:
            supervisor.page.fill(".approval input[name=why]", "先核对")
    expect(supervisor.page).to_have_title("审批 (2)")
    expect(supervisor.page.locator(".approval input[name=why]").first).to_have_value("先核对")
    supervisor.page.locator(".approval").last.get_by_role("button", name="批准", exact=True).click()
    expect(supervisor.page.locator(".approval")).to_have_count(1)
    expect(asked[1].page.locator("#part-plans")).to_contain_text("秦岚批准了")
    supervisor.page.locator(".approval input[name=why]").press("Enter")
    expect(asked[0].page.locator("#part-plans")).to_contain_text("秦岚没有批：先核对")
    expect(supervisor.page.locator("#decided li")).to_have_count(2)
