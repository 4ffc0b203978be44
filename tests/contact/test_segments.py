from __future__ import annotations

import pytest

from api.contact.segments import segments


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # Twilio, "What is GSM-7 character encoding?": 160 fit; longer ones go in parts of 153;
        # 152 GSM-7 characters with a single unicode one are three segments.
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 152 + "中", 3),
        ("中" * 70, 1),
        ("中" * 71, 2),
        ("中" * 134, 2),
        ("中" * 135, 3),
        # Extension characters take two places, as do characters beyond the basic plane.
        ("{" * 80, 1),
        ("{" * 81, 2),
        ("𠮷" * 35, 1),
        ("𠮷" * 36, 2),
        # ¥ is in GSM-7, the curly apostrophe is not: it makes a plain English text UCS-2.
        ("¥" * 160, 1),
        ("a" * 70 + "’", 2),
        ("", 1),
    ],
)
def test_a_text_is_counted_as_twilio_publishes_it(body: str, expected: int) -> None:
    assert segments(body) == expected


def test_a_character_of_two_places_is_never_split_over_two_segments() -> None:
    # 306 places would fill two segments exactly; the brace at place 153 moves on whole.
    assert segments("a" * 152 + "{" + "a" * 152) == 3
    # 66 + 2 places do not fit 67: the second segment begins with the rare character.
    assert segments("中" * 66 + "𠮷" + "中" * 66) == 3
