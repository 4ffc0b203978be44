"""What the trained model understood of a set: one process of the assistant's own environment."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evaluation.sets import TODAY, Sentence
from tooling.environments import BOT_PYTHON
from tooling.model import QUIET_RASA
from tooling.say import ROOT, CannotGoOn

__all__ = ["FALLBACK", "Understood", "understand"]

FALLBACK: Final = "nlu_fallback"
_SECONDS: Final = 900


@dataclass(frozen=True)
class Understood:
    """What was understood of one sentence.

    ``intent`` is what was decided (``nlu_fallback`` where the assistant asks again), ``guess`` the
    first intent before any doubt, ``entities`` and ``facts`` as the dialogue gets them.
    """

    intent: str
    confidence: float
    guess: str
    guess_confidence: float
    ranking: Sequence[Sequence[Any]]
    entities: Sequence[Mapping[str, Any]]
    facts: Mapping[str, Any]

    @property
    def besides(self) -> frozenset[str]:
        """The intents understood in the same line besides the first."""
        return frozenset(
            str(entity["value"]) for entity in self.entities if entity["entity"] == "also"
        )


def understand(model: Path, sentences: Sequence[Sentence], *, in_place: bool) -> list[Understood]:
    """Read every sentence; ``in_place`` says whether stage and open question are told with it.

    Raises:
        CannotGoOn: the assistant's environment failed; its last words are in the message.
    """
    asked = [
        {
            "text": sentence.text,
            "asked": sentence.asked if in_place else None,
            "metadata": {
                "today": TODAY.isoformat(),
                **({"stage": sentence.stage} if in_place and sentence.stage else {}),
            },
        }
        for sentence in sentences
    ]
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "bot.understanding", str(model)],
        input=json.dumps(asked).encode(), cwd=ROOT, env={**os.environ, **QUIET_RASA},
        capture_output=True, check=False, timeout=_SECONDS,
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.decode(errors="replace")[-2000:]
        raise CannotGoOn(f"The assistant could not read the set:\n{words}")
    return [Understood(**one) for one in json.loads(done.stdout.decode().splitlines()[-1])]
