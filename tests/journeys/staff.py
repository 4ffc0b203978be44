"""Colleagues of the bank, made as an operator makes them."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import count

from tests.journeys.stack import ROOT, Stack

OWN_PASSWORD = "四匹马和一盏旧台灯 horses"
"""What every colleague of the stories chooses in place of the one-time password."""

_NUMBERS = count(1)


def make_colleague(stack: Stack, name: str, *roles: str, locale: str = "zh") -> tuple[str, str]:
    """Have the operator's command make a colleague; return the login and the one-time password."""
    login = f"colleague{next(_NUMBERS)}"
    made = subprocess.run(
        [sys.executable, "-m", "api.console.staff_command", "--login", login, "--name", name,
         "--role", ",".join(roles), "--locale", locale],
        cwd=ROOT, env={name: str(value) for name, value in stack.settings.items()},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"one-time password\s+(\S+)", made.stdout)
    assert found is not None, made.stdout
    return login, found[1]
