"""Intervals against published figures, and against what is known beforehand."""

from __future__ import annotations

import pytest

from simulation.intervals import Bootstrap, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_s_interval_is_the_published_one(
    count: int, of: int, low: float, high: float
) -> None:
    found = wilson(count, of)
    assert found.value == count / of
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (low, high)


def test_a_share_of_nobody_is_unknown() -> None:
    assert wilson(0, 0).value is None


def test_a_bootstrap_of_what_does_not_vary_has_no_width_and_the_truth_lies_inside() -> None:
    draws = Bootstrap(50, seed=1)
    same = draws.ratio([3] * 50, [4] * 50)
    assert (same.low, same.value, same.high) == (0.75, 0.75, 0.75)
    varied = draws.ratio(list(range(50)), [49] * 50)
    assert varied.value == 0.5
    assert varied.low is not None
    assert varied.high is not None
    assert 0.35 < varied.low < 0.5 < varied.high < 0.65


def test_paired_differences_are_narrower_than_their_parts_and_the_same_for_a_seed() -> None:
    one = [100 + number for number in range(50)]
    other = [98 + number for number in range(50)]
    below = [1] * 50
    draws = Bootstrap(50, seed=1)
    less = draws.difference(one, other, below)
    assert (less.low, less.value, less.high) == (2, 2, 2)
    assert less.above_zero
    assert not less.below_zero
    assert draws.ratio(one, below) == Bootstrap(50, seed=1).ratio(one, below)
    assert draws.ratio(one, below) != Bootstrap(50, seed=2).ratio(one, below)


def test_what_was_never_reached_stays_the_upper_bound() -> None:
    draws = Bootstrap(4, seed=1)
    found = draws.of(lambda drawn: None if 0 in drawn else 10.0)
    assert found.value is None
    assert found.estimate.low == 10.0
    assert found.estimate.high is None
    assert found.less(found).value is None
