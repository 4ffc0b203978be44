"""Every table of the product, known by being imported here."""

from __future__ import annotations

import api.accounts.models
import api.agreements.evidence.models
import api.agreements.models
import api.console.models
import api.contact.models
import api.conversations.models
import api.followup.models
import api.kit.audit
import api.webhooks.models  # noqa: F401 - imported so that every table is known
from api.kit.db import Base

__all__ = ["TABLES"]

TABLES = Base.metadata
"""The tables, in ``sorted_tables`` each after those it refers to."""
