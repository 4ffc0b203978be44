"""Which evaluated sentences the training data knows already: word for word, or nearly.

Nobody can write a thousand natural sentences without 好的 and "stop": where a set that may not be changed
any more holds such words and the training data needs them too, they are left out of its score.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from bot.components.grammar.text import normalise
from evaluation.sets import Sentence

__all__ = ["known_already", "training_examples"]

DATA: Final = Path(__file__).parents[1] / "bot/data/nlu"
NEAR: Final = 0.7
"""From this share of common pairs of characters on, two texts are nearly the same (Jaccard)."""
_SHORTEST_COMPARED: Final = 6


def training_examples(folder: Path = DATA) -> Iterator[tuple[str, str]]:
    """Yield every training example with its intent."""
    for path in sorted(folder.glob("*.yml")):
        for part in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for line in part["examples"].splitlines():
                if "intent" in part and line.strip():
                    yield line.strip().removeprefix("- "), part["intent"]


def known_already(
    sentences: Iterable[Sentence], examples: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Return, by text, the training example that a sentence is the same as or near to."""
    evaluated = {_bare(s.text): s.text for s in sentences if not s.intent.startswith("_absurd")}
    read = [(example, _bare(example)) for example, _ in examples]
    found: dict[str, str] = {}
    for example, bare in read:
        if bare in evaluated and len(bare) > 1:
            found.setdefault(evaluated[bare], example)
    pairs = {bare: _pairs(bare) for bare in {*evaluated, *(bare for _, bare in read)}}
    often = Counter(pair for of_one in pairs.values() for pair in of_one)
    places: dict[str, list[str]] = {}
    for bare in evaluated:
        for pair in _telling(pairs[bare], often):
            places.setdefault(pair, []).append(bare)
    for example, bare in read:
        if len(bare) < _SHORTEST_COMPARED:
            continue
        mine = pairs[bare]
        for text in {text for pair in _telling(mine, often) for text in places.get(pair, ())}:
            theirs = pairs[text]
            if len(text) >= _SHORTEST_COMPARED and len(mine & theirs) / len(mine | theirs) >= NEAR:
                found.setdefault(evaluated[text], example)
    return found


def _telling(pairs: frozenset[str], often: Mapping[str, int]) -> list[str]:
    """The rarest pairs of a text: whatever is near it shares one of them (prefix filter, Chaudhuri 2006)."""
    kept = len(pairs) - math.ceil(NEAR * len(pairs)) + 1
    return sorted(pairs, key=lambda pair: (often[pair], pair))[:kept]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", normalise(text))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))
