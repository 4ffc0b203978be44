"""What a section found: tables and charts, printed, and kept between markers in a document."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reporting.charts import Chart

__all__ = ["Section", "Table", "keep", "milliseconds", "percentile", "printed", "progress"]


@dataclass(frozen=True)
class Table:
    """Figures as people read them. The first column says what was measured."""

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class Section:
    """One part of the measurements."""

    name: str
    title: str
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def progress(words: str) -> None:
    """Say what is measured next, with the time of day: a run of minutes is watched, or read later."""
    print(f"  {time.strftime('%H:%M:%S')} {words}", flush=True)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which ``percent`` of the values lie (nearest rank)."""
    ordered = sorted(values)
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(0, rank - 1)]


def milliseconds(seconds: float) -> str:
    """Write a duration as milliseconds, with a decimal only where it says something."""
    value = seconds * 1000
    return f"{value:.1f} ms" if value < 20 else f"{value:,.0f} ms"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        gap = " " * (width - _width(cell))
        padded.append(cell + gap if number == 0 else gap + cell)
    return "  ".join(padded).rstrip()


def printed(section: Section) -> str:
    """Return a section as plain text for a terminal."""
    parts = [f"\n== {section.title} =="]
    for table in section.tables:
        widths = [
            max(map(_width, column)) for column in zip(table.heading, *table.rows, strict=True)
        ]
        parts += [
            "",
            table.title,
            _line(table.heading, widths),
            _line(["-" * w for w in widths], widths),
        ]
        parts += [_line(row, widths) for row in table.rows]
    parts += [f"  {note}" for note in section.notes]
    return "\n".join(parts)


def _markdown(section: Section, pictures: str) -> str:
    parts: list[str] = []
    for table in section.tables:
        parts += [f"**{table.title}**", ""]
        parts.append("| " + " | ".join(table.heading) + " |")
        parts.append("|---" + "|--:" * (len(table.heading) - 1) + "|")
        parts += ["| " + " | ".join(row) + " |" for row in table.rows]
        parts.append("")
    for chart in section.charts:
        parts += [f"![{chart.title}]({pictures}/{chart.file_name})", ""]
    parts += [f"- {note}" for note in section.notes]
    return "\n".join(parts).strip()


def keep(section: Section, document: Path, pictures: Path, *, mark: str = "bench") -> None:
    """Write a section between its markers in ``document`` and draw its charts into ``pictures``.

    A document or a section that is not there yet is begun; what people wrote around it stays.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    for chart in section.charts:
        (pictures / chart.file_name).write_text(chart.svg(), encoding="utf-8")
    try:
        beside = pictures.resolve().relative_to(document.parent.resolve()).as_posix()
    except ValueError:
        beside = pictures.as_posix()
    begin, end = f"<!-- {mark}:{section.name} -->", f"<!-- /{mark}:{section.name} -->"
    block = f"{begin}\n{_markdown(section, beside)}\n{end}"
    text = document.read_text(encoding="utf-8") if document.exists() else "# Performance\n"
    if begin in text and end in text:
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        text = pattern.sub(lambda _: block, text, count=1)
    else:
        text = f"{text.rstrip()}\n\n## {section.title}\n\n{block}\n"
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text(text, encoding="utf-8")
