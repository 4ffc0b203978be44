"""The mainland gateway: its published signature and shapes, against a real server in its place."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select

from api.accounts.models import Person
from api.channels import aliyun
from api.channels.aliyun import AliyunTransport, canonical_query, signed_headers
from api.channels.texting import text_new_records
from api.contact.carriage import Registered
from api.contact.holds import holds_of
from api.contact.models import ContactAttempt, InboundText, OutboxMessage
from api.contact.sending import DeliveryFailed, deliver_due
from api.conversations.models import InboxItem
from api.followup.outreach import outreach
from api.kit.clock import SetClock
from api.main import create_app
from api.policy.lookup import Policy
from api.settings import Settings
from tests.channels.provider_server import Provider, provider
from tests.conftest import import_rows, portfolio_row

KEY_ID, KEY_SECRET = "YourAccessKeyId", "YourAccessKeySecret"
TAKEN = {
    "Code": "OK", "Message": "OK", "BizId": "9006197469364984400^0",
    "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990",
}  # fmt: skip
"""An answer as the service publishes it."""
CALLBACKS = "/v1/sms/aliyun/the-key"


def test_the_signature_is_the_published_one() -> None:
    """The worked example of "Request body and signature mechanism for V3"."""
    headers = signed_headers(
        KEY_ID, KEY_SECRET, host="ecs.cn-shanghai.aliyuncs.com", action="RunInstances",
        version="2014-05-26", at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
        query={
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        },
    )  # fmt: skip
    assert headers["authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_parameters_are_written_by_rfc_3986() -> None:
    assert canonical_query({"b": "a b*~+/", "a": "云"}) == "a=%E4%BA%91&b=a%20b%2A~%2B%2F"


@pytest.fixture
def gateway() -> Iterator[Provider]:
    """The gateway, ready to take texts."""
    with provider() as found:
        found.answer = TAKEN
        yield found


def transport(gateway: Provider) -> AliyunTransport:
    """Our side of it."""
    return AliyunTransport(
        key_id=KEY_ID, key_secret=KEY_SECRET, sign_name="云汀银行", api_url=gateway.address,
        now=lambda: datetime(2026, 11, 24, 4, tzinfo=UTC),
    )  # fmt: skip


def signature_holds(gateway: Provider) -> bool:
    """Whether the gateway, which knows the secret, finds the last request signed by its own rules."""
    came = gateway.came[-1]
    given = dict(
        part.split("=", 1) for part in came.headers["authorization"].split(" ", 1)[1].split(",")
    )
    names = given["SignedHeaders"].split(";")
    request = "\n".join(
        ["POST", urlsplit(came.path).path, urlsplit(came.path).query,
         "".join(f"{name}:{came.headers[name]}\n" for name in names), given["SignedHeaders"],
         hashlib.sha256(came.body).hexdigest()]
    )  # fmt: skip
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    wanted = hmac.new(KEY_SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, given["Signature"])


def test_a_text_arrives_as_the_gateway_wants_it(gateway: Provider) -> None:
    text = Registered("SMS_153055065", {"code": "123456", "name": "a&b=云 汀"})
    assert transport(gateway).send_registered("+8619900000001", text) == TAKEN["BizId"]
    [came] = gateway.came
    assert dict(parse_qsl(urlsplit(came.path).query)) == {
        "PhoneNumbers": "+8619900000001", "SignName": "云汀银行", "TemplateCode": "SMS_153055065",
        "TemplateParam": '{"code": "123456", "name": "a&b=云 汀"}',
    }  # fmt: skip
    assert (came.headers["x-acs-action"], came.headers["x-acs-version"]) == (
        "SendSms",
        "2017-05-25",
    )
    assert came.headers["x-acs-date"] == "2026-11-24T04:00:00Z"
    assert signature_holds(gateway)
    transport(gateway).send_registered("+8619900000001", text)
    first, second = (one.headers["x-acs-signature-nonce"] for one in gateway.came)
    assert first != second


@pytest.mark.parametrize(
    ("status", "answer", "code", "retryable", "number"),
    [
        (200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, "aliyun_isv.MOBILE_NUMBER_ILLEGAL", False, "dead"),
        (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, "aliyun_isv.BUSINESS_LIMIT_CONTROL", True, ""),
        (200, {"Code": "isv.AMOUNT_NOT_ENOUGH"}, "aliyun_isv.AMOUNT_NOT_ENOUGH", False, ""),
        (200, {"Code": "isp.SYSTEM_ERROR"}, "aliyun_isp.SYSTEM_ERROR", True, ""),
        (400, {"Code": "Throttling.User"}, "aliyun_Throttling.User", True, ""),
        (403, {"Code": "SignatureDoesNotMatch"}, "aliyun_SignatureDoesNotMatch", False, ""),
        (503, {}, "aliyun_503", True, ""),
        (200, {"Code": "OK"}, "aliyun_OK", False, ""),  # without an id nothing can be known of it
        (200, {"Code": "x" * 500}, "aliyun_" + "x" * 93, False, ""),
    ],
)  # fmt: skip
def test_what_the_gateway_refuses(
    gateway: Provider, status: int, answer: dict[str, str], code: str, retryable: bool, number: str
) -> None:
    gateway.status, gateway.answer = status, answer
    with pytest.raises(DeliveryFailed) as failed:
        transport(gateway).send_registered("+8619900000001", Registered("SMS_1", {}))
    assert (failed.value.code, failed.value.retryable, failed.value.number) == (
        code, retryable, number,
    )  # fmt: skip


def test_a_gateway_that_is_away_is_tried_again_one_that_says_nothing_is_not(
    gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows no repetition: a text that it took without a word would go twice."""
    monkeypatch.setattr(aliyun, "TIMEOUT_SECONDS", 0.3)
    gateway.silent_seconds = 1
    with pytest.raises(DeliveryFailed) as failed:
        transport(gateway).send_registered("+8619900000001", Registered("SMS_1", {}))
    assert (failed.value.code, failed.value.retryable) == ("aliyun_no_answer", False)
    away = Provider(address="http://127.0.0.1:9")
    with pytest.raises(DeliveryFailed) as failed:
        transport(away).send_registered("+8619900000001", Registered("SMS_1", {}))
    assert (failed.value.code, failed.value.retryable) == ("aliyun_unreachable", True)


