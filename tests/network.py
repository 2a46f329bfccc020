"""The network as tests have it: this machine, and nobody else."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class CalledOut(AssertionError):
    """Something tried to reach another machine."""


def is_here(family: int, address: Any) -> bool:
    """Return whether an address to connect to is of this machine."""
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"localhost", ""}


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Let no socket of this process connect to another machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if not is_here(self.family, address):
            raise CalledOut(f"a test called {address!r}: nothing here may")
        return real(self, address)

    return connect
