from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Header, Request, Response

from sandbox import welcome
from sandbox.portfolio import sample_rows
from tests.sandbox.running import serving


def bank_api(imported: list[str]) -> FastAPI:
    """A stand-in for the three calls of the contract that the welcome makes."""
    app = FastAPI()

    @app.post("/v1/accounts/import")
    async def take(request: Request, authorization: str = Header()) -> Response:
        assert request.headers["content-type"].startswith("text/csv")
        if authorization != "Bearer service-token":
            return Response(status_code=401)
        imported.append((await request.body()).decode())
        return Response(
            '{"created": 16, "refused": 0, "refusals": []}', media_type="application/json"
        )

    @app.get("/v1/accounts")
    async def accounts(overdue: bool) -> dict[str, Any]:
        assert overdue
        rows = [line.split(",") for line in imported[-1].splitlines()[1:]]
        return {"items": [{"id": f"acc_{r[0]}", "account_ref": r[0]} for r in rows]}

    @app.get("/v1/agreements")
    async def agreements(limit: int) -> dict[str, Any]:
        return {"items": [{"number": "20261124-0001"}][:limit]}

    @app.post("/v1/accounts/{account}/invites", status_code=201)
    async def invite(account: str) -> dict[str, str]:
        return {"url": f"http://localhost:8000/i/for-{account}", "code": "c", "reference": "7K2M"}

    return app


def environment(data_dir: Path, api_url: str, token: str = "service-token") -> dict[str, str]:
    return {
        "ANHUAN_ENVIRONMENT": "sandbox",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "ANHUAN_API_URL": api_url,
        "ANHUAN_PUBLIC_URL": "http://localhost:8000",
        "ANHUAN_TELEPHONE_PORT": "8001",
        "ANHUAN_DATA_DIR": str(data_dir),
        "ANHUAN_SERVICE_TOKEN": token,
    }


def test_the_sample_goes_in_and_the_links_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported: list[str] = []
    with serving(bank_api(imported)) as api_url:
        assert welcome.main(environment(tmp_path, api_url)) == 0

    said = capsys.readouterr().out
    assert "http://localhost:8000/i/for-acc_A-2002" in said
    assert "http://localhost:8001/phone/+8619900000102?chat=/i/for-acc_A-2002&lang=zh" in said
    assert "http://localhost:8001/phone/+85251230104?chat=/i/for-acc_A-2004&lang=en" in said
    assert "http://localhost:8000/docs" in said
    assert "5183" in said
    assert "\033[" not in said
    assert len(imported[0].splitlines()) == 1 + len(sample_rows(date(2026, 11, 24)))


def test_a_later_start_imports_the_very_same_file(tmp_path: Path) -> None:
    imported: list[str] = []
    with serving(bank_api(imported)) as api_url:
        welcome.main(environment(tmp_path, api_url))
        welcome.main(environment(tmp_path, api_url))

    assert imported[0] == imported[1]
    assert imported[0] == (tmp_path / "sample-portfolio.csv").read_text(encoding="utf-8")


def test_a_refusal_is_said_and_ends_with_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(bank_api([])) as api_url:
        assert welcome.main(environment(tmp_path, api_url, token="wrong")) == 1

    said = capsys.readouterr().err
    assert "POST /v1/accounts/import: 401" in said
    assert "wrong" not in said
