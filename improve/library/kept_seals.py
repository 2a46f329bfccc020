"""Signed files that were made already, so that a stranger's next request does not make them again.

Signing a long shelf takes seconds, and anybody may ask for it. A page's key and version name what
it says for ever, so the keys and versions of a shelf name the file; one that leaves the public
leaves that name, too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Final

from improve.library.public_pages import Shelf

#: Files kept in the memory of one process.
MOST: Final = 4

_lock = threading.Lock()
_kept: dict[object, bytes] = {}


def sealed_once(
    shelf: Shelf, *, site: str, made_on: date, public_key: str, make: Callable[[], bytes]
) -> bytes:
    """Return the signed file of a shelf: what ``make`` gives, or gave for the very same."""
    pages = tuple((page.key, page.version, page.tried_in_places) for page in shelf.pages)
    name = (shelf.council, shelf.slug, site, made_on, public_key, pages)
    with _lock:
        if name in _kept:
            return _kept[name]
    made = make()
    with _lock:
        _kept[name] = made
        while len(_kept) > MOST:
            del _kept[next(iter(_kept))]
    return made
