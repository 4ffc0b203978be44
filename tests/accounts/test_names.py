"""Names in lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.names import masked_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("沈禾", "沈*"), ("欧阳修远", "欧阳*"), ("欧阳", "欧*"), ("𠮷野", "𠮷*"), ("阿不都·热合曼", "阿*"),
        ("Mary Okoro", "Okoro, M*"), ("Ana María López", "A*"), ("Cher", "C*"), (" ", "*"),
    ],
)  # fmt: skip
def test_a_list_shows_the_family_name_and_a_star(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@given(st.text(max_size=40))
def test_a_list_never_shows_a_whole_name(name: str) -> None:
    shown = masked_name(name)
    assert shown.endswith("*")
    assert len(name.strip()) < 2 or name.strip() not in shown
