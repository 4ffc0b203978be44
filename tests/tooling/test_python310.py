"""Finding a Python 3.10 by running each candidate."""

import sys
from pathlib import Path

import pytest

from tooling import python310
from tooling.say import ROOT, CannotGoOn


def write_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def only_tmp_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("PYTHON310", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "first"))
    monkeypatch.setattr(python310, "_FOLDERS", ())
    return tmp_path


def test_a_broken_shim_first_on_path_is_passed_over(
    only_tmp_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(only_tmp_places / "first/python3.10", "echo 'command not found' >&2; exit 127")
    real = write_program(only_tmp_places / "second/python3.10", f"echo {only_tmp_places}/real")
    monkeypatch.setenv("PATH", f"{only_tmp_places}/first:{real.parent}")
    assert python310.find_python310() == only_tmp_places / "real"


def test_the_assistants_own_python_passes_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON310", str(ROOT / "bot/.venv/bin/python"))
    assert python310.find_python310().exists()


def test_a_later_python_named_as_310_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON310", sys.executable)
    with pytest.raises(CannotGoOn, match="does not run as a Python 3"):
        python310.find_python310()


def test_without_any_the_message_says_what_was_tried_and_what_to_do(only_tmp_places: Path) -> None:
    shim = write_program(only_tmp_places / "first/python3.10", "exit 127")
    with pytest.raises(CannotGoOn, match="PYTHON310=") as caught:
        python310.find_python310()
    assert f"{shim} (does not run)" in str(caught.value)
