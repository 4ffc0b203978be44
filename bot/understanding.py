"""What the trained model makes of sentences, without a conversation: JSON in, JSON out.

``python -m bot.understanding MODEL`` reads a list of ``{"text", "metadata", "asked"}`` from standard
input and writes, for each, the decided ``intent``, the first ``guess`` before any doubt, their
confidences, the ``entities`` and the ``facts`` that would be noted. Runs in the assistant's environment.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME

from bot.actions.facts import read_facts

_CARRIED = ("locale", "stage")


class Reader:
    """Parses text with a trained model."""

    def __init__(self, model: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._agent = Agent.load(str(model))

    def parse(self, text: str, **metadata: Any) -> dict[str, Any]:
        """Rasa's own parse of one message."""
        assert self._agent.processor is not None  # noqa: S101  (a loaded agent has one)
        message = UserMessage(text, metadata=metadata)
        return self._loop.run_until_complete(self._agent.processor.parse_message(message))

    def read(self, text: str, asked: str | None = None, **metadata: Any) -> dict[str, Any]:
        """What is understood of one message; see the module."""
        parsed = self.parse(text, **metadata)
        ranking = parsed.get("intent_ranking") or []
        guess = next(
            (one for one in ranking if one["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME),
            parsed["intent"],
        )
        entities = [one for one in parsed["entities"] if one["entity"] not in _CARRIED]
        day = date.fromisoformat(metadata["today"]) if "today" in metadata else date.today()  # noqa: DTZ011
        return {
            "intent": parsed["intent"]["name"],
            "confidence": parsed["intent"]["confidence"],
            "guess": guess["name"],
            "guess_confidence": guess["confidence"],
            "ranking": [[one["name"], round(one["confidence"], 3)] for one in ranking[:4]],
            "entities": entities,
            "facts": read_facts(parsed["intent"]["name"], text, entities, asked, {}, day),
        }

    def close(self) -> None:
        """Ends the event loop."""
        self._loop.close()


def main() -> int:
    """Read what stands in standard input."""
    # Rasa writes every parse to its debug log, which is standard output unless told otherwise.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    reader = Reader(Path(sys.argv[1]))
    asked = json.load(sys.stdin)
    found = [
        reader.read(one["text"], one.get("asked"), **(one.get("metadata") or {})) for one in asked
    ]
    json.dump(found, sys.stdout, ensure_ascii=False)
    reader.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
