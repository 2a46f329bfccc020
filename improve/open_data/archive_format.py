"""The archive of a council, format ``improve-archive/1``: values, rows and the manifest. Pure.

A row is one line of JSON: an object with every column of its table, in the order of the columns.
Moments are UTC and end in Z, days are 2026-11-24, numbers stand as JSON writes them (the shortest
text that reads back to the very same number), truth is true or false, nothing is null.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

FORMAT: Final = "improve-archive/1"
_FAMILY: Final = "improve-archive/"
#: What the largest column for whole numbers takes.
_LARGEST: Final = 2**63 - 1
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
#: The short name of a council: it stands in addresses and in names of files.
_SLUG: Final = re.compile(r"[a-z0-9-]{1,60}")
#: Signs that steer a terminal, end a line or turn the direction of what follows.
_MOVES: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class ArchiveRefused(Exception):
    """A file that is not brought in, or a place that does not take it. The message is one line."""


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A column as the archive sees it: its name, what it holds, and whether it may be empty.

    ``kind`` is one of day, moment, truth, whole, number, text and json.
    """

    name: str
    kind: str
    may_be_empty: bool


def encode(kind: str, value: Any) -> Any:
    """Return a stored value as JSON has it. Refuses with ValueError a number that is not finite."""
    if value is None:
        return None
    if kind == "moment":
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    if kind == "day":
        return value.isoformat()
    if kind == "number" and not math.isfinite(value):
        raise ValueError("only finite numbers are archived")
    return value


def line_of(columns: Sequence[ColumnKind], values: Sequence[Any]) -> bytes:
    """Return one row as one line."""
    row = {c.name: encode(c.kind, v) for c, v in zip(columns, values, strict=True)}
    return (
        json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    )


def row_of(columns: Sequence[ColumnKind], line: bytes, place: str) -> dict[str, Any]:
    """Return the values of one line by column. Raises ``ArchiveRefused`` naming ``place``."""
    try:
        found = read_plain(line)
    except (ValueError, RecursionError):
        raise ArchiveRefused(f"{place} is not a row.") from None
    if not isinstance(found, dict) or found.keys() != {c.name for c in columns}:
        raise ArchiveRefused(f"{place} has other columns than its table.")
    row: dict[str, Any] = {}
    for column in columns:
        value = found[column.name]
        if value is None:
            if not column.may_be_empty:
                raise ArchiveRefused(f"{place} has no {column.name}.")
            row[column.name] = None
            continue
        try:
            row[column.name] = _READ[column.kind](value)
        except (ValueError, OverflowError):
            raise ArchiveRefused(f"{place} has a {column.name} that cannot be read.") from None
    return row


def read_plain(line: bytes) -> Any:
    """Return what JSON says where it says it in one way only, else ValueError.

    No name twice in one place, no number without end, and no sign in a text, however deep, that a
    database or a page cannot hold.
    """
    return json.loads(
        line, object_pairs_hook=_members, parse_constant=_no_constant, parse_float=_finite
    )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_constant(_name: str) -> Any:
    raise ValueError("not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _day(value: Any) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("no day")
    return date.fromisoformat(value)


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not value.endswith("Z"):
        raise ValueError("no moment")
    return datetime.fromisoformat(value[:-1]).replace(tzinfo=UTC)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise ValueError("no whole number")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("no number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text")
    value.encode()  # half a character of two is none: UnicodeEncodeError is a ValueError
    return value


def _json(value: Any) -> Any:
    """Look through all of it: a text deep inside is held to what every text is held to."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            _text(part)
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part
    return value


def _line(value: Any) -> str:
    """Return a text for one line of a screen: it cannot move the cursor or turn the words round."""
    if _MOVES.search(_text(value)):
        raise ValueError("no line")
    return str(value)


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "day": _day,
    "moment": _moment,
    "truth": _truth,
    "whole": _whole,
    "number": _number,
    "text": _text,
    "json": _json,
}


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table of an archive: how many rows, and what its file must be."""

    name: str
    rows: int
    size: int
    sha256: str

    @property
    def path(self) -> str:
        """Where it stands in the archive."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    made_at: datetime
    software: str
    revision: str
    council_id: int
    council_name: str
    council_slug: str
    with_private: bool
    tables: tuple[TableFile, ...]
    #: Entries of the log of acts, and the mark of its last one.
    audit_entries: int
    audit_head: str
    readme_sha256: str
    left_out: Mapping[str, str]

    def text(self) -> str:
        """Return manifest.json."""
        return json.dumps(
            {
                "format": FORMAT,
                "made_at": encode("moment", self.made_at),
                "software": self.software,
                "revision": self.revision,
                "council": {
                    "id": self.council_id,
                    "name": self.council_name,
                    "slug": self.council_slug,
                },
                "with_private": self.with_private,
                "audit": {"entries": self.audit_entries, "head": self.audit_head},
                "files": {"README.md": self.readme_sha256},
                "tables": [
                    {
                        "name": t.name,
                        "file": t.path,
                        "rows": t.rows,
                        "bytes": t.size,
                        "sha256": t.sha256,
                    }
                    for t in self.tables
                ],
                "left_out": dict(self.left_out),
            },
            ensure_ascii=False,
            indent=1,
        )


def read_manifest(text: bytes) -> Manifest:
    """Return what manifest.json says. Raises ``ArchiveRefused``."""
    try:
        found = read_plain(text)
        named = found["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ArchiveRefused("manifest.json cannot be read.") from None
    if named != FORMAT:
        known = isinstance(named, str) and named.startswith(_FAMILY)
        raise ArchiveRefused(
            f"This archive is of another format than {FORMAT}: bring it in with the version of "
            "Improve that made it."
            if known
            else "This is no archive of Improve."
        )
    try:
        return _manifest(found)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ArchiveRefused("manifest.json is not complete.") from None


def _manifest(found: Mapping[str, Any]) -> Manifest:
    council, audit = found["council"], found["audit"]
    tables = tuple(
        TableFile(
            name=_matching(_NAME, t["name"]),
            rows=_count(t["rows"]),
            size=_count(t["bytes"]),
            sha256=_matching(_SHA256, t["sha256"]),
        )
        for t in found["tables"]
    )
    if len({t.name for t in tables}) != len(tables):
        raise ValueError("a table twice")
    return Manifest(
        made_at=_moment(found["made_at"]),
        software=_line(found["software"])[:100],
        revision=_line(found["revision"])[:100],
        council_id=_count(council["id"]),
        council_name=_line(council["name"])[:200],
        council_slug=_matching(_SLUG, council["slug"]),
        with_private=_truth(found["with_private"]),
        tables=tables,
        audit_entries=_count(audit["entries"]),
        audit_head=_matching(_SHA256, audit["head"]),
        readme_sha256=_matching(_SHA256, found["files"]["README.md"]),
        left_out={_text(k): _text(v) for k, v in found["left_out"].items()},
    )


def _count(value: Any) -> int:
    number = _whole(value)
    if number < 0:
        raise ValueError("below zero")
    return number


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("another form")
    return value
