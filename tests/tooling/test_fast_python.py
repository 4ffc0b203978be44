"""Choosing the best built of several Pythons of one version by the work they do."""

import sys
from pathlib import Path

import pytest

from tooling import fast_python

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
OURS = Path(sys.executable)


def python_that_says(folder: Path, words: str, code: int = 0) -> None:
    program = folder / f"python{VERSION}"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\necho {words}\nexit {code}\n")
    program.chmod(0o755)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("PYTHON", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}/first:{tmp_path}/second")
    monkeypatch.setattr(fast_python, "_FOLDERS", ())
    return tmp_path


def answer(seconds: float, where: str, version: str = VERSION) -> str:
    return f"{version.replace('.', ' ')} {seconds} {where}"


def test_the_clearly_faster_one_is_taken_where_it_says_it_is(places: Path) -> None:
    python_that_says(places / "first", answer(1e-9, "/a/real/python"))
    python_that_says(places / "second", answer(1e-6, "/another/python"))
    assert fast_python.find_fast_python() == Path("/a/real/python")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (answer(100, "/slower"), 0),
        (answer(1e-9, "/older", "3.9"), 0),
        (answer(1e-9, "/breaks"), 1),
        ("nothing of sense", 0),
    ],
)
def test_one_that_gains_nothing_or_fits_not_is_left_alone(
    places: Path, words: str, code: int
) -> None:
    python_that_says(places / "first", words, code)
    assert fast_python.find_fast_python() == OURS


def test_without_another_it_is_our_own(places: Path) -> None:
    assert places.exists()
    assert fast_python.find_fast_python() == OURS


def test_a_named_python_is_not_looked_past(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python_that_says(places / "first", answer(1e-9, "/a/real/python"))
    monkeypatch.setenv("PYTHON", "python3.11")
    assert fast_python.find_fast_python() == OURS


def test_a_little_faster_is_not_worth_it(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = fast_python._measured(OURS)
    assert own is not None
    monkeypatch.setattr(
        fast_python, "_measured",
        lambda python: own if python == OURS else fast_python._Measured(own.seconds * 0.9, python),
    )  # fmt: skip
    python_that_says(places / "first", "not run here")
    assert fast_python.find_fast_python() == OURS
