"""The official client, unchanged, against the telephone on a real port."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx2
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from api.channels.twilio import TwilioTransport
from api.contact.sending import DeliveryFailed
from api.kit.clock import SystemClock
from sandbox.telephone import TelephoneSettings, create_app
from sandbox.telephone.store import TextStore
from tests.sandbox.conftest import BANK, SID, TOKEN, Bench, settings_for
from tests.sandbox.running import Recorder, serving

PHONE = "+8619900000102"
CODE = "【云汀银行】验证码507264，用来确认是您本人，10分钟内有效。别念给任何打来电话的人听。"


def delivered(bench: Bench, sid: str) -> str:
    """Return a message's status once it is delivered, or what it was after five seconds."""
    deadline = time.monotonic() + 5
    status = ""
    while status != "delivered" and time.monotonic() < deadline:
        status = str(bench.client().messages(sid).fetch().status)
        time.sleep(0.02)
    return status


def test_a_text_sent_by_the_official_client_is_queued_then_delivered(bench: Bench) -> None:
    message = bench.client().messages.create(to=PHONE, from_=BANK, body=CODE)

    assert re.fullmatch(r"SM[0-9a-f]{32}", str(message.sid))
    assert (message.status, message.direction) == ("queued", "outbound-api")
    assert (message.to, message.from_, message.body) == (PHONE, BANK, CODE)
    assert message.num_segments == "1"
    assert message.account_sid == SID
    assert message.date_created is not None
    assert delivered(bench, str(message.sid)) == "delivered"
    assert bench.client().messages(str(message.sid)).fetch().date_sent is not None


def test_a_messaging_service_shows_no_sender_until_it_has_chosen_one(bench: Bench) -> None:
    service = "MG" + "a" * 32
    message = bench.client().messages.create(to=PHONE, messaging_service_sid=service, body=CODE)

    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    assert delivered(bench, str(message.sid)) == "delivered"
    settled = bench.client().messages(str(message.sid)).fetch()
    assert (settled.from_, settled.num_segments) == (BANK, "1")
    assert settled.messaging_service_sid == service


def test_the_list_is_newest_first_filtered_and_goes_over_pages(bench: Bench) -> None:
    client = bench.client()
    for number in range(5):
        client.messages.create(to=PHONE, from_=BANK, body=f"text {number}")
    client.messages.create(to="+85251230104", from_=BANK, body="for somebody else")

    found = client.messages.list(to=PHONE, page_size=2)

    assert [message.body for message in found] == [f"text {n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "+8612", "from_": BANK, "body": "x"}, 21211),
        ({"to": "13800138000", "from_": BANK, "body": "x"}, 21211),
        ({"to": PHONE, "body": "x"}, 21603),
        ({"to": PHONE, "from_": "not a number!", "body": "x"}, 21212),
        ({"to": PHONE, "from_": "+15005550006", "body": "x"}, 21606),
        ({"to": PHONE, "from_": BANK}, 21602),
        ({"to": PHONE, "from_": BANK, "body": "x" * 1601}, 21617),
        ({"to": PHONE, "from_": BANK, "body": "x", "status_callback": "nowhere"}, 21609),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(
    bench: Bench, fields: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        bench.client().messages.create(**fields)

    assert (refused.value.status, refused.value.code) == (400, code)
    assert bench.client().messages.list() == []


def test_a_wrong_token_is_refused_and_nothing_is_kept(bench: Bench) -> None:
    with pytest.raises(TwilioRestException) as refused:
        bench.client(token="guessed").messages.create(to=PHONE, from_=BANK, body="x")

    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert bench.client().messages.list() == []


def test_errors_have_the_published_shape(bench: Bench) -> None:
    path = f"/2010-04-01/Accounts/{SID}/Messages/SM{'0' * 32}.json"
    answer = httpx2.get(bench.address + path, auth=(SID, TOKEN))

    assert answer.status_code == 404
    assert answer.json() == {
        "code": 20404,
        "message": f"The requested resource {path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_each_status_is_told_to_the_callback_in_order_and_signed(bench: Bench) -> None:
    callback = f"{bench.product_address}/v1/sms/status?outbox=17"
    message = bench.client().messages.create(
        to=PHONE, from_=BANK, body=CODE, status_callback=callback
    )

    posts = bench.product.wait_for(3)

    assert [form["MessageStatus"] for _, form, _ in posts] == ["queued", "sent", "delivered"]
    for path, form, signature in posts:
        assert path == "/v1/sms/status"
        assert (form["MessageSid"], form["To"], form["From"]) == (message.sid, PHONE, BANK)
        assert RequestValidator(TOKEN).validate(callback, form, signature)
        assert not RequestValidator("another").validate(callback, form, signature)
        assert not RequestValidator(TOKEN).validate(callback, form | {"To": BANK}, signature)


def test_a_restart_keeps_messages_and_finishes_those_on_their_way(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "http://localhost:1")
    with serving(create_app(settings, step_seconds=60)) as address:
        first = Bench(address, Recorder(), "", settings)
        message = first.client().messages.create(to=PHONE, from_=BANK, body=CODE)
        first.close()
    with serving(create_app(settings, step_seconds=0.02)) as address:
        second = Bench(address, Recorder(), "", settings)
        assert delivered(second, str(message.sid)) == "delivered"
        assert second.client().messages(str(message.sid)).fetch().body == CODE
        second.close()
    assert len(TextStore(tmp_path / "telephone.sqlite3", SystemClock()).on_phone(PHONE)) == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"ANHUAN_ENVIRONMENT": "production", "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "t"},
        {"ANHUAN_ENVIRONMENT": "sandbox", "TWILIO_ACCOUNT_SID": SID},
    ],
)
def test_it_does_not_start_in_production_or_without_credentials(
    environment: dict[str, str],
) -> None:
    with pytest.raises(RuntimeError):
        TelephoneSettings.read(environment)


def test_the_products_own_transport_finds_a_text_that_it_sent_before(bench: Bench) -> None:
    transport = TwilioTransport(
        account_sid=SID, auth_token=TOKEN, sender=BANK, api_url=bench.address
    )
    sent = [
        transport.send(PHONE, CODE),
        transport.send(PHONE, "another"),
        transport.send(PHONE, CODE),
    ]
    assert transport.sent_before(PHONE, CODE) == [sent[2], sent[0]]
    assert transport.sent_before(PHONE, "never sent") == []
    assert transport.sent_before("+8619900000103", CODE) == []
    transport.close()
    with pytest.raises(DeliveryFailed) as caught:
        TwilioTransport(
            account_sid=SID, auth_token="another", sender=BANK, api_url=bench.address
        ).sent_before(PHONE, CODE)  # fmt: skip
    assert (caught.value.code, caught.value.retryable) == ("twilio_401", False)
