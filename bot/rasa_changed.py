"""What is raised where Rasa is not the version that our changes to it were written for."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.exceptions import RasaException

__all__ = ["RasaChanged", "require_methods"]


class RasaChanged(RasaException):
    """This Rasa is not the one these lines were written for; it must not start half patched."""


def require_methods(owner: type, names: Iterable[str], advice: str) -> None:
    """Raise ``RasaChanged``, with what to do (``advice``), where ``owner`` lacks one of its methods."""
    missing = [name for name in names if not callable(getattr(owner, name, None))]
    if missing:
        lacks = f"{owner.__module__}.{owner.__qualname__} has no {' and no '.join(missing)}"
        raise RasaChanged(f"{lacks}: {advice}")
