"""How easy a sentence is to read: Flesch's reading ease for English, the length of a breath for Chinese.

Flesch (1948): 206.835 − 1.015 × words per sentence − 84.6 × syllables per word; 60 to 70 is "plain English",
read easily at 13 to 15. Chinese has no formula of that standing; what tires a reader is a clause that goes on
without a pause, so the characters between two marks are counted.
"""

from __future__ import annotations

import re

__all__ = ["breaths", "flesch", "syllables"]

_SENTENCE_ENDS = re.compile(r"(?<=[.?;:])\s+|\n")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_PAUSES = re.compile(r"[，。；：、？！（）“”\s]+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeiouyl]|[aeiou]l)e$|[^td]ed$|[^aeiouyszxcgh]es$")


def syllables(word: str) -> int:
    """Count a word's syllables by its groups of vowels; a silent ending is not one. At least 1."""
    plain = word.lower().replace("'", "")
    return max(1, len(_VOWELS.findall(plain)) - bool(_SILENT.search(plain)))


def flesch(text: str) -> float:
    """Return Flesch's reading ease of an English text; higher is easier, 100 and more for no words."""
    words = _WORD.findall(text)
    if not words:
        return 120.0
    sentences = [part for part in _SENTENCE_ENDS.split(text) if _WORD.search(part)]
    of_word = sum(map(syllables, words)) / len(words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * of_word


def breaths(text: str) -> list[int]:
    """Return the characters of each stretch of a Chinese text between two marks."""
    return [len(part) for part in _PAUSES.split(text) if part]
