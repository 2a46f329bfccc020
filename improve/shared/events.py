"""Typed events: the way a lower capability tells a higher one, inside the same transaction.

``app.py`` plugs the handlers in; the publisher knows nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[E], handler: Callable[[E], None]) -> None:
    """Call ``handler`` for every event of exactly this kind. The same handler counts once."""
    if handler not in _handlers[kind]:
        _handlers[kind].append(handler)


def publish(event: object) -> None:
    """Give ``event`` to its handlers, in the order they subscribed. Their errors are the caller's.

    A failing handler must undo the whole act, so nothing is caught here.
    """
    for handler in _handlers[type(event)]:
        handler(event)
