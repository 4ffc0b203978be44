"""Who may call which route: the whole of it, written out. A route that is not here fails the test.

A route says who it admits by a dependency; this says whom it should. The provider's two routes look at
its signature themselves.
"""

from __future__ import annotations

Rule = frozenset[str]

CALLERS = (
    "nobody", "cardholder", "bot", "bank", "provider", "half",
    "collector", "supervisor", "care", "administrator",
)  # fmt: skip
"""``half``: a colleague whose password was right, and whose second factor is still to come."""

ANYONE: Rule = frozenset(CALLERS)
CARDHOLDER: Rule = frozenset({"cardholder"})
BOT: Rule = frozenset({"bot"})
BANK: Rule = frozenset({"bank"})
PROVIDER: Rule = frozenset({"provider"})
HALF: Rule = frozenset({"half"})
STAFF: Rule = frozenset({"collector", "supervisor", "care", "administrator"})
COLLECTOR: Rule = frozenset({"collector", "supervisor"})
SUPERVISOR: Rule = frozenset({"supervisor"})
ADMINISTRATOR: Rule = frozenset({"administrator"})
AUDITOR: Rule = frozenset({"supervisor", "administrator"})
CASE_WORKER: Rule = frozenset({"collector", "supervisor", "care"})

RULES: dict[Rule, str] = {
    ANYONE: """
        GET /openapi.json
        GET /docs
        GET /swagger/swagger-ui-bundle.js
        GET /swagger/swagger-ui.css
        GET /swagger/favicon-32x32.png
        GET /static/{path}
        GET /healthz
        GET /readyz
        GET /metrics
        GET /
        GET /i/{code}
        POST /i/{code}
        GET /chat
        POST /chat/leave
        GET /notice
        POST /v1/chat/conversations
        POST /v1/agreements/verify
        GET /v1/agreements/verify/{number}/{mark}
        GET /verify
        POST /verify
        GET /verify/certificate.pem
        GET /verify/{number}/{mark}
        GET /agreement/check.pyz
        POST /v1/sms/aliyun/{key}/replies
        POST /v1/sms/aliyun/{key}/reports
        GET /console/sign-in
        POST /console/sign-in
    """,
    CARDHOLDER: """
        GET /chat/stream
        POST /chat/messages
        POST /chat/locale
        GET /agreement/terms
        GET /agreement/document.pdf
        GET /agreement/proof.json
        GET /contacts
        GET /contacts.csv
        POST /contacts/texts
        GET /progress/certificate.pdf
        GET /progress/withdrawal.pdf
        GET /evidence
        POST /evidence
        POST /evidence/consent
        POST /evidence/{evidence_id}/back
        GET /progress
        POST /progress/move
        POST /v1/chat/conversations/{conversation_id}/messages
        GET /v1/chat/conversations/{conversation_id}/events
    """,
    PROVIDER: """
        POST /v1/sms/inbound
        POST /v1/sms/status
    """,
    BOT: """
        GET /v1/bot/conversations/{conversation_id}/context
        POST /v1/bot/conversations/{conversation_id}/consent
        POST /v1/bot/conversations/{conversation_id}/texts
        POST /v1/bot/conversations/{conversation_id}/situation
        POST /v1/bot/conversations/{conversation_id}/offers
        POST /v1/bot/conversations/{conversation_id}/counter
        POST /v1/bot/conversations/{conversation_id}/choice
        POST /v1/bot/conversations/{conversation_id}/challenge
        POST /v1/bot/conversations/{conversation_id}/agreement
        POST /v1/bot/conversations/{conversation_id}/handoff
        GET /v1/bot/conversations/{conversation_id}/progress
        POST /v1/bot/conversations/{conversation_id}/move
        POST /v1/bot/conversations/{conversation_id}/withdrawal
        POST /v1/bot/conversations/{conversation_id}/reminders
        POST /v1/bot/conversations/{conversation_id}/call-back
    """,
    BANK: """
        POST /v1/plans/schedule
        POST /v1/plans/offers
        POST /v1/accounts/import
        GET /v1/accounts
        POST /v1/accounts/{account_id}/invites
        DELETE /v1/accounts/invites/{invite_id}
        POST /v1/contacts/permission
        POST /v1/contacts
        POST /v1/contacts/holds
        POST /v1/contacts/holds/lift
        GET /v1/agreements
        GET /v1/agreements/{agreement_id}
        GET /v1/agreements/{agreement_id}/document.pdf
        GET /v1/agreements/{agreement_id}/proof
        GET /v1/ledger/head
        POST /v1/payments
        GET /v1/notices
        POST /v1/notices/replay
        POST /v1/notices/{notice_id}/acknowledge
        POST /v1/notices/{notice_id}/replay
        GET /v1/sandbox/clock
        POST /v1/sandbox/clock
    """,
    HALF: """
        GET /console/sign-in/next
        POST /console/sign-in/password
        POST /console/sign-in/setup
        POST /console/sign-in/code
    """,
    STAFF: """
        GET /console
        GET /console/session
        POST /console/locale
        POST /console/sign-out
        GET /console/me
        POST /console/me/password
        GET /console/me/second-factor
        POST /console/me/second-factor
        POST /console/me/second-factor/code
        POST /console/me/recovery-codes
        POST /console/me/end-sessions
        GET /console/policy
    """,
    CASE_WORKER: """
        GET /console/queue
        POST /console/queue/search
        GET /console/queue/stream
        GET /console/queue/{case_id}
        GET /console/cases
        POST /console/cases
        GET /console/cases/{case_id}
        GET /console/cases/{case_id}/earlier
        GET /console/cases/{case_id}/stream
        POST /console/cases/{case_id}/take
        POST /console/cases/{case_id}/lint
        POST /console/cases/{case_id}/messages
        GET /console/cases/{case_id}/heard/{seq}
        GET /console/cases/{case_id}/proof.json
        GET /console/cases/{case_id}/agreement.pdf
        GET /console/cases/{case_id}/acts/{act}
        POST /console/cases/{case_id}/acts/{act}
    """,
    COLLECTOR: """
        GET /console/accounts
        GET /console/accounts/{person_id}
        POST /console/accounts/{person_id}/holds
        POST /console/accounts/{person_id}/holds/lift
        POST /console/accounts/{person_id}/pauses/end
        POST /console/accounts/{person_id}/invites
        POST /console/accounts/{person_id}/invites/{invite_id}/revoke
        GET /console/approvals
        GET /console/approvals/stream
        GET /console/overview
        GET /console/overview/{table}.csv
        GET /console/overview/rows/{sheet}
        GET /console/overview/rows/{sheet}.csv
        GET /console/evidence
        GET /console/evidence/case/{case_id}
        POST /console/evidence/case/{case_id}/shown
        POST /console/evidence/{evidence_id}/accept
        POST /console/evidence/{evidence_id}/refuse
        GET /console/evidence/{evidence_id}/file
    """,
    SUPERVISOR: """
        POST /console/approvals/{proposal_id}/approve
        POST /console/approvals/{proposal_id}/refuse
        GET /console/accounts/import
        POST /console/accounts/import
        GET /console/accounts/import/{import_id}
    """,
    ADMINISTRATOR: """
        GET /console/staff
        POST /console/staff
        GET /console/staff/{staff_id}
        POST /console/staff/{staff_id}/roles
        POST /console/staff/{staff_id}/disable
        POST /console/staff/{staff_id}/enable
        POST /console/staff/{staff_id}/reset
    """,
    AUDITOR: """
        GET /console/audit
        GET /console/audit/trail.csv
    """,
}

EXPECTED: dict[tuple[str, str], Rule] = {
    (method, path): rule
    for rule, written in RULES.items()
    for method, path in (line.split() for line in written.split("\n") if line.strip())
}
