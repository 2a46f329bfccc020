"""Comments that were removed are removed again in a restored backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, update

from improve.ideas.models import Comment
from improve.shared import clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.gone_marks import Goes

_AT_ONCE = 500


def removed_comments() -> Goes:
    """Return how it is known which were removed."""
    return Goes(
        "comment",
        lambda: _names(Comment.removed_at.is_not(None)),
        lambda: _names(Comment.removed_at.is_(None)),
        _remove_again,
    )


def _names(where: Any) -> Iterator[str]:
    """Return comments by number and when they came: the number alone may be another's."""
    query = select(Comment.id, Comment.created_at).where(where).order_by(Comment.id)
    rows = db.session.execute(query.execution_options(yield_per=_AT_ONCE))
    return (f"{row.id} {row.created_at.isoformat()}" for row in rows)


def _remove_again(names: Sequence[str]) -> int:
    """Remove their words, in nobody's name: who did it is not known here."""
    numbers = [int(name.partition(" ")[0]) for name in names]
    for first in range(0, len(numbers), _AT_ONCE):
        db.session.execute(
            update(Comment)
            .where(Comment.id.in_(numbers[first : first + _AT_ONCE]))
            .values(words="", removed_at=clock.now(), removed_by_id=None, mentions=[])
            .execution_options(synchronize_session=False)
        )
    forget_deleted_words()
    return len(numbers)
