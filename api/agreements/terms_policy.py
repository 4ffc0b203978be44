"""Which policy values the terms of an agreement rest on."""

from __future__ import annotations

from typing import Any

from api.policy.lookup import PolicyView

__all__ = ["bank_values", "policy_values"]


def _by_language(policy: PolicyView, parameter_id: str) -> dict[str, str]:
    words = policy.value(parameter_id)
    return {"zh": words.zh, "en": words.en}


def bank_values(policy: PolicyView) -> dict[str, Any]:
    """Return what the terms say of the bank."""
    return {
        "name": _by_language(policy, "bank.name"),
        "how_to_pay": _by_language(policy, "bank.how_to_pay"),
        "complaint_route": _by_language(policy, "bank.complaint.route"),
    }


def policy_values(policy: PolicyView) -> dict[str, Any]:
    """Return the figures and choices that the terms' sentences are filled from."""
    accrues = policy.value("bank.agreement.annual_fee_accrues")
    return {
        "grace_days": policy.value("bank.agreement.grace_days"),
        "cooling_off_days": policy.value("bank.agreement.cooling_off_days"),
        "breach_talk_days": policy.value("bank.agreement.breach_talk_days"),
        "posting_days": policy.value("bank.agreement.posting_days"),
        "complaint_days": policy.value("bank.complaint.answer_days"),
        "longest_term_months": policy.value("cn.personalised_instalment.longest_term_months"),
        "moves_per_year": policy.value("bank.agreement.moves_per_year"),
        "credit_record_years": policy.value("cn.credit_record.bad_entry_years"),
        "free_credit_reports_a_year": policy.value("cn.credit_record.free_reports_a_year"),
        "annual_fee_meanwhile": "charged" if accrues else "waived",
        "fees_meanwhile": (
            "charged" if policy.value("bank.agreement.penalty_accrues") else "waived"
        ),
        "relief_if_broken": policy.value("bank.agreement.relief_when_broken"),
        "waiting": "charged" if policy.value("bank.deferral.interest_accrues") else "free",
        "reporting_policy": _by_language(policy, "bank.agreement.reporting"),
        "retention": _by_language(policy, "bank.notice.retention"),
    }
