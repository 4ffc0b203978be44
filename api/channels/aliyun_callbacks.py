"""What Alibaba Cloud's Short Message Service brings: delivery reports and people's replies.

Source: "SmsReport" and "SmsUp" (HTTP batch push): a JSON array, answered by ``{"code": 0}`` and HTTP
200, pushed again after 1, 5 and 10 minutes otherwise. Its pushes are not signed, so the address they go
to holds a key of ours; an address without it does not exist.
"""

from __future__ import annotations

from typing import Annotated, Any

import phonenumbers
import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.channels.aliyun import number_news
from api.channels.inbox import Inbox
from api.channels.sms import ComingText, take_in
from api.contact.delivery import note_delivery
from api.kit.errors import Problem
from api.kit.secrecy import matches

__all__ = ["router"]

log = structlog.get_logger(__name__)


def _only_with_the_key(request: Request, key: str) -> None:
    """Admit who knows the key of the address.

    Raises:
        Problem: ``not_found`` (404), whether there is a key at all or not.
    """
    ours = request.app.state.settings.aliyun_callback_key.get_secret_value()
    if not ours or not matches(key, ours):
        log.warning("sms_callback_key_wrong")
        raise Problem("not_found", 404, "There is nothing here.")


router = APIRouter(
    prefix="/v1/sms/aliyun/{key}", tags=["sms"], dependencies=[Depends(_only_with_the_key)],
    include_in_schema=False,
)  # fmt: skip

TAKEN = {"code": 0, "msg": "OK"}
MOST = 1000


class _Pushed(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Report(_Pushed):
    """How one text ended."""

    biz_id: Annotated[str, Field(max_length=64)]
    success: bool
    err_code: Annotated[str, Field(max_length=100)] = ""


class Reply(_Pushed):
    """One text that a person wrote, with the service's own number of it."""

    phone_number: Annotated[str, Field(max_length=20)]
    content: str
    sequence_id: int | Annotated[str, Field(max_length=40)]


@router.post("/reports")
async def reports(
    request: Request, body: Annotated[list[Report], Field(max_length=MOST)]
) -> dict[str, Any]:
    """Note how texts ended; again or late, it changes nothing."""
    state = request.app.state
    for report in body:
        await run_in_threadpool(
            note_delivery, state.database, state.clock, provider_id=report.biz_id,
            outcome="delivered" if report.success else "failed",
            number="" if report.success else number_news(report.err_code),
        )  # fmt: skip
    return TAKEN


@router.post("/replies")
async def replies(
    request: Request, body: Annotated[list[Reply], Field(max_length=MOST)]
) -> dict[str, Any]:
    """Take replies in, each once by its number, and answer where something is to be answered."""
    state = request.app.state
    inbox: Inbox = state.inbox
    for reply in body:
        text = ComingText(
            f"aliyun:{reply.sequence_id}", _international(reply.phone_number), reply.content
        )
        conversation_id = await run_in_threadpool(
            take_in, state.database, state.clock, state.policy, text, state.answer_reminder
        )
        if conversation_id:
            inbox.soon(conversation_id)
    return TAKEN


def _international(number: str) -> str:
    """Return a number as E.164; the service writes mainland numbers without their country."""
    try:
        found = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
