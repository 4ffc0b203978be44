"""Every router of the console, in one place for ``api.main``. Each area adds its own."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.console.accounts_page import router as accounts_router
from api.console.approvals_page import router as approvals_router
from api.console.audit_page import router as audit_router
from api.console.case_acts_page import router as case_acts_router
from api.console.case_hearing import router as case_hearing_router
from api.console.case_page import router as case_router
from api.console.case_writing import router as case_writing_router
from api.console.cases_page import router as cases_router
from api.console.evidence_page import router as evidence_router
from api.console.front import router as front_router
from api.console.import_page import router as import_router
from api.console.me_page import router as me_router
from api.console.overview_page import router as overview_router
from api.console.policy_page import router as policy_router
from api.console.queue_page import router as queue_router
from api.console.sign_in_page import router as sign_in_router
from api.console.staff_page import router as staff_router

__all__ = ["ROUTERS", "console_paths"]

ROUTERS: tuple[APIRouter, ...] = (
    front_router,
    sign_in_router,
    queue_router,
    cases_router,
    case_router,
    case_writing_router,
    case_hearing_router,
    case_acts_router,
    approvals_router,
    import_router,  # before the accounts, whose paths would take it for a person's
    accounts_router,
    overview_router,
    evidence_router,
    policy_router,
    staff_router,
    audit_router,
    me_router,
)


def console_paths() -> frozenset[str]:
    """Return the paths of all the console's pages."""
    return frozenset(
        route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
    )
