"""One rule that shaped an offer, in words and with its source.

Each sentence names whose rule it is (law, regulator, industry code, bank policy) by the parameter's own
``applies``, and stands beside its citation. Rules that are not verified are never quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["RuleApplied", "rule_of", "whose_rule"]


@dataclass(frozen=True, slots=True)
class RuleApplied:
    """One rule that shaped an offer, in words and as data."""

    id: str
    words_zh: str
    words_en: str
    citation: str


def whose_rule(view: PolicyView, parameter_id: str, locale: str) -> str:
    """Return how a rule is introduced: 法律规定, 监管规定, 行业规范 or the bank's own policy."""
    applies = view.parameter(parameter_id).applies
    bank = view.value("bank.name")
    if locale == "zh":
        return {
            "law": "法律规定",
            "regulation": "监管规定",
            "self_regulation": "行业规范",
            "policy": f"{bank.zh}的规定",
        }[applies]
    return {
        "law": "the law",
        "regulation": "the banking regulator's rules",
        "self_regulation": "the industry code",
        "policy": f"{bank.en}'s policy",
    }[applies]


def rule_of(view: PolicyView, parameter_id: str, zh: str, en: str) -> RuleApplied:
    """Return the rule with its words and the citation in force."""
    parameter = view.parameter(parameter_id)
    return RuleApplied(parameter_id, zh, en, parameter.citation.text)
