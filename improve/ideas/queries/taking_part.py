"""Who took part in which spans of time: logged, commented, or led a test or was in it.

Asked person by person, each answered by the first thing that is found, so that it costs as much as
there are people and not as there are ideas. Only ideas on the board count, and no page names
anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries.staff import staff_select
from improve.ideas.flow import PartRow
from improve.ideas.models import Comment, Cycle, Idea, IdeaMember
from improve.shared.db import db

#: What a capability above says of a person (a column) from a moment until another, None for now.
AlsoPart = Callable[[Any, datetime, datetime | None], ColumnElement[bool]]


def parts(
    actor: Actor,
    *,
    spans: Sequence[datetime],
    recent: datetime,
    person_ids: Sequence[int] | None = None,
    also: Sequence[AlsoPart] = (),
) -> list[PartRow]:
    """Return in which spans each of the people who are there now had a part: one statement.

    ``spans`` are the moments in order at which they begin, each ending where the next begins; the
    last one has no end. ``person_ids`` asks about these people only. Spans in a row are one part.
    """
    staff = staff_select(actor).subquery("staff")
    ends = [*spans[1:], None]
    columns = [
        had_part(actor, staff, begins, until, also=also)
        for begins, until in zip(spans, ends, strict=True)
    ]
    columns.append(had_part(actor, staff, recent, None, also=also))
    asked = select(staff.c.id, *columns).order_by(staff.c.id)
    if person_ids is not None:
        asked = asked.where(staff.c.id.in_(person_ids))
    found: list[PartRow] = []
    for person_id, *took, is_recent in db.session.connection().execute(asked):
        found += _rows_of(person_id, took, is_recent=bool(is_recent))
    return found


def had_part(
    actor: Actor,
    people: FromClause,
    begins: datetime,
    ends: datetime | None,
    *,
    also: Sequence[AlsoPart] = (),
) -> ColumnElement[bool]:
    """Return whether each of ``people`` (by ``id``) had a part from a moment until another."""
    person = people.c.id
    ours = (Idea.organisation_id == actor.organisation_id, Idea.is_on_board)

    def within(at: Any) -> list[ColumnElement[bool]]:
        return [at >= begins] if ends is None else [at >= begins, at < ends]

    def there_is(found: Select[Any]) -> ColumnElement[bool]:
        # Without the last PostgreSQL may gather all of the council's work first, to look each up.
        return found.where(*ours).correlate(people).offset(0).exists()

    # A test goes on until it is decided, or until its idea is finished in another way.
    ended_at = func.coalesce(Cycle.decided_at, Idea.finished_at)
    in_time = [or_(ended_at.is_(None), ended_at >= begins)]
    if ends is not None:
        in_time.append(Cycle.created_at < ends)
    test = select(Cycle.id).join(Idea, Idea.id == Cycle.idea_id).where(*in_time)
    # In the order of how soon each is found: whoever logged an idea is asked nothing further.
    return or_(
        there_is(select(Idea.id).where(Idea.author_id == person, *within(Idea.created_at))),
        there_is(
            select(Comment.id)
            .join(Idea, Idea.id == Comment.idea_id)
            .where(
                Comment.author_id == person,
                Comment.removed_at.is_(None),
                *within(Comment.created_at),
            )
        ),
        *(one(person, begins, ends) for one in also),
        there_is(test.where(Idea.lead_id == person)),
        there_is(
            test.join(IdeaMember, IdeaMember.idea_id == Idea.id).where(
                IdeaMember.person_id == person
            )
        ),
    )


def _rows_of(person_id: int, took: Sequence[Any], *, is_recent: bool) -> list[PartRow]:
    found: list[PartRow] = []
    for span, had in enumerate(took):
        if had and found and found[-1].last == span - 1:
            found[-1] = found[-1]._replace(last=span)
        elif had:
            found.append(PartRow(person_id, span, span, False))
    if is_recent and found:
        found[-1] = found[-1]._replace(is_recent=True)
    elif is_recent:
        found.append(PartRow(person_id, len(took), len(took) - 1, True))
    return found
