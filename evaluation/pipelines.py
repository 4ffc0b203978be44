"""``python -m evaluation.pipelines``: the same training data through several pipelines, side by side.

The product's own pipeline, Rasa's stock ones of logistic regression and of DIET over the same n-grams, and
an ensemble of the first and the last, by accuracy, training time, size, memory and latency. Intents only,
by the first guess and without stage or question: that is where the pipelines differ. Training DIET takes
most of the time: more than ten minutes for the present data on two cores.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

from bench.parse import Parsing, parsing
from evaluation.report import share
from evaluation.separate import known_already, training_examples
from evaluation.sets import ABSURD, SETS, Sentence, read_set
from evaluation.understood import FALLBACK, Understood, understand
from reporting.sections import Section, Table, keep, milliseconds, percentile, printed, progress
from tooling.environments import BOT_PYTHON
from tooling.model import QUIET_RASA
from tooling.say import ROOT, say

__all__ = ["Trial", "main", "pipelines", "side_by_side", "together"]

DOCUMENT: Final = ROOT / "docs/understanding.md"
EPOCHS: Final = 8
_TIMES: Final = 20
_STOCK: Final[Sequence[Mapping[str, Any]]] = (
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)
_OWN: Final = "support vectors over our features"
_LOGISTIC: Final = "logistic regression over n-grams"
_DIET: Final = f"DIET over n-grams, {EPOCHS} epochs"
_ENSEMBLE: Final = "ensemble: support vectors and DIET"


def pipelines() -> dict[str, Sequence[Mapping[str, Any]]]:
    """Return each pipeline's components, as Rasa's configuration writes them."""
    own = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    logistic = {"name": "LogisticRegressionClassifier", "max_iter": 100, "solver": "lbfgs"}
    diet = {
        "name": "DIETClassifier", "epochs": EPOCHS, "entity_recognition": False,
        "constrain_similarities": True, "random_seed": 42,
    }  # fmt: skip
    return {_OWN: own, _LOGISTIC: [*_STOCK, logistic], _DIET: [*_STOCK, diet]}


@dataclass(frozen=True)
class Trial:
    """What one pipeline came to: its guesses, and what they cost."""

    guesses: Sequence[str]
    training: float
    megabytes: float
    parsing: Parsing
    read: Sequence[Understood]


def main(arguments: list[str] | None = None) -> int:
    """Train, measure, print; keep the table in the document where asked."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.pipelines", description=__doc__)
    parser.add_argument("sets", nargs="*", default=["known"], metavar="set", help="known, unseen")
    parser.add_argument("--write", action="store_true", help="keep it in docs/understanding.md")
    options = parser.parse_args(arguments)
    sentences = {name: _sentences(name) for name in options.sets}
    everything = [sentence for listed in sentences.values() for sentence in listed]
    with TemporaryDirectory() as scratch:
        trials = {
            name: _try(name, components, everything, Path(scratch))
            for name, components in pipelines().items()
        }
    trials[_ENSEMBLE] = together(trials[_OWN], trials[_DIET])
    section = side_by_side(trials, sentences)
    say(printed(section))
    if options.write:
        keep(section, DOCUMENT, DOCUMENT.parent / "pictures", mark="evaluation")
    return 0


def _sentences(name: str) -> list[Sentence]:
    listed = [one for one in read_set(SETS / f"{name}.yml") if one.intent != ABSURD]
    known = known_already(listed, training_examples())
    return [one for one in listed if one.text not in known]


def _try(
    name: str, components: Sequence[Mapping[str, Any]], sentences: list[Sentence], scratch: Path
) -> Trial:
    progress(f"{name}: training")
    config = scratch / "config.yml"
    config.write_text(
        yaml.safe_dump(
            {
                "recipe": "default.v1", "language": "zh", "assistant_id": "trial",
                "pipeline": [dict(one) for one in components],
            }
        ),
        encoding="utf-8",
    )  # fmt: skip
    begun = time.monotonic()
    # An absolute path: Rasa changes nothing in it, as the assistant's id is there.
    subprocess.run(
        [str(BOT_PYTHON), "-m", "rasa", "train", "nlu", "--nlu", "bot/data/nlu", "--config",
         str(config), "--domain", "domain.yml", "--out", str(scratch), "--fixed-model-name", "trial"],
        cwd=ROOT, env={**os.environ, **QUIET_RASA, "RASA_MAX_CACHE_SIZE": "0"}, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    training = time.monotonic() - begun
    model = scratch / "trial.tar.gz"
    progress(f"{name}: {len(sentences):,} sentences")
    read = understand(model, sentences, in_place=False)
    spent = parsing(model, scratch, times=_TIMES)
    size = model.stat().st_size / 1e6
    model.unlink()
    return Trial([one.guess for one in read], training, size, spent, read)


def together(one: Trial, other: Trial) -> Trial:
    """An ensemble adds up the confidences of both rankings; both are trained, loaded and asked."""
    guesses = []
    for first, second in zip(one.read, other.read, strict=True):
        votes: Counter[str] = Counter()
        for intent, confidence in (*first.ranking, *second.ranking):
            if intent != FALLBACK:
                votes[intent] += confidence
        guesses.append(votes.most_common(1)[0][0])
    spent = Parsing(
        [a + b for a, b in zip(one.parsing.taken, other.parsing.taken, strict=True)],
        one.parsing.loaded + other.parsing.loaded,
        max(one.parsing.megabytes, other.parsing.megabytes),
    )
    return Trial(guesses, one.training + other.training, one.megabytes + other.megabytes, spent, ())


def side_by_side(trials: Mapping[str, Trial], sentences: Mapping[str, list[Sentence]]) -> Section:
    """Both tables: the first guesses that are right, by set and language, and what each pipeline costs."""
    columns: list[tuple[str, list[int]]] = []
    at = 0
    for name, listed in sentences.items():
        for language in ("zh", "en", "mixed"):
            places = [at + n for n, one in enumerate(listed) if one.language == language]
            columns.append((f"{name}, {language}", places))
        at += len(listed)
    everything = [sentence for listed in sentences.values() for sentence in listed]
    right = {
        name: [guess in one.accepted for guess, one in zip(trial.guesses, everything, strict=True)]
        for name, trial in trials.items()
    }
    accuracy = tuple(
        (name, *(share(sum(right[name][n] for n in places), len(places)) for _, places in columns))
        for name in trials
    )
    costs = tuple(
        (
            name, f"{trial.training:,.0f} s", f"{trial.megabytes:.1f} MB",
            f"{trial.parsing.megabytes:,.0f} MB", f"{trial.parsing.loaded:.1f} s",
            milliseconds(percentile(trial.parsing.taken, 50)),
            milliseconds(percentile(trial.parsing.taken, 95)),
        )
        for name, trial in trials.items()
    )  # fmt: skip
    return Section(
        "pipelines",
        "Pipelines side by side",
        tables=[
            Table("First guess right", ("pipeline", *(name for name, _ in columns)), accuracy),
            Table(
                "What it costs",
                ("pipeline", "training", "model", "memory", "loading", "parse p50", "parse p95"),
                costs,
            ),
        ],
        notes=[
            f"{sum(1 for _ in training_examples()):,} training sentences; "
            + "; ".join(f"{name}: {len(listed):,}" for name, listed in sentences.items())
            + ". The ensemble is reckoned from the two models that it would hold."
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
