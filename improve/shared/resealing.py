"""Sealing anew, under the present key, what an earlier one sealed; and counting what cannot be.

A keyed hash cannot be made anew without the secret that was hashed: an earlier key stays in
``SEALING_KEY`` until such rows have had their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import LargeBinary, and_, func, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute

from improve.shared.db import db
from improve.shared.sealing import CannotOpen, Sealer, hash_mark, seal_mark

#: Kinds of contribution: offers return lists of ``SealedColumn``, and of ``HashedColumn``.
SEALED: Final = "sealed-columns"
HASHED: Final = "hashed-columns"
#: Rows sealed anew in one transaction: others write meanwhile, and a break loses little.
AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where words are sealed, bound to the key of their row. ``words``: what they are."""

    words: str
    key: InstrumentedAttribute[str]
    sealed: InstrumentedAttribute[bytes | None]
    purpose: str


@dataclass(frozen=True, slots=True)
class HashedColumn:
    """What needs the key it was made under. ``until``: when it has had its time, in words."""

    words: str
    until: str
    #: A hash as ``Sealer.hash`` returns it, or something sealed that nobody here can open.
    column: InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction did; ``last`` is where the next goes on, None at the end."""

    done: int
    lost: int
    last: str | None


def seal_anew(column: SealedColumn, keys: tuple[str, ...], *, after: str) -> Batch:
    """Seal up to ``AT_ONCE`` rows anew whose key comes after ``after``. The caller commits.

    What no key of ``keys`` opens is left as it is, and counted as lost.
    """
    sealer = Sealer(keys, column.purpose)
    mark = literal(seal_mark(keys[0]), LargeBinary())
    rows = db.session.execute(
        select(column.key, column.sealed)
        .where(
            column.key > after,
            column.sealed.is_not(None),
            func.substr(column.sealed, 1, len(seal_mark(keys[0])), type_=LargeBinary()) != mark,
        )
        .order_by(column.key)
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    done = 0
    for key, sealed in rows:
        try:
            words = sealer.open(bytes(sealed or b""), about=key)
        except CannotOpen:
            continue
        done += 1
        db.session.execute(
            update(column.key.class_)
            .where(column.key == key)
            .values({column.sealed: sealer.seal(words, about=key)})
            .execution_options(synchronize_session=False)
        )
    return Batch(done, len(rows) - done, rows[-1].key if len(rows) == AT_ONCE else None)


def still_under_earlier(column: HashedColumn, keys: tuple[str, ...]) -> int:
    """Return how many rows need an earlier key than the first of ``keys``."""
    needs: Any
    if isinstance(column.column.type, LargeBinary):
        mark = seal_mark(keys[0])
        needs = func.substr(column.column, 1, len(mark), type_=LargeBinary()) != literal(
            mark, LargeBinary()
        )
    else:
        needs = (column.column != "") & column.column.not_like(f"{hash_mark(keys[0])}%")
    counted = select(func.count()).select_from(column.column.class_).where(needs)
    return int(db.session.execute(counted).scalar_one())


def under_no_key(column: SealedColumn | HashedColumn, keys: tuple[str, ...]) -> int:
    """Return how many rows were made under a key that is not among ``keys``."""
    kept: Any = column.sealed if isinstance(column, SealedColumn) else column.column
    if isinstance(kept.type, LargeBinary):
        marks = [literal(seal_mark(key), LargeBinary()) for key in keys]
        length = len(seal_mark("any key"))
        needs = kept.is_not(None) & func.substr(kept, 1, length, type_=LargeBinary()).not_in(marks)
    else:
        needs = and_(kept != "", *(kept.not_like(f"{hash_mark(key)}%") for key in keys))
    counted = select(func.count()).select_from(kept.class_).where(needs)
    return int(db.session.execute(counted).scalar_one())
