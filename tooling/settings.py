"""The settings of a sandbox on this machine, as environment variables.

`python -m tooling.settings MODULE ARG...` runs a module of the api with these settings.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tooling.environments import API_PYTHON, ensure_environments
from tooling.ports import VARIABLES
from tooling.say import ROOT, CannotGoOn, explain
from tooling.secrets_file import ensure_secrets


def sandbox_settings(given: Mapping[str, str], data: Path | None = None) -> dict[str, str]:
    """Return the whole environment for our processes; what is given always wins."""
    if given.get("ANHUAN_ENVIRONMENT", "sandbox") != "sandbox":
        raise CannotGoOn(
            "This is the sandbox, with a pretended telephone and invented cardholders.\n"
            "For production see docs/operations.md; to go on here: unset ANHUAN_ENVIRONMENT"
        )
    folder = (data or Path(given.get("ANHUAN_DATA_DIR") or ROOT / "var")).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "log").mkdir(mode=0o700, exist_ok=True)
    ports = {name: given.get(name) or str(port) for name, port in VARIABLES.items()}
    for name, port in ports.items():
        if not port.isdecimal() or not 0 < int(port) < 65_536:
            raise CannotGoOn(f"{name}={port} is not a port: it must be a number up to 65535.")
    here = "http://127.0.0.1:"
    public = given.get("ANHUAN_PUBLIC_URL") or f"http://localhost:{ports['ANHUAN_PORT']}"
    # The telephone's page keeps the product's host name, so that a browser sees one site.
    telephone_host = urlsplit(public).hostname or "localhost"
    defaults = {
        "ANHUAN_ENVIRONMENT": "sandbox",
        "ANHUAN_PUBLIC_URL": public,
        "ANHUAN_TELEPHONE_URL": f"http://{telephone_host}:{ports['ANHUAN_TELEPHONE_PORT']}",
        "ANHUAN_API_URL": here + ports["ANHUAN_PORT"],
        "ANHUAN_RASA_URL": here + ports["ANHUAN_RASA_PORT"],
        "ANHUAN_TWILIO_API_URL": here + ports["ANHUAN_TELEPHONE_PORT"],
        "ANHUAN_TRACKER_DB": str(folder / "rasa.db"),
        "TWILIO_FROM": "+8610000000",
        **ensure_secrets(folder),
    }
    return {
        **defaults,
        **{name: value for name, value in given.items() if value},
        **ports,
        "ANHUAN_DATA_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }


def main() -> int:
    """Run a module of the api's environment."""
    if len(sys.argv) < 2 or not all(sys.argv[1:]):
        explain(CannotGoOn("Something is missing, such as FILE=… or LOGIN=… (see `make help`)."))
        return 2
    try:
        ensure_environments()
        settings = sandbox_settings(os.environ)
    except CannotGoOn as failure:
        explain(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    return subprocess.run([API_PYTHON, "-m", *sys.argv[1:]], env=settings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
