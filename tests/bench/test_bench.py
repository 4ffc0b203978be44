"""The measurements run, print their tables and keep them. What they measure is never asserted."""

from __future__ import annotations

import asyncio
import csv
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from api.accounts.portfolio import PortfolioRow
from bench.__main__ import SECTIONS, _document
from bench.arrivals import Arrivals, open_loop
from bench.chain import ARRIVING
from bench.loop import Bounds, Turn, closed_loop
from bench.uci import is_uci, uci_rows
from reporting.charts import Bars, Line
from reporting.sections import Section, Table, keep, percentile, printed
from tests.in_a_loop import in_a_loop

ROOT = Path(__file__).parents[2]
UCI = (
    "ID,LIMIT_BAL,SEX,EDUCATION,MARRIAGE,AGE,PAY_0,PAY_2,BILL_AMT1,PAY_AMT1,"
    "default.payment.next.month\n"
    "1,20000,2,2,1,24,2,2,3913,0,1\n"
    "2,120000,1,1,2,26,-1,2,2682,1000,0\n"
    "3,90000,2,2,2,34,0,0,-80,1518,0\n"
    "4,50000,2,3,1,37,8,0,46990,2000,1\n"
)


def bench(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def uci_file(tmp_path: Path) -> Path:
    path = tmp_path / "uci.csv"
    path.write_text(UCI, encoding="utf-8")
    return path


def test_planner_and_portfolio_run_and_keep_their_tables_and_plot(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    said = bench("--quick", "planner", "portfolio", "overview", "--into", str(document))
    text = document.read_text(encoding="utf-8")
    for words in (
        "offer sets a second", "1,000 created", "1,000 unchanged", "persons planned for",
        "processor time", "events of a year",
    ):  # fmt: skip
        assert words in said
        assert words in text
    for section in ("machine", "planner", "portfolio"):
        assert f"<!-- bench:{section} -->" in text
    pictures = list((tmp_path / "pictures").glob("*.svg"))
    assert [picture.name for picture in pictures] == ["performance-import-memory.svg"]
    assert f"pictures/{pictures[0].name}" in text
    ET.parse(pictures[0])


@pytest.mark.long
def test_a_real_file_is_mapped_imported_and_planned_for(tmp_path: Path, uci_file: Path) -> None:
    document = tmp_path / "performance.md"
    said = bench(
        "--quick", "portfolio", "--portfolio", str(uci_file), "--into", str(document)
    )  # fmt: skip
    assert "4 created" in said
    assert "the public data set of 4 accounts" in said


@pytest.mark.xdist_group("stack")
@pytest.mark.timeout(300)
@pytest.mark.long
def test_turns_go_through_the_whole_chain_and_memory_of_each_process_is_told(
    tmp_path: Path,
) -> None:
    said = bench("--quick", "chain", "--into", str(tmp_path / "performance.md"))
    assert "broke off" not in said
    for words in ("1 conversation, whole chain", "2 conversations, whole chain", "Cold start"):
        assert words in said
    for process in ("api", "rasa", "supervisor", "sandbox telephone"):
        assert re.search(rf"^{process} +\d+ MB +\d+ MB$", said, re.MULTILINE), process
        assert re.search(rf"^{process} +[\d.]+ ms +[\d.]+ ms$", said, re.MULTILINE), process
    arrived = len(ARRIVING[True].moments())
    assert re.search(rf"^whole chain +{arrived} ", said, re.MULTILINE)
    assert re.search(r"^turns 5 to 24 +20 .* 1\.00$", said, re.MULTILINE)
    assert re.search(r"^turns 41 to 60 +20 ", said, re.MULTILINE)


@pytest.mark.xdist_group("stack")
@pytest.mark.timeout(300)
@pytest.mark.long
def test_every_change_reaches_every_collector_and_how_soon_is_told(tmp_path: Path) -> None:
    said = bench("--quick", "desk", "--into", str(tmp_path / "performance.md"))
    assert re.search(r"^a change of the queue, 2 pages of 8 cases +12 .* 0$", said, re.MULTILINE)
    assert re.search(r"^what the person writes, on the case's page +4 .* 0$", said, re.MULTILINE)


@pytest.mark.long
def test_a_day_is_swept_on_which_people_are_invited_and_reminded(tmp_path: Path) -> None:
    said = bench("--quick", "sweep", "--into", str(tmp_path / "performance.md"))
    for words in (r"invited \(the gate asked for each\)", r"texts handed over .*"):
        assert re.search(rf"^{words} +[1-9]\d*$", said, re.MULTILINE), words


def test_an_unknown_section_is_refused_with_those_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "speed"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert ", ".join(SECTIONS) in done.stderr


def test_protected_columns_never_reach_the_portfolio(tmp_path: Path, uci_file: Path) -> None:
    assert is_uci(uci_file)
    with uci_file.open(encoding="utf-8", newline="") as lines:
        records = list(csv.DictReader(lines))
    others = tmp_path / "others.csv"
    with others.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        for record in records:
            changed = {"SEX": "9", "EDUCATION": "9", "MARRIAGE": "9", "AGE": "99"}
            writer.writerow({**record, **changed, "default.payment.next.month": "9"})
    assert list(uci_rows(uci_file)) == list(uci_rows(others))


def test_a_mapped_account_is_a_valid_row_whose_parts_are_its_balance(uci_file: Path) -> None:
    rows = [PortfolioRow.model_validate(row) for row in uci_rows(uci_file)]
    assert [str(row.total) for row in rows] == ["978.25", "670.50", "0.00", "11747.50"]
    assert [(row.as_of - row.due_date).days for row in rows] == [45, -20, -20, 225]
    assert [str(row.penalty) for row in rows] == ["19.56", "0.00", "0.00", "587.37"]
    assert rows[0].as_of == date(2026, 11, 24)


def test_a_section_replaces_its_own_figures_and_leaves_the_words_around_them(
    tmp_path: Path,
) -> None:
    document = tmp_path / "performance.md"
    document.write_text(
        "# Speed\n\nbefore\n\n<!-- bench:a -->\nold\n<!-- /bench:a -->\n\nafter\n", encoding="utf-8"
    )
    section = Section("a", "A", [Table("Figures", ("", "value"), (("one", "1"),))])
    keep(section, document, tmp_path / "pictures")
    keep(section, document, tmp_path / "pictures")
    text = document.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.count("| one | 1 |") == 1
    assert text.index("before") < text.index("| one | 1 |") < text.index("after")
    assert "one      1" in printed(section)


def test_the_loop_keeps_so_many_conversations_going_and_stops_at_its_bounds() -> None:
    together: list[int] = []
    now = 0

    async def conversation(_number: int) -> AsyncIterator[Turn | None]:
        nonlocal now
        now += 1
        try:
            for _ in range(5):
                together.append(now)
                await asyncio.sleep(0)
                yield Turn("kind", 0.001)
        finally:
            now -= 1

    load = in_a_loop(closed_loop, 4, Bounds(40, 30), conversation)
    assert 40 <= len(load.turns) < 44
    assert max(together) == 4
    assert load.failures == 0


def test_a_conversation_that_breaks_off_is_counted_and_the_rest_goes_on() -> None:
    async def conversation(number: int) -> AsyncIterator[Turn | None]:
        yield Turn("kind", 0.001)
        if number % 5 == 4:
            raise ValueError

    load = in_a_loop(closed_loop, 2, Bounds(20, 30), conversation)
    assert len(load.turns) >= 20
    assert load.failures > 0


def test_turns_arrive_at_the_same_moments_every_time_and_as_often_as_asked() -> None:
    arrivals = Arrivals(20.0, 60.0, 4)
    moments = arrivals.moments()
    assert moments == sorted(moments) == arrivals.moments()
    assert 1_000 < len(moments) < 1_400
    assert 0 < moments[0] < moments[-1] < 60


def test_an_arriving_turn_waits_for_nobody_to_begin_and_its_waiting_counts() -> None:
    """One conversation, which takes longer for a turn than the pause between two: a queue grows."""
    takes = 0.02

    async def conversation(number: int) -> AsyncIterator[Turn | None]:
        for turn in range(3):
            yield None
            if number == 2 and turn == 1:
                raise ValueError
            await asyncio.sleep(takes)
            yield Turn("kind", takes)

    arrivals = Arrivals(200.0, 0.2, 1)
    load = in_a_loop(open_loop, arrivals, conversation)
    assert load.failures == 1
    assert len(load.turns) + load.failures == len(arrivals.moments())
    # As many turns before it, each of which took its time, less the time at which it arrived.
    assert max(load.latencies) > takes * (len(load.turns) - 1) - arrivals.seconds
    assert min(load.latencies) >= takes


@pytest.mark.parametrize(
    ("percent", "value"), [(50, 5.0), (95, 10.0), (90, 9.0), (1, 1.0), (100, 10.0)]
)
def test_a_percentile_is_a_value_that_was_measured(percent: int, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], percent) == value


def test_charts_are_drawn_whole_and_their_words_are_escaped() -> None:
    bars = Bars("a.svg", "A < B", "ms", ("1", "8"), (("p50", (1.0, 250.0)), ("p95", (3.0, 0.0))))
    line = Line("b.svg", "L", "MB", "rows", (("resident", ((0.0, 80.0), (30_000.0, 84.0))),))
    drawn = ET.fromstring(bars.svg())
    assert "A < B" in "".join(drawn.itertext())
    heights = [
        float(bar.get("height", 0))
        for bar in drawn.iter()
        if bar.get("class") in ("fill0", "fill1")
    ]
    assert max(heights) > 100
    assert "polyline" in line.svg()
    ET.fromstring(line.svg())


@pytest.mark.parametrize("furthest", [5.0, 30_000.0, 100_000.0, 1_000_000.0])
def test_no_word_of_a_chart_runs_over_its_edge(furthest: float) -> None:
    """By the room that figures of 11.5 pixels need in the widest of the fonts asked for."""
    drawn = ET.fromstring(
        Line("b.svg", "L", "megabytes", "rows", (("resident", ((0, 1), (furthest, 84.0))),)).svg()
    )
    width = float(drawn.get("width", 0))
    words = [item for item in drawn.iter() if item.tag.endswith("text")]
    assert f"{furthest:,.0f}" in [item.text for item in words]
    for item in words:
        room = 6.6 * len(item.text or "")
        share = {"middle": 0.5, "end": 1.0}.get(item.get("text-anchor", ""), 0.0)
        left = float(item.get("x", 0)) - share * room
        assert left >= 0, item.text
        assert left + room <= width, item.text


def test_a_series_keeps_its_colour_from_chart_to_chart() -> None:
    bars = Bars("a.svg", "A", "ms", ("1",), (("ours", (1.0,)), ("plain", (3.0,))), shades=(0, 2))
    colours = [item.get("class") for item in ET.fromstring(bars.svg()).iter() if item.get("rx")]
    assert [colour for colour in colours if colour != "paper"] == ["fill0", "fill2"] * 2


def test_only_a_whole_run_reaches_the_document_that_people_read() -> None:
    assert _document(whole=True) == ROOT / "docs/performance.md"
    assert "results" in _document(whole=False).parts
