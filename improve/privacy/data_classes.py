"""The class of every column, and what each class means. Pure.

``data_classes.json`` names each column of each table once, under one of four classes; a test fails
for a column that is named nowhere. So whoever adds a column decides, in the same change, who may
read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final


class DataClass(StrEnum):
    """Who may read it, from anybody to nearly nobody."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    REPORTER = "reporter"


#: Each class: what it is called, what it holds, and how it is protected.
CLASS_WORDS: Final[Mapping[DataClass, tuple[str, str, str]]] = {
    DataClass.PUBLIC: (
        "Public",
        (
            "What the council tells everybody: its name, the numbers to ring, promises, published "
            "learning."
        ),
        "Changed by named people only. No personal data beyond what the council decided to publish",
    ),
    DataClass.INTERNAL: (
        "Internal",
        "Dates, codes, numbers and settings of the work. Nobody is named in them.",
        "Read by signed-in staff of this council, by their role",
    ),
    DataClass.CONFIDENTIAL: (
        "Confidential",
        (
            "Who did what, free text in which somebody may be named, addresses, and the keys of "
            "accounts."
        ),
        (
            "Read by role, team and ownership. Passwords and codes are kept as hashes only. Never "
            "in a log, and words never in the log of acts"
        ),
    ),
    DataClass.REPORTER: (
        "Identity of who told",
        (
            "What children and families wrote, and what staff reported in confidence, with all "
            "that could point to them."
        ),
        (
            "Sealed with keys kept outside the database, read by named and trained people alone, "
            "destroyed on a date. Not read by administrators, and in no copy or archive"
        ),
    ),
}


@cache
def classes() -> Mapping[tuple[str, str], DataClass]:
    """Return the class of every column by (table, column)."""
    text = (Path(__file__).parent / "data_classes.json").read_text(encoding="utf-8")
    return {
        (table, column): DataClass(name)
        for table, named in json.loads(text).items()
        for name, columns in named.items()
        for column in columns.split()
    }


def class_of(table: str, column: str) -> DataClass:
    """Return the class of a column. Raises ``KeyError`` for one that has none."""
    return classes()[table, column]


def is_named(table: str, column: str) -> bool:
    """Return whether somebody may be named in a column: not in dates, codes and numbers."""
    return class_of(table, column) is not DataClass.INTERNAL
