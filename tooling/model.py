"""The assistant's model: trained only when no model fits the data it is made from.

A content hash over everything that shapes a model is part of the model's name.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tooling.children import ToldToStop, child, stop_on_signals
from tooling.environments import ensure_environments, only_one
from tooling.say import ROOT, CannotGoOn, explain, last_lines, say

MODELS = ROOT / "bot/models"
_SOURCES = (
    "bot/data",
    "bot/components",
    "config.yml",
    "domain.yml",
    "bot/requirements.lock",
)
_HEARTBEAT = 15.0

QUIET_RASA = {
    # Rasa reports usage, and even failed trainings, to its makers unless told otherwise.
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
    "PYTHONPATH": str(ROOT),
}


def model_hash(root: Path = ROOT) -> str:
    """Return 12 hex digits that change whenever anything that shapes the model changes."""
    digest = hashlib.sha256()
    for path in _sources(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _sources(root: Path) -> Iterator[Path]:
    for name in _SOURCES:
        place = root / name
        if place.is_dir():
            yield from sorted(
                path
                for path in place.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
            )
        elif place.is_file():
            yield place
        else:
            raise CannotGoOn(f"{name} is missing: the assistant cannot be trained without it.")


def ensure_model() -> Path:
    """Return the model that fits the data, training it first if need be."""
    with only_one("model"):
        wanted = MODELS / f"anhuan-{model_hash()}.tar.gz"
        if not wanted.exists():
            _train(wanted)
            for older in MODELS.glob("anhuan-*.tar.gz"):
                if older != wanted:
                    older.unlink()
        return wanted


def _train(wanted: Path) -> None:
    """Train into a scratch folder and move the model in place once it is whole."""
    if not re.search(r"^assistant_id: \S", (ROOT / "config.yml").read_text("utf-8"), re.MULTILINE):
        raise CannotGoOn(
            "config.yml needs a line `assistant_id: anhuan`: where it is missing, Rasa writes a "
            "random one into the file, and no model would ever fit."
        )
    say("  model: none fits bot/data, so it is trained now; this happens once per change")
    MODELS.mkdir(parents=True, exist_ok=True)
    scratch = MODELS / "unfinished"
    shutil.rmtree(scratch, ignore_errors=True)
    log = MODELS / "train.log"
    begun = time.monotonic()
    # --force: Rasa's own cache does not notice changes in modules that a component imports.
    command = [str(ROOT / "bot/.venv/bin/rasa"), "train", "--force"]
    command += ["--data", "bot/data", "--domain", "domain.yml", "--config", "config.yml"]
    # Rasa would load everything twice to validate it: tests/bot/test_training_data.py looks at what matters.
    command += [
        "--skip-validation",
        "--out",
        str(scratch),
        "--fixed-model-name",
        wanted.name.removesuffix(".tar.gz"),
    ]
    environment = {**os.environ, **QUIET_RASA, "RASA_MAX_CACHE_SIZE": "0"}
    with log.open("wb") as output:
        try:
            with child(command, env=environment, cwd=str(ROOT), output=output.fileno()) as process:
                _wait(process, log, begun)
                code = process.returncode
            trained = scratch / wanted.name
            if code == 0 and trained.exists():
                trained.replace(wanted)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    if not wanted.exists():
        raise CannotGoOn(
            f"Training the model failed (exit code {code}). Last lines of {log}:\n"
            f"{last_lines(log)}\nErrors in it, the first cause first:\n{_errors(log)}"
        )
    size = wanted.stat().st_size / 1e6
    seconds = time.monotonic() - begun
    say(f"  model: {wanted.relative_to(ROOT)} ({size:.1f} MB) after {seconds:.0f} s")


def _wait(process: "subprocess.Popen[bytes]", log: Path, begun: float) -> None:
    """Wait for the training, naming the component at work now and then."""
    while True:
        try:
            process.wait(_HEARTBEAT)
        except subprocess.TimeoutExpired:
            say(f"  model: {_component(log)} ({time.monotonic() - begun:.0f} s)")
        else:
            return


def _errors(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(
        f"    {line}" for line in re.findall(r"^[\w.]+(?:Error|Exception)\b.*", text, re.M)
    )


def _component(log: Path) -> str:
    mark = "Starting to train component '"
    text = log.read_text(encoding="utf-8", errors="replace")
    if mark not in text:
        return "reading the training data"
    return "training " + text.rsplit(mark, 1)[1].split("'", 1)[0]


def main() -> int:
    """Train when no model fits."""
    stop_on_signals()
    try:
        ensure_environments()
        say(f"Model: {ensure_model().relative_to(ROOT)}")
    except CannotGoOn as failure:
        explain(failure)
        return 1
    except ToldToStop:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
