"""Wires everything: settings, database, policy, assistant, transports, routes. One screen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi_swagger import patch_fastapi
from starlette.concurrency import run_in_threadpool

from api.accounts.routes import router as accounts_router
from api.agreements.planning import DebtsOnRecord
from api.agreements.routes import router as agreements_router
from api.channels.agreement_page import router as agreement_page_router
from api.channels.assistant import Assistant
from api.channels.chat_api import router as chat_api_router
from api.channels.chat_page import router as chat_page_router
from api.channels.contacts_page import router as contacts_page_router
from api.channels.error_page import error_page
from api.channels.inbox import Inbox
from api.channels.limits import all_limits
from api.channels.live import Live
from api.channels.sms import router as sms_router
from api.channels.texting import text_new_records
from api.channels.twilio import TwilioTransport
from api.contact.outbox import OUTBOX, Transport, deliver_due
from api.contact.routes import router as contact_router
from api.conversations.routes import router as bot_router
from api.conversations.signing import complete_signatures
from api.followup.progress_page import router as progress_page_router
from api.followup.replies import answer_reminder
from api.followup.routes import assistant_router, payments_router
from api.followup.tick import follow_up
from api.health import router as health_router
from api.kit.auth import ServiceTokens
from api.kit.clock import Clock, SystemClock
from api.kit.db import Database
from api.kit.errors import install_problem_handlers, storage_problem, where
from api.kit.secrecy import Keyring, use_keyring
from api.plans.routes import router as plans_router
from api.policy.lookup import Policy
from api.protection import Protection
from api.settings import Settings
from api.web.presentation import STATIC_FOLDER, BankNames, Presentation

__all__ = ["create_app"]

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.5


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """Make the application; without arguments, from the environment and with the machine's clock."""
    settings = settings or Settings()
    app = FastAPI(
        title="Anhuan", version="0.1.0", lifespan=_lifespan,
        docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None,
    )  # fmt: skip
    patch_fastapi(app, redirect_from_root_to_docs=False)  # the API pages, without a foreign host
    state = app.state
    state.settings = settings
    state.clock = clock or SystemClock()
    state.policy = Policy.load(Path(__file__).parent / "policy" / "parameters")
    state.tokens = ServiceTokens(
        bank=settings.service_token.get_secret_value(), bot=settings.bot_token.get_secret_value()
    )
    use_keyring(
        Keyring(
            settings.data_keys.get_secret_value().split(","), settings.hash_key.get_secret_value()
        )
    )
    state.database = Database(settings.database)
    state.debt_source = DebtsOnRecord(state.database, state.clock)
    state.live = Live()
    state.assistant = Assistant(settings.rasa_url, settings.rasa_token.get_secret_value())
    state.inbox = Inbox(state.database, state.clock, state.policy, state.assistant, state.live)
    name = state.policy.on(state.clock.today()).value("bank.name")
    state.presentation = Presentation(
        bank=BankNames(zh=name.zh, en=name.en), today=state.clock.today
    )
    state.transports = _transports(settings)
    state.answer_reminder = partial(answer_reminder, address=settings.address)
    state.limits = all_limits()
    state.error_page = error_page
    install_problem_handlers(app)
    app.add_middleware(Protection, settings=settings)
    for router in (
        chat_page_router, agreement_page_router, contacts_page_router, sms_router, chat_api_router, bot_router, plans_router,
        accounts_router, contact_router, agreements_router, payments_router, assistant_router,
        progress_page_router, health_router,
    ):  # fmt: skip
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), name="static")
    return app


def _transports(settings: Settings) -> dict[str, Transport]:
    if not settings.twilio_account_sid:
        return {}
    return {
        "sms": TwilioTransport(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token.get_secret_value(),
            sender=settings.twilio_from,
            api_url=settings.twilio_api_url,
            status_url=f"{settings.address}/v1/sms/status",
        )
    }


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    state.stopping = asyncio.Event()
    to_send = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake() -> None:
        with contextlib.suppress(RuntimeError):  # a thread may commit while the loop is closing
            loop.call_soon_threadsafe(to_send.set)

    state.database.listen(OUTBOX, wake)
    working = [
        asyncio.create_task(_again(lambda: _deliver(app), to_send)),
        asyncio.create_task(_again(lambda: _take_up(app), asyncio.Event())),
        asyncio.create_task(_again(lambda: _follow_up(app), asyncio.Event())),
    ]
    try:
        yield
    finally:
        state.stopping.set()
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await state.inbox.close()
        await state.assistant.close()
        state.database.close()


async def _again(work: Callable[[], Awaitable[None]], wake: asyncio.Event) -> None:
    """Do a work for ever, each time it is woken and at least every tick."""
    while True:
        wake.clear()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the loop must outlive any one failure
            problem = storage_problem(error)
            kind = problem.code if problem else type(error).__name__
            log.error("tick_failed", kind=kind, where=where(error))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), TICK_SECONDS)


async def _deliver(app: FastAPI) -> None:
    """Send the texts that are due: new ones at once, failed ones after their pause."""
    state = app.state
    await run_in_threadpool(
        text_new_records, state.database, state.clock, state.policy, state.settings.address
    )
    await run_in_threadpool(
        deliver_due, state.database, state.clock, state.policy, state.transports
    )


async def _take_up(app: FastAPI) -> None:
    """Retry what waits: messages unanswered, signatures given but not yet recorded."""
    state = app.state
    await state.inbox.sweep()
    for conversation_id in await run_in_threadpool(
        complete_signatures, state.database, state.clock, state.policy
    ):
        state.live.changed(conversation_id)


async def _follow_up(app: FastAPI) -> None:
    """Do what has come due in the months of an agreement."""
    state = app.state
    await run_in_threadpool(
        follow_up, state.database, state.clock, state.policy, state.settings.address
    )
