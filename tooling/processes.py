"""Which processes make up Anhuan, and supervisord, which keeps them."""

import contextlib
import http.client
import shlex
import shutil
import socket
import tempfile
import xmlrpc.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tooling.children import child, end, kill_group
from tooling.model import QUIET_RASA
from tooling.say import ROOT, CannotGoOn
from tooling.secrets_file import GIVEN, NAMES

SECRETS = (*NAMES, *GIVEN)
_GROUP = "anhuan"
# A process must stay up this long to count as started; before that, each death is a failed try.
_STEADY_SECONDS = {"rasa": 30}
_STARTS_WORTH_TRYING = 3
# What has run once comes back after each death, unless it dies over and over.
_DEATHS_WORTH_BEARING = 20
_SOON_SECONDS = 180
# For an orderly end of all processes together, each of which has 8 seconds of its own.
_PATIENCE = 25


@dataclass(frozen=True)
class Process:
    """One program that supervisord keeps, and the secrets that it alone may see."""

    name: str
    command: tuple[str, ...]
    sees: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()

    def command_line(self) -> str:
        """Return the command as supervisord reads it, without the secrets it has no use for."""
        hidden = [word for name in SECRETS if name not in self.sees for word in ("-u", name)]
        given = [f"{name}={value}" for name, value in self.variables]
        words = ["env", *hidden, *given, *self.command]
        # supervisord expands %(ENV_...)s itself, so that no secret stands in its file.
        return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if "%(ENV_" in word:
        return f'"{word}"'
    return shlex.quote(word).replace("%", "%%")


def processes(settings: dict[str, str], model: Path) -> list[Process]:
    """Return what to run, in the order in which it is shown."""
    uvicorn = [str(ROOT / ".venv/bin/uvicorn"), "--host", "127.0.0.1", "--no-access-log"]
    uvicorn += ["--timeout-graceful-shutdown", "3", "--factory"]
    rasa = [str(ROOT / "bot/.venv/bin/rasa"), "run", "--enable-api", "-i", "127.0.0.1"]
    rasa += ["-p", settings["ANHUAN_RASA_PORT"], "--auth-token=%(ENV_ANHUAN_RASA_TOKEN)s"]
    rasa += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    quiet = tuple(QUIET_RASA.items())
    return [
        Process(
            "api", (*uvicorn, "--port", settings["ANHUAN_PORT"], "api.main:create_app"), SECRETS
        ),
        Process("rasa", (*rasa, "--model", str(model)), ("ANHUAN_BOT_TOKEN",), quiet),
        Process(
            "telephone",
            (*uvicorn, "--port", settings["ANHUAN_TELEPHONE_PORT"], "sandbox.telephone:create_app"),
            ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "ANHUAN_SERVICE_TOKEN"),
        ),
    ]


class Stack:
    """The running processes, seen through supervisord."""

    def __init__(
        self, socket_path: Path, log_folder: Path, supervisord_runs: Callable[[], bool]
    ) -> None:
        self._socket_path = str(socket_path)
        self._logs = log_folder
        self._runs = supervisord_runs
        self._starts: dict[str, list[int]] = {}
        self._most_starts = _STARTS_WORTH_TRYING
        self.pids: dict[str, int] = {}

    def log(self, name: str) -> Path:
        """Return where a process writes what it has to say."""
        return self._logs / f"{name}.log"

    def settle(self) -> None:
        """Know that all of it has run: a death from now on is an accident, no failed start."""
        self._most_starts = _DEATHS_WORTH_BEARING

    def check(self) -> list[str]:
        """Return who was started again since the last look; raise `Dead` for the lost."""
        if not self._runs():
            raise Dead("supervisord", self.log("supervisord"))
        again = []
        for info in self._infos():
            name = info["name"]
            self.pids[name] = info["pid"]
            # Not EXITED: what has died is so for a moment, before supervisord starts it again.
            if info["statename"] in {"FATAL", "UNKNOWN"}:
                raise Dead(name, self.log(name))
            starts = self._starts.setdefault(name, [])
            if info["start"] and info["start"] not in starts:
                if starts:
                    again.append(name)
                starts.append(info["start"])
            recent = [start for start in starts if info["now"] - start < _SOON_SECONDS]
            if len(recent) > self._most_starts:
                raise Dead(name, self.log(name))
        return again

    def _infos(self) -> list[dict[str, Any]]:
        question = xmlrpc.client.dumps((), "supervisor.getAllProcessInfo")
        try:
            with contextlib.closing(_SocketConnection(self._socket_path)) as connection:
                connection.request("POST", "/RPC2", question, {"Content-Type": "text/xml"})
                answer, _ = xmlrpc.client.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return []  # supervisord is still opening its socket, or is ending: `check` sees that
        infos: Any = answer[0]
        return list(infos)


