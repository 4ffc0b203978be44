"""What the assistant can say, read once from ``domain.yml`` when the actions are loaded.

The model is named after the domain it was trained with (tooling/model.py), so that Rasa's sentences and
these are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rasa_sdk.utils import read_yaml_file

__all__ = ["RESPONSES"]

#: By a response's name, its variations: text and the conditions under which it is said.
RESPONSES: Final[Mapping[str, list[dict[str, Any]]]] = read_yaml_file(
    Path(__file__).parents[2] / "domain.yml"
)["responses"]
