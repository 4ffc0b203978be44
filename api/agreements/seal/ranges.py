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
    """The bytes one seal covers, and the seal: ``signed`` is what it was made over, ``cms`` its DER."""

    end: int
    """Where what it covers ends, counted from the file's beginning."""
    whole: bool
    """Whether the file goes that far; otherwise the rest is missing and the fields below are empty."""
    signed: bytes = b""
    cms: bytes = b""


def sealed_ranges(content: bytes) -> Iterator[SealedRange]:
    """Yield the seals of a file in the order in which they stand there; impossible ones have no ``cms``."""
    for count, found in enumerate(_RANGE.finditer(content)):
        if count == MOST_SEALS:
            return
        first, second, length = (int(part) for part in found.groups())
        end = second + length
        if end > len(content):
            yield SealedRange(end, whole=False)
        elif first < second:
            signed = content[:first] + content[second:end]
            yield SealedRange(end, True, signed, _cms(content[first:second]))
        else:
            yield SealedRange(end, whole=True)


def _cms(gap: bytes) -> bytes:
    """Return the seal between two ranges: a hexadecimal string in angle brackets, filled up with zeros."""
    if not (gap.startswith(b"<") and gap.endswith(b">")) or len(gap) > 2 * LARGEST_SEAL:
        return b""
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return b""
