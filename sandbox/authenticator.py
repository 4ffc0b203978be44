"""``make authenticator LOGIN=…``: plays the authenticator on a colleague's telephone, in the sandbox.

It reads the secret from the sandbox's own database with the sandbox's own keys, as nobody can from
outside. It goes by the sandbox's own clock, as no real telephone does once days were made to pass there.
Anywhere but in the sandbox it refuses.
"""

from __future__ import annotations

import sys

import pyotp
from sqlalchemy import select

from api.console.models import StaffMember
from api.kit.db import Database
from api.kit.secrecy import use_keyring
from api.settings import Settings

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Print the present code of a login; return 2 after saying why there is none."""
    login = (sys.argv[1:] if arguments is None else arguments)[0].strip().casefold()
    settings = Settings()
    if not settings.sandbox:
        print("Only in the sandbox: elsewhere the code is on the colleague's own telephone.")
        return 2
    use_keyring(settings.keyring())
    database = Database(settings.database)
    try:
        with database.reading() as session:
            member = session.scalar(select(StaffMember).where(StaffMember.login == login))
    finally:
        database.close()
    secret = (member.totp_next or member.totp_secret) if member else None
    if secret is None:
        print(f"No second factor is set up for {login} yet: sign in with the password first.")
        return 2
    now = settings.clock().now()
    left = 30 - int(now.timestamp()) % 30
    print(f"{pyotp.TOTP(secret).at(now)}   ({left} s)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
