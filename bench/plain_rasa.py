"""A plain Rasa on the same data: what Rasa itself costs, without anything of ours around it.

The same training sentences, pipeline and RulePolicy; one custom action that says one sentence and
asks nobody; the REST channel spoken to directly. Trained once and kept until the data changes.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import yaml

from bench.cardholders import SCRIPT
from bench.loop import Turn
from bench.machine import processor_seconds
from bench.running import ROOT, server
from reporting.sections import progress
from tooling.model import QUIET_RASA, model_hash
from tooling.ports import free_ports

__all__ = ["PlainRasa", "plain_rasa"]

_PYTHON = ROOT / "bot/.venv/bin/python"
_RASA = ROOT / "bot/.venv/bin/rasa"
_KEPT = ROOT / "results/bench"
_ACTION = '''"""The plain assistant's one action: a sentence, and nobody asked."""

from rasa_sdk import Action


class ActionPlain(Action):
    def name(self):
        return "action_plain"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="好的，我记下了。")
        return []
'''


@dataclass
class PlainRasa:
    """A running plain Rasa; a conversation with it is the same script, spoken to it directly."""

    address: str
    client: httpx2.AsyncClient
    pids: dict[str, int]

    def processor_seconds(self) -> dict[str, float]:
        """Processor time that each process has used so far."""
        return {name: processor_seconds(pid) for name, pid in self.pids.items()}

    async def conversation(self, number: int) -> AsyncIterator[Turn | None]:
        """Say the script's sentences, one after another; yields after each turn."""
        sender = f"plain-{time.monotonic_ns()}-{number}"
        for kind, words in SCRIPT:
            text = {"CODE": "482913", "DOCUMENT": "4821"}.get(words, words)
            begun = time.monotonic()
            answer = await self.client.post(
                f"{self.address}/webhooks/rest/webhook", json={"sender": sender, "message": text}
            )
            taken = time.monotonic() - begun
            if not answer.raise_for_status().json():
                msg = f"{words}: no answer"
                raise RuntimeError(msg)
            yield Turn(kind, taken)


def _write_sources(folder: Path) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = [next(iter(item)) if isinstance(item, dict) else item for item in domain["intents"]]
    plain = {
        "version": "3.1",
        "intents": intents,
        "entities": domain["entities"],
        "actions": ["action_plain"],
    }
    steps = [
        {"rule": name, "steps": [{"intent": name}, {"action": "action_plain"}]} for name in intents
    ]
    steps.append(
        {"rule": "unclear", "steps": [{"intent": "nlu_fallback"}, {"action": "action_plain"}]}
    )
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    config["assistant_id"] = "plain"
    policy = {"name": "RulePolicy", "core_fallback_action_name": "action_plain"}
    config["policies"] = [policy]
    for name, content in (
        ("domain.yml", plain),
        ("config.yml", config),
        ("rules.yml", {"version": "3.1", "rules": steps}),
    ):
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "plain_actions.py").write_text(_ACTION, encoding="utf-8")


def _trained(folder: Path) -> Path:
    """Return the plain model that fits the data, training it first if need be."""
    wanted = _KEPT / f"plain-{model_hash()}.tar.gz"
    if wanted.exists():
        return wanted
    progress("plain Rasa: training (once for this data)")
    command = [str(_RASA), "train", "--force", "--domain", str(folder / "domain.yml")]
    command += ["--config", str(folder / "config.yml"), "--out", str(folder / "models")]
    command += ["--data", "bot/data/nlu", str(folder / "rules.yml")]
    command += ["--fixed-model-name", wanted.name.removesuffix(".tar.gz")]
    environment = {**os.environ, **QUIET_RASA, "RASA_MAX_CACHE_SIZE": "0"}
    log = folder / "train.log"
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False,
            timeout=900,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
    _KEPT.mkdir(parents=True, exist_ok=True)
    for older in _KEPT.glob("plain-*.tar.gz"):
        older.unlink()
    (folder / "models" / wanted.name).replace(wanted)
    return wanted


@contextmanager
def plain_rasa(folder: Path) -> Iterator[PlainRasa]:
    """Run a plain Rasa and its action server on ports of their own; conversations kept in SQLite."""
    _write_sources(folder)
    model = _trained(folder)
    rasa_port, action_port = free_ports(2)
    tracker = {"type": "SQL", "dialect": "sqlite", "db": str(folder / "tracker.db")}
    action_endpoint = {"url": f"http://127.0.0.1:{action_port}/webhook"}
    endpoints = {"action_endpoint": action_endpoint, "tracker_store": tracker}
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    rasa = [str(_RASA), "run", "--enable-api", "-i", "127.0.0.1", "-p", str(rasa_port)]
    rasa += ["--endpoints", str(folder / "endpoints.yml")]
    rasa += ["--credentials", str(folder / "credentials.yml"), "--model", str(model)]
    actions = [str(_PYTHON), "-m", "rasa_sdk", "--actions", "plain_actions"]
    actions += ["-p", str(action_port)]
    path = os.pathsep.join((str(folder), str(ROOT)))
    environment = {**QUIET_RASA, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": path}
    address = f"http://127.0.0.1:{rasa_port}"
    with ExitStack() as stack:
        action_pid = stack.enter_context(
            server(
                actions,
                answers_at=f"http://127.0.0.1:{action_port}/health",
                log=folder / "actions.log",
                environment=environment,
            )
        )
        rasa_pid = stack.enter_context(
            server(
                rasa,
                answers_at=f"{address}/status",
                log=folder / "rasa.log",
                environment=environment,
            )
        )
        client = httpx2.AsyncClient(
            timeout=60, trust_env=False,
            limits=httpx2.Limits(max_connections=200, max_keepalive_connections=200),
        )  # fmt: skip
        yield PlainRasa(address, client, {"rasa": rasa_pid, "actions": action_pid})
