"""The signature, against the specification's own example and the example in our documents."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.settings import Settings
from api.webhooks.signature import secret_key, signed_headers
from tests.webhooks.conftest import SECRET

ROOT = Path(__file__).parents[2]


def documented() -> Callable[..., bool]:
    """Return the verification that docs/operations.md shows to banks."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(next(found for found in code if "def verified" in found), names)
    verified: Callable[..., bool] = names["verified"]
    return verified


VERIFIED = documented()


def test_it_is_the_one_that_the_specification_shows() -> None:
    headers = signed_headers(
        [secret_key(SECRET)], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.integers(0, 2**33), st.binary(min_size=24, max_size=64))
def test_the_documented_check_takes_it_and_nothing_else(body: bytes, at: int, key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = signed_headers([secret_key(secret)], "msg_1", at, body)
    assert VERIFIED(secret, headers, body, at + 299)
    assert not VERIFIED(secret, headers, body + b" ", at)
    assert not VERIFIED(secret, headers, body, at + 301)
    assert not VERIFIED(secret, {**headers, "webhook-id": "msg_2"}, body, at)
    assert not VERIFIED("whsec_" + base64.b64encode(key + b"x").decode(), headers, body, at)


def test_while_a_secret_is_changed_both_verify() -> None:
    other = "whsec_" + base64.b64encode(bytes(24)).decode()
    headers = signed_headers([secret_key(other), secret_key(SECRET)], "msg_1", 1, b"{}")
    assert VERIFIED(SECRET, headers, b"{}", 1)
    assert VERIFIED(other, headers, b"{}", 1)


@pytest.mark.parametrize(
    "secret",
    ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_short", "whsec_c2hvcnQ=", "whsec_ä"],
)
def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        secret_key(secret)


@pytest.mark.parametrize(
    ("environment", "url", "secret"),
    [
        ("sandbox", "http://127.0.0.1/x", ""),
        ("sandbox", "http://127.0.0.1/x", "whsec_short"),
        ("production", "http://bank.example/x", SECRET),
    ],
)
def test_no_start_with_an_address_that_nobody_could_trust(
    settings: Settings, environment: str, url: str, secret: str
) -> None:
    given_settings = settings.model_dump() | {
        "environment": environment, "webhook_url": url, "webhook_secrets": secret,
    }  # fmt: skip
    with pytest.raises(ValidationError):
        Settings.model_validate(given_settings)
