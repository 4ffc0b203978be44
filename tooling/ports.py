"""Find ports that are free, check that ours are, and say who holds one that is not."""

import contextlib
import os
import secrets
import socket
from pathlib import Path

from tooling.say import CannotGoOn

VARIABLES = {
    "ANHUAN_PORT": 8000,
    "ANHUAN_RASA_PORT": 5005,
    "ANHUAN_TELEPHONE_PORT": 8001,
}
_QUIET = range(12_000, 32_000)
_OURS = ("api.main:create_app", "sandbox.telephone:create_app")
_OUR_RASA = "/bot/.venv/bin/rasa"


def check_ports(settings: dict[str, str]) -> None:
    """Raise with one line per port that cannot be used, and how to choose another."""
    chosen = {variable: int(settings[variable]) for variable in VARIABLES}
    troubles = []
    for variable, port in chosen.items():
        twins = [name for name, other in chosen.items() if other == port]
        if len(twins) > 1 and twins[0] == variable:
            troubles.append(f"{' and '.join(twins)} are both {port}: give each its own.")
        if not _free(port):
            change = f"{variable}={_free_port_after(port, set(chosen.values()))} make run"
            troubles.append(f"Port {port} is in use by {_holder(port)}. Another one: {change}")
    if troubles:
        raise CannotGoOn("\n".join(troubles))


def free_ports(count: int) -> list[int]:
    """Return ports of this machine that were free a moment ago.

    None is of the range from which systems take ports for outgoing connections: a server that is
    killed and started again must find its port still free.
    """
    found: list[int] = []
    while len(found) < count:
        port = secrets.choice(_QUIET)
        if port not in found and _free(port):
            found.append(port)
    return found


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port_after(port: int, taken: set[int]) -> int:
    """Return a port worth proposing: next hundred, then on."""
    proposals = range(port + 100, 65_536)
    return next((p for p in proposals if p not in taken and _free(p)), port)


def _holder(port: int) -> str:
    """Name the program that listens on a port, where Linux tells us."""
    for inode in _listening_inodes(port):
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                opened = (os.readlink(handle) for handle in (process / "fd").iterdir())
                if f"socket:[{inode}]" in opened:
                    words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
                    ours = any(word in _OURS or word.endswith(_OUR_RASA) for word in words)
                    known = "another Anhuan" if ours else " ".join(words).strip()[:80]
                    return f"{known} (process {process.name})"
    return "another program"


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    found.add(fields[9])
    return found
