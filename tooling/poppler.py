"""Find poppler's programs, which read our documents as others do, and install them where that can be done."""

import os
import shutil
from pathlib import Path

from tooling.apt import ensure_programs

VARIABLE = "POPPLER_BIN"
"""Names the folder of the programs, where they are not on the path."""

_PROGRAMS = ("pdfsig", "pdftotext")


def ensure_poppler() -> tuple[Path | None, str]:
    """Return the folder with ``pdfsig`` and ``pdftotext``, or nothing and the reason why not."""
    missing = f"no pdfsig found; name its folder: {VARIABLE}=/path/to/bin make test"
    return ensure_programs("poppler", find_poppler, "poppler-utils", missing)


def find_poppler() -> Path | None:
    """Return the folder of the programs, the named one first."""
    on_path = shutil.which(_PROGRAMS[0])
    candidates = [os.environ.get(VARIABLE) or "", str(Path(on_path).parent) if on_path else ""]
    for folder in map(Path, filter(None, candidates)):
        if all((folder / program).is_file() for program in _PROGRAMS):
            return folder
    return None
