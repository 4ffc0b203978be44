"""Passwords and second factors as they are in production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pyotp
import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from api.console import passwords
from api.console.models import StaffMember
from api.console.passwords import (
    hash_password,
    new_one_time_password,
    password_matches,
    weakness,
)
from api.console.second_factor import accept_code, accept_first_code, new_secret, qr_svg
from api.kit.secrecy import Keyring, use_keyring

NOW = datetime(2026, 11, 24, 4, 0, 15, tzinfo=UTC)


@pytest.fixture
def as_in_production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The parameters that the product uses."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def test_hashes_are_argon2id_with_64_mib_and_a_salt_of_their_own(as_in_production: None) -> None:
    one, other = hash_password("四匹马和一盏旧台灯"), hash_password("四匹马和一盏旧台灯")
    assert one != other
    used = extract_parameters(one)
    assert used.type is Type.ID
    assert (used.memory_cost, used.time_cost, used.salt_len) == (64 * 1024, 3, 16)
    assert password_matches("四匹马和一盏旧台灯", one)
    assert not password_matches("四匹马和一盏旧台灯 ", one)


def test_an_unknown_login_costs_a_hash_of_the_same_parameters(as_in_production: None) -> None:
    looked_at: list[str] = []

    class Watching(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            looked_at.append(str(hash))
            return super().verify(hash, password)

    passwords._hasher = Watching()
    assert not password_matches("whatever it is", None)
    assert not password_matches("whatever it is", hash_password("another one"))
    assert extract_parameters(looked_at[0]) == extract_parameters(looked_at[1])


def test_a_broken_hash_opens_nothing() -> None:
    for stored in ("none", "", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$"):
        assert not password_matches("none", stored)


def test_the_same_characters_composed_otherwise_are_the_same_password() -> None:
    assert password_matches("cafe\u0301 au lait noir", hash_password("caf\u00e9 au lait noir"))


@given(st.text(max_size=300))
def test_what_is_taken_is_long_enough_varied_and_nobodys_name(password: str) -> None:
    why = weakness(password, login="taoning", name="陶宁", shortest=12)
    if why is None:
        assert 12 <= len(passwords._plain(password)) <= 256
        assert "taoning" not in password.casefold()
        assert len(set(passwords._plain(password))) >= 5


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "qwertyuiop123", "abcdefghijkl", "1q2w3e4r5t6y", "iloveyou1234", "AnhuanAnhuan1", "bankbank2026",
        "superman123456", "123456789012",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_not_taken(password: str) -> None:
    assert weakness(password, login="taoning", name="陶宁", shortest=12) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "四匹马和一盏旧台灯 horses",
        "一只蓝碗七把伞 umbrellas",
        "four horses and an old lamp",
        "mV8#qpL2!xTz",
        "竹篮打水月下归人灯火阑珊处",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(password: str) -> None:
    assert weakness(password, login="taoning", name="陶宁", shortest=12) is None


def test_a_one_time_password_is_fresh_or_follows_from_its_mark_and_the_key() -> None:
    use_keyring(Keyring([], "one key"))
    made = {new_one_time_password() for _ in range(50)} | {new_one_time_password("mark")}
    assert len(made) == 51
    assert all(re.fullmatch(r"(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", one) for one in made)
    assert new_one_time_password("mark") in made
    use_keyring(Keyring([], "another key"))
    assert new_one_time_password("mark") not in made


def colleague(**values: object) -> StaffMember:
    return StaffMember(**{"totp_secret": None, "totp_next": None, "totp_step": 0, **values})


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30))
def test_a_code_is_taken_at_most_once_and_never_after_a_later_one(drifts: list[int]) -> None:
    secret = new_secret()
    member, taken, now = colleague(totp_secret=secret), [], NOW
    for drift in drifts:
        at = now + timedelta(seconds=30 * drift)
        if accept_code(member, pyotp.TOTP(secret).at(at), now):
            assert abs(drift) <= 1
            taken.append(int(at.timestamp()) // 30)
        now += timedelta(seconds=15)
    assert taken == sorted(set(taken))


def test_without_a_second_factor_no_code_is_right() -> None:
    assert not accept_code(colleague(), "000000", NOW)
    assert not accept_first_code(colleague(), "000000", NOW)


def test_a_first_code_makes_its_factor_the_one_and_cannot_be_used_again() -> None:
    secret = new_secret()
    member = colleague(totp_secret="OLDOLDOLDOLDOLDO", totp_next=secret)
    code = pyotp.TOTP(secret).at(NOW)
    assert not accept_first_code(member, "12345", NOW)
    assert member.totp_secret == "OLDOLDOLDOLDOLDO"
    assert accept_first_code(member, code, NOW)
    assert (member.totp_secret, member.totp_next) == (secret, None)
    assert not accept_code(member, code, NOW)


def test_the_picture_has_no_style_and_no_script_of_its_own() -> None:
    svg = qr_svg("otpauth://totp/bank:taoning?secret=ABC&issuer=bank")
    assert "<svg" in svg
    assert not re.search(r"style|script|href", svg)
