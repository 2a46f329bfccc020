"""Squares that a phone reads an address from. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import segno


@dataclass(frozen=True)
class QRCode:
    """A code as a path on a square of ``size`` units, without its quiet zone: leave 4 units."""

    size: int
    path: str


@lru_cache(maxsize=256)
def qr_code(address: str) -> QRCode:
    """Return the code of an address; a quarter of it may be dirty and it still reads."""
    return drawn(address)


def drawn(address: str) -> QRCode:
    """Return the code of an address that is a secret: it is kept nowhere, this process included."""
    made = segno.make(address, error="q", micro=False, boost_error=False)
    drawn = made.svg_inline(border=0, omitsize=True)
    path = re.search(r' d="([^"]+)"', drawn)
    return QRCode(int(made.symbol_size(border=0)[0]), path[1] if path else "")
