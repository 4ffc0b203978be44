"""Canonical JSON (RFC 8785): one document, one digest, whatever the order of its keys."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.agreements.canonical import canonical_bytes, digest, fingerprint
from tests.agreements.sample_terms import build

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=5))
def test_the_order_of_keys_never_matters(document: dict[str, Any]) -> None:
    turned = dict(reversed(list(document.items())))
    assert canonical_bytes(document) == canonical_bytes(turned)
    assert digest(document) == digest(turned)


@given(st.integers(min_value=0), st.characters(codec="utf-8"))
def test_one_changed_character_changes_the_digest(place: int, character: str) -> None:
    terms = build()
    before = digest(terms)
    section = terms["sections"][place % len(terms["sections"])]
    paragraphs = section["paragraphs"]
    if not paragraphs:
        return
    paragraphs[0] = character + paragraphs[0]
    assert digest(terms) != before


def test_a_published_example_of_the_standard() -> None:
    """RFC 8785, section 3.2.3: keys sort by UTF-16 code units."""
    document = {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }  # fmt: skip
    text = canonical_bytes(document).decode()
    order = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"]
    places = [text.index(name) for name in order]
    assert places == sorted(places)


@pytest.mark.parametrize("value", [1.5, float("nan"), object()])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_bytes({"value": value})


def test_the_fingerprint_is_the_digests_beginning() -> None:
    found = digest({"a": "b"})
    assert fingerprint(found).replace(" ", "").lower() == found[:8]
