"""What of a message answers a code or a document question."""

from __future__ import annotations

import pytest

from api.accounts.answers import answer_in


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("482913", "482913"),
        (" 482 913 ", "482913"),
        ("４８２９１３", "482913"),
        ("验证码是482913", "482913"),
        ("my code is 482-913.", "482913"),
        ("4829", None),
        ("48291", "48291"),
        ("怎么还没收到验证码", None),
        ("800", None),
        ("482913 or 482914", None),
    ],
)
def test_a_code_is_found_among_words_and_nothing_else_is_taken_for_one(
    text: str, answer: str | None
) -> None:
    assert answer_in(text, "identity", 6) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("123x", "123X"),
        ("尾号是123X", "123X"),
        ("1234", "1234"),
        ("11010119900101123x", "123X"),
        ("12", "12"),
        ("我没有身份证", None),
        ("为什么要这个", None),
    ],
)
def test_a_whole_document_number_gives_its_last_four(text: str, answer: str | None) -> None:
    assert answer_in(text, "document", 6) == answer
