"""What each act on a case asks of a colleague before it is done: the values of its form, read and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.terms import cooling_off_until
from api.console.admission import Staff
from api.console.case_means import FACTS, refusal_words
from api.console.desk import Desk
from api.console.models import StaffMember
from api.conversations.call_backs import slots
from api.conversations.case_view import CaseView
from api.conversations.colleagues import may_take
from api.conversations.floor import OUTCOMES
from api.conversations.matters import FINDINGS, still_seen_to
from api.conversations.proposing import try_facts
from api.conversations.writer import Writer
from api.kit.dates import as_utc, iso_utc, local_date, time_text
from api.kit.money import money_text
from api.plans.basis import Role
from api.web.words import Words

__all__ = ["ACTS", "as_typed", "asked_by", "given_facts", "planned"]

Given = Mapping[str, str]
Asking = Callable[["_Case"], dict[str, Any]]

RANGE = re.compile(r"^\s*(\S+?)\s*(?:-|–|－|~|到|至|to)\s*(\S+)\s*$")
REASONS = (
    "job_loss", "income_drop", "illness", "business_failure", "family", "overspending", "forgot",
    "other", "skipped",
)  # fmt: skip


class _Case:
    """A case on which something is about to be done, and what was filled in so far."""

    def __init__(
        self, session: Session, view: CaseView, staff: Staff, desk: Desk, given: Given
    ) -> None:
        self.session = session
        self.view = view
        self.staff = staff
        self.desk = desk
        self.given = given

    @property
    def words(self) -> Words:
        """The console's words in the colleague's language."""
        return self.desk.frame.words[self.staff.locale]

    @property
    def writer(self) -> Writer:
        """Writes values in the colleague's language."""
        return Writer(self.staff.locale, local_date(self.desk.now), self.desk.policy)


def asked_by(
    act: str, session: Session, view: CaseView, staff: Staff, desk: Desk, given: Given
) -> dict[str, Any]:
    """Return what the form of an act shows, with what is ``given`` already filled in."""
    filled = {name: given.get(name, "") for name in FIELDS[act]}
    return {"given": filled, **ACTS[act](_Case(session, view, staff, desk, given))}


def _nothing(_: _Case) -> dict[str, Any]:
    return {}


def _hand_back(case: _Case) -> dict[str, Any]:
    w, view = case.words, case.view
    offers = view.offers
    leaves = [w("case.hand_back_facts")]
    if offers is not None and offers.made_by is not None and offers.outcome == "offered":
        first = offers.answer["offers"][0]
        leaves.append(
            w(
                "case.hand_back_plan", periods=first["periods"],
                monthly=money_text(first["monthly"], case.staff.locale),
            )
        )  # fmt: skip
    else:
        leaves.append(w("case.hand_back_no_plan"))
    if still_seen_to(case.session, view.case):
        leaves.append(w("case.hand_back_waits"))
    return {"leaves": leaves}


def _close(_: _Case) -> dict[str, Any]:
    return {"outcomes": OUTCOMES}


def _pause(case: _Case) -> dict[str, Any]:
    today = local_date(case.desk.now)
    days = case.desk.policy.value("bank.pause.days")
    return {
        "first": (today + timedelta(days=1)).isoformat(),
        "longest": (today + timedelta(days=days)).isoformat(),
    }


def _withdraw(case: _Case) -> dict[str, Any]:
    agreement = case.view.agreement
    if agreement is None or agreement.signed_at is None:
        return {"first": "", "last": "", "until": None, "today": ""}
    today = local_date(case.desk.now)
    until = cooling_off_until(agreement.terms, agreement.signed_at)
    return {
        "first": local_date(as_utc(agreement.signed_at)).isoformat(),
        "last": min(today, until).isoformat(),
        "until": until.isoformat(),
        "today": today.isoformat(),
        "relief": agreement.terms["relief"]["total"],
    }


def _matter(case: _Case) -> dict[str, Any]:
    known = FINDINGS.get(case.view.case.reason, {})
    return {
        "findings": [
            {"name": name, "lifts": finding.lifts, "told": finding.told}
            for name, finding in known.items()
        ]
    }


def _call_back(case: _Case) -> dict[str, Any]:
    found = slots(case.session, case.desk.now, case.desk.policy)
    return {
        "slots": [
            {
                "id": f"{iso_utc(each.starts_at)}/{iso_utc(each.ends_at)}",
                "words": f"{case.writer.moment(each.starts_at)}–{time_text(each.ends_at)}",
            }
            for each in found
        ]
    }


def _reassign(case: _Case) -> dict[str, Any]:
    members = case.session.scalars(
        select(StaffMember).where(StaffMember.disabled_at.is_(None)).order_by(StaffMember.name)
    )
    view = case.view
    return {
        "colleagues": [
            {"id": member.id, "name": member.name}
            for member in members
            if member.id != view.case.holder_id and may_take(view.case.role, member.roles)
        ]
    }


