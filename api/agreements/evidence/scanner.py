"""Malware: asked of ClamAV's daemon where this installation has one; else a file counts as unchecked.

A file that could not be checked is taken all the same, so that nobody waits for our own machinery, and
whoever looks at it is told. It is checked later, when the daemon answers (``followup.evidence``).
"""

from __future__ import annotations

from io import BytesIO
from typing import Literal, Protocol
from urllib.parse import urlsplit

import structlog
from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

__all__ = ["ClamAv", "NoScanner", "Scan", "Scanner", "scanner_at"]

log = structlog.get_logger(__name__)

Scan = Literal["clean", "harmful", "unchecked"]
SECONDS = 20
"""How long the daemon may take for one file."""


class Scanner(Protocol):
    """Looks for malware."""

    def scan(self, content: bytes) -> Scan:
        """Return what was found; never raises."""
        ...


class NoScanner:
    """Stands where an installation has no scanner."""

    def scan(self, content: bytes) -> Scan:
        """Return that nothing was checked."""
        del content
        return "unchecked"


class ClamAv:
    """ClamAV's daemon, by its socket or its port. A connection is made for each file."""

    def __init__(self, address: str) -> None:
        """``unix:/run/clamav/clamd.ctl`` or ``tcp://host:3310``; raises ``ValueError`` for another."""
        parts = urlsplit(address)
        if parts.scheme not in ("unix", "tcp") or not (parts.path or parts.hostname):
            msg = "write it as unix:/path/of/socket or tcp://host:port"
            raise ValueError(msg)
        self._parts = parts

    def scan(self, content: bytes) -> Scan:
        """Return what the daemon says of a file; ``unchecked`` where it does not answer."""
        try:
            answer = self._daemon().instream(BytesIO(content))
        except (ClamdError, OSError) as error:
            log.warning("scanner_silent", kind=type(error).__name__)
            return "unchecked"
        states = {state for state, _ in answer.values()}
        if "FOUND" in states:
            return "harmful"
        return "clean" if states == {"OK"} else "unchecked"

    def _daemon(self) -> ClamdNetworkSocket | ClamdUnixSocket:
        if self._parts.scheme == "unix":
            return ClamdUnixSocket(self._parts.path, timeout=SECONDS)
        return ClamdNetworkSocket(
            self._parts.hostname or "", self._parts.port or 3310, timeout=SECONDS
        )


def scanner_at(address: str) -> Scanner:
    """Return the scanner at an address of the settings; the empty one means that there is none."""
    return ClamAv(address) if address else NoScanner()
