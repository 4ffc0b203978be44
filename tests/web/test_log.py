from __future__ import annotations

from api.web.log import arrange
from tests.web.sample import CARDS, code, presentation, record, view


def test_an_answered_card_folds_to_one_line() -> None:
    places = arrange([record(1, card=CARDS["consent"]), record(2, "person", "同意")])

    assert places[0].folded
    assert places[0].card_open


def test_a_question_in_between_leaves_the_code_field_open() -> None:
    asked = [record(1, card=code()), record(2, "person", "收不到怎么办"), record(3)]
    answered = [record(1, card=code()), record(2, "person", "••••"), record(3)]

    assert not arrange(asked)[0].folded
    assert arrange(answered)[0].folded


def test_only_the_newest_card_still_acts() -> None:
    places = arrange([record(1, card=CARDS["offer"]), record(2, card=CARDS["comparison of two"])])

    assert [place.card_open for place in places] == [False, True]
    assert [place.folded for place in places] == [True, False]


def test_the_terms_stay_in_view_while_they_are_signed() -> None:
    signing = arrange([record(1, card=CARDS["terms"]), record(2, card=code("signature"))])
    signed = arrange([record(1, card=CARDS["terms"]), record(2, card=CARDS["signed"])])

    assert not signing[0].folded
    assert signed[0].folded


def test_the_signed_and_the_crisis_card_never_fold() -> None:
    for name in ("signed", "crisis"):
        places = arrange([record(1, card=CARDS[name]), record(2, "person"), record(3)])
        assert not places[0].folded
        assert places[0].card_open


def test_quick_replies_go_when_the_person_has_spoken() -> None:
    replies = [{"title": "跳过", "text": "跳过"}]
    open_still = arrange([record(1, "person"), record(2, quick_replies=replies), record(3)])
    answered = arrange([record(1, quick_replies=replies), record(2, "person")])

    assert open_still[1].replies_open
    assert not answered[0].replies_open


def test_quick_replies_about_other_things_go_in_a_crisis() -> None:
    replies = [{"title": "跳过", "text": "跳过"}]
    places = arrange([record(1, quick_replies=replies), record(2, card=CARDS["crisis"])])
    assert not places[0].replies_open


def test_the_page_marks_the_last_record_and_where_the_stream_goes_on() -> None:
    html = presentation().render_chat(view(records=[record(4), record(9, "person", "好")]))

    assert 'id="r4"' in html
    assert 'id="latest" data-seq="9"' in html
    assert 'data-last-seq="9"' in html


def test_a_persons_record_carries_the_id_that_replaces_its_pending_bubble() -> None:
    html = presentation().render_record(record(2, "person", client_message_id="c-1"), "zh", True)
    assert 'data-client-id="c-1"' in html
