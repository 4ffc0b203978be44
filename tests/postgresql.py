"""A real PostgreSQL for the tests: started from the machine's own programs, gone when the tests are.

It listens on a Unix socket in a folder of its own and nowhere else. It does not run as root, so as root
we lend it the identity of another user. What it holds is thrown away: it does not wait for the disk.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tooling.children import child
from tooling.memory_folder import clear_away, in_memory

USER = "anhuan"
OTHERS = ("postgres", "nobody")
"""Whose identity it may have where we are root."""
MARK = "anhuan-pg-"
START_SECONDS = 60
STOP_SECONDS = 20
ROOM = 1_000_000_000
"""Bytes that must be free for a server to live in memory."""
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")


class PostgresServer:
    """One running server. Raises ``RuntimeError`` where it does not start."""

    def __init__(self, programs: Path) -> None:
        identity = _identity()
        # Not the tests' own folder: another user must be able to reach it, and a socket's path is short.
        clear_away(Path(_reachable()), MARK)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{MARK}{os.getpid()}-", dir=_reachable()))
        self._numbers = count(1)
        self._ending = ExitStack()
        self._ending.callback(shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self.folder.chmod(0o755)
            if identity:
                os.chown(self.folder, *identity)
            self._make(programs, identity)
            self.process = self._start(programs, identity)
            self._admin = self._ending.enter_context(self._connected())
        except BaseException:
            self._ending.close()
            raise

    def _make(self, programs: Path, identity: tuple[int, int] | None) -> None:
        user, group = identity or (None, None)
        made = subprocess.run(
            [
                programs / "initdb", "-D", self.folder / "data", "-U", USER, "--auth=trust",
                "--no-sync", "--encoding=UTF8", "--locale=C",
            ],
            cwd=self.folder, user=user, group=group, extra_groups=[] if identity else None,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(made.stdout + made.stderr)

    def _start(self, programs: Path, identity: tuple[int, int] | None) -> subprocess.Popen[bytes]:
        settings = ["listen_addresses=", "shared_buffers=32MB", "max_connections=120", *CARELESS]
        command = [
            str(programs / "postgres"),
            "-D",
            str(self.folder / "data"),
            "-k",
            str(self.folder),
        ]
        command += [word for setting in settings for word in ("-c", setting)]
        self._log = self.folder / "server.log"
        with self._log.open("wb") as log:
            return self._ending.enter_context(
                child(
                    command, env=dict(os.environ), cwd=str(self.folder), output=log.fileno(),
                    patience=STOP_SECONDS, identity=identity,
                )
            )  # fmt: skip

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(psycopg.OperationalError):
                return psycopg.connect(
                    host=str(self.folder), user=USER, dbname="postgres", autocommit=True
                )
            time.sleep(0.05)
        raise RuntimeError(self._log.read_text(encoding="utf-8", errors="replace")[-2000:])

    def database(self, like: str = "template1") -> str:
        """Make a database, empty or like another one (by its address), and return its address."""
        name = f"t{next(self._numbers)}"
        original = make_url(like).database if "://" in like else like
        quick = "STRATEGY file_copy" if self._admin.info.server_version >= 150000 else ""
        self._admin.execute(f'CREATE DATABASE {name} TEMPLATE "{original}" {quick}'.encode())
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected."""
        self._admin.execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)'.encode())

    def disconnect(self, url: str) -> None:
        """Break every connection to a database, as a restart of the server does."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (make_url(url).database,),
        )

    def stop(self) -> None:
        """Stop at once, waiting for nobody's connection."""
        self._admin.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self._ending.close()


def _identity() -> tuple[int, int] | None:
    """Return another user and group where we are root, whom the server refuses; else nothing."""
    if os.geteuid() != 0:
        return None
    for name in OTHERS:
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    msg = f"none of these users exists: {', '.join(OTHERS)}"
    raise RuntimeError(msg)


def _reachable() -> str:
    """Return a temporary folder that every user can reach: that of root's session may be root's own.

    In memory, where there is room, a database is made in a tenth of the time.
    """
    if place := in_memory(ROOM):
        return str(place)
    return "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()
