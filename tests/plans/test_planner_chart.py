"""The picture in docs/planner.md is what the planner computes today."""

import runpy
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def test_the_chart_in_the_docs_is_drawn_from_the_planners_own_figures() -> None:
    drawn = runpy.run_path(str(FOLDER / "planner_chart.py"))["chart"]()
    assert (FOLDER / "planner-term.svg").read_text(encoding="utf-8") == drawn
    assert "1,000 × 36" in drawn
    assert "750 × 48" in drawn
