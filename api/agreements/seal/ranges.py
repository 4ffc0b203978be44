"""Where seals lie in bytes that nobody vouches for, found without reading them as a PDF.

A stranger's file may be made to exhaust whoever unpacks it, so nothing here is unpacked: a seal names the
bytes it covers in plain digits (``/ByteRange``), and what it left out between them is the seal itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["SealedRange", "sealed_ranges"]

MOST_SEALS = 8
"""Seals looked at in one file; ours have one."""
LARGEST_SEAL = 64 * 1024
"""Bytes; ours, with a time stamp and long chains, need a quarter of that."""

_RANGE = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}0\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{0,8}\]"
)


@dataclass(frozen=True)
class SealedRange:
    """Where one seal lies: the bytes it covers are those before ``first`` and from ``second`` to ``end``."""

    first: int
    second: int
    end: int
    whole: bool
    """Whether the file goes as far as that; otherwise the rest is missing."""
    cms: bytes = b""
    """The seal itself (DER); empty where there cannot be one."""

    def signed_bytes(self, content: bytes) -> bytes:
        """Return what the seal was made over."""
        return content[: self.first] + content[self.second : self.end]


def sealed_ranges(content: bytes) -> Iterator[SealedRange]:
    """Yield the seals of a file in the order in which they stand there."""
    for count, found in enumerate(_RANGE.finditer(content)):
        if count == MOST_SEALS:
            return
        first, second, length = (int(part) for part in found.groups())
        end = second + length
        whole = end <= len(content)
        cms = _cms(content[first:second]) if whole and first < second else b""
        yield SealedRange(first, second, end, whole, cms)


def _cms(gap: bytes) -> bytes:
    """Return the seal between two ranges: a hexadecimal string in angle brackets, filled up with zeros."""
    if len(gap) > 2 * LARGEST_SEAL or not (gap.startswith(b"<") and gap.endswith(b">")):
        return b""
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return b""
