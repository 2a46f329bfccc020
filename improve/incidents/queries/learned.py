"""What all staff may read of reports: words that two reviewers settled, by the month shown.

Never the week or the group of teams a report came from, the kind or the conditions it was coded as
(who counted along would count out what patterns hide), or the idea it led to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, or_, select

from improve.accounts.actor import Actor
from improve.incidents.models import IncidentDisclosure, IncidentLearning
from improve.shared import clock
from improve.shared.db import db

ON_A_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of one report, or of several of one event. Any of the texts may be “”."""

    key: str
    #: From its first day on all staff may read it; nothing of when it was reported.
    month: date
    words: str
    theme: str
    note: str


@dataclass(frozen=True, slots=True)
class LearnedPage:
    """A page of what was learned, the newest month first."""

    learned: tuple[Learned, ...]
    page: int
    has_more: bool

    @property
    def months(self) -> tuple[tuple[date, tuple[Learned, ...]], ...]:
        """What stands on the page, by month."""
        found: dict[date, list[Learned]] = {}
        for one in self.learned:
            found.setdefault(one.month, []).append(one)
        return tuple((month, tuple(held)) for month, held in found.items())


def learned_page(actor: Actor, *, page: int = 1) -> LearnedPage:
    """Return thirty that staff may read. Within a month by no order: the key is random.

    The same words stand in the first of their months alone: that they came again is no news, and
    would be a count.
    """
    page = max(1, page)
    same = (IncidentLearning.shareable, IncidentLearning.theme, IncidentLearning.note)
    first = (IncidentLearning.shown_month, IncidentLearning.key)
    shown = (
        _shown(actor)
        .add_columns(func.row_number().over(partition_by=same, order_by=first).label("time"))
        .subquery()
    )
    rows = db.session.execute(
        select(shown.c.key, shown.c.shown_month, shown.c.shareable, shown.c.theme, shown.c.note)
        .where(shown.c.time == 1)
        .order_by(shown.c.shown_month.desc(), shown.c.key)
        .limit(ON_A_PAGE + 1)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    found = tuple(Learned(*row) for row in rows[:ON_A_PAGE])
    return LearnedPage(found, page, len(rows) > ON_A_PAGE)


def shown_in(actor: Actor, month: date) -> tuple[Learned, ...]:
    """Return what staff may read from a month on, for whoever writes that month’s note."""
    rows = db.session.execute(
        _shown(actor)
        .where(IncidentLearning.shown_month == month)
        .order_by(IncidentLearning.key)
        .limit(ON_A_PAGE)
    )
    return tuple(Learned(*row) for row in rows)


def _shown(actor: Actor) -> Any:
    """Return what staff of the actor's council may read today, as the columns of ``Learned``."""
    return select(
        IncidentLearning.key,
        IncidentLearning.shown_month,
        IncidentLearning.shareable,
        IncidentLearning.theme,
        IncidentLearning.note,
    ).where(
        IncidentLearning.organisation_id == actor.organisation_id,
        IncidentLearning.shown_month <= clock.today(),
        IncidentLearning.is_hidden.is_(False),
        or_(
            IncidentLearning.shareable != "",
            IncidentLearning.theme != "",
            IncidentLearning.note != "",
        ),
    )


def hidden_learnings(actor: Actor) -> tuple[Learned, ...]:
    """Return what was hidden and not looked at since, for reviewers, by no order but a random one.

    Also what is not to be read yet: somebody may have hidden it after a reviewer took it back.
    """
    rows = db.session.execute(
        select(
            IncidentLearning.key,
            func.coalesce(IncidentLearning.shown_month, IncidentLearning.settled_week),
            IncidentLearning.shareable,
            IncidentLearning.theme,
            IncidentLearning.note,
        )
        .where(
            IncidentLearning.organisation_id == actor.organisation_id,
            IncidentLearning.is_hidden.is_(True),
        )
        .order_by(IncidentLearning.key)
        .limit(ON_A_PAGE)
    )
    found: dict[tuple[str, str, str], Learned] = {}
    for one in (Learned(*row) for row in rows):
        found.setdefault((one.words, one.theme, one.note), one)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Disclosure:
    """It came out who had reported something: the month it was noticed, and what was done."""

    month: date
    words: str


def disclosures(actor: Actor) -> tuple[Disclosure, ...]:
    """Return the newest of them, the newest first; never who entered it."""
    rows = db.session.execute(
        select(IncidentDisclosure.noticed_on, IncidentDisclosure.words)
        .where(IncidentDisclosure.organisation_id == actor.organisation_id)
        .order_by(IncidentDisclosure.noticed_on.desc(), IncidentDisclosure.id.desc())
        .limit(ON_A_PAGE)
    )
    return tuple(Disclosure(on.replace(day=1), words) for on, words in rows)


def disclosed(actor: Actor) -> int:
    """Return how often it came out who had reported something."""
    found = select(func.count(IncidentDisclosure.id)).where(
        IncidentDisclosure.organisation_id == actor.organisation_id
    )
    return db.session.scalar(found) or 0
