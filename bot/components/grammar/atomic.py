"""Patterns with atomic groups: what such a group has read, it does not read anew in another way."""

from __future__ import annotations

import regex

__all__ = ["compiled_atomic"]


def compiled_atomic(words: str) -> regex.Pattern[str]:
    """A compiled pattern of a normalised text, as ``text.compiled`` makes it, that may hold atomic groups.

    A long list of relatives can be parted in more ways than there are seconds; the re of Python 3.10 tries all.
    """
    return regex.compile(words, regex.ASCII)
