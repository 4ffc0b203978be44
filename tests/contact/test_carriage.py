"""What providers carry: the tables of policy cell by cell, and what becomes of a text that none carries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.contact.carriage import Registered, Text, carriage_of, country_of, only_registered
from api.contact.gate import PURPOSES, Purpose
from api.contact.models import ContactAttempt, OutboxMessage
from api.contact.sending import deliver_due
from api.conversations.models import Case
from api.followup.outreach import outreach
from api.kit.clock import SetClock
from api.main import create_app
from api.policy import installed
from api.policy.errors import PolicyInvalid
from api.policy.installed import installed_policy
from api.policy.lookup import Policy, PolicyView
from api.policy.values import CarriageRow
from api.settings import Settings
from tests.conftest import BANK, Telephone, Visit, import_rows, invite_link, portfolio_row
from tests.followup.conftest import sign

TODAY = date(2026, 11, 24)
MAINLAND, HONG_KONG, NOWHERE = "+8619900000001", "+85251234567", "+999"
ALIYUN = {"bank.sms.providers": [
    {"countries": ["CN"], "provider": "aliyun"}, {"countries": ["*"], "provider": "twilio"},
]}  # fmt: skip
TEMPLATES = {"bank.sms.templates": {
    "invitation": {"zh": {"code": "SMS_1", "variables": ["link"]}},
}}  # fmt: skip
HELLO = Text("你好")


def view(**changes: object) -> PolicyView:
    """The shipped policy with another choice of the bank's."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return Policy.shipped().amended(named, date(2026, 1, 1)).on(TODAY)


EXPECTED = """
                 reply code   notice remind receipt care  stop_ok outreach collect
twilio CN        no    no     no     no     no      no    no      no       no
twilio HK        yes   yes    yes    yes    yes     yes   yes     yes      yes
aliyun CN        reg   reg    reg    reg    reg     reg   reg     reg      no
aliyun HK        no    no     no     no     no      no    no      no       no
sandbox CN       yes   yes    yes    yes    yes     yes   yes     yes      yes
"""


def cells() -> list[tuple[str, str, Purpose, str]]:
    """The table above, a cell each."""
    rows = [line.split() for line in EXPECTED.strip().splitlines()[1:]]
    return [
        (row[0], row[1], purpose, verdict)
        for row in rows
        for purpose, verdict in zip(PURPOSES, row[2:], strict=True)
    ]


@pytest.mark.parametrize(("provider", "country", "purpose", "verdict"), cells())
def test_each_cell(provider: str, country: str, purpose: Purpose, verdict: str) -> None:
    chosen = view(
        bank__sms__providers=[{"countries": ["*"], "provider": provider}],
        bank__sms__templates={"hello": {"zh": {"code": "SMS_1"}}},
    )
    number = {"CN": MAINLAND, "HK": HONG_KONG}[country]
    free = carriage_of(purpose, number, HELLO, chosen)
    registered = carriage_of(purpose, number, Text("你好", "hello", "zh"), chosen)
    assert free.provider == provider
    assert bool(free.refused_by) is (verdict != "yes")
    assert bool(registered.refused_by) is (verdict == "no")
    assert (registered.registered == Registered("SMS_1", {})) is (verdict == "reg")
    assert only_registered(purpose, number, chosen) is (verdict == "reg")


def test_every_provider_that_can_be_chosen_has_its_table_with_every_purpose() -> None:
    shipped = Policy.shipped().on(TODAY)
    for provider in ("twilio", "aliyun", "sandbox"):
        row = shipped.parameter(f"sms.carriage.{provider}")
        assert row.title
        assert row.citation.text
    assert set(CarriageRow.model_fields) == {"countries", *PURPOSES}


def test_a_code_goes_to_the_mainland_only_with_the_providers_authorisation() -> None:
    assert carriage_of("security_code", MAINLAND, HELLO, view()).refused_by == "sms.carriage.twilio"
    allowed = view(bank__sms__codes_authorised=["twilio:CN"])
    assert carriage_of("security_code", MAINLAND, HELLO, allowed).refused_by == ""
    assert carriage_of("reminder", MAINLAND, HELLO, allowed).refused_by == "sms.carriage.twilio"


def test_a_registered_text_carries_just_the_values_it_has_places_for() -> None:
    chosen = view(bank__sms__providers=ALIYUN["bank.sms.providers"], bank__sms__templates=TEMPLATES["bank.sms.templates"])  # fmt: skip
    said = Text("…", "invitation", "zh", {"bank": "云汀银行", "link": "https://bank.example/i/x"})
    found = carriage_of("outreach", MAINLAND, said, chosen)
    assert found.registered == Registered("SMS_1", {"link": "https://bank.example/i/x"})
    for other in (
        Text("…", "invitation", "en", said.values), Text("…", "invitation", "zh", {}), HELLO,
    ):  # fmt: skip
        assert carriage_of("outreach", MAINLAND, other, chosen).refused_by == "bank.sms.templates"