def planned(
    session: Session, view: CaseView, staff: Staff, desk: Desk, given: Mapping[str, Any], role: Role
) -> dict[str, Any]:
    """Return what the planner would say under a role's authority if these facts were told too."""
    w = desk.frame.words[staff.locale]
    answer = try_facts(session, view.row.id, given, role=role, now=desk.now, policy=desk.policy)
    before = view.offers.answer["offers"][0] if _standing(view) and view.offers else None
    offers = [
        {
            "tag": w(f"case.plan_tag.{offer['tag']}"),
            "monthly": offer["monthly"],
            "periods": offer["periods"],
            "total": offer["total"],
            "waived": offer["waived"]["total"],
        }
        for offer in answer.get("offers", ())
    ]
    return {
        "outcome": answer["outcome"],
        "offers": offers,
        "words": "" if offers else refusal_words(str(answer.get("reason")), w),
        "before": before,
        "refused": {one["field"]: one["code"] for one in answer.get("refused", ())},
        "reason": answer.get("reason"),
        "beyond": False,
    }


def _standing(view: CaseView) -> bool:
    return view.offers is not None and view.offers.outcome == "offered"


def _propose(case: _Case) -> dict[str, Any]:
    found = planned(case.session, case.view, case.staff, case.desk, {}, "collector")
    return {"planned": found}


def _approval(case: _Case) -> dict[str, Any]:
    found = planned(case.session, case.view, case.staff, case.desk, {}, "supervisor")
    return {"planned": found}


def given_facts(given: Given) -> dict[str, Any]:
    """Return the facts that a form's fields tell, as the planner's facts are written; empty ones are left out."""
    told: dict[str, Any] = {}
    for name, kind in FACTS.items():
        text = given.get(name, "").strip()
        if not text:
            continue
        if kind in ("range", "money"):
            both = RANGE.match(text) if kind == "range" else None
            told[name] = (
                {"from": _figure(both[1]), "to": _figure(both[2])} if both else _figure(text)
            )
        elif kind in ("day", "count"):
            told[name] = int(text) if text.isdecimal() and len(text) <= 3 else text
        else:
            told[name] = text
    return told


def _figure(text: str) -> str:
    return re.sub(r"[,，\s¥￥元]", "", text)


def _facts(case: _Case) -> dict[str, Any]:
    w, given, view = case.words, case.given, case.view
    refused: Mapping[str, str] = {}
    tried = None
    if given.get("try") or given.get("refused"):
        told = given_facts(given)
        tried = planned(case.session, view, case.staff, case.desk, told, "collector")
        if tried["reason"] == "beyond_authority":
            beyond = planned(case.session, view, case.staff, case.desk, told, "supervisor")
            tried = {**beyond, "beyond": True} if beyond["outcome"] == "offered" else tried
        refused = tried["refused"]
    heard = set(given.get("heard_fields", "").split())
    filled = {name: given.get(name, as_typed(view.facts.get(name))) for name in FACTS}
    return {
        "given": {**filled, "heard": bool(heard), "agreed_to_be_asked": given.get("agreed_to_be_asked", "")},
        "reasons": REASONS,
        "asks_consent": not view.consent,
        "fields": [
            {
                "name": name, "kind": kind, "value": filled[name], "heard": name in heard,
                "refused": _wrong(refused[name], w) if name in refused else "",
            }
            for name, kind in FACTS.items()
            if kind != "choice"
        ],
        "planned": tried if given.get("try") else None,
    }  # fmt: skip


def _wrong(code: str, w: Words) -> str:
    key = f"case.fact_wrong.{code}"
    return w(key if w.has(key) else "case.fact_wrong.other")


def as_typed(value: Any) -> str:
    """Write a fact as it would be typed into its field."""
    if value is None or value == "skipped":
        return ""
    if isinstance(value, Mapping):
        low, high = (_short(str(value[end])) for end in ("from", "to"))
        return low if low == high else f"{low}-{high}"
    return _short(str(value))


def _short(text: str) -> str:
    return text.removesuffix(".00")


ACTS: Mapping[str, Asking] = {
    "note": _nothing,
    "hand-back": _hand_back,
    "close": _close,
    "give-up": _nothing,
    "care": _nothing,
    "pause": _pause,
    "withdraw": _withdraw,
    "matter": _matter,
    "call-back": _call_back,
    "call-made": _nothing,
    "reassign": _reassign,
    "propose": _propose,
    "approval": _approval,
    "facts": _facts,
    "recompute": _facts,
}
"""By an act's name in its address, what its form shows besides what was filled in."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "note": ("text",),
    "hand-back": ("agreed", "seen"),
    "close": ("outcome",),
    "pause": ("until",),
    "withdraw": ("received_on",),
    "matter": ("finding",),
    "call-back": ("slot",),
    "call-made": ("call", "outcome"),
    "reassign": ("to",),
    "approval": ("why",),
    **dict.fromkeys(("give-up", "care", "propose", "facts", "recompute"), ()),
}
