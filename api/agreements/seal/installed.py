"""The seal of this installation, set once where the program is wired, as the data keys are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.agreements.seal.keys import SealFiles, open_key
from api.agreements.seal.sealing import KeySeal, Seal

__all__ = ["InstalledSeal", "install_seal", "the_seal", "use_seal"]

MARK_DIGITS = 20
"""Hexadecimal digits (80 bits) of a document's content that its QR code shows beside the number."""


@dataclass(frozen=True)
class InstalledSeal:
    """The seal, and the public address at which what it is on can be verified."""

    seal: Seal
    address: str

    def check_address(self, number: str, content_digest: str) -> str:
        """Return what the QR code of a document holds. It names nobody.

        ``content_digest`` is that of the terms (or a certificate's content): the document's own cannot
        stand in the document. Who does not know the content to the last fen cannot work it out.
        """
        return f"{self.address}/verify/{number}/{content_digest[:MARK_DIGITS]}"


_current: list[InstalledSeal] = []


def use_seal(installed: InstalledSeal) -> None:
    """Set the seal that documents get from now on (once, when the program is wired)."""
    _current[:] = [installed]


def the_seal() -> InstalledSeal:
    """Return the seal in use; raises ``RuntimeError`` before the program is wired."""
    if not _current:
        msg = "no seal is set"
        raise RuntimeError(msg)
    return _current[0]


def install_seal(files: SealFiles, *, bank: str, address: str, now: datetime) -> InstalledSeal:
    """Open the bank's key and use it; raises ``SealKeyError`` where there is none to use."""
    installed = InstalledSeal(
        KeySeal(open_key(files, bank=bank, now=now), files.time_stamps), address
    )
    use_seal(installed)
    return installed
