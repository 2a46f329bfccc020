"""Measures whose numbers another part of the product counts, so that nobody types them.

Whoever counts some offers a function under “numbers-kept” that returns which, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, literal

from improve.measures.models import Measure
from improve.shared import contributions

CONTRIBUTION: Final = "numbers-kept"


@dataclass(frozen=True, slots=True)
class KeptNumbers:
    """``measure_ids`` selects ids of measures, never NULL; ``words`` refuse a number typed in."""

    measure_ids: Select[Any]
    words: str


def all_kept() -> Iterator[KeptNumbers]:
    """Yield what is offered. No statement."""
    for offer in contributions.gather(CONTRIBUTION):
        yield offer()


def kept_words() -> ColumnElement[str]:
    """Return a column: why nobody types numbers into a measure, “” where anybody may."""
    whens = [(Measure.id.in_(kept.measure_ids), kept.words) for kept in all_kept()]
    return case(*whens, else_="") if whens else literal("")