@given(st.from_regex(r"\+[0-9]{1,15}", fullmatch=True), st.sampled_from(PURPOSES))
def test_nothing_financial_gets_to_the_mainland_by_twilio(number: str, purpose: Purpose) -> None:
    found = carriage_of(purpose, number, HELLO, view())
    assert bool(found.refused_by) is (country_of(number) == "CN")


def test_a_number_of_no_country_goes_where_all_the_others_go() -> None:
    assert country_of(NOWHERE) == ""
    assert carriage_of("reply", NOWHERE, HELLO, view()).refused_by == ""


def test_only_a_sandbox_sends_to_the_sandbox_telephone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        installed_policy(sandbox=True).on(TODAY).value("bank.sms.providers")[0].provider
        == "sandbox"
    )
    assert (
        installed_policy(sandbox=False).on(TODAY).value("bank.sms.providers")[0].provider
        == "twilio"
    )
    wrong = Policy.shipped().amended(installed.SANDBOX, date(2026, 1, 1))
    monkeypatch.setattr(Policy, "shipped", classmethod(lambda cls: wrong))
    with pytest.raises(PolicyInvalid, match="sandbox only"):
        installed_policy(sandbox=False)


@pytest.mark.parametrize(
    "rows",
    [[], [{"countries": ["CN"], "provider": "twilio"}], [{"countries": ["*"], "provider": "pigeon"}],
     [{"countries": ["china"], "provider": "twilio"}]],
)  # fmt: skip
def test_a_choice_that_leaves_a_country_out_is_refused(rows: list[object]) -> None:
    with pytest.raises(PolicyInvalid):
        view(bank__sms__providers=rows)


@pytest.fixture
def production(in_production: Settings, clock: SetClock) -> FastAPI:
    """The application as in production, where Twilio carries all texts."""
    in_production.daily_outreach = False
    made = create_app(in_production, clock)
    made.state.database.create_all()
    made.state.transports["sms"] = Telephone()
    return made


def test_a_code_that_nobody_carries_is_not_promised_and_the_hotline_is_offered(
    production: FastAPI,
) -> None:
    with TestClient(production, follow_redirects=False) as client:
        import_rows(client, portfolio_row())
        opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
        visit = Visit(client, Telephone(), opened.json()["conversation_id"])
        refused = visit.bot("challenge", {"purpose": "identity"})
        assert (refused["status_code"], refused["code"]) == (409, "texts_not_carried")
        assert refused["rule"] == "sms.carriage.twilio"
        assert "mainland" in refused["title"]
        assert "hotline" in refused["detail"]
    with production.state.database.reading() as session:
        assert session.scalars(select(OutboxMessage)).all() == []
        assert session.scalars(select(ContactAttempt)).all() == []


def test_who_cannot_be_texted_is_named_with_the_reason_and_no_budget_is_spent(
    production: FastAPI, clock: SetClock
) -> None:
    client = TestClient(production)
    soon = {"due_date": "2026-11-19"}
    import_rows(
        client, portfolio_row(**soon),
        portfolio_row(account_ref="A-2", person_ref="P-2", telephone=HONG_KONG, **soon),
    )  # fmt: skip
    state = production.state
    for dry_run in (True, False):
        found = {
            one.account_ref: (one.verdict, one.rule)
            for one in outreach(
                state.database, clock, state.policy, address="https://b.example", dry_run=dry_run
            )
        }
        assert found == {"A-1": ("drop", "sms.carriage.twilio"), "A-2": ("send", "")}
    assert deliver_due(state.database, clock, state.policy, state.transports) == 1
    ask = {"account_ref": "A-1", "purpose": "outreach"}
    told = client.post("/v1/contacts/permission", json=ask, headers=BANK).json()
    assert (told["verdict"], told["left_today"]) == ("send", 1)  # a colleague may telephone


def test_a_talk_that_cannot_be_texted_becomes_a_humans_case(
    app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    months = sign(app, clock, telephone)
    months.ticks()
    app.state.policy = Policy.shipped()  # from here on, texts would have to go by Twilio
    texts = months.until(months.due(1) + timedelta(days=9))
    assert texts == []
    with app.state.database.reading() as session:
        reasons = {
            row.reason for row in session.scalars(select(OutboxMessage)) if row.state == "dropped"
        }
        assert reasons == {"sms.carriage.twilio"}
        assert [case.reason for case in session.scalars(select(Case))] == ["agreement_not_kept"]
    assert months.outcomes("talk") == ["to_human"]


def test_what_is_done_keeps_no_words(app: FastAPI, clock: SetClock, telephone: Telephone) -> None:
    client = TestClient(app)
    import_rows(client, portfolio_row(due_date="2026-11-19"))
    state = app.state
    list(outreach(state.database, clock, state.policy, address="https://b.example"))
    with state.database.reading() as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert row.wording is not None
        assert row.wording["key"] == "invitation"
    deliver_due(state.database, clock, state.policy, state.transports)
    with state.database.reading() as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert (row.state, row.body, row.wording) == ("sent", None, None)
