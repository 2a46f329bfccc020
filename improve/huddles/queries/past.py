"""A team's huddles that are over, searchable; and which parts its next one has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.huddles.kinds import USUAL_PARTS, Part
from improve.huddles.models import Action, Decision, Huddle, HuddlePlan
from improve.huddles.pace import minutes_taken
from improve.huddles.queries.notes import first_name
from improve.ideas.queries.as_of import board_titles
from improve.shared.db import db

PAGE_SIZE: Final = 50
#: Words of a search that count, and the longest of them.
WORDS_MOST, WORD_LONGEST = 6, 60
#: Lines shown of one huddle that a search found.
LINES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class PlanView:
    """The parts of a team's next huddle, without the close, in order. ``version`` 0: the usual."""

    parts: tuple[Part, ...]
    version: int


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line of a past huddle: the idea it is about or “”, and what was said."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class PastHuddle:
    """One huddle that is over. ``lines`` are those a search found, else the first decision."""

    id: int
    started_at: datetime
    minutes: int
    driver: str
    decisions: int
    actions: int
    lines: tuple[FoundLine, ...]


@dataclass(frozen=True, slots=True)
class PastPage:
    """Fifty of the huddles that are over, the newest first, and how many there are."""

    huddles: tuple[PastHuddle, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def plan(actor: Actor, team_id: int) -> PlanView:
    """Return the parts of a team's huddles in order, without the close."""
    row = db.session.execute(
        select(HuddlePlan.parts, HuddlePlan.version).where(
            HuddlePlan.organisation_id == actor.organisation_id, HuddlePlan.team_id == team_id
        )
    ).one_or_none()
    if row is None:
        return PlanView(USUAL_PARTS[:-1], 0)
    return PlanView(tuple(Part(name) for name in row.parts), row.version)


def plan_for_change(actor: Actor, team_id: int) -> HuddlePlan | None:
    """Return the row of a team's plan, locked; None while it has the usual parts."""
    return db.session.execute(
        select(HuddlePlan)
        .where(HuddlePlan.organisation_id == actor.organisation_id, HuddlePlan.team_id == team_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def past_huddles(actor: Actor, team_id: int, *, text: str = "", page: int = 1) -> PastPage:
    """Return finished huddles of a team whose words hold every word of ``text``. Three statements.

    Searched are decisions, the names of the ideas they are about, actions, good news and the help
    that was needed. A page beyond the last is an empty one.
    """
    words = search_words(text)
    of = [
        Huddle.organisation_id == actor.organisation_id,
        Huddle.team_id == team_id,
        Huddle.finished_at.is_not(None),
        *(_holds(actor, word) for word in words),
    ]
    total = db.session.execute(select(func.count(Huddle.id)).where(*of)).scalar_one()
    driver = person_names()
    rows = db.session.execute(
        select(
            Huddle.id,
            Huddle.started_at,
            Huddle.finished_at,
            Huddle.paused_seconds,
            driver.c.name,
            _count(Decision, Decision.removed_at.is_(None)).label("decisions"),
            _count(Action).label("actions"),
        )
        .join(driver, driver.c.id == Huddle.driver_id)
        .where(*of)
        .order_by(Huddle.started_at.desc(), Huddle.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    lines = _lines(actor, [row.id for row in rows], words)
    huddles = tuple(
        PastHuddle(
            row.id,
            row.started_at,
            minutes_taken(row.started_at, row.finished_at, row.paused_seconds),
            first_name(row.name),
            row.decisions,
            row.actions,
            tuple(lines.get(row.id, ())),
        )
        for row in rows
    )
    return PastPage(huddles, total, page)


def search_words(text: str) -> list[str]:
    """Return the words of a search that count."""
    return [word[:WORD_LONGEST] for word in text.split()[:WORDS_MOST]]


def _count(kind: Any, *conditions: Any) -> Any:
    return (
        select(func.count(kind.id))
        .where(kind.huddle_id == Huddle.id, *conditions)
        .scalar_subquery()
    )


def _holds(actor: Actor, word: str) -> ColumnElement[bool]:
    titles = board_titles(actor)
    said = select(Decision.id).outerjoin(titles, titles.c.id == Decision.idea_id)
    return or_(
        _has(Huddle.good_news, word),
        _has(Huddle.help_needed, word),
        exists(
            said.where(
                Decision.huddle_id == Huddle.id,
                Decision.removed_at.is_(None),
                or_(_has(Decision.words, word), _has(titles.c.title, word)),
            )
        ),
        exists(select(Action.id).where(Action.huddle_id == Huddle.id, _has(Action.what, word))),
    )


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.icontains(word, autoescape=True)
    return found


def _lines(
    actor: Actor, huddle_ids: Sequence[int], words: Sequence[str]
) -> dict[int, list[FoundLine]]:
    """The lines that any word was found in; without words the first decision of each huddle."""
    if not huddle_ids:
        return {}
    titles = board_titles(actor)
    decided = (
        select(
            Decision.huddle_id,
            literal(0).label("kind"),
            Decision.id,
            titles.c.title,
            Decision.words,
        )
        .outerjoin(titles, titles.c.id == Decision.idea_id)
        .where(Decision.huddle_id.in_(huddle_ids), Decision.removed_at.is_(None))
    )
    if not words:
        first = select(func.min(Decision.id)).where(
            Decision.huddle_id.in_(huddle_ids), Decision.removed_at.is_(None)
        )
        found: Any = decided.where(Decision.id.in_(first.group_by(Decision.huddle_id)))
    else:
        done = select(
            Action.huddle_id,
            literal(1).label("kind"),
            Action.id,
            literal("").label("title"),
            Action.what.label("words"),
        ).where(and_(Action.huddle_id.in_(huddle_ids), or_(*(_has(Action.what, w) for w in words))))
        either = or_(*(or_(_has(Decision.words, w), _has(titles.c.title, w)) for w in words))
        found = union_all(decided.where(either), done)
    line = found.subquery("line")
    order = (line.c.kind, line.c.id)
    place = func.row_number().over(partition_by=line.c.huddle_id, order_by=order).label("place")
    numbered = select(line, place).subquery("numbered")
    rows = db.session.execute(
        select(numbered)
        .where(numbered.c.place <= LINES_SHOWN)
        .order_by(numbered.c.huddle_id, numbered.c.place)
    )
    lines: dict[int, list[FoundLine]] = {}
    for row in rows:
        lines.setdefault(row.huddle_id, []).append(FoundLine(row.title or "", row.words))
    return lines
