"""Whoever acts: a frozen account of the person, their roles and their teams. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from improve.accounts.days.working_calendar import MONDAY_TO_FRIDAY, WorkingCalendar, weekdays_of
from improve.accounts.roles import Role


@dataclass(frozen=True)
class BusyNow:
    """A busy time that goes on in a team: from when to when, both days with it, and why."""

    since_on: date
    until_on: date
    why: str


@dataclass(frozen=True)
class Place:
    """One role, and the team or service that it is held in; neither: the whole organisation."""

    role: Role
    team_id: int | None = None
    team_slug: str | None = None
    team_name: str | None = None
    service_id: int | None = None
    is_home: bool = False
    #: Held for some days only, in place of the team's manager who is away.
    is_cover: bool = False
    #: The team is closed: what it did can still be read there, and no more happens.
    is_closed: bool = False
    #: Weekdays the team works, as its row keeps them.
    team_working_days: str = ""
    #: The busy time that goes on in the team today.
    team_busy: BusyNow | None = None


@dataclass(frozen=True)
class Actor:
    """The person who acts, as every service and query is told."""

    person_id: int
    organisation_id: int
    name: str
    job_title: str
    places: tuple[Place, ...]
    rights_version: int
    theme: str = ""
    #: “list” or “” (board); “large”, “largest” or “”; “wide” or “”.
    board_view: str = ""
    text_size: str = ""
    spacing: str = ""
    #: Their own weekdays, as their row keeps them; empty: those of the home team.
    working_days: str = ""
    #: Days on which the council is closed, beside weekends and bank holidays.
    closing_days: frozenset[date] = frozenset()
    #: The council's starting norms, {"plan": 28, …} in days; a stage without one has the usual.
    starting_days: Mapping[str, int] = field(default_factory=dict, hash=False)
    #: Whether roles that a group of the directory gave are left out: the directory was not asked.
    has_roles_elsewhere: bool = False

    @property
    def busy_places(self) -> tuple[Place, ...]:
        """A place in each team of theirs that has a busy time today."""
        return tuple({p.team_id: p for p in self.places if p.team_busy is not None}.values())

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The days on which they work. A team's busy time is no part of it."""
        kept = self.working_days or (self.home.team_working_days if self.home else "")
        return WorkingCalendar(weekdays_of(kept) or MONDAY_TO_FRIDAY, self.closing_days)

    @property
    def first_name(self) -> str:
        """What colleagues call them on a board."""
        return self.name.split(" ", 1)[0]

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Every role, wherever it is held."""
        return frozenset(place.role for place in self.places)

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """Teams they belong to."""
        return frozenset(
            p.team_id for p in self.places if p.team_id is not None and not p.is_closed
        )

    @cached_property
    def managed_team_ids(self) -> frozenset[int]:
        """Teams they manage."""
        return frozenset(
            p.team_id for p in self.places if p.role is Role.MANAGER and p.team_id is not None
        )

    @cached_property
    def home(self) -> Place | None:
        """The team they call home, else the first they belong to."""
        placed = [
            p for p in self.places if p.team_id is not None and not p.is_cover and not p.is_closed
        ]
        return next((p for p in placed if p.is_home), placed[0] if placed else None)

    @property
    def home_team_id(self) -> int | None:
        """Id of the home team."""
        return self.home.team_id if self.home else None

    def is_in(self, team_id: int) -> bool:
        """Return whether they belong to this team."""
        return team_id in self.team_ids

    def manages(self, team_id: int) -> bool:
        """Return whether they manage this team."""
        return team_id in self.managed_team_ids

    def with_pass(self) -> Actor:
        """Return who the person is by a capture pass: a practitioner of their teams, no more.

        Whatever a route forgets to ask, the policy table then refuses. A closed home team stays
        theirs, so that the phone says that it is closed instead of logging elsewhere.
        """
        return replace(
            self,
            places=tuple(
                replace(place, role=Role.PRACTITIONER, is_closed=False)
                for place in self.places
                if place.team_id is not None and not place.is_cover
            ),
        )
