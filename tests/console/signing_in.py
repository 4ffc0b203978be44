"""Colleagues for tests: signed in without the pages that sign them in, which have tests of their own."""

from __future__ import annotations

from typing import Literal

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.admission import COOKIE, Role, Staff, staff_of
from api.console.models import StaffMember
from api.console.sessions import SessionRules, admit_session, find_session, open_session
from api.kit.secrecy import new_id


def session_of(
    app: FastAPI, *roles: Role, name: str = "秦岚", locale: Literal["zh", "en"] = "zh"
) -> tuple[Staff, str]:
    """Make a colleague with these roles and an admitted session; returns them and its cookie's value."""
    now = app.state.clock.now()
    rules = SessionRules.of(app.state.policy.on(app.state.clock.today()))
    staff_id = new_id("s")
    with app.state.database.transaction() as session:
        session.add(
            StaffMember(
                id=staff_id, login=staff_id.lower(), name=name, locale=locale, roles=list(roles),
                password_hash="none", totp_secret="JBSWY3DPEHPK3PXP", created_at=now,
            )
        )  # fmt: skip
        session.flush()
        first = open_session(session, staff_id, now, rules)
        session.flush()
        found = find_session(session, first, now, rules)
        assert found is not None
        token = admit_session(found[0], now, rules)
        return staff_of(found[1], found[0]), token


def signed_in(
    app: FastAPI, *roles: Role, name: str = "秦岚", locale: Literal["zh", "en"] = "zh"
) -> tuple[TestClient, Staff]:
    """Return a client of the application with the session and the CSRF token of a new colleague.

    The application must be running already (the fixture ``client``): this client starts nothing.
    """
    staff, token = session_of(app, *roles, name=name, locale=locale)
    client = TestClient(app, follow_redirects=False)
    client.cookies.set(COOKIE, token)
    client.headers["X-CSRF-Token"] = staff.csrf
    return client, staff
