"""The desk has a word for everything that can stand on it, in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from api.console.case_acts import ACTS, REASONS
from api.console.case_means import FACTS
from api.console.frame import console_entries
from api.contact.holds import HoldKind
from api.conversations.cases import REASONS as CASE_REASONS
from api.conversations.floor import OUTCOMES
from api.conversations.matters import FINDINGS
from api.conversations.stages import STAGES
from api.web.words import LOCALES


def wanted() -> set[str]:
    """The keys that are put together from codes of the record."""
    acts = {"facts" if act == "recompute" else act.replace("-", "_") for act in ACTS}
    found = {f"desk.reasons.{reason}" for reason in CASE_REASONS}
    found |= {f"desk.stage.{stage}" for stage in STAGES}
    found |= {f"case.hold.{hold}" for hold in get_args(HoldKind)}
    found |= {f"case.outcome.{outcome}" for outcome in (*OUTCOMES, "handed_back")}
    found |= {f"case.fact.{fact}" for fact in FACTS}
    found |= {f"case.fact_reason.{reason}" for reason in REASONS}
    found |= {f"case.act_title.{act}" for act in acts} | {f"case.act_do.{act}" for act in acts}
    for reason, findings in FINDINGS.items():
        found |= {f"case.finding.{reason}.{finding}" for finding in findings}
        found |= {f"case.outcome.{finding}" for finding in findings}
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_code_of_the_record_has_its_word(locale: str) -> None:
    assert wanted() - console_entries(locale).keys() == set()
