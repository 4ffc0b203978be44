"""What the assistant can say, read once from ``domain.yml`` when the action server starts.

Rasa would send the whole domain, some hundred kilobytes, with each call of an action: written, sent
and read anew every time, for the placeholders of one sentence. ``endpoints.yml`` asks it not to. The
model is named after the domain it was trained with (tooling/model.py), so both are the same.
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
