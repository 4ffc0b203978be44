"""Verification for anybody: a page, a form without scripts, the address of a QR code, and the same as JSON.

What is sent is held in memory while it is looked at and never stored; what is answered names nobody and no
amount. What is wrong with a document is named by a stable code (``document_altered`` …).
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from asn1crypto import pem, x509
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.agreements.seal.installed import InstalledSeal
from api.agreements.verification import Recorded, Verified, recorded_under, verify
from api.channels.error_page import preferred_locale
from api.channels.limits import limit_verifications
from api.channels.uploads import one_file, within
from api.kit.dates import iso_utc, local_date
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.web.presentation import Presentation

__all__ = ["router"]

router = APIRouter(tags=["verification"])

MEGABYTE = 1024 * 1024
PATIENCE_SECONDS = 30
"""How long one document may take to arrive, its turn included."""
Language = Annotated[Literal["zh", "en"] | None, Query()]
Browser = Annotated[str | None, Header(alias="accept-language")]


def _largest(request: Request, clock: TheClock) -> int:
    """Return the largest document in megabytes."""
    largest: int = request.app.state.policy.on(clock.today()).value("bank.verification.largest")
    return largest


@asynccontextmanager
async def _turn(request: Request) -> AsyncIterator[None]:
    """Let a few documents be held at a time, and none of them long: a caller that dawdles loses its turn.

    Raises:
        Problem: ``too_slow`` (408).
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), request.app.state.verifications:
            yield
    except TimeoutError as error:
        raise Problem("too_slow", 408, "That took too long; send it again.") from error


def _too_large() -> Problem:
    return Problem("document_too_large", 413, "A document of ours is never that large.")


def _verified(
    request: Request, database: TheDatabase, clock: TheClock, content: bytes, number: str | None
) -> Verified:
    seal: InstalledSeal = request.app.state.seal
    with database.reading() as session:
        return verify(
            session, content, trusted=seal.seal.certificates, now=clock.now(), number=number
        )


def _as_json(recorded: Recorded) -> dict[str, Any]:
    return {
        "kind": recorded.kind,
        "number": recorded.number,
        "recorded_at": iso_utc(recorded.recorded_at),
        "state": recorded.state,
    }


def _intact(request: Request, found: Verified) -> dict[str, Any]:
    """Return what is told of an intact document."""
    seal: InstalledSeal = request.app.state.seal
    told = {
        "result": "intact",
        **_as_json(found.recorded),
        "document_digest": found.document_digest,
        "sealed": found.seal is not None,
    }
    if found.seal is not None and found.seal.certificate is not None:
        certificate = found.seal.certificate
        told |= {
            "signed_by": _owner(certificate),
            "certificate_sha256": certificate.sha256.hex(),
            "development": seal.seal.evidence == "development",
        }
    return told


def _owner(certificate: x509.Certificate) -> str:
    name = certificate.subject.native
    return str(name.get("common_name") or name.get("organization_name") or "")


