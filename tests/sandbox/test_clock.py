"""The practice clock in the telephone's bar: it shows the product's time and has the product move it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from sandbox.telephone import create_app
from sandbox.telephone.clock import clock_text
from tests.sandbox.conftest import BANK, settings_for
from tests.sandbox.running import serving

PHONE = "+8619900000102"
SHOWN = datetime(2026, 11, 23, 13, 14, tzinfo=UTC)


class Product:
    """The product as the telephone's clock knows it: keeps what it is asked, and moves the clock."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, object], str]] = []
        self.status = 200
        self.app = FastAPI()
        self.app.post("/v1/sandbox/clock")(self._move)

    async def _move(self, request: Request) -> Response:
        self.asked.append((await request.json(), request.headers.get("authorization", "")))
        return Response("{}", self.status)


@pytest.fixture
def product() -> Product:
    return Product()


@pytest.fixture
def address(tmp_path: Path, product: Product) -> Iterator[str]:
    with serving(product.app) as at:
        settings = replace(settings_for(tmp_path, at), service_token="bank-token", api_url=at)
        with serving(create_app(settings)) as telephone:
            yield telephone


def test_the_time_is_written_for_each_reader() -> None:
    assert clock_text(SHOWN, "zh") == "2026年11月23日 周一 21:14"
    assert clock_text(SHOWN, "en") == "Mon 23 Nov 2026, 21:14"


@pytest.mark.parametrize(
    ("step", "asked"),
    [("hour", {"hours": 1}), ("day", {"days": 1}), ("payment_day", {"payment_day_of": PHONE})],
)
def test_each_button_asks_the_product_for_its_step_and_leads_back_to_the_phone(
    address: str, product: Product, step: str, asked: dict[str, object]
) -> None:
    answer = httpx2.post(
        f"{address}/phone/{PHONE}/clock", data={"step": step, "lang": "en", "chat": "/chat"}
    )
    assert product.asked == [(asked, "Bearer bank-token")]
    assert answer.status_code == 303
    back = httpx2.get(answer.headers["location"]).text
    assert "Next payment day" in back
    assert "has not moved" not in back


@pytest.mark.parametrize(("status", "words"), [(409, "还没有签约定"), (503, "可能没有在运行")])
def test_what_kept_the_clock_from_moving_is_said(
    address: str, product: Product, status: int, words: str
) -> None:
    product.status = status
    answer = httpx2.post(f"{address}/phone/{PHONE}/clock", data={"step": "payment_day"})
    assert words in httpx2.get(answer.headers["location"]).text


def test_a_step_that_there_is_not_moves_nothing(address: str, product: Product) -> None:
    assert httpx2.post(f"{address}/phone/{PHONE}/clock", data={"step": "year"}).status_code == 422
    assert product.asked == []


def test_the_phone_lives_on_the_products_clock(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:9")
    settings.clock().forward(timedelta(days=40))
    day = (datetime.now(UTC) + timedelta(days=40)).strftime("%Y")
    with serving(create_app(settings)) as address:
        page = httpx2.get(f"{address}/phone/{PHONE}").text
        assert 'data-clock="/clock?lang=zh"' in page
        assert "＋1 天" not in page  # without the bank's token nothing can be moved
        assert "+1 day" not in httpx2.get(f"{address}/phone/{PHONE}?lang=en").text
        assert day in httpx2.get(f"{address}/clock").text
        httpx2.post(f"{address}/phone/{PHONE}/texts", data={"body": "在吗"})
        [text] = httpx2.get(f"{address}/api/messages", params={"to": BANK}).json()["messages"]
        at = datetime.fromisoformat(text["at"])
        assert at - datetime.now(UTC) > timedelta(days=39)
        assert "今天" in httpx2.get(f"{address}/phone/{PHONE}").text