def test_free_words_are_refused_before_they_leave(gateway: Provider) -> None:
    with pytest.raises(DeliveryFailed, match="aliyun_not_registered"):
        transport(gateway).send("+8619900000001", "你好")
    assert gateway.came == []


POLICY = {
    "bank.sms.providers": [
        {"countries": ["CN"], "provider": "aliyun"}, {"countries": ["*"], "provider": "twilio"},
    ],
    "bank.sms.templates": {
        "invitation": {"zh": {"code": "SMS_1", "variables": ["link"]}},
        "sms_stopped": {"zh": {"code": "SMS_2"}},
        "sms_on_the_page": {"zh": {"code": "SMS_3", "variables": ["link"]}},
    },
}  # fmt: skip


@pytest.fixture
def bank(in_production: Settings, clock: SetClock, gateway: Provider) -> FastAPI:
    """A bank in production whose mainland texts go by the gateway."""
    settings = in_production
    settings.daily_outreach = False
    settings.aliyun_key_id, settings.aliyun_key_secret = KEY_ID, SecretStr(KEY_SECRET)
    settings.aliyun_sign_name, settings.aliyun_api_url = "云汀银行", gateway.address
    settings.aliyun_callback_key = SecretStr("the-key")
    made = create_app(settings, clock)
    made.state.policy = Policy.shipped().amended(POLICY, date(2026, 1, 1))
    made.state.database.create_all()
    import_rows(TestClient(made), portfolio_row(due_date="2026-11-19"))
    return made


def sent(gateway: Provider) -> list[tuple[str, dict[str, str]]]:
    """The templates that left, with their values."""
    queries = [dict(parse_qsl(urlsplit(one.path).query)) for one in gateway.came]
    return [(one["TemplateCode"], json.loads(one["TemplateParam"])) for one in queries]


def deliver(bank: FastAPI) -> int:
    """Send what is due."""
    state = bank.state
    return deliver_due(state.database, state.clock, state.policy, state.transports)


def outcomes(bank: FastAPI) -> list[str]:
    """How our attempts ended."""
    with bank.state.database.reading() as session:
        return list(session.scalars(select(ContactAttempt.outcome).order_by(ContactAttempt.at)))