@router.post(
    "/v1/agreements/verify",
    dependencies=[Depends(limit_verifications)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def verify_document(
    request: Request, database: TheDatabase, clock: TheClock,
    number: Annotated[str | None, Query(max_length=24)] = None,
) -> dict[str, Any]:  # fmt: skip
    """Tell whether a PDF (the body) is intact, whose seal it bears and how it is recorded.

    200 when intact; otherwise a problem document, whose code names what it is instead (422; 413 for a body
    that no document of ours is as large as). With ``number``, another genuine document is ``document_other``.
    """
    async with _turn(request):
        most = _largest(request, clock) * MEGABYTE
        body = bytearray()
        async for chunk in within(request.stream(), most, _too_large()):
            body += chunk
        found = await run_in_threadpool(_verified, request, database, clock, bytes(body), number)
    return _intact(request, found)


@router.get("/v1/agreements/verify/{number}/{mark}", dependencies=[Depends(limit_verifications)])
def recorded(number: str, mark: str, database: TheDatabase) -> dict[str, Any]:
    """Tell what is recorded under a QR code: its number, its day, its state. It says nothing of a file."""
    with database.reading() as session:
        return {"result": "recorded", **_as_json(recorded_under(session, number, mark))}


@router.get("/verify", include_in_schema=False)
def page(
    request: Request, clock: TheClock, lang: Language = None, accept_language: Browser = None
) -> HTMLResponse:
    """Show where a document can be put."""
    return _page(request, clock, lang or preferred_locale(accept_language), {})


@router.get("/verify/certificate.pem", include_in_schema=False)
def certificate(request: Request) -> Response:
    """Give the bank's certificates, for those who verify with programs of their own."""
    seal: InstalledSeal = request.app.state.seal
    content = b"".join(pem.armor("CERTIFICATE", one.dump()) for one in seal.seal.certificates)
    return Response(
        content,
        media_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="certificate.pem"'},
    )


@router.get(
    "/verify/{number}/{mark}", dependencies=[Depends(limit_verifications)], include_in_schema=False
)
def scanned(
    request: Request, number: str, mark: str, database: TheDatabase, clock: TheClock,
    lang: Language = None, accept_language: Browser = None,
) -> HTMLResponse:  # fmt: skip
    """Show what is recorded under a QR code, and where the document itself can be put."""
    locale = lang or preferred_locale(accept_language)
    try:
        with database.reading() as session:
            found = _as_json(recorded_under(session, number, mark))
    except Problem as problem:
        return _page(request, clock, locale, {"wrong": problem.code}, problem.status)
    return _page(
        request, clock, locale,
        {"recorded": found, "number": found["number"], "mark": mark, "day": _day(found)},
    )  # fmt: skip


@router.post("/verify", dependencies=[Depends(limit_verifications)], include_in_schema=False)
async def send(
    request: Request, database: TheDatabase, clock: TheClock, lang: Language = None,
    accept_language: Browser = None,
) -> HTMLResponse:  # fmt: skip
    """Look at the document that the form sends, and show what it is; nothing of it is kept."""
    locale = lang or preferred_locale(accept_language)
    number: str | None = None
    try:
        async with _turn(request):
            content, fields = await one_file(
                request, "document", _largest(request, clock) * MEGABYTE, _too_large()
            )
            number = fields.get("number") or None
            if content is None:
                raise Problem("document_missing", 422, "No file was chosen.")
            found = await run_in_threadpool(_verified, request, database, clock, content, number)
    except Problem as problem:
        if not problem.code.startswith("document_"):
            raise
        shown = {"wrong": problem.code, "number": number}
        return _page(request, clock, locale, shown, problem.status)
    intact = _intact(request, found)
    receipt = {**intact, "verified_at": iso_utc(clock.now())}
    return _page(
        request,
        clock,
        locale,
        {"intact": intact, "receipt": _as_link(receipt), "day": _day(intact)},
    )


def _day(told: dict[str, Any]) -> str:
    return local_date(datetime.fromisoformat(told["recorded_at"])).isoformat()


def _as_link(receipt: dict[str, Any]) -> str:
    """Return a receipt as an address of its own, since nothing is kept that could be fetched later."""
    text = json.dumps(receipt, ensure_ascii=False, indent=2).encode()
    return "data:application/json;base64," + base64.b64encode(text).decode()


def _page(
    request: Request, clock: TheClock, locale: str, shown: dict[str, Any], status: int = 200
) -> HTMLResponse:
    presentation: Presentation = request.app.state.presentation
    seal: InstalledSeal = request.app.state.seal
    html = presentation.render_verification(
        locale,
        {
            "intact": None, "recorded": None, "wrong": None, "number": None, "receipt": None,
            "day": None, "mark": None,
            **shown,
            "largest": _largest(request, clock),
            "certificate_sha256": seal.seal.certificates[0].sha256.hex(),
            "development": seal.seal.evidence == "development",
        },
    )  # fmt: skip
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
