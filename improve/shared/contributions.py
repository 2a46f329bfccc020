"""What a capability offers to the ones above it, plugged in by ``app.py``.

A kind of contribution is a plain name, such as ``"my-page"`` or ``"nightly"``; ``home`` and
``commands`` gather them without knowing who gave them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_offers: dict[str, list[Callable[..., Any]]] = defaultdict(list)


def register(kind: str, offer: Callable[..., Any]) -> None:
    """Offer ``offer`` under ``kind``. The same offer counts once."""
    if offer not in _offers[kind]:
        _offers[kind].append(offer)


def gather(kind: str) -> list[Callable[..., Any]]:
    """Return what was offered under ``kind``, in the order of registration."""
    return list(_offers[kind])
