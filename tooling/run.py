"""`make run`: everything on one machine, until Ctrl-C.

Environments, model, secrets, migrations; then four processes under supervisord, of which we are
the parent; then a report line for each as it becomes ready and warm; then the sample portfolio.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tooling.children import ToldToStop, ignore_signals, stop_on_signals
from tooling.environments import API_PYTHON, ensure_environments
from tooling.model import ensure_model
from tooling.ports import VARIABLES, check_ports
from tooling.processes import Dead, Stack, death_notice, processes, running
from tooling.say import ROOT, CannotGoOn, explain, last_lines, say
from tooling.secrets_file import NAMES as SECRETS
from tooling.settings import sandbox_settings

_PATIENCE = 300.0
_HEARTBEAT = 10.0
# Our servers are on loopback: a proxy named in the environment has no business here.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_SHARED = (*SECRETS, *VARIABLES, "ANHUAN_DATA_DIR", "ANHUAN_PUBLIC_URL", "ANHUAN_API_URL")
_SHARED += (
    "ANHUAN_TELEPHONE_URL",
    "ANHUAN_RASA_URL",
    "ANHUAN_TWILIO_API_URL",
    "TWILIO_FROM",
)


def main(arguments: list[str]) -> int:
    """Run until told to stop; 0 after an orderly stop, 1 when something failed."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="instead of ANHUAN_DATA_DIR")
    parser.add_argument("--no-sample", action="store_true", help="start with an empty portfolio")
    parser.add_argument("--ready-file", type=Path, help="write addresses and tokens here, as JSON")
    options = parser.parse_args(arguments)
    stop_on_signals()
    try:
        _run(options.data_dir, options.ready_file, sample=not options.no_sample)
    except CannotGoOn as failure:
        explain(failure)
        return 1
    except ToldToStop:
        say("\nStopped.")
    return 0


def _run(data: Path | None, ready_file: Path | None, *, sample: bool) -> None:
    begun = time.monotonic()
    settings = sandbox_settings(os.environ, data)
    check_ports(settings)
    say("Anhuan: preparing")
    ensure_environments()
    model = ensure_model()
    _migrate(settings)
    say("Anhuan: starting")
    try:
        with running(processes(settings, model), settings) as stack:
            try:
                _wait_until_ready(stack, settings)
                stack.settle()
                if sample:
                    _welcome(settings)
                if ready_file:
                    _write_ready_file(ready_file, settings)
                say(f"\nReady after {time.monotonic() - begun:.0f} s. Ctrl-C stops everything.")
                while True:
                    for name in stack.check():
                        say(f"  {name} stopped and was started again; see {stack.log(name)}")
                    time.sleep(0.5)
            except ToldToStop:
                say("\nStopping everything …")
                raise
            except Dead as dead:
                raise death_notice(dead, last_lines(dead.log)) from None
            finally:
                ignore_signals()
    finally:
        if ready_file:
            ready_file.unlink(missing_ok=True)


def _migrate(settings: dict[str, str]) -> None:
    """Bring the database to the present form."""
    command = [
        str(ROOT / ".venv/bin/alembic"),
        "-c",
        "api/migrations/alembic.ini",
        "upgrade",
        "head",
    ]
    log = Path(settings["ANHUAN_DATA_DIR"]) / "log/migrate.log"
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=settings, stdout=output, stderr=output, check=False
        )
    if done.returncode:
        raise CannotGoOn(f"Migrating the database failed ({log}):\n{last_lines(log)}")
    say("  database: migrated")


def _wait_until_ready(stack: Stack, settings: dict[str, str]) -> None:
    """Report each process when it answers, until all are ready and warm."""
    begun = spoken = time.monotonic()
    waiting = _checks(settings)
    while waiting:
        for name in stack.check():
            say(f"  {name}: stopped, started again")
        for name, ready in list(waiting.items()):
            if name == "everything" and len(waiting) > 1:
                continue
            if ready():
                del waiting[name]
                spoken = time.monotonic()
                say(f"  {name}: ready after {spoken - begun:.1f} s")
        now = time.monotonic()
        if waiting and now - spoken > _HEARTBEAT:
            spoken = now
            say(f"  waiting for {', '.join(waiting)} ({now - begun:.0f} s)")
        if waiting and now - begun > _PATIENCE:
            name = next(iter(waiting))
            log = stack.log("api" if name == "everything" else name)
            raise CannotGoOn(
                f"{name} is not ready after {_PATIENCE:.0f} s. Last lines of {log}:\n"
                f"{last_lines(log)}\nEverything is stopped now; `make run` starts again."
            )
        time.sleep(0.2)


def _checks(settings: dict[str, str]) -> dict[str, Callable[[], bool]]:
    """Return, by name, how to ask each process whether it is ready and warm."""
    api, rasa = settings["ANHUAN_API_URL"], settings["ANHUAN_RASA_URL"]
    token = f"?token={settings['ANHUAN_RASA_TOKEN']}"
    # The first sentence loads the Chinese dictionary: no cardholder should wait for that.
    sentence = json.dumps({"text": "你好"}).encode()
    return {
        "api": lambda: _answers(f"{api}/healthz"),
        "telephone": lambda: _answers(f"{settings['ANHUAN_TWILIO_API_URL']}/healthz"),
        "rasa": lambda: (
            _answers(f"{rasa}/status{token}")
            and _answers(f"{rasa}/model/parse{token}", sentence, timeout=60)
        ),
        "everything": lambda: _answers(f"{api}/readyz"),
    }


def _answers(url: str, body: bytes | None = None, timeout: float = 3) -> bool:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310  (our own addresses)
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _welcome(settings: dict[str, str]) -> None:
    """Load the sample portfolio over HTTP and print the links; make the sample's colleagues."""
    for module, what in (("welcome", "portfolio"), ("colleagues", "colleagues")):
        done = subprocess.run(
            [API_PYTHON, "-m", f"sandbox.{module}"], cwd=ROOT, env=settings, check=False,
            timeout=300,
        )  # fmt: skip
        if done.returncode:
            raise CannotGoOn(f"The sample's {what} could not be loaded; the message is above.")


def _write_ready_file(path: Path, settings: dict[str, str]) -> None:
    """Tell a test where everything is; private, for it holds tokens; whole or not there."""
    draft = path.with_name(f"{path.name}.draft")
    draft.touch(mode=0o600)
    shared = {name: settings[name] for name in _SHARED} | {"pid": os.getpid()}
    draft.write_text(json.dumps(shared, indent=2), encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
