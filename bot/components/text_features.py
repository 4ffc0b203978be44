"""What a text looks like to the classifier: pieces of words in two scripts, concepts, kinds of values.

Chinese needs no segmentation for this: runs of one to three characters carry the meaning and survive
typos. English gives words, pairs of words and pieces of words. Concepts (the lookup tables of
``bot/data/nlu/concepts.yml``) make unseen words of a known kind count, and sums, days and terms are
replaced by their kind, so that 800 and 三千五 look alike.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    FEATURE_TYPE_SEQUENCE,
    INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix

from bot.components.clauses import CLAUSE_FEATURES, clauses
from bot.components.grammar.dates import TODAY_IN_WORDS
from bot.components.grammar.reading import read_values
from bot.components.grammar.text import normalise

_PIECE: Final = re.compile(r"<[a-z_]+>|[a-z]+(?:'[a-z]+)?|[\u3400-\u9fff]+|[?!？！]+|\d+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
# Any day will do: only the kind of a value is a feature, never the value.
_SOME_DAY: Final = date(2026, 1, 1)
_FILE: Final = "features.json"
NOTHING_KNOWN: Final = "nothing_known"
"""Property of a message: none of what it is made of occurs in training (see ``gibberish.py``)."""
_TELLING_PIECE: Final = 5
_ENDINGS: Final = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s|ly)$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MixedTextFeaturizer(SparseFeaturizer, GraphComponent):
    """Sparse sentence features for Chinese, English and both in one line."""

    #: By text, from learning to reading: Rasa makes one component for each, and reading takes the time.
    _of_training: ClassVar[dict[str, tuple[str, ...]]] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``chinese_runs``: longest run of characters; ``rare``: a feature seen less often is dropped."""
        own = {"chinese_runs": 3, "rare": 2, "concept_weight": 1.0}
        return {**SparseFeaturizer.get_default_config(), **own}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check beyond the defaults' types (see parent class)."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        concepts: dict[str, str] | None = None,
        weights: dict[str, float] | None = None,
    ) -> None:
        """``concepts``: pattern by name; ``weights``: inverse document frequency by feature."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._learn(concepts or {}, weights or {})

    def _learn(self, concepts: dict[str, str], weights: dict[str, float]) -> None:
        self._concepts = {name: re.compile(pattern) for name, pattern in concepts.items()}
        self._weights = weights
        self._places = {feature: at for at, feature in enumerate(sorted(weights))}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MixedTextFeaturizer:
        """Creates an untrained component (see parent class)."""
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns which features there are and how telling each is."""
        concepts = {
            table["name"]: _pattern(table["elements"])
            for table in training_data.lookup_tables
            if isinstance(table["elements"], list)
        }
        self._learn(concepts, {})
        texts = [e.get(TEXT) for e in training_data.training_examples if e.get(TEXT)]
        self._of_training.clear()
        seen: Counter[str] = Counter()
        for text in texts:
            self._of_training[text] = tuple(map(sys.intern, self.features_of(text)))
            seen.update(set(self._of_training[text]))
        rare = int(self._config["rare"])
        weights = {
            feature: math.log((1 + len(texts)) / (1 + count)) + 1
            for feature, count in seen.items()
            if count >= rare
        }
        self._learn(concepts, weights)
        with self._model_storage.write_to(self._resource) as folder:
            kept = json.dumps({"concepts": concepts, "weights": weights}, ensure_ascii=False)
            (folder / _FILE).write_text(kept, "utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MixedTextFeaturizer:
        """Loads what training learnt."""
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / _FILE).read_text("utf-8"))
        return cls(
            config, execution_context.node_name, model_storage, resource,
            kept["concepts"], kept["weights"],
        )  # fmt: skip

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features to every example; what training has read of them already is not read again."""
        self.process(training_data.training_examples)
        self._of_training.clear()
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds features to every message, in place."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                features = self._of_training.get(text) or tuple(self.features_of(text))
                message.set(NOTHING_KNOWN, not any(map(self._tells, features)))
                row = self._row(features)
                for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
                    message.add_features(Features(row, kind, TEXT, self._identifier))
                if message.get(INTENT) is None:  # a message, not an example
                    message.set(CLAUSE_FEATURES, list(self._clauses(text)))
        return messages

    def _clauses(self, text: str) -> Iterator[tuple[int, int, Any, Any]]:
        for start, end in clauses(text):
            row = self._row(list(self.features_of(text[start:end])))
            yield start, end, row.col, row.data

    def _tells(self, feature: str) -> bool:
        """Whether a feature of a message shows that something of it is known.

        A concept or a value does; a word or a long piece of one, and characters that stand side by
        side, if training has them. A single character or a scrap of a word says nothing.
        """
        kind, _, rest = feature.partition(":")
        if kind in ("c", "v"):
            return True
        if feature not in self._places:
            return False
        if kind == "w":
            return rest.isalpha() and len(rest) > 1
        if kind == "p":
            return len(rest) == _TELLING_PIECE and " " not in rest
        whole = feature[0] == "^" and feature[-1] == "$"
        return bool(_CHINESE.match(feature.strip("^$"))) and (
            whole or (len(feature) > 1 and not set(feature) & {"^", "$"})
        )

    def _row(self, features: Sequence[str]) -> coo_matrix:
        counts = Counter(f for f in features if f in self._places)
        columns = np.array([self._places[f] for f in counts], dtype=np.int32)
        values = np.array(
            [(1 + math.log(n)) * self._weights[f] * self._scale(f) for f, n in counts.items()],
            dtype=np.float64,
        )
        length = float(np.sqrt((values**2).sum())) or 1.0
        rows = np.zeros(len(columns), dtype=np.int32)
        return coo_matrix((values / length, (rows, columns)), shape=(1, max(1, len(self._places))))

    def _scale(self, feature: str) -> float:
        return float(self._config["concept_weight"]) if feature[:2] in ("c:", "d:") else 1.0

    def features_of(self, text: str) -> Iterator[str]:
        """The features of a text, each as often as it occurs."""
        plain = normalise(text)
        present = [name for name, pattern in self._concepts.items() if pattern.search(plain)]
        for name in present:
            yield f"c:{name}"
        for at, first in enumerate(present):
            for second in present[at + 1 :]:
                yield f"d:{first}+{second}"
        masked, kinds = _mask(plain)
        for kind in kinds:
            yield f"v:{kind}"
        yield from _pieces(masked, int(self._config["chinese_runs"]))


def _pattern(words: list[str]) -> str:
    """One pattern for a concept's words; Latin words stand alone, ``*`` leaves their ending open."""
    parts = []
    for word in sorted({normalise(w) for w in words}, key=len, reverse=True):
        escaped = re.escape(word.rstrip("*"))
        if word[0].isascii() and word[0].isalnum():
            escaped = rf"\b{escaped}" + ("" if word.endswith("*") else r"\b")
        parts.append(escaped)
    return "|".join(parts)


