"""What ``api.main`` wires into the application, handed to routes as dependencies.

Dependencies that wait for nothing are coroutines: FastAPI hands every other one to a thread of its pool
and back, which costs more than what they do.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.kit.clock import Clock
from api.kit.db import Database

__all__ = ["TheClock", "TheDatabase"]


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


TheDatabase = Annotated[Database, Depends(_database)]
TheClock = Annotated[Clock, Depends(_clock)]
