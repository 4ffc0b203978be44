"""The intent of a message, and of each of its clauses: linear support vectors over sparse features.

One weight for each pair of feature and intent, fitted one intent against all others (liblinear, with a
fixed seed: the same data gives the same weights). A message has about a hundred of thirty thousand
features, so its scores are the sum of a hundred rows; nothing else is touched.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from bot.components.clauses import CLAUSE_FEATURES, CLAUSE_INTENTS, ClauseIntent
from bot.components.ranking import rank
from bot.components.stages import out_of_place

_FILE: Final = "weights.npz"
Row = tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SupportVectorClassifier(IntentClassifier, GraphComponent):
    """Ranks all intents; an intent that is out of place at the message's stage counts for less."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings.

        ``C``: inverse strength of regularisation. ``temperature``: by what the distances are multiplied
        before they become shares of one (chosen so that of sentences with confidence c about the share
        c is right). ``out_of_place``: the factor for an intent that does not belong to the stage.
        """
        return {"C": 1.0, "temperature": 5.0, "out_of_place": 0.2, "random_state": 42}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: np.ndarray[Any, Any] | None = None,
        intercepts: np.ndarray[Any, Any] | None = None,
        intents: list[str] | None = None,
    ) -> None:
        """``weights``: a row for each feature, a column for each of ``intents``; none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._weights = weights
        self._intercepts = intercepts
        self._intents = intents or []
        self._factors: dict[str, np.ndarray[Any, Any]] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SupportVectorClassifier:
        """Creates an untrained component (see parent class)."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the weights and keeps them in single precision."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        rows = vstack([csr_matrix(_sentence_features(e)) for e in examples]).tocsr()
        machine = LinearSVC(C=float(self._config["C"]), random_state=self._config["random_state"])
        machine.fit(rows, [e.get(INTENT) for e in examples])
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / _FILE,
                weights=np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
                intercepts=machine.intercept_.astype(np.float32),
                intents=np.array(machine.classes_, dtype=str),
            )
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SupportVectorClassifier:
        """Loads the weights."""
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE) as kept:
            return cls(
                {**cls.get_default_config(), **config}, model_storage, resource,
                kept["weights"], kept["intercepts"], [str(name) for name in kept["intents"]],
            )  # fmt: skip

    def process(self, messages: list[Message]) -> list[Message]:
        """Ranks the intents of each message and of its clauses, in place."""
        if self._weights is None:
            return messages
        for message in messages:
            if not message.get(TEXT):
                continue
            features = _sentence_features(message)
            shares = self._shares(features.col, features.data)
            if (stage := _stage(message)) is not None:
                shares = shares * self._factor(stage)
                shares /= shares.sum()
            rank(message, zip(self._intents, map(float, shares), strict=True))
            if clauses := message.get(CLAUSE_FEATURES):
                message.set(CLAUSE_INTENTS, [self._of_clause(*clause) for clause in clauses])
        return messages

    def _shares(self, columns: Any, values: Any) -> np.ndarray[Any, Any]:
        assert self._weights is not None  # noqa: S101  (looked at before)
        scores = values.astype(np.float32) @ self._weights[columns] + self._intercepts
        scores = np.exp(self._config["temperature"] * (scores - scores.max()))
        return np.asarray(scores / scores.sum())

    def _of_clause(self, start: int, end: int, columns: Any, values: Any) -> ClauseIntent:
        shares = self._shares(columns, values)
        best = int(shares.argmax())
        return ClauseIntent(start, end, self._intents[best], float(shares[best]))

    def _factor(self, stage: str) -> np.ndarray[Any, Any]:
        """For each intent what its share is multiplied by at a stage."""
        if stage not in self._factors:
            less = float(self._config["out_of_place"])
            self._factors[stage] = np.array(
                [less if out_of_place(intent, stage) else 1.0 for intent in self._intents],
                dtype=np.float32,
            )
        return self._factors[stage]


def _sentence_features(message: Message) -> Any:
    """The sparse features of a whole message, as a matrix of one row."""
    found = message.get_sparse_features(TEXT)[1]
    return found.features.tocoo()


def _stage(message: Message) -> str | None:
    metadata = message.get("metadata")
    stage = metadata.get("stage") if isinstance(metadata, dict) else None
    return stage if isinstance(stage, str) else None
