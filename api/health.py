"""For operators: alive, ready, and figures."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from api.kit.db import Database

__all__ = ["router"]

router = APIRouter(tags=["operators"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answer that the process is alive."""
    return {"status": "alive"}


def _database_answers(database: Database) -> bool:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, bool]:
    """Answer 200 when the database is migrated and the assistant has a model, 503 otherwise."""
    parts = {
        "database": await run_in_threadpool(_database_answers, request.app.state.database),
        "assistant": await request.app.state.assistant.ready(),
    }
    response.status_code = 200 if all(parts.values()) else 503
    return parts


@router.get("/metrics")
async def metrics() -> Response:
    """Give Prometheus its figures; none of them names a person."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
