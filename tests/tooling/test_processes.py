"""What supervisord is told."""

import configparser
import io
import shlex
from pathlib import Path

import pytest

from tooling.processes import Dead, Process, Stack, _config, processes
from tooling.secrets_file import GIVEN, NAMES
from tooling.settings import sandbox_settings


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return sandbox_settings({}, tmp_path)


def test_no_secret_stands_in_supervisords_file(settings: dict[str, str], tmp_path: Path) -> None:
    text = _config(processes(settings, Path("model")), tmp_path, tmp_path)
    assert not [name for name in NAMES if settings[name] in text]


def test_each_process_is_given_only_the_secrets_it_needs(settings: dict[str, str]) -> None:
    words = {p.name: shlex.split(p.command_line()) for p in processes(settings, Path("model"))}
    every = {*NAMES, *GIVEN}
    hidden = {name: {w for w in line if w in every} for name, line in words.items()}
    assert hidden["api"] == set()
    assert hidden["rasa"] == every - {"ANHUAN_BOT_TOKEN"}
    assert hidden["telephone"] == every - {
        "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "ANHUAN_SERVICE_TOKEN",
    }  # fmt: skip


def test_everything_listens_on_loopback_only(settings: dict[str, str]) -> None:
    for process in processes(settings, Path("model")):
        assert "127.0.0.1" in process.command_line()


def test_a_folder_with_spaces_and_percent_signs_survives(tmp_path: Path) -> None:
    odd = tmp_path / "a folder 100%"
    text = _config([Process("api", (str(odd / "program"),))], odd, odd)
    config = configparser.ConfigParser()
    config.read_file(io.StringIO(text))
    assert shlex.split(config["program:api"]["command"])[-1] == str(odd / "program")
    assert config["program:api"]["stdout_logfile"] == f"{odd}/api.log"


def _seen(stack: Stack, starts: list[int]) -> list[str]:
    """Look once for each start of one process, a second after it."""
    again = []
    for start in starts:
        info = {"name": "api", "pid": 1, "statename": "BACKOFF", "start": start, "now": start + 1}
        stack._infos = lambda info=info: [info]  # type: ignore[method-assign]
        again += stack.check()
    return again


def test_a_start_that_fails_again_and_again_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(Dead):
        _seen(Stack(tmp_path, tmp_path, lambda: True), [10, 12, 15, 19])


def test_what_has_run_once_comes_back_however_often_somebody_kills_it(tmp_path: Path) -> None:
    stack = Stack(tmp_path, tmp_path, lambda: True)
    stack.settle()
    assert len(_seen(stack, list(range(10, 100, 5)))) == 17
    with pytest.raises(Dead):
        _seen(stack, list(range(100, 160)))


@pytest.mark.parametrize(("state", "lost"), [("EXITED", False), ("FATAL", True), ("UNKNOWN", True)])
def test_the_moment_between_a_death_and_the_next_start_ends_nothing(
    tmp_path: Path, state: str, lost: bool
) -> None:
    stack = Stack(tmp_path, tmp_path, lambda: True)
    info = {"name": "api", "pid": 0, "statename": state, "start": 10, "now": 12}
    stack._infos = lambda: [info]  # type: ignore[method-assign]
    if lost:
        with pytest.raises(Dead):
            stack.check()
    else:
        assert stack.check() == []
