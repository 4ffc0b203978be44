"""The check of a proof as one file: ``python check.pyz proof.json``, with nothing else installed.

The program holds the planner's own modules, byte for byte, so that whoever doubts a plan recomputes it with
what made it, without asking the bank and without this repository.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

__all__ = ["PARTS", "check_program"]

SOURCE = Path(__file__).parents[2]
MAIN = """import sys
from api.plans.check import main
sys.exit(main())
"""
PLANS = (
    "affordability basis canonical check debt deciding deferral documents explained_kinds explanation"
    " figures fitting monthly offers payment_days proof rates rates_exact rates_of_plan rejected"
    " rejected_kinds rejected_plan rejected_refusals relief rule_applied saying schedule settlement"
    " situation spreading start stress terms terms_sound"
).split()
PARTS = tuple(
    sorted(
        ["api/__init__.py", "api/kit/__init__.py", "api/kit/exact.py", "api/plans/__init__.py"]
        + ["api/policy/__init__.py", "api/policy/errors.py", "api/policy/holidays.py"]
        + [f"api/plans/{name}.py" for name in PLANS]
    )
)
"""What the check needs of this source (a test compares it with what Python loads)."""


@cache
def check_program() -> bytes:
    """Return the program as a zip that Python runs; the same source gives the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "__main__.py", MAIN)
        for part in PARTS:
            _add(archive, part, (SOURCE / part).read_text(encoding="utf-8"))
    return content.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name)  # 1980-01-01: a program has no hour of its own
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)
