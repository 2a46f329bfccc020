"""What must stand before a council takes reports, and what is still missing.

Nothing here tells whether any report ever came.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.in_confidence.readiness import READERS_NEEDED, Need, Ready, Signatures
from improve.accounts.in_confidence.reading_days import DAYS_AHEAD, DAYS_NEEDED, days_read
from improve.accounts.queries import councils, person_names
from improve.incidents.confidentiality import (
    SMALLEST_GROUP,
    Reviewer,
    groups_without_cover,
    offered_to,
)
from improve.incidents.models import IncidentSetup
from improve.incidents.queries.groups import GroupView, groups
from improve.incidents.queries.reviewers import ReviewerView, reviewer_views
from improve.incidents.queries.setup import KEEP_DAYS, cover_spans
from improve.shared.db import db

_NOT_KEPT_AS_IS: Final = frozenset({"promised_by", "opened_by"})


@dataclass(frozen=True, slots=True)
class SetupView(Signatures):
    """A council's own choices as they stand; a council that chose nothing has version 0."""

    keep_days: int = KEEP_DAYS
    kept_before: dict[str, int] = field(default_factory=dict)
    smallest_group: int = SMALLEST_GROUP
    leave_url: str = ""


@dataclass(frozen=True, slots=True)
class Readiness(Ready):
    """How far a council is on a day.

    ``apart``: by group, its reviewers without a part in it. ``uncovered``: by day, the open groups
    that have none of those on cover.
    """

    setup: SetupView
    reviewers: tuple[ReviewerView, ...]
    groups: tuple[GroupView, ...]
    apart: dict[int, tuple[Reviewer, ...]]
    uncovered: dict[date, tuple[str, ...]]

    @property
    def days_without(self) -> tuple[date, ...]:
        """The next working days on which nobody reads, or nobody for one of the groups."""
        return tuple(
            day for day, names in self.days[:DAYS_NEEDED] if not names or self.uncovered.get(day)
        )

    @property
    def is_read_at_all(self) -> bool:
        """Whether somebody is down to read on a day after today, for each group."""
        return any(
            names and not self.uncovered.get(day) for day, names in self.days if day > self.today
        )

    @property
    def open_groups(self) -> tuple[GroupView, ...]:
        """The groups that were not closed."""
        return tuple(group for group in self.groups if group.closed_on is None)

    @property
    def needs(self) -> tuple[Need, ...]:
        """Everything that must stand, in the order of the page."""
        return (
            self.readers_need(
                "Two trained reviewers",
                [one.name for one in self.reviewers if one.trained_on],
                "Two read each report apart from each other, and one may be ill or away",
            ),
            self._groups_need,
            self._apart_need,
            self.cover_need(
                "The form says on which day a report is read, from whichever group it comes"
            ),
            self.dpia_need("Staff tell us what is hard to tell: the risks are looked at first"),
            self.legal_need(
                "What we keep, what we must pass on and the other routes have to be lawful"
            ),
            self.numbers_need("A child who is not safe now must not wait for a reviewer"),
            self.promise_need("Nobody reports before somebody stands for it that they may"),
        )

    @property
    def _groups_need(self) -> Need:
        wide = [group.name for group in self.open_groups if group.is_wide]
        narrow = [group.name for group in self.open_groups if not group.is_wide]
        least = max(self.setup.smallest_group, SMALLEST_GROUP)
        if narrow:
            words = f"Fewer than {least} people: {', '.join(narrow)}"
        else:
            words = ", ".join(wide) or "No group yet"
        return Need(
            "groups",
            f"Groups of teams with {least} people or more",
            bool(wide) and not narrow,
            words,
            "In a wide group nobody stands out as the one who reported",
        )

    @property
    def _apart_need(self) -> Need:
        short = [
            group.name
            for group in self.open_groups
            if len(self.apart.get(group.id, ())) < READERS_NEEDED
        ]
        if not self.open_groups:
            words = "No group yet"
        elif short:
            words = f"One more needed at least for: {', '.join(short)}"
        else:
            words = "Every group has two"
        return Need(
            "apart",
            "Two reviewers without a part in each group",
            bool(self.open_groups) and not short,
            words,
            "A report is never offered to somebody who works in its teams, leads them or stands "
            "in there",
        )


def setup_of(actor: Actor) -> SetupView:
    """Return a council's own choices. One statement."""
    return _council(actor)[0]


def readiness(actor: Actor, today: date) -> Readiness:
    """Return how far the actor's council is. Five statements."""
    here = actor.organisation_id
    setup, slug, numbers = _council(actor)
    found = reviewer_views(here)
    trained = [view.reviewer for view in found if view.trained_on]
    spans = cover_spans(here, today)
    days = days_read(
        spans,
        {one.person_id for one in trained},
        WorkingCalendar(closing_days=actor.closing_days),
        today,
        DAYS_AHEAD,
    )
    known = groups(actor, smallest=setup.smallest_group)
    names = {group.id: group.name for group in known}
    teams = {group.id: group.team_ids for group in known if group.closed_on is None}
    return Readiness(
        today=today,
        setup=setup,
        slug=slug,
        duty_numbers={"day": "", "night": "", **numbers},
        spans=tuple(spans),
        days=tuple(days),
        reviewers=tuple(found),
        groups=tuple(known),
        apart={
            group.id: tuple(offered_to(trained, group_teams=group.team_ids))
            for group in known
            if group.teams
        },
        uncovered={
            day: tuple(names[one] for one in groups_without_cover(day, spans, trained, teams))
            for day, there in days
            if there
        },
    )


def _council(actor: Actor) -> tuple[SetupView, str, dict[str, str]]:
    facts, signed = councils(), person_names()
    opened = person_names().alias("openers")
    row = db.session.execute(
        select(
            facts.c.slug,
            facts.c.duty_numbers,
            IncidentSetup,
            signed.c.name.label("promised_by"),
            opened.c.name.label("opened_by"),
        )
        .outerjoin(IncidentSetup, IncidentSetup.organisation_id == facts.c.id)
        .outerjoin(signed, signed.c.id == IncidentSetup.promised_by_id)
        .outerjoin(opened, opened.c.id == IncidentSetup.opened_by_id)
        .where(facts.c.id == actor.organisation_id)
    ).one()
    kept, numbers = row.IncidentSetup, dict(row.duty_numbers)
    if kept is None:
        return SetupView(), row.slug, numbers
    same = [one.name for one in fields(SetupView) if one.name not in _NOT_KEPT_AS_IS]
    view = SetupView(
        **{name: getattr(kept, name) for name in same},
        promised_by=row.promised_by or "",
        opened_by=row.opened_by or "",
    )
    return view, row.slug, numbers
