"""Papers as people send them, in their smallest form, and a daemon that speaks ClamAV's protocol."""

from __future__ import annotations

import socketserver
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that every malware scanner finds, by agreement."""


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(shade: int = 0) -> bytes:
    """One grey pixel; another shade is another file."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, shade]))
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixel) + _chunk(b"IEND", b"")
    )


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    + bytes(64)
    + b"\xff\xd9"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ" + bytes(200)
ARCHIVE = b"PK\x03\x04" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class _Talk(socketserver.StreamRequestHandler):
    """One connection: ``nINSTREAM``, then chunks with their length before them, ended by an empty one."""

    def handle(self) -> None:
        command = self.rfile.readline().strip()
        if command not in (b"nINSTREAM", b"zINSTREAM"):
            self.wfile.write(b"UNKNOWN COMMAND\n")
            return
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        server = self.server
        assert isinstance(server, Daemon)
        server.seen.append(len(content))
        found = b"stream: Eicar-Test-Signature FOUND\n" if EICAR in content else b"stream: OK\n"
        self.wfile.write(found)


class Daemon(socketserver.ThreadingTCPServer):
    """A daemon on a free port of this machine."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.seen: list[int] = []

    @property
    def address(self) -> str:
        """Where it listens, as the settings say it."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def daemon() -> Iterator[Daemon]:
    """Run one."""
    with Daemon() as made:
        running = threading.Thread(target=made.serve_forever, daemon=True)
        running.start()
        yield made
        made.shutdown()
        running.join()
