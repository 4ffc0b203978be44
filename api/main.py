"""Wires everything: settings, database, policy, assistant, transports, routes. One screen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from fastapi_swagger import patch_fastapi

from api.accounts.routes import router as accounts_router
from api.accounts.tries import forget_old_tries
from api.agreements.evidence.scanner import scanner_at
from api.agreements.ledger.heads import seal_head
from api.agreements.planning import DebtsOnRecord
from api.agreements.routes import ledger_router
from api.agreements.routes import router as agreements_router
from api.agreements.seal.installed import install_seal
from api.channels.agreement_page import router as agreement_page_router
from api.channels.aliyun import AliyunTransport
from api.channels.aliyun_callbacks import router as aliyun_router
from api.channels.assistant import Assistant
from api.channels.chat_api import router as chat_api_router
from api.channels.chat_page import router as chat_page_router
from api.channels.contacts_page import router as contacts_page_router
from api.channels.evidence_page import router as evidence_page_router
from api.channels.inbox import Inbox
from api.channels.limits import all_limits
from api.channels.live import QUEUE, Live
from api.channels.sms import router as sms_router
from api.channels.texting import text_new_records
from api.channels.twilio import TwilioTransport
from api.channels.verification import router as verification_router
from api.console.error_page import error_page
from api.console.frame import Frame
from api.console.queue_board import QueueBoard
from api.console.routes import ROUTERS as CONSOLE_ROUTERS
from api.console.routes import console_paths
from api.contact.outbox import OUTBOX
from api.contact.routes import router as contact_router
from api.contact.sending import Transport, deliver_due
from api.conversations.attending import attend
from api.conversations.case_routes import router as bot_cases_router
from api.conversations.cases import CASES
from api.conversations.collection_stop import tell_of_stops
from api.conversations.routes import router as bot_router
from api.conversations.signing import complete_signatures
from api.conversations.text_wishes import router as text_wishes_router
from api.conversations.transcript import CONVERSATION
from api.followup.daily import daily_outreach
from api.followup.evidence import check_again, delete_due
from api.followup.progress_page import router as progress_page_router
from api.followup.replies import answer_reminder
from api.followup.routes import assistant_router, payments_router
from api.followup.sandbox_clock import router as sandbox_clock_router
from api.followup.tick import follow_up
from api.health import router as health_router
from api.kit.auth import ServiceTokens
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import install_problem_handlers, storage_problem, where
from api.kit.garbage import collect_seldom
from api.kit.secrecy import use_keyring
from api.kit.threads import in_thread
from api.plans.routes import router as plans_router
from api.policy.installed import installed_policy
from api.protection import Protection
from api.settings import Settings
from api.web.assets import STATIC_FOLDER
from api.web.presentation import BankNames, Presentation
from api.webhooks.delivery import Receiver, WebhookReceiver, deliver_notices
from api.webhooks.notices import NOTICES
from api.webhooks.routes import router as notices_router

__all__ = ["create_app"]

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.5
CHECK_SECONDS = 30.0
"""How often it is looked whether there is something to do that may wait: files to be checked again, a head to seal."""
UPLOADS_AT_ONCE = 4
"""Files held in memory at one time; the next one waits its turn."""
VERIFICATIONS_AT_ONCE = 4
"""The same of documents that anybody may send: apart, so that strangers keep no cardholder waiting."""


UNTOLD: TelemetryConfig = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False,
}  # fmt: skip
"""FastAPI would tell whatever collector the environment names of every request, and look for one at each."""


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """Make the application; without arguments, from the environment and with its own clock."""
    settings = settings or Settings()
    app = FastAPI(
        title="Anhuan", version="0.1.0", lifespan=_lifespan,
        docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None, telemetry=UNTOLD,
    )  # fmt: skip
    patch_fastapi(app, redirect_from_root_to_docs=False)  # the API pages, without a foreign host
    state = app.state
    state.settings = settings
    state.clock = clock or settings.clock()
    state.policy = installed_policy(sandbox=settings.sandbox)
    state.tokens = ServiceTokens(
        bank=settings.service_token.get_secret_value(), bot=settings.bot_token.get_secret_value()
    )
    use_keyring(settings.keyring())
    state.database = Database(settings.database)
    state.debt_source = DebtsOnRecord(state.database, state.clock)
    state.live = Live()
    state.assistant = Assistant(settings.rasa_url, settings.rasa_token.get_secret_value())
    state.inbox = Inbox(state.database, state.clock, state.policy, state.assistant, state.live)
    name = state.policy.on(state.clock.today()).value("bank.name")
    state.seal = install_seal(
        settings.seal_files, bank=name.zh, address=settings.address, now=state.clock.now()
    )
    state.presentation = Presentation(
        bank=BankNames(zh=name.zh, en=name.en), today=state.clock.today
    )
    state.console = Frame(
        bank={"zh": name.zh, "en": name.en}, today=state.clock.today, paths=console_paths()
    )
    state.queue_board = QueueBoard(state.database, state.clock, state.policy)
    state.transports = _transports(settings, state.clock)
    state.bank = _bank(settings)
    state.answer_reminder = partial(answer_reminder, address=settings.address)
    state.limits = all_limits()
    state.scanner = scanner_at(settings.clamav)
    state.uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)
    state.verifications = asyncio.Semaphore(VERIFICATIONS_AT_ONCE)
    state.error_page = error_page
    install_problem_handlers(app)
    app.add_middleware(Protection, settings=settings)
    for router in (
        chat_page_router, agreement_page_router, contacts_page_router, evidence_page_router,
        sms_router, aliyun_router, chat_api_router, bot_router, bot_cases_router,
        text_wishes_router, plans_router, accounts_router, contact_router, agreements_router, ledger_router,
        verification_router, payments_router, assistant_router, progress_page_router, notices_router, health_router,
        *CONSOLE_ROUTERS,
    ):  # fmt: skip
        # The routes as they were built at import: ``include_router`` builds each once more per application.
        app.router.routes.extend(router.routes)
    if settings.sandbox:
        app.router.routes.extend(sandbox_clock_router.routes)
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), name="static")
    return app


def _transports(settings: Settings, clock: Clock) -> dict[str, Transport]:
    """Return who carries texts, by the provider's name in ``bank.sms.providers``."""
    found: dict[str, Transport] = {}
    if settings.twilio_account_sid:
        found["sandbox" if settings.sandbox else "twilio"] = TwilioTransport(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token.get_secret_value(),
            sender=settings.twilio_from,
            api_url=settings.twilio_api_url,
            status_url=f"{settings.address}/v1/sms/status",
        )
    if settings.aliyun_key_id:
        found["aliyun"] = AliyunTransport(
            key_id=settings.aliyun_key_id,
            key_secret=settings.aliyun_key_secret.get_secret_value(),
            sign_name=settings.aliyun_sign_name,
            api_url=settings.aliyun_api_url,
            now=clock.now,
        )
    return found


