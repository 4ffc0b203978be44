"""Scores of what was understood, as pure sums over (sentence, understood) pairs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.plans.situation import SituationInvalid, check_fact, check_income_day
from evaluation.sets import KINDS, TODAY, Sentence
from evaluation.understood import FALLBACK, Understood

__all__ = [
    "OUT_OF_SCOPE", "Accuracy", "IntentScore", "Pair", "accepted_absurd", "accuracy", "confusions",
    "facts_noted", "false_accepts", "intent_scores", "label_of", "said_besides", "values_found",
]  # fmt: skip

Pair = tuple[Sentence, Understood]

OUT_OF_SCOPE: Final = "chitchat_oos"
#: What starts nothing when it is taken for out of scope: small change of conversation.
_STARTS_NOTHING: Final = frozenset(
    {
        OUT_OF_SCOPE,
        FALLBACK,
        "greet",
        "thanks",
        "goodbye",
        "ask_is_robot",
        "ask_meaning",
        "ask_service",
    }
)


@dataclass(frozen=True)
class Accuracy:
    """Of ``total`` sentences: understood rightly, asked again, understood wrongly."""

    total: int
    right: int
    unsure: int
    exact: int
    """The very label, none of the other readings that a set allows."""
    guessed: int
    """The first guess was right, before any doubt."""

    @property
    def wrong(self) -> int:
        """Taken for something else."""
        return self.total - self.right - self.unsure


@dataclass(frozen=True)
class IntentScore:
    """Precision, recall and F1 of one intent; ``None`` where there is nothing to divide by."""

    intent: str
    total: int
    taken: int
    right: int

    @property
    def recall(self) -> float | None:
        """Of what was said, how much was understood."""
        return self.right / self.total if self.total else None

    @property
    def precision(self) -> float | None:
        """Of what was taken for it, how much was it."""
        return self.right / self.taken if self.taken else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        if self.recall is None or self.precision is None:
            return None
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def label_of(pair: Pair) -> str:
    """What a pair is counted as: the set's intent wherever an accepted reading was taken.

    What is out of scope and not understood is right: both are led back, and nothing starts.
    """
    sentence, found = pair
    if found.intent in sentence.accepted:
        return sentence.intent
    if sentence.intent == OUT_OF_SCOPE and found.intent == FALLBACK:
        return OUT_OF_SCOPE
    return found.intent


def accuracy(pairs: Iterable[Pair]) -> Accuracy:
    """Count right, unsure and wrong."""
    total = right = unsure = exact = guessed = 0
    for pair in pairs:
        sentence, found = pair
        label = label_of(pair)
        total += 1
        right += label == sentence.intent
        unsure += label == FALLBACK
        exact += found.intent == sentence.intent
        guessed += found.guess in sentence.accepted
    return Accuracy(total, right, unsure, exact, guessed)


def intent_scores(pairs: Sequence[Pair]) -> list[IntentScore]:
    """Score every intent of the set, and every other that something was taken for."""
    total = Counter(sentence.intent for sentence, _ in pairs)
    taken = Counter(map(label_of, pairs))
    right = Counter(sentence.intent for sentence, found in pairs if label_of((sentence, found)) == sentence.intent)  # fmt: skip
    names = sorted({*total, *taken} - {FALLBACK})
    return [IntentScore(name, total[name], taken[name], right[name]) for name in names]


def confusions(pairs: Iterable[Pair]) -> Counter[tuple[str, str]]:
    """How often an intent was taken for another one, or not understood."""
    return Counter(
        (pair[0].intent, label_of(pair)) for pair in pairs if label_of(pair) != pair[0].intent
    )


def false_accepts(pairs: Iterable[Pair]) -> list[Pair]:
    """Out-of-scope sentences that started anything."""
    return [
        (sentence, found)
        for sentence, found in pairs
        if sentence.intent == OUT_OF_SCOPE
        and found.intent not in _STARTS_NOTHING | sentence.accepted
    ]


def said_besides(pairs: Iterable[Pair]) -> tuple[int, int, list[Pair]]:
    """Of all intents in lines that say several things: how many were understood, and the lapses.

    Returns ``(understood, all, lines in which something was dropped)``.
    """
    understood = everything = 0
    dropped = []
    for sentence, found in pairs:
        if not sentence.also:
            continue
        wanted = {sentence.intent, *sentence.also}
        heard = {found.intent, *found.besides} | _by_value(found)
        everything += len(wanted)
        understood += len(wanted & heard)
        if wanted - heard:
            dropped.append((sentence, found))
    return understood, everything, dropped


_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "monthly_income": ("state_income",),
    "essential_spending": ("state_expense",),
    "other_debt_payments": ("state_expense",),
    "proposed_payment": ("state_offer_amount",),
    "pay_day": ("state_pay_date",),
    "household_size": ("state_household",),
    "lump_sum": ("state_lump_sum", "state_offer_amount"),
    "expected_income": ("state_expected_income",),
    "income_from": ("state_expected_income",),
}


def _by_value(found: Understood) -> frozenset[str]:
    """What a line says by a value that is noted of it ("最多八百" states an offer)."""
    said = {intent for fact in found.facts for intent in _FACTS.get(fact, ())}
    if reason := found.facts.get("reason"):
        said.add(f"reason_{reason}")
    return frozenset(said)


def values_found(pairs: Iterable[Pair]) -> tuple[Counter[str], Counter[str], list[Pair]]:
    """Of the values that are said, by kind: ``(right, all, sentences with a wrong or surplus one)``.

    A value that was read and not said counts as one more that is wrong, under its kind. The same sum said
    twice ("800，就800") counts once. What is a fact and no value that was said is left aside: 0.00 for "no
    other debts", and the day that stands for a vague time (年底).
    """
    right: Counter[str] = Counter()
    everything: Counter[str] = Counter()
    wrong = []
    for sentence, found in pairs:
        if sentence.values is None:
            continue
        amiss = False
        for kind in KINDS:
            wanted = list(map(_comparable, sentence.values.get(kind, ())))
            read = _read(kind, found.entities, wanted, sentence.text)
            if kind == "amount":
                wanted, read = list(dict.fromkeys(wanted)), list(dict.fromkeys(read))
            if kind in _SETTLED_BY.get(sentence.asked or "", ()) and not wanted:
                read = []
            same = sum((Counter(wanted) & Counter(read)).values())
            right[kind] += same
            everything[kind] += max(len(wanted), len(read))
            amiss = amiss or max(len(wanted), len(read)) > same
        if amiss:
            wrong.append((sentence, found))
    return right, everything, wrong


_MAY_BE_NAMED: Final[Mapping[str, str]] = {
    "amount_per_hour": "amount",
    "amount_per_day": "amount",
    "amount_per_week": "amount",
    "amount_taken_back": "amount",
    "household_size_taken_back": "household_size",
}
_ZERO_SAID: Final = re.compile(r"[0零〇０]|\b(?:zero|nil|nothing)\b", re.IGNORECASE)
_SETTLED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "pay_day": ("amount", "option"),
    **dict.fromkeys(
        ("monthly_income", "essential_spending", "other_debt_payments", "proposed_payment",
         "lump_sum", "expected_income"),
        ("day_of_month", "option"),
    ),
}  # fmt: skip
"""What the question that was asked leaves aside: a bare "25" is read in every sense that it may have."""


def _read(
    kind: str, entities: Iterable[Mapping[str, Any]], wanted: Sequence[str], text: str
) -> list[str]:
    """The values of a kind that were read.

    A set may hold a year's income as said or as a month's; the sum of an hour, day or week, and what is taken
    back ("不是6000"), it may hold or not.
    """
    read = []
    for one in entities:
        value, said = _comparable(one["value"]), _comparable(one.get("said", one["value"]))
        if _MAY_BE_NAMED.get(one["entity"]) == kind:
            aside = value not in wanted
        elif one["entity"] != kind:
            continue
        else:
            if value not in wanted:
                value = said
            unsaid = kind == "amount" and value == "0.00" and not _ZERO_SAID.search(text)
            aside = value not in wanted and (unsaid or bool(one.get("vague")))
        if not aside:
            read.append(value)
    return read


def _comparable(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={value[key]}" for key in sorted(value))
    return str(value)


def facts_noted(pairs: Iterable[Pair]) -> tuple[int, int, list[Pair]]:
    """Of the facts that a sentence gives in its place: ``(noted rightly, all, sentences amiss)``."""
    right = everything = 0
    amiss = []
    for sentence, found in pairs:
        if not sentence.facts:
            continue
        same = sum(
            _comparable(found.facts.get(name)) == _comparable(_fact(name, value))
            for name, value in sentence.facts.items()
        )
        right += same
        everything += len(sentence.facts)
        if same < len(sentence.facts):
            amiss.append((sentence, found))
    return right, everything, amiss


def _fact(name: str, value: Any) -> Any:
    """A set may write an income as one sum; the API always takes it as a range."""
    ranges = ("monthly_income", "expected_income")
    if name in ranges and isinstance(value, str) and value != "skipped":
        return {"from": value, "to": value}
    return value.isoformat() if hasattr(value, "isoformat") else value


def accepted_absurd(pairs: Iterable[Pair]) -> list[Pair]:
    """Sentences whose absurd value the API would have noted."""
    return [
        (sentence, found)
        for sentence, found in pairs
        if any(_noted(name, value) for name, value in found.facts.items())
    ]


def _noted(name: str, value: object) -> bool:
    if value == "skipped" or name == "reason":
        return False
    try:
        checked = check_fact(name, value)
        if name == "income_from":
            check_income_day(checked, TODAY)
    except SituationInvalid:
        return False
    return True
