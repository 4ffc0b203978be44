"""Files that people send by a form: one file, held in memory, never spilt to a disk, refused beyond a limit."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.kit.errors import Problem

__all__ = ["one_file", "within"]

ROOM = 64 * 1024
"""What a form's other fields and its own marks may take."""


async def within(
    stream: AsyncGenerator[bytes, None], most: int, too_large: Problem
) -> AsyncGenerator[bytes, None]:
    """Pass a body on up to its limit. What goes beyond is read and dropped, so that the answer is heard.

    Raises:
        Problem: ``too_large``, at the end.
    """
    came = 0
    async for chunk in stream:
        came += len(chunk)
        if came <= most:
            yield chunk
        elif came > 8 * most:
            break
    if came > most:
        raise too_large


async def one_file(
    request: Request, name: str, largest: int, too_large: Problem
) -> tuple[bytes | None, dict[str, str]]:
    """Read a form: the file of a field, ``None`` where none was chosen, and its other fields.

    Raises:
        Problem: ``too_large``; ``invalid_request`` (422), this is no such form.
    """
    most = largest + ROOM
    parser = MultiPartParser(
        request.headers, within(request.stream(), most, too_large), max_files=1, max_fields=4
    )
    parser.spool_max_size = most  # never spilt to a disk
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Problem("invalid_request", 422, "This is not what the page sends.") from error
    fields = {key: value for key, value in form.items() if isinstance(value, str)}
    file = form.get(name)
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            return None, fields
        return await file.read(), fields
    finally:
        await form.close()
