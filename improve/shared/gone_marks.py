"""What people took back, hid, closed or destroyed: marked by night, so that no restore undoes it.

A backup from before still holds it. ERASED_FILE gets one line for each such thing, ``{"gone": …}``:
a keyed mark of what it is, the same for a report, a voice or an account, and no day. Each night
writes what the file lacks, in random order: from the file nobody reads what went, nor when more
exactly than the night, nor what came together. What was opened or shown again since is written as
``{"back": …}``; the last line about a mark holds.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Select

from improve.shared import contributions, erased_file
from improve.shared.db import db
from improve.shared.erased_file import mark_of

#: Kind of contribution: offers are ``Goes``.
CONTRIBUTION: Final = "goes"
#: Rows that are read at once: a council may hold a million comments.
_AT_ONCE: Final = 2_000
_GONE: Final = "gone"
_BACK: Final = "back"


def _nothing() -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Goes:
    """One kind of thing that goes and must not come back with a backup.

    ``gone`` and ``standing`` return names of what is gone and of what stands: such as keys, the
    same in every restored copy. ``end`` ends these once more in the present transaction, never
    commits, and returns how many it ended. ``back``: names of what people brought back themselves.
    ``is_plain``: the name itself is written, never words, where standing things are too many to be
    compared; ``standing`` is not asked then.
    """

    kind: str
    gone: Callable[[], Iterable[str]]
    standing: Callable[[], Iterable[str]]
    end: Callable[[Sequence[str]], int]
    back: Callable[[], Iterable[str]] = _nothing
    is_plain: bool = False

    def __call__(self) -> Goes:
        """Return itself, as it was offered."""
        return self

    def mark(self, name: str) -> str:
        """Return what stands in the file for a thing of this name."""
        return f"{self.kind} {name}" if self.is_plain else mark_of(_GONE, self.kind, name)


def names_in(query: Select[Any]) -> Iterator[str]:
    """Return the first column of each row as text, a few rows at a time."""
    found = db.session.execute(query.execution_options(yield_per=_AT_ONCE))
    return (str(name) for name in found.scalars())


def note_gone() -> int:
    """Write into ERASED_FILE what is gone and has no mark there yet; return how many lines."""
    if erased_file.file_path() is None:
        return 0
    marked = _marked()
    lines: dict[str, str] = {}
    for goes in _offers():
        for name in goes.back():
            if (mark := goes.mark(name)) in marked:
                lines[mark] = _BACK
        for name in goes.gone():
            if (mark := goes.mark(name)) not in marked:
                lines[mark] = _GONE
            else:
                lines.pop(mark, None)
    found = [json.dumps({how: mark}) for mark, how in lines.items()]
    secrets.SystemRandom().shuffle(found)
    return len(found) if erased_file.write_lines(found) else 0


def ways_to_end_again() -> list[tuple[str, Callable[[], int]]]:
    """Return for each kind its name and what ends again whatever is marked and stands here.

    Each writes in the present transaction, never commits, and returns how much it ended.
    """
    marked = _marked()
    if not marked:
        return []
    return [(goes.kind, partial(_end_marked, goes, marked)) for goes in _offers()]


def _end_marked(goes: Goes, marked: set[str]) -> int:
    if goes.is_plain:
        begins = f"{goes.kind} "
        names = [mark.removeprefix(begins) for mark in sorted(marked) if mark.startswith(begins)]
    else:
        names = [name for name in goes.standing() if goes.mark(name) in marked]
    return goes.end(names) if names else 0


def _offers() -> list[Goes]:
    return [one for one in contributions.gather(CONTRIBUTION) if isinstance(one, Goes)]


def _marked() -> set[str]:
    """Return the marks of what is gone and was not brought back."""
    marked: set[str] = set()
    for how, mark in erased_file.read_marks():
        if how == _GONE:
            marked.add(mark)
        else:
            marked.discard(mark)
    return marked
