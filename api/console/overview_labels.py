"""What a value of a dimension is called: ``overview.value.<dim>.<value>`` in the colleague's language."""

from __future__ import annotations

from functools import reduce

from api.web.words import Words

__all__ = ["Labels"]

SAME = {"by": "caller", "why": "case_reason", "reason": "told_reason", "times": "times"}
"""Dimensions whose values are named under another word than their own."""


class Labels:
    """Names values in one language; a value without a name is shown as it is."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __call__(self, dim: str, value: str) -> str:
        """Return the name of a value of a dimension."""
        key = f"overview.value.{SAME.get(dim, dim)}.{value.replace('.', '_')}"
        if self._words.has(key):
            return str(self._words(key))
        if dim == "times" and value.isdecimal():
            return str(self._words("overview.times", n=int(value)))
        return value

    def within(self, where: dict[str, tuple[str, ...]]) -> list[str]:
        """Name a condition: one phrase for each dimension."""
        dims = self._words
        return [
            str(
                dims(
                    "overview.is", dim=dims(f"overview.dim.{dim}"), value=self._values(dim, values)
                )
            )
            for dim, values in where.items()
        ]

    def _values(self, dim: str, values: tuple[str, ...]) -> str:
        first, *others = [self(dim, value) for value in values] or [""]
        return reduce(
            lambda these, one: str(self._words("overview.one_more", these=these, one=one)),
            others, first,
        )  # fmt: skip
