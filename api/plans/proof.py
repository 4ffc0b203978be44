"""The proof of one plan calculation: everything it rests on, what came of it, and a digest over both.

A proof is built on demand, from the same inputs as the calculation; nothing is stored for it. It holds

- ``inputs``: the day, the role, the debts and the facts of the situation;
- ``policy``: the digest of the whole policy of that day, and each figure that the calculation read,
  with value, unit, citation, source and the day since when it is in force;
- ``result``: the offers with their schedules, rules and stress, or the refusal; and the plans that were
  rejected, each with the rule that rejected it; all of it as data, without a sentence: a sentence that is
  mended later must not make a kept proof differ;
- ``digest``: SHA-256 over the canonical JSON (RFC 8785) of all of that.

``python -m api.plans.check`` recomputes it with nothing but Python. A proof shows that the result follows
from its inputs and figures; that these are the true ones is shown by whoever holds the same digest: the
bank's record, the signed agreement. The document is personal: it holds what the person told us.

``version`` names the calculation. A change that gives other results for the same inputs is a new version, and
one that agreements rest on has to stay recomputable (``tests/plans/kept_proofs`` holds proofs that must). Versions
1 (before settlement and deferral) and 2 (with sentences in it) were never in use and are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast, get_args

from api.kit.exact import money
from api.plans.basis import Role
from api.plans.canonical import canonical_bytes, digest
from api.plans.debt import AccountStatus, Debt
from api.plans.documents import result_document
from api.plans.figures import FigureView, Noted, figure_document
from api.plans.offers import plan_offers
from api.plans.situation import FACT_FIELDS, SKIPPED, MoneyRange, Situation

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = [
    "PROOF",
    "VERSION",
    "InputInvalid",
    "build_proof",
    "calculate",
    "calculate_and_explain",
    "proof_bytes",
    "proved_and_explained",
    "without_sentences",
]

PROOF = "anhuan.plan"
VERSION = 3

INPUTS = {"date", "role", "debts", "situation"}
SENTENCES = frozenset({"words_zh", "words_en"})
AMOUNTS = ("principal", "interest", "penalty", "fees")


class InputInvalid(ValueError):
    """The inputs of a proof are not those of a calculation."""


def build_proof(
    debts: Iterable[Debt], situation: Situation, view: PolicyView, *, role: Role = "assistant"
) -> dict[str, Any]:
    """Return the proof of the calculation that ``plan_offers`` makes of the same arguments.

    The same facts give the same proof, whatever the order of debts or facts.

    Raises:
        PolicyGap, PolicyInvalid, SituationInvalid: as ``plan_offers``.
    """
    return proved_and_explained(debts, situation, view, role=role)[0]


def proved_and_explained(
    debts: Iterable[Debt], situation: Situation, view: PolicyView, *, role: Role = "assistant"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the proof, and beside it its result with the sentences that explain it."""
    inputs = {
        "date": view.date.isoformat(),
        "role": role,
        "debts": sorted((_debt_document(debt) for debt in debts), key=canonical_bytes),
        "situation": _situation_document(situation),
    }
    return calculate_and_explain(inputs, view)


def proof_bytes(proof: Mapping[str, Any]) -> bytes:
    """Return the proof as the bytes of its file: canonical JSON, without a line's end."""
    return canonical_bytes(dict(proof))


def calculate(inputs: Mapping[str, Any], view: PolicyView | FigureView) -> dict[str, Any]:
    """Calculate from a proof's inputs and return the whole proof, digest and all.

    Raises:
        InputInvalid: the inputs are not a calculation's.
        ValueError, LookupError: as ``plan_offers``.
    """
    return calculate_and_explain(inputs, view)[0]


def calculate_and_explain(
    inputs: Mapping[str, Any], view: PolicyView | FigureView
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the proof, and beside it its result with sentences; raises as ``calculate``."""
    debts, situation, role = _read(inputs)
    noted = Noted(cast("PolicyView", view))
    result = plan_offers(debts, situation, cast("PolicyView", noted), role=role)
    explained = result_document(result, explain=True)
    proof: dict[str, Any] = {
        "proof": PROOF,
        "version": VERSION,
        "inputs": dict(inputs),
        "policy": {
            "digest": view.digest,
            "figures": {name: figure_document(noted.read[name]) for name in sorted(noted.read)},
        },
        "result": without_sentences(explained),
    }
    return {**proof, "digest": digest(proof)}, explained


def without_sentences(value: Any) -> Any:
    """Return a result as data alone."""
    if isinstance(value, dict):
        return {key: without_sentences(part) for key, part in value.items() if key not in SENTENCES}
    if isinstance(value, list):
        return [without_sentences(part) for part in value]
    return value


def _debt_document(debt: Debt) -> dict[str, Any]:
    return {
        "account": debt.account,
        **{part: f"{getattr(debt, part):.2f}" for part in AMOUNTS},
        "status": debt.status,
        "currency": debt.currency,
        "days_past_due": debt.days_past_due,
    }


def _situation_document(situation: Situation) -> dict[str, Any]:
    """The facts as the assistant sends them: what is not known is left out."""
    facts: dict[str, Any] = {}
    for field in FACT_FIELDS:
        value = getattr(situation, field)
        if value is None:
            if field in situation.skipped:
                facts[field] = SKIPPED
        elif isinstance(value, MoneyRange):
            facts[field] = {"from": f"{value.low:.2f}", "to": f"{value.high:.2f}"}
        elif isinstance(value, str | bool | int):
            facts[field] = value
        elif isinstance(value, date):
            facts[field] = value.isoformat()
        else:
            facts[field] = f"{value:.2f}"
    return facts


def _read(inputs: Mapping[str, Any]) -> tuple[list[Debt], Situation, Role]:
    if set(inputs) != INPUTS:
        raise InputInvalid(f"inputs: {', '.join(sorted(INPUTS ^ set(inputs)))}")
    try:
        date.fromisoformat(inputs["date"])
        role = inputs["role"]
        if role not in get_args(Role):
            raise InputInvalid("inputs.role")
        debts = [_debt(raw) for raw in inputs["debts"]]
        unknown = sorted(set(inputs["situation"]) - set(FACT_FIELDS))
        if unknown:
            raise InputInvalid(f"inputs.situation.{unknown[0]}")
        situation = Situation.from_facts(inputs["situation"])
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"inputs: {type(error).__name__} {error}"
        raise InputInvalid(msg) from error
    # What another program would write for the same facts is what this one writes.
    again = sorted((_debt_document(debt) for debt in debts), key=canonical_bytes)
    if again != inputs["debts"]:
        raise InputInvalid("inputs.debts: not in their one form and order")
    if _situation_document(situation) != inputs["situation"]:
        raise InputInvalid("inputs.situation: not in its one form")
    return debts, situation, cast("Role", role)


def _debt(raw: Mapping[str, Any]) -> Debt:
    if raw["status"] not in get_args(AccountStatus):
        raise InputInvalid("inputs.debts: status")
    if not isinstance(raw["days_past_due"], int) or not isinstance(raw["account"], str):
        raise InputInvalid("inputs.debts: account, days_past_due")
    return Debt(
        account=raw["account"],
        principal=money(raw["principal"]),
        interest=money(raw["interest"]),
        penalty=money(raw["penalty"]),
        fees=money(raw["fees"]),
        status=raw["status"],
        currency=str(raw["currency"]),
        days_past_due=raw["days_past_due"],
    )
