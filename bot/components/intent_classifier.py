"""Rasa's logistic regression with its strength of regularisation as a setting."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RegularisedLogisticRegression(LogisticRegressionClassifier):
    """As Rasa's, plus ``C``: Rasa 3.6 leaves scikit-learn's 1.0, too timid for unit-length rows."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's defaults and ``C``, the inverse strength of regularisation."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 20.0, "max_iter": 200}

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Constructs the classifier, then sets ``C``, before anything is fitted."""
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=float(self.config["C"]))
