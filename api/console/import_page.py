"""A portfolio file from the console: sent, taken in while the page shows how far it is, and its report."""

from __future__ import annotations

import shutil
from tempfile import SpooledTemporaryFile
from threading import Thread
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.console.admission import Staff, Supervisor
from api.console.frame import Frame
from api.console.models import PortfolioImport
from api.console.portfolio_jobs import begin, died, latest_imports, take_in
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase

__all__ = ["router"]

router = APIRouter(prefix="/console/accounts/import", include_in_schema=False)

KEPT_IN_MEMORY = 1024 * 1024
"""A larger file waits on disk, in the data folder, without a name and gone when it is closed."""


@router.get("")
def ask(request: Request, staff: Supervisor, database: TheDatabase) -> HTMLResponse:
    """Ask for a file, and show what became of the last ones."""
    with database.reading() as session:
        return _page(request, staff, "import.html", imports=latest_imports(session))


@router.post("")
async def send(
    request: Request, staff: Supervisor, database: TheDatabase, clock: TheClock
) -> Response:
    """Take a file; it is read in the background, and the page that follows shows how far it is."""
    upload = (await request.form()).get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Problem("file_missing", 422, "Choose a file first.")
    # Closed by the thread that takes it in.
    file = SpooledTemporaryFile(KEPT_IN_MEMORY, dir=request.app.state.settings.data_dir)  # noqa: SIM115
    try:
        await run_in_threadpool(shutil.copyfileobj, upload.file, file)
        made = await run_in_threadpool(begin, database, clock, file, staff_id=staff.id)
    except BaseException:
        file.close()
        raise
    finally:
        await upload.close()
    # A thread of its own: no request waits for it, and stopping the process does not either.
    Thread(target=take_in, args=(database, clock, file, made), daemon=True).start()
    return RedirectResponse(f"/console/accounts/import/{made}", 303)


@router.get("/{import_id}")
def progress(
    request: Request, import_id: str, staff: Supervisor, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show how far an import is, and its report at the end; asked by htmx, only that part."""
    with database.reading() as session:
        found = session.get(PortfolioImport, import_id)
    if found is None:
        raise Problem("import_unknown", 404, "There is no such import.")
    context: dict[str, Any] = {"job": found, "died": died(found, clock.now())}
    if "hx-request" in request.headers:
        frame: Frame = request.app.state.console
        return HTMLResponse(
            frame.part("accounts/_progress.html", staff, **context),
            headers={"Cache-Control": "no-store"},
        )
    return _page(request, staff, "importing.html", **context)


def _page(request: Request, staff: Staff, template: str, **context: Any) -> HTMLResponse:
    frame: Frame = request.app.state.console
    title = str(frame.words[staff.locale]("accounts.import"))
    return frame.page(
        request, f"accounts/{template}", staff, here="accounts", title=title, **context
    )
