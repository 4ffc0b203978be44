"""Rasa's check of what an action answered, with the schema compiled once instead of for each answer.

Rasa 3.6 checks every answer of the action server against a JSON schema that never changes, and
before that checks the schema itself, every time, on its one event loop. This was 36 to 40 % of what
Rasa does in a turn. Here the schema is checked and compiled when Rasa starts. What the compiled
schema takes passes; whatever it does not take goes to Rasa's own method, which decides and raises
as it always did: nothing is let through that Rasa refuses.

To be removed when Rasa mends it (``rasa.core.actions.action.RemoteAction``).
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException

__all__ = ["RasaChanged", "check_results_fast"]

_METHODS = ("_validate_action_result", "action_response_format_spec")


class RasaChanged(RasaException):
    """This Rasa is not the one these lines were written for; it must not start half patched."""


def check_results_fast(action: type = RemoteAction) -> None:
    """Put the compiled check before ``action``'s own; a second call changes nothing.

    Raises:
        RasaChanged: ``action`` has no such check (another version of Rasa).
    """
    missing = [name for name in _METHODS if not callable(getattr(action, name, None))]
    if missing:
        raise RasaChanged(
            f"{action.__module__}.{action.__qualname__} has no {' and no '.join(missing)}: "
            "see bot/action_results.py, and delete it if this Rasa checks quickly by itself."
        )
    own_check = action._validate_action_result
    if hasattr(own_check, "__wrapped__"):
        return
    schema = action.action_response_format_spec()
    compiler = validator_for(schema)
    compiler.check_schema(schema)
    compiled = compiler(schema)

    @wraps(own_check)
    def check(self: Any, result: Any) -> bool:
        return bool(compiled.is_valid(result) or own_check(self, result))

    action._validate_action_result = check
