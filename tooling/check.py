"""`make test`, `make test-long`, `make lint`, `make format`, `make bench`, `make simulate`, `make evaluate`.

Two environments make two pytest runs and Rasa's own story test; one closing line counts them all.
"""

import json
import os
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tooling.browser import ensure_browser
from tooling.children import ToldToStop, child, stop_on_signals
from tooling.environments import API_PYTHON, BOT_PYTHON, ensure_environments
from tooling.memory_folder import memory_folder
from tooling.model import QUIET_RASA, ensure_model
from tooling.poppler import VARIABLE as POPPLER
from tooling.poppler import ensure_poppler
from tooling.postgresql import VARIABLE as POSTGRESQL
from tooling.postgresql import ensure_postgresql
from tooling.say import ROOT, CannotGoOn, explain, last_lines, say

_VENV = ROOT / ".venv/bin"
_RESULTS = ROOT / "results"
_TYPED = ("api", "bench", "evaluation", "reporting", "sandbox", "simulation", "tooling")
_SECOND_LOOK = 12
"""Up to so many failures are looked at once more; more than that are no matter of a busy machine."""
_ROOM = 4_000_000_000
"""Bytes that must be free for the tests' files to lie in memory; they take a quarter of it."""
_SOME_FAILED = 1  # pytest's exit code
_STRICT_CI = os.environ.get("CI") == "true"


