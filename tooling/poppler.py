"""Find poppler's programs, which read our documents as others do, and install them where that can be done."""

import os
import shutil
from pathlib import Path

from tooling.apt import apt_install, can_apt
from tooling.environments import only_one
from tooling.say import say

VARIABLE = "POPPLER_BIN"
"""Names the folder of the programs, where they are not on the path."""

_PROGRAMS = ("pdfsig", "pdftotext")


def ensure_poppler() -> tuple[Path | None, str]:
    """Return the folder with ``pdfsig`` and ``pdftotext``, or nothing and the reason why not."""
    with only_one("poppler"):
        found = find_poppler()
        reason = ""
        if found is None and can_apt():
            say("  poppler: none found; installing Debian's poppler-utils with apt-get")
            reason = apt_install("poppler-utils")
            found = find_poppler()
    if found is not None:
        say(f"  poppler: {found}")
        return found, ""
    return None, reason or f"no pdfsig found; name its folder: {VARIABLE}=/path/to/bin make test"


def find_poppler() -> Path | None:
    """Return the folder of the programs, the named one first."""
    on_path = shutil.which(_PROGRAMS[0])
    candidates = [os.environ.get(VARIABLE) or "", str(Path(on_path).parent) if on_path else ""]
    for folder in map(Path, filter(None, candidates)):
        if all((folder / program).is_file() for program in _PROGRAMS):
            return folder
    return None