class Dead(Exception):
    """A process that supervisord could not keep alive."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(name)
        self.name = name
        self.log = log


@contextlib.contextmanager
def running(to_run: list[Process], settings: dict[str, str]) -> Iterator[Stack]:
    """Keep processes under supervisord for as long as the block lasts; none is left behind."""
    data = Path(settings["ANHUAN_DATA_DIR"])
    logs = data / "log"
    # A Unix socket's path may have about 100 characters, and a data folder can be anywhere.
    place = Path(tempfile.mkdtemp(prefix="anhuan-"))
    config = data / "supervisord.conf"
    config.write_text(_config(to_run, logs, place), encoding="utf-8")
    command = [str(ROOT / ".venv/bin/supervisord"), "--nodaemon", "--configuration", str(config)]
    try:
        with (
            (logs / "supervisord.out").open("wb") as output,
            child(
                command, env=settings, cwd=str(ROOT), output=output.fileno(), patience=_PATIENCE
            ) as supervisord,
        ):
            stack = Stack(place / "sock", logs, lambda: supervisord.poll() is None)
            try:
                yield stack
            finally:
                end(supervisord, _PATIENCE)
                if supervisord.returncode:  # killed, so that it could not end its own children
                    for pid in filter(None, stack.pids.values()):
                        kill_group(pid)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _config(to_run: list[Process], logs: Path, place: Path) -> str:
    def safe(value: object) -> str:
        return str(value).replace("%", "%%")

    sections = [
        "; Written by `make run`, anew each time.",
        "[supervisord]",
        "nodaemon = true",
        "umask = 077",
        "silent = true",
        f"logfile = {safe(logs / 'supervisord.log')}",
        "logfile_maxbytes = 5MB",
        "logfile_backups = 2",
        f"pidfile = {safe(place / 'pid')}",
        "[unix_http_server]",
        f"file = {safe(place / 'sock')}",
        "chmod = 0600",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
        # One group: supervisord stops the members of a group together, groups one by one.
        f"[group:{_GROUP}]",
        f"programs = {','.join(process.name for process in to_run)}",
    ]
    for process in to_run:
        sections += [
            f"[program:{process.name}]",
            f"command = {process.command_line()}",
            f"directory = {safe(ROOT)}",
            f"startsecs = {_STEADY_SECONDS.get(process.name, 5)}",
            f"startretries = {_DEATHS_WORTH_BEARING - 1}",
            "autorestart = true",
            "stopasgroup = true",
            "killasgroup = true",
            "stopwaitsecs = 8",
            "redirect_stderr = true",
            f"stdout_logfile = {safe(logs / process.name)}.log",
            "stdout_logfile_maxbytes = 10MB",
            "stdout_logfile_backups = 3",
        ]
    return "\n".join(sections) + "\n"


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=5)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def death_notice(dead: Dead, ending: str) -> CannotGoOn:
    """Say which process died, its last words, and what to do."""
    advice = {
        "rasa": "If it names the model, `make train` after `rm bot/models/*.tar.gz` makes a new one.",
        "telephone": "It is the sandbox's own: sandbox/telephone.",
        "api": "A setting that it names can be given in the environment; see api/settings.py.",
    }.get(dead.name, "")
    return CannotGoOn(
        f"{dead.name} died and does not come back. Its last lines ({dead.log}):\n{ending}\n"
        f"{advice}\nEverything is stopped now; `make run` starts again."
    )
