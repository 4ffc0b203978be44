"""Find a Chromium for the browser tests, and install one where that can be done."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tooling.apt import apt_install, can_apt, ending, quietly
from tooling.environments import only_one
from tooling.say import ROOT, say

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def ensure_browser() -> tuple[Path | None, str]:
    """Return a Chromium that runs, or nothing and the reason why not."""
    with only_one("browser"):
        found = _find()
        reason = ""
        if not found:
            reason = _install()
            found = _find()
        elif not _writes_chinese() and can_apt():
            say("  browser: installing a Chinese font for screenshots (apt-get fonts-noto-cjk)")
            apt_install("fonts-noto-cjk")
    if found:
        say(f"  browser: {found}")
        return found, ""
    return None, reason or "no Chromium found; name one: CHROMIUM=/path/to/chromium make test"


def _find() -> Path | None:
    for candidate in _candidates():
        try:
            done = subprocess.run(
                [candidate, "--version"], capture_output=True, timeout=30, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return Path(candidate)
    return None


def _candidates() -> Iterator[str]:
    named = os.environ.get("CHROMIUM")
    if named:
        yield named
    yield from filter(None, map(shutil.which, _NAMES))
    yield from _PLACES
    own = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    asked = quietly([str(ROOT / ".venv/bin/python"), "-c", own])
    if asked.returncode == 0:
        yield asked.stdout.strip()


def _install() -> str:
    """Install Chromium; return why that did not work, or nothing."""
    if can_apt():
        say("  browser: none found; installing Debian's chromium and fonts-noto-cjk with apt-get")
        return apt_install("chromium", "fonts-noto-cjk")
    say("  browser: none found; asking Playwright to download its own")
    done = quietly([str(ROOT / ".venv/bin/playwright"), "install", "chromium"])
    return f"Playwright could not download one: {ending(done)}" if done.returncode else ""


def _writes_chinese() -> bool:
    """Tell whether fontconfig knows a font for Chinese; where it is absent, assume so."""
    if not shutil.which("fc-list"):
        return True
    return bool(quietly(["fc-list", ":lang=zh"]).stdout.strip())
