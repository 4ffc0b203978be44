"""The second factor: codes by time (TOTP, RFC 6238), each taken once, and recovery codes."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.console.models import RecoveryCode, StaffMember
from api.kit.secrecy import READABLE, keyring, matches

__all__ = [
    "accept_code",
    "accept_first_code",
    "accept_recovery_code",
    "enrolment_address",
    "new_recovery_codes",
    "new_secret",
    "qr_svg",
    "recovery_codes_left",
]

STEP_SECONDS = 30
DRIFT = (0, -1, 1)
"""Steps around now that are taken: a telephone's clock may be half a minute off."""


def new_secret() -> str:
    """Return a fresh TOTP secret (160 bits, base 32)."""
    return pyotp.random_base32()


def enrolment_address(secret: str, login: str, bank: str) -> str:
    """Return the ``otpauth:`` address that an authenticator reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=bank)


def qr_svg(text: str) -> str:
    """Return a QR code as SVG without styles of its own; dark on light in either colour scheme."""
    return segno.make(text, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")


def _digits(code: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code))


def _step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """Return the time step that a code belongs to, if it is one later than ``after``."""
    given, totp = _digits(code), pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for drift in DRIFT:  # all are compared, whichever fits
        if matches(given, totp.generate_otp(present + drift)) and present + drift > after:
            found = present + drift
    return found


def accept_code(member: StaffMember, code: str, now: datetime) -> bool:
    """Take a code of the colleague's second factor; one that was taken before, or an older one, is not."""
    if member.totp_secret is None:
        return False
    step = _step_of(member.totp_secret, code, now, member.totp_step)
    if step is None:
        return False
    member.totp_step = step
    return True


def accept_first_code(member: StaffMember, code: str, now: datetime) -> bool:
    """Take the first code of a second factor that is being set up, which makes it the one that counts."""
    if member.totp_next is None:
        return False
    step = _step_of(member.totp_next, code, now, 0)
    if step is None:
        return False
    member.totp_secret, member.totp_next, member.totp_step = member.totp_next, None, step
    return True


def _code_hash(staff_id: str, code: str) -> str:
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).upper()
    return keyring().keyed_hash("recovery", staff_id, plain)


def new_recovery_codes(session: Session, staff_id: str, count: int) -> list[str]:
    """Make recovery codes, such as ``7K2MQ-X9DPR``, in the place of all earlier ones; they are told once."""
    codes = [
        "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(2))
        for _ in range(count)
    ]
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    session.add_all(
        RecoveryCode(staff_id=staff_id, code_hash=_code_hash(staff_id, code)) for code in codes
    )
    return codes


def accept_recovery_code(session: Session, staff_id: str, code: str, now: datetime) -> bool:
    """Take a recovery code, once."""
    found = session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff_id,
            RecoveryCode.code_hash == _code_hash(staff_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if found is None:
        return False
    found.used_at = now
    return True


def recovery_codes_left(session: Session, staff_id: str) -> int:
    """Return how many recovery codes are not used yet."""
    unused = select(func.count()).where(
        RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0
