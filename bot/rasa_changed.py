"""What is raised where Rasa is not the version that our changes to it were written for."""

from __future__ import annotations

from rasa.shared.exceptions import RasaException

__all__ = ["RasaChanged"]


class RasaChanged(RasaException):
    """This Rasa is not the one these lines were written for; it must not start half patched."""
