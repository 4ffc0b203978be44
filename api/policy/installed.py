"""The policy as this installation runs it: what ships, with a sandbox's texts going to its own telephone."""

from __future__ import annotations

from datetime import date

from api.policy.errors import PolicyInvalid
from api.policy.lookup import Policy

__all__ = ["installed_policy"]

SANDBOX = {"bank.sms.providers": [{"countries": ["*"], "provider": "sandbox"}]}
SANDBOX_SINCE = date(2026, 1, 1)


def installed_policy(*, sandbox: bool) -> Policy:
    """Return the shipped policy; in a sandbox, no text goes to a real provider.

    Raises:
        PolicyInvalid: outside of a sandbox, texts are to go to a sandbox's telephone.
    """
    shipped = Policy.shipped()
    if sandbox:
        return shipped.amended(SANDBOX, SANDBOX_SINCE)
    for day in shipped.changes():
        view = shipped.on(day)
        if "bank.sms.providers" not in view.ids():
            continue
        if any(chosen.provider == "sandbox" for chosen in view.value("bank.sms.providers")):
            msg = "bank.sms.providers: the sandbox telephone carries texts in a sandbox only"
            raise PolicyInvalid(msg)
    return shipped
