"""What nobody says to a person: found in a text before it is sent, with the rule and kinder words. Pure.

The rules are policy data (``conduct.*``: wordings, what spares them, why, and what to say in their
place, each with its source). Chinese is read without spaces and marks between its characters and in either
script, so that "起 诉 您" and "起訴您" are the same words; English as it is written. A wording is spared
where the clause before it denies it ("我们不会起诉您"), as the rule says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from api.policy.lookup import PolicyView
from api.policy.values import ConductRule, Words

__all__ = ["Finding", "Rule", "findings", "rules_of"]

When = Literal["always", "before_identity", "while_care"]


@dataclass(frozen=True)
class Rule:
    """One rule of conduct, ready to be looked for."""

    id: str
    when: When
    zh: tuple[re.Pattern[str], ...]
    en: tuple[re.Pattern[str], ...]
    unless_zh: tuple[re.Pattern[str], ...]
    unless_en: tuple[re.Pattern[str], ...]
    why: Words
    kinder: Words
    source: str
    """The citation in one line."""


@dataclass(frozen=True)
class Finding:
    """Something in a text that may not be said: characters ``start`` to ``end`` of it, by which rule."""

    start: int
    end: int
    rule_id: str
    why: Words
    """For the colleague."""
    kinder: str
    """What to say in its place, in the language of the text's reader."""
    source: str

    def document(self) -> dict[str, Any]:
        """Return the finding as JSON; what was written is not in it."""
        return {
            "start": self.start,
            "end": self.end,
            "rule_id": self.rule_id,
            "why": {"zh": self.why.zh, "en": self.why.en},
            "kinder": self.kinder,
            "source": self.source,
        }


def rules_of(policy: PolicyView, *, identified: bool, care: bool) -> tuple[Rule, ...]:
    """Return the rules that hold for a conversation: always, before identity is proven, while care comes first."""
    now: set[When] = {"always"}
    if not identified:
        now.add("before_identity")
    if care:
        now.add("while_care")
    return tuple(rule for rule in _all_rules(policy) if rule.when in now)


@lru_cache(maxsize=16)
def _all_rules(policy: PolicyView) -> tuple[Rule, ...]:
    found = []
    for name in policy.ids():
        parameter = policy.parameter(name)
        if parameter.unit != "conduct_rule":
            continue
        written: ConductRule = parameter.value
        found.append(
            Rule(
                id=name,
                when=written.when,
                zh=_compiled(written.says.zh),
                en=_compiled(written.says.en),
                unless_zh=_compiled(written.unless.zh),
                unless_en=_compiled(written.unless.en),
                why=written.why,
                kinder=written.kinder,
                source=parameter.citation.text,
            )
        )
    return tuple(found)


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def findings(text: str, locale: str, rules: Sequence[Rule]) -> list[Finding]:
    """Return everything in a text that may not be said, in its order; a rule's overlapping finds are one."""
    plain = _folded(text)
    dense, places = _without_gaps(plain)
    found: list[Finding] = []
    for rule in rules:
        spans = [
            (places[start], places[end - 1] + 1)
            for start, end in _spans(dense, rule.zh, rule.unless_zh)
        ]
        spans += _spans(plain, rule.en, rule.unless_en)
        kinder = rule.kinder.zh if locale == "zh" else rule.kinder.en
        found += [
            Finding(start, end, rule.id, rule.why, kinder, rule.source)
            for start, end in _merged(spans)
        ]
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule_id))


CLAUSE = re.compile(r"[，。；：！？,.;:!?\n]")


def _spans(
    text: str, says: Sequence[re.Pattern[str]], unless: Sequence[re.Pattern[str]]
) -> list[tuple[int, int]]:
    """Return where a wording stands that nothing in its clause before it spares."""
    spans = []
    for pattern in says:
        for match in pattern.finditer(text):
            before = CLAUSE.split(text[: match.start()])[-1]
            if match.end() > match.start() and not any(spare.search(before) for spare in unless):
                spans.append(match.span())
    return spans


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


SIMPLIFIED = str.maketrans(
    "訴還錢債證戶門後負責絕對貸執凍結單邊緊發馬盡處過時報個傳門務誠賴丟臉廢賤蠢騙惡獄刑審響兒孫親轉帳賬險車鎖據",
    "诉还钱债证户门后负责绝对贷执冻结单边紧发马尽处过时报个传门务诚赖丢脸废贱蠢骗恶狱刑审响儿孙亲转账账险车锁据",
)
"""Characters of the rules' own words, from the other script."""


def _folded(text: str) -> str:
    """Return the text in one width and one script, character by character, so that places stay the same."""
    folded = []
    for character in text:
        plain = unicodedata.normalize("NFKC", character)
        folded.append(plain if len(plain) == 1 else character)
    return "".join(folded).replace("’", "'").translate(SIMPLIFIED)


GAP = re.compile(r"[\s·•*_\-~^|/\\…]")


def _without_gaps(text: str) -> tuple[str, list[int]]:
    """Return the text without spaces and the marks people put between characters, and where each stood."""
    kept = [(place, each) for place, each in enumerate(text) if not GAP.match(each)]
    return "".join(each for _, each in kept), [place for place, _ in kept]
