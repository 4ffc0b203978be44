"""What ``api.main`` wires into the application, handed to routes as dependencies."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.kit.clock import Clock
from api.kit.db import Database

__all__ = ["TheClock", "TheDatabase"]


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


TheDatabase = Annotated[Database, Depends(_database)]
TheClock = Annotated[Clock, Depends(_clock)]