def _bank(settings: Settings) -> Receiver | None:
    if not settings.webhook_url:
        return None
    return WebhookReceiver(settings.webhook_url, settings.webhook_keys)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    collect_seldom()
    state = app.state
    state.stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake(tell: Callable[[str], None], about: str) -> None:
        with contextlib.suppress(RuntimeError):  # a thread may commit while the loop is closing
            loop.call_soon_threadsafe(tell, about)

    def woken_by(topic: str) -> asyncio.Event:
        event = asyncio.Event()
        state.database.listen(topic, partial(wake, lambda _: event.set()))
        return event

    state.database.listen(CONVERSATION, partial(wake, state.live.changed))
    state.database.listen(CASES, partial(wake, lambda _: state.live.changed(QUEUE)))
    working = [
        asyncio.create_task(_again(lambda: _deliver(app), woken_by(OUTBOX))),
        asyncio.create_task(_again(lambda: _tell_bank(app), woken_by(NOTICES))),
        asyncio.create_task(_again(lambda: _take_up(app), asyncio.Event())),
        asyncio.create_task(_again(lambda: _follow_up(app), asyncio.Event())),
        asyncio.create_task(_again(lambda: _see_to_evidence(app), asyncio.Event(), CHECK_SECONDS)),
        asyncio.create_task(_again(lambda: _reach_out(app), asyncio.Event())),
        asyncio.create_task(_again(lambda: _tell_of_stops(app), asyncio.Event(), CHECK_SECONDS)),
        asyncio.create_task(_again(lambda: _seal_ledger(app), asyncio.Event(), CHECK_SECONDS)),
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


async def _again(
    work: Callable[[], Awaitable[None]], wake: asyncio.Event, seconds: float = TICK_SECONDS
) -> None:
    """Do a work for ever, each time it is woken and at least every so many seconds."""
    while True:
        wake.clear()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the loop must outlive any one failure
            problem = storage_problem(error)
            kind = problem.code if problem else type(error).__name__
            log.error("tick_failed", kind=kind, where=where(error))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), seconds)


async def _deliver(app: FastAPI) -> None:
    """Send the texts that are due: new ones at once, failed ones after their pause."""
    state = app.state
    await in_thread(
        text_new_records, state.database, state.clock, state.policy, state.settings.address
    )
    while await in_thread(deliver_due, state.database, state.clock, state.policy, state.transports):
        pass


async def _tell_bank(app: FastAPI) -> None:
    """Send the bank the notices that are due, where it has an address for them."""
    state = app.state
    if state.bank is not None:
        await in_thread(deliver_notices, state.database, state.clock, state.bank)


async def _take_up(app: FastAPI) -> None:
    """Retry what waits: messages unanswered, signatures given but not yet recorded."""
    state = app.state
    await state.inbox.sweep()
    for conversation_id in await in_thread(
        complete_signatures, state.database, state.clock, state.policy
    ):
        state.live.changed(conversation_id)


async def _follow_up(app: FastAPI) -> None:
    """Do what has come due: cases that lie untouched, the months of an agreement, what is forgotten."""
    state = app.state
    await in_thread(forget_old_tries, state.database, state.clock)
    await in_thread(attend, state.database, state.clock, state.policy)
    await in_thread(follow_up, state.database, state.clock, state.policy, state.settings.address)


async def _see_to_evidence(app: FastAPI) -> None:
    """Delete the files whose days are over, and have those checked that could not be before."""
    state = app.state
    await in_thread(delete_due, state.database, state.clock, state.policy)
    await in_thread(
        check_again, state.database, state.clock, state.policy, state.scanner,
        state.settings.address,
    )  # fmt: skip


async def _tell_of_stops(app: FastAPI) -> None:
    """Tell people that collection has stopped, once the bank's systems have confirmed it."""
    state = app.state
    await in_thread(tell_of_stops, state.database, state.clock, state.policy)


async def _seal_ledger(app: FastAPI) -> None:
    """Seal the ledger's newest entry, where it is none of before and its time has come."""
    state = app.state
    await in_thread(seal_head, state.database, state.clock, state.policy)


async def _reach_out(app: FastAPI) -> None:
    """Write to whom policy chooses, once a day."""
    state = app.state
    if state.settings.outreach_runs_daily:
        await in_thread(
            daily_outreach, state.database, state.clock, state.policy, state.settings.address
        )
