"""A port in use is told with its holder and a way out."""

import os
import socket
import sys
from collections.abc import Iterator

import pytest

from tooling.ports import VARIABLES, check_ports, free_ports
from tooling.say import CannotGoOn


@pytest.fixture
def settings() -> dict[str, str]:
    return dict(zip(VARIABLES, map(str, free_ports(len(VARIABLES))), strict=True))


@pytest.fixture
def held_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_free_ports_are_free_and_each_another() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    with socket.socket() as one:
        one.bind(("127.0.0.1", ports[0]))


def test_free_ports_pass(settings: dict[str, str]) -> None:
    check_ports(settings)


def test_a_held_port_is_named_with_a_way_out(settings: dict[str, str], held_port: int) -> None:
    settings["ANHUAN_PORT"] = str(held_port)
    with pytest.raises(
        CannotGoOn, match=rf"Port {held_port} is in use .* ANHUAN_PORT=\d+ make run"
    ):
        check_ports(settings)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who holds a port")
def test_the_holder_is_named(settings: dict[str, str], held_port: int) -> None:
    settings["ANHUAN_RASA_PORT"] = str(held_port)
    with pytest.raises(CannotGoOn, match=rf"\(process {os.getpid()}\)"):
        check_ports(settings)


def test_one_port_for_two_processes_is_refused(settings: dict[str, str]) -> None:
    settings["ANHUAN_RASA_PORT"] = settings["ANHUAN_PORT"]
    with pytest.raises(CannotGoOn, match="ANHUAN_PORT and ANHUAN_RASA_PORT are both"):
        check_ports(settings)