def _mask(plain: str) -> tuple[str, list[str]]:
    """The text with each value replaced by its kind, and the kinds with their roles."""
    kinds = []
    out = plain
    for value in sorted(read_values(plain, _SOME_DAY), key=lambda v: v.start, reverse=True):
        if len(out) < value.end:  # overlapping readings of one lone figure
            continue
        if TODAY_IN_WORDS.fullmatch(plain, value.start, value.end):
            continue  # "today" says more as a word than as one day of many
        kinds.append(f"{value.entity}:{value.role}" if value.role else value.entity)
        if isinstance(value.value, str) and value.value == "0.00":
            continue  # "no income" says more in its own words
        out = f"{out[: value.start]} <{value.entity}> {out[value.end :]}"
    return out, kinds


def _pieces(plain: str, longest: int) -> Iterator[str]:
    parts = _PIECE.findall(plain)
    words = [_stem(p) for p in parts if not _CHINESE.match(p)]
    for part in parts:
        if _CHINESE.match(part):
            edged = f"^{part}$"
            for size in range(1, longest + 1):
                for at in range(len(edged) - size + 1):
                    if size > 1 or edged[at] not in "^$":
                        yield edged[at : at + size]
        elif part[0] != "<" and part[0].isalpha():
            edged = f" {part} "
            for size in (3, 4, 5):
                for at in range(len(edged) - size + 1):
                    yield f"p:{edged[at : at + size]}"
    for word in words:
        yield f"w:{word}"
    for first, second in zip(["^", *words], [*words, "$"], strict=True):
        yield f"b:{first} {second}"
    for at in range(len(words) - 2):
        yield f"t:{words[at]} {words[at + 1]} {words[at + 2]}"
    if not parts:
        yield "nothing"


def _stem(word: str) -> str:
    return _ENDINGS.sub("", word) if len(word) > 4 else word
