"""The comparison of pipelines: who is right where, and what an ensemble of two comes to."""

from __future__ import annotations

from bench.parse import Parsing
from evaluation.pipelines import Trial, pipelines, side_by_side, together
from evaluation.sets import Sentence
from evaluation.understood import FALLBACK, Understood

SENTENCES = {
    "known": [Sentence("你好", "greet"), Sentence("hello", "greet"), Sentence("没钱", "deny")]
}


def trial(*rankings: list[list[object]], seconds: float) -> Trial:
    """A pipeline that ranked the three sentences so, and took so long for each thing."""
    read = [
        Understood(str(r[0][0]), 0.5, str(r[0][0]), 0.5, r, entities=(), facts={}) for r in rankings
    ]
    spent = Parsing([seconds] * 4, loaded=seconds, megabytes=100 * seconds)
    return Trial([one.guess for one in read], 10 * seconds, seconds, spent, read)


FIRST = trial([["greet", 0.6]], [["deny", 0.5], ["greet", 0.4]], [["greet", 0.9]], seconds=1)
SECOND = trial([["deny", 0.3]], [["greet", 0.3], [FALLBACK, 0.9]], [["deny", 0.2]], seconds=2)


def test_an_ensemble_adds_confidences_up_and_costs_both() -> None:
    both = together(FIRST, SECOND)
    assert both.guesses == ["greet", "greet", "greet"]
    assert (both.training, both.megabytes, both.parsing.loaded) == (30, 3, 3)
    assert (both.parsing.taken, both.parsing.megabytes) == ([3.0] * 4, 200)


def test_the_first_guesses_are_counted_by_set_and_language() -> None:
    section = side_by_side({"one": FIRST, "other": SECOND}, SENTENCES)
    right, costs = section.tables
    assert right.heading == ("pipeline", "known, zh", "known, en", "known, mixed")
    assert right.rows == (("one", "50.0 %", "0.0 %", "–"), ("other", "50.0 %", "100.0 %", "–"))
    assert costs.rows[1][:3] == ("other", "20 s", "2.0 MB")


def test_the_products_own_pipeline_is_among_them() -> None:
    first = next(iter(pipelines().values()))
    assert "bot.components.intent_classifier.SupportVectorClassifier" in [
        one["name"] for one in first
    ]
