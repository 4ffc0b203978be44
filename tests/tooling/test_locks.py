"""The lock files: hashed, and served by any registry."""

import re

import pytest

from tooling.say import ROOT

LOCKS = ("requirements.lock", "bot/requirements.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry_and_no_place_on_a_machine(name: str) -> None:
    for line in (ROOT / name).read_text().splitlines():
        assert re.fullmatch(
            r"[a-z0-9._-]+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        )
