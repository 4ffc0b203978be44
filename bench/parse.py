"""How long understanding takes: sentences parsed in one process, without HTTP or dialogue."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.running import ROOT
from reporting.sections import Section, Table, milliseconds, percentile
from tooling.model import QUIET_RASA, ensure_model

__all__ = ["Parsing", "measure_parse", "parsing"]

_SENTENCES = (
    "失业了", "我上个月被裁了，现在靠打零工", "七千五左右", "房租一千五，吃饭一千，孩子学费八百",
    "每月能还两千", "15号", "会影响征信吗", "能不能少点利息", "看看别的办法", "第一个", "我要找真人",
    "分24期呢", "this month I can only pay 800", "how much do I owe", "is this really the bank",
    "I lost my job in August and my income dropped to about five thousand", "yes", "the second one",
)  # fmt: skip

_INSIDE = """
import asyncio, json, sys, time, resource
from rasa.core.agent import Agent
model, times, sentences = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
begun = time.perf_counter()
agent = Agent.load(model)
loaded = time.perf_counter() - begun
async def main():
    taken = []
    for sentence in sentences:
        await agent.parse_message(sentence)
    for _ in range(times):
        for sentence in sentences:
            begun = time.perf_counter()
            await agent.parse_message(sentence)
            taken.append(time.perf_counter() - begun)
    return taken
taken = asyncio.run(main())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("RESULT" + json.dumps({"loaded": loaded, "taken": taken, "peak_kilobytes": peak}))
"""


@dataclass(frozen=True)
class Parsing:
    """What parsing in one process took: seconds of each sentence and of loading, megabytes at most."""

    taken: Sequence[float]
    loaded: float
    megabytes: float


def parsing(model: Path, folder: Path, *, times: int) -> Parsing:
    """Parse ordinary sentences so many times with a model, in the assistant's own environment.

    Raises:
        RuntimeError: Rasa failed; its last words are in the message.
    """
    python = str(ROOT / "bot/.venv/bin/python")
    words = json.dumps(_SENTENCES)
    log = folder / "parse.log"
    with log.open("wb") as complaints:
        done = subprocess.run(
            [python, "-c", _INSIDE, str(model), str(times), words],
            cwd=ROOT, env={**os.environ, **QUIET_RASA}, stdout=subprocess.PIPE, stderr=complaints,
            check=False, timeout=600,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
    answer = next(
        line for line in done.stdout.decode().splitlines() if line.startswith("RESULT")
    ).removeprefix("RESULT")
    result = json.loads(answer)
    return Parsing(result["taken"], result["loaded"], result["peak_kilobytes"] / 1024)


def measure_parse(folder: Path, *, quick: bool = False) -> Section:
    """Parse ordinary sentences with the trained model."""
    model = ensure_model()
    found = parsing(model, folder, times=2 if quick else 40)
    rows = (
        ("sentences parsed", f"{len(found.taken):,}"),
        ("p50", milliseconds(percentile(found.taken, 50))),
        ("p95", milliseconds(percentile(found.taken, 95))),
        ("loading the model", f"{found.loaded:.1f} s"),
        ("model file", f"{model.stat().st_size / 1e6:.1f} MB"),
        ("memory of this process at its highest", f"{found.megabytes:,.0f} MB"),
    )
    return Section(
        "parse", "Understanding", [Table("Parsing a sentence in process", ("", ""), rows)]
    )
