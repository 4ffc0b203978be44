"""What the tests of the components share."""

from __future__ import annotations

import sys
from pathlib import Path

# The assistant is no installed package: it runs from the repository's root.
sys.path.insert(0, str(Path(__file__).parents[3]))