@dataclass
class Tally:
    """What all runs together came to; a run that breaks off counts as one failure."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    second_look: int = 0
    """Of the passed: those that failed beside others and passed alone."""

    def add(self, passed: int, failed: int, skipped: int = 0) -> None:
        """Count one run."""
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def add_pytest(self, code: int, report: Path) -> None:
        """Count a pytest run by its report, and by its exit code where the report is not whole."""
        failed = 0
        if report.exists():
            for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314  (our own file)
                count = {
                    k: int(suite.get(k, 0)) for k in ("tests", "failures", "errors", "skipped")
                }
                failed = count["failures"] + count["errors"]
                self.add(count["tests"] - failed - count["skipped"], failed, count["skipped"])
        if code and not failed:
            self.add(0, 1)


def lint() -> int:
    """Check form, rules and types; return how many of the checks failed."""
    ensure_environments()
    typed = [name for name in _TYPED if (ROOT / name).is_dir()]
    checks = [
        ("ruff", "check", "--quiet", "."),
        ("ruff", "format", "--check", "--quiet", "."),
        ("mypy", *typed),
    ]
    if (ROOT / "bot/actions").is_dir():
        checks.append(("mypy", "--python-executable", str(BOT_PYTHON), "bot/actions"))
    failures = 0
    for program, *words in checks:
        say(f"  lint: {program} {' '.join(words)}")
        failures += _call(_VENV / program, *words) != 0
    return failures


def test() -> int:
    """Lint and run everything that a change needs."""
    begun = time.monotonic()
    ensure_environments()
    _RESULTS.mkdir(exist_ok=True)
    tally = Tally()
    # The training and the checks have one of the two cores each.
    train = [sys.executable, "-m", "tooling.model"]
    with child(train, env=dict(os.environ), cwd=str(ROOT)) as training:
        environment, missing = _programs()
        lint_failures = lint()
        training.wait()
    model = ensure_model()
    _test_bot(tally, model)
    selection = " and ".join(["not long", *(f"not {mark}" for mark in missing)])
    # Twice as many as cores: the stories through real processes wait more than they work.
    _test_api(tally, environment, ["-n", "4", "--dist", "loadgroup", "-m", selection])
    say("")
    for mark, why in missing.items():
        say(f"Tests marked {mark} were not run: {why}")
        if _STRICT_CI:
            tally.add(0, 1)
    if lint_failures:
        say(f"Lint: {lint_failures} of its checks failed (see above).")
    say(f"All of it took {time.monotonic() - begun:.0f} s.")
    if tally.second_look:
        say(f"{tally.second_look} of the passed failed first, beside others (named above).")
    say(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed or lint_failures or not tally.passed else 0


def test_long() -> int:
    """Run the tests that take long."""
    ensure_environments()
    ensure_model()
    environment, missing = _programs()
    _RESULTS.mkdir(exist_ok=True)
    selection = " and ".join(["long", *(f"not {mark}" for mark in missing)])
    with _place() as place:
        words = ["-m", selection, "--timeout", "3600", *place]
        failed = _call(_VENV / "pytest", *words, env=environment)
    failed += _call(*_bot_pytest("long", "tests/bot"), env={**os.environ, **QUIET_RASA})
    for mark, why in missing.items():
        say(f"Tests marked {mark} were not run: {why}")
    return failed or (_STRICT_CI and bool(missing))


def _programs() -> tuple[dict[str, str], dict[str, str]]:
    """Find the programs that some tests need: the environment that names them, and what is missing.

    What is missing is the mark of the tests that need it, with the reason.
    """
    environment, missing = dict(os.environ), {}
    for mark, variable, ensure in (
        ("browser", "CHROMIUM", ensure_browser),
        ("postgresql", POSTGRESQL, ensure_postgresql),
        ("poppler", POPPLER, ensure_poppler),
    ):
        found, why = ensure()
        if found:
            environment[variable] = str(found)
        else:
            missing[mark] = why
    return environment, missing


def _test_bot(tally: Tally, model: Path) -> None:
    """Test components and actions, and beside it play the stories: one core each."""
    stories = ROOT / "tests/conversations"
    out = _RESULTS / "stories"
    report = out / "story_report.json"
    report.unlink(missing_ok=True)
    play = [str(ROOT / "bot/.venv/bin/rasa"), "test", "core", "--stories", str(stories)]
    play += ["--e2e", "--model", str(model), "--out", str(out), "--no-plot"]
    # Not --fail-on-prediction-errors: it breaks off at the first wrong story and counts none.
    play += ["--endpoints", str(_story_endpoints())]
    log = _RESULTS / "stories.log"
    if not _holds(stories, "*.yml"):
        _run_bot_pytest(tally)
        return
    environment = {**os.environ, **QUIET_RASA}
    with (
        log.open("wb") as output,
        child(play, env=environment, cwd=str(ROOT), output=output.fileno()) as playing,
    ):
        say("  stories: playing tests/conversations")
        _run_bot_pytest(tally)
        code = playing.wait()
    correct, wrong = 0, 1
    if code == 0 and report.exists():
        count = json.loads(report.read_text(encoding="utf-8"))["conversation_accuracy"]
        correct, wrong = count["correct"], count["total"] - count["correct"]
        say(f"  stories: {correct} of {count['total']} play as written")
    tally.add(correct, wrong)
    if wrong:
        say(f"  stories: failed; see {out}/failed_test_stories.yml and {log}")
        say(last_lines(log, 25))


def _story_endpoints() -> Path:
    """Return endpoints of nothing: stories predict actions and never run them."""
    path = _RESULTS / "story-endpoints.yml"
    path.write_text("action_endpoint:\n  url: http://127.0.0.1:9/webhook\n", encoding="utf-8")
    return path


def _bot_pytest(marks: str, *words: str) -> list[str]:
    form = ["-q", "-c", "bot/pyproject.toml", "--rootdir", ".", "--confcutdir", "tests/bot"]
    return [str(BOT_PYTHON), "-m", "pytest", *form, "-m", marks, *words]


def _run_bot_pytest(tally: Tally) -> None:
    """Test what the trained model understands, and beside it everything else: one core each."""
    if not _holds(ROOT / "tests/bot", "test_*.py"):
        return
    trained, rest = _RESULTS / "bot-understanding.xml", _RESULTS / "bot.xml"
    for report in (trained, rest):
        report.unlink(missing_ok=True)
    environment = {**os.environ, **QUIET_RASA}
    folder = "tests/bot/understanding"
    beside = _bot_pytest("not long", f"--junitxml={trained}", folder)
    words = _bot_pytest("not long", f"--junitxml={rest}", f"--ignore={folder}", "tests/bot")
    log = _RESULTS / "bot-understanding.log"
    say("  pytest: tests/bot, in the assistant's environment")
    with (
        log.open("wb") as output,
        child(beside, env=environment, cwd=str(ROOT), output=output.fileno()) as understanding,
    ):
        tally.add_pytest(_call(*words, env=environment), rest)
        code = understanding.wait()
    say(log.read_text(encoding="utf-8", errors="replace"))
    tally.add_pytest(code, trained)


def _test_api(tally: Tally, environment: dict[str, str], options: list[str]) -> None:
    report = _RESULTS / "api.xml"
    report.unlink(missing_ok=True)
    say("  pytest: tests, in the api's environment")
    with _place() as place:
        words = ["-q", *options, *place, f"--junitxml={report}"]
        code = _call(_VENV / "pytest", *words, env=environment)
        first = Tally()
        first.add_pytest(code, report)
        if code == _SOME_FAILED and first.failed <= _SECOND_LOOK:
            _look_again(first, environment, options[options.index("-m") :])
    tally.add(first.passed, first.failed, first.skipped)
    tally.second_look += first.second_look


@contextmanager
def _place() -> Iterator[list[str]]:
    """Say where pytest's files lie, in its own words: in memory, where there is room."""
    with memory_folder(_ROOM) as folder:
        yield [] if folder is None else [f"--basetemp={folder / 'pytest'}"]