def report(**changes: Any) -> list[dict[str, Any]]:
    """A delivery report in the published shape."""
    return [
        {
            "phone_number": "19900000001", "send_time": "2026-11-24 12:00:00",
            "report_time": "2026-11-24 12:00:03", "success": True, "err_code": "DELIVERED",
            "err_msg": "用户接收成功", "sms_size": "1", "biz_id": TAKEN["BizId"], "out_id": "",
            **changes,
        }
    ]  # fmt: skip


def test_an_invitation_goes_registered_and_its_report_is_noted_once(
    bank: FastAPI, clock: SetClock, gateway: Provider
) -> None:
    state = bank.state
    list(outreach(state.database, clock, state.policy, address="https://bank.example"))
    assert deliver(bank) == 1
    [(code, values)] = sent(gateway)
    assert code == "SMS_1"
    assert set(values) == {"link"}
    assert values["link"].startswith("https://bank.example/i/")
    client = TestClient(bank)
    for success in (True, False, True):  # pushed again, or late
        answer = client.post(
            f"{CALLBACKS}/reports", json=report(success=success, err_code="UNDELIV")
        )
        assert (answer.status_code, answer.json()["code"]) == (200, 0)
    assert outcomes(bank) == ["delivered"]


@pytest.mark.parametrize(
    ("code", "hold"), [("MOBILE_IN_BLACK", "undeliverable"), ("USER_REJECT", "opt_out")]
)
def test_a_report_marks_a_dead_number_and_stops_texts_for_who_refused_them(
    bank: FastAPI, clock: SetClock, code: str, hold: str
) -> None:
    state = bank.state
    list(outreach(state.database, clock, state.policy, address="https://bank.example"))
    deliver(bank)
    failed = report(success=False, err_code=code)
    TestClient(bank).post(f"{CALLBACKS}/reports", json=failed)
    assert outcomes(bank) == ["failed"]
    with state.database.reading() as session:
        assert holds_of(session, session.scalars(select(Person)).one().id) == {hold}


def reply(content: str, number: int = 1) -> list[dict[str, Any]]:
    """A person's reply in the published shape; the service leaves the country out."""
    return [
        {
            "phone_number": "19900000001", "send_time": "2026-11-24 12:00:00", "content": content,
            "sign_name": "云汀银行", "dest_code": "1234", "sequence_id": number,
        }
    ]  # fmt: skip


def test_a_reply_stops_texts_and_what_is_said_is_answered_on_the_page(
    bank: FastAPI, clock: SetClock, gateway: Provider
) -> None:
    with TestClient(bank) as client:
        for _ in range(2):
            assert (
                client.post(f"{CALLBACKS}/replies", json=reply("我不想活了", 7)).json()["code"] == 0
            )
    deliver(bank)
    text_new_records(bank.state.database, clock, bank.state.policy, "https://bank.example")
    deliver(bank)
    assert [code for code, _ in sent(gateway)] == ["SMS_3"]  # care's own words stand on the page
    client = TestClient(bank)
    client.post(f"{CALLBACKS}/replies", json=reply("TD", 8))
    deliver(bank)
    assert [code for code, _ in sent(gateway)] == ["SMS_3", "SMS_2"]
    with bank.state.database.reading() as session:
        assert len(session.scalars(select(InboxItem)).all()) == 1
        assert {text.sid for text in session.scalars(select(InboundText))} == {
            "aliyun:7", "aliyun:8",
        }  # fmt: skip
        refused = [row for row in session.scalars(select(OutboxMessage)) if row.state == "dropped"]
        assert refused == []


@pytest.mark.parametrize("path", ["/v1/sms/aliyun/wrong/reports", "/v1/sms/aliyun/wrong/replies"])
def test_an_address_without_our_key_does_not_exist(bank: FastAPI, path: str) -> None:
    answer = TestClient(bank).post(path, json=report())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    bank.state.settings.aliyun_callback_key = SecretStr("")
    assert TestClient(bank).post("/v1/sms/aliyun//reports", json=report()).status_code == 404


def test_what_is_no_report_is_refused_whole(bank: FastAPI) -> None:
    for body in ({"biz_id": "x"}, [{"success": True}], [1], "x"):
        answer = TestClient(bank).post(f"{CALLBACKS}/reports", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
