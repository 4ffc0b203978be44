"""How an agreement ends: everything paid, with its certificate, or not kept, with its reason.

Nothing is deleted. The hold that kept collectors away is lifted in the same transaction, and what
becomes of the relief is recorded as it was signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from api.agreements.canonical import digest
from api.agreements.ledger.chain import append_entry, lock_ledger
from api.agreements.seal.installed import the_seal
from api.agreements.wording.figures import PERSONALISED
from api.contact.holds import lift_hold
from api.conversations.cases import open_case
from api.conversations.models import Case
from api.conversations.transcript import locked_conversation
from api.followup.certificate import render_certificate
from api.followup.instalments import Standing
from api.followup.models import AgreementEnd, Certificate
from api.followup.plan import take_back_steps
from api.followup.texts import Texting
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.money import ZERO
from api.webhooks.notices import NoticeKind, tell_bank

__all__ = ["CASE", "break_agreement", "end_agreement", "fulfil", "to_a_human"]

CASE = "agreement_not_kept"
"""The reason of the case that a human gets."""

SCHEMA = "anhuan.settlement-certificate/1"
NOTICE: Final[Mapping[str, NoticeKind]] = {
    "fulfilled": "agreement.fulfilled", "broken": "agreement.broken",
    "withdrawn": "agreement.withdrawn",
}  # fmt: skip


def fulfil(texting: Texting, standing: Standing) -> Certificate:
    """End an agreement of which everything is paid, and issue its settlement certificate."""
    session, agreement, now = texting.session, texting.agreement, texting.now
    body = _certificate(texting, standing)
    certificate = Certificate(
        number=body["number"], agreement_id=agreement.id, body=body, digest=digest(body),
        issued_at=now,
    )  # fmt: skip
    session.add(certificate)
    _record_certificate(texting, certificate)
    end_agreement(texting, "fulfilled", "all_paid", "stays", standing)
    append_event(
        session, at=now, actor="system", subject=("agreement", agreement.id),
        kind="certificate_issued", person=agreement.person_id, number=certificate.number, digest=certificate.digest,
    )  # fmt: skip
    if standing.over > ZERO:
        to_a_human(texting, "paid_too_much")
    return certificate


def _record_certificate(texting: Texting, certificate: Certificate) -> None:
    """Seal the certificate's document and append it to the ledger, in the transaction that issues it."""
    agreement, seal, number = texting.agreement, the_seal(), certificate.number
    names = texting.policy.value("bank.name")
    document = render_certificate(
        certificate.body, certificate.digest, agreement.locale,
        credit_years=texting.policy.value("cn.credit_record.bad_entry_years"),
        banks={"zh": names.zh, "en": names.en}, promise=agreement.terms["kind"] in PERSONALISED, evidence=seal.seal.evidence,
        check_address=seal.check_address(number, certificate.digest),
    )  # fmt: skip
    lock_ledger(texting.session)
    append_entry(
        texting.session, kind="certificate", agreement_id=agreement.id, number=number,
        content_digest=certificate.digest, now=texting.now,
        document=seal.seal.seal_pdf(document, number=number, at=texting.now),
    )  # fmt: skip


def break_agreement(texting: Texting, standing: Standing, reason: str) -> Case:
    """End an agreement that was not kept although a talk was offered; a human goes on from here."""
    relief = str(texting.agreement.terms["conditions"]["relief_if_broken"])
    end_agreement(texting, "broken", reason, relief, standing)
    return to_a_human(texting, reason)


def to_a_human(texting: Texting, reason: str) -> Case:
    """Open a case with what is known, in the conversation in which the agreement was made."""
    conversation = locked_conversation(texting.session, texting.agreement.conversation_id)
    return open_case(
        texting.session, conversation, reason=CASE, now=texting.now, policy=texting.policy,
        context={"agreement": texting.agreement.number, "why": reason},
    )  # fmt: skip


def end_agreement(
    texting: Texting, kind: Literal["fulfilled", "broken", "withdrawn"], reason: str, relief: str,
    standing: Standing, *, actor: str = "system",
) -> None:  # fmt: skip
    """Record an end, with all that goes with it: the hold, the steps to come, the event, the bank's notice."""
    session, agreement, now = texting.session, texting.agreement, texting.now
    session.add(
        AgreementEnd(
            agreement_id=agreement.id, person_id=agreement.person_id, kind=kind, reason=reason,
            relief=relief, left=standing.left_total, at=now,
        )
    )  # fmt: skip
    agreement.in_force_for = None
    take_back_steps(session, agreement.id, now)
    lift_hold(
        session, person_id=agreement.person_id, kind="agreement_in_force",
        source=f"agreement:{kind}", now=now, actor=actor,
    )  # fmt: skip
    append_event(
        session, at=now, actor=actor, subject=("agreement", agreement.id), kind=kind,
        person=agreement.person_id, reason=reason, relief=relief,
    )  # fmt: skip
    tell_bank(
        session, NOTICE[kind],
        person_id=agreement.person_id, subject=agreement.id, now=now,
        agreement_number=agreement.number, reason=reason, relief=relief,
        paid_total=str(standing.paid_total), left_total=str(standing.left_total),
    )  # fmt: skip
    session.flush()


def _certificate(texting: Texting, standing: Standing) -> dict[str, Any]:
    agreement, terms = texting.agreement, texting.agreement.terms
    cleared = [each.paid_on for each in standing.instalments if each.paid_on is not None]
    return {
        "schema": SCHEMA,
        "number": f"J{agreement.number}",
        "agreement_number": agreement.number,
        "agreement_digest": agreement.digest,
        "bank": terms["bank"]["name"],
        "holder": terms["holder"]["name"],
        "cards": [account["card_tail"] for account in terms["debt"]["accounts"]],
        "currency": terms["currency"],
        "paid_total": str(standing.paid_total),
        "relief_total": terms["relief"]["total"],
        "payments": len(standing.instalments),
        "cleared_on": max(cleared).isoformat(),
        "issued_on": local_date(texting.now).isoformat(),
    }