def _look_again(first: Tally, environment: dict[str, str], selection: list[str]) -> None:
    """Run the few that failed once more, one after the other on a machine that does nothing else.

    Hundreds of tests wait for real processes; four at once on two cores, one of them may wait too long.
    What fails again is a failure; what passes is counted apart and named, so that it can be looked into.
    """
    report = _RESULTS / "api-again.xml"
    report.unlink(missing_ok=True)
    say(f"\n  pytest: the {first.failed} that failed, once more and alone")
    options = ["--last-failed", "--last-failed-no-failures", "none", *selection]
    code = _call(_VENV / "pytest", "-q", *options, f"--junitxml={report}", env=environment)
    again = Tally()
    again.add_pytest(code, report)
    if again.passed + again.failed >= first.failed:
        first.passed += again.passed
        first.second_look += again.passed
        first.failed = again.failed


def bench() -> int:
    """Run the measurements."""
    ensure_environments()
    if not (ROOT / "bench").is_dir():
        say("Nothing to measure yet: there is no bench/ folder.")
        return 0
    return _call(API_PYTHON, "-m", "bench")


def simulate() -> int:
    """Let a population live through its plans; the words after the task are the simulation's own."""
    ensure_environments()
    return _call(API_PYTHON, "-m", "simulation", *sys.argv[2:])


def evaluate() -> int:
    """Score what the assistant understands; the words after the task are the evaluation's own."""
    ensure_environments()
    return _call(API_PYTHON, "-m", "evaluation", *sys.argv[2:])


def reformat() -> int:
    """Put the code in form."""
    ensure_environments()
    left = _call(_VENV / "ruff", "check", "--fix", ".")
    return left + _call(_VENV / "ruff", "format", ".")


def _holds(folder: Path, pattern: str) -> bool:
    return folder.is_dir() and next(folder.rglob(pattern), None) is not None


def _call(*words: str | Path, env: dict[str, str] | None = None) -> int:
    command = [str(word) for word in words]
    with child(command, env=env or dict(os.environ), cwd=str(ROOT)) as process:
        return process.wait()


_TASKS: dict[str, Callable[[], int]] = {
    "test": test,
    "test-long": test_long,
    "lint": lint,
    "format": reformat,
    "bench": bench,
    "simulate": simulate,
    "evaluate": evaluate,
}


def main() -> int:
    """Run the task named on the command line."""
    stop_on_signals()
    try:
        return min(_TASKS[sys.argv[1]](), 1)
    except CannotGoOn as failure:
        explain(failure)
        return 1
    except ToldToStop:
        return 130


if __name__ == "__main__":
    sys.exit(main())
