"""One report, opened with its own key: the one way in which its words are ever loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.incidents.barred import barred_in
from improve.incidents.confidentiality import Reviewer
from improve.incidents.contents import (
    Coding,
    Head,
    Words,
    Work,
    coding_of,
    head_of,
    words_of,
    work_of,
)
from improve.incidents.factors import agreement
from improve.incidents.kinds import ENDED, StepKind
from improve.incidents.models import (
    Incident,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentReading,
    IncidentStep,
)
from improve.incidents.queries.keeping import keeping_of
from improve.incidents.queries.reviewers import (
    offered_as_one,
    reviewers,
    teams_by_group,
)
from improve.incidents.reading import READERS, Position, free_position, may_follow
from improve.incidents.sealing import ReportKey
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.sealing import CannotOpen

OPEN_FIRST: Final = "Open this first: opening it is recorded."
NO_KEY: Final = "No key that is here opens it. Ask whoever runs this system for the earlier key."


class TwoReadIt(NotFound):
    """It was offered to this reviewer as well, until two others opened it."""


@dataclass
class Loaded:
    """A report for a reviewer to whom it is offered, or who reads it.

    ``words`` and ``work`` are empty until the reviewer opened it. ``reading``: what this reviewer
    is to it; ``others``: what others to whom it may still be offered are, by id. ``offered``:
    everybody to whom it may be offered now. ``group``: the name of the teams that it came from.
    ``joined``: reports of the same event that were joined to it. ``teams``: of each group.
    """

    incident: Incident
    group: str
    key: ReportKey
    head: Head
    words: Words
    work: Work
    reading: IncidentReading | None
    others: tuple[IncidentReading, ...]
    offered: tuple[Reviewer, ...]
    joined: tuple[Incident, ...] = ()
    teams: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def is_reader(self) -> bool:
        """Whether this reviewer opened it, and reads it."""
        return self.reading is not None and self.reading.position in READERS

    @property
    def is_first(self) -> bool:
        """Whether this reviewer is its first reader."""
        return self.reading is not None and self.reading.position == Position.FIRST

    @property
    def other(self) -> IncidentReading | None:
        """What the other reader is to it; None until somebody else opened it."""
        return next((one for one in self.others if one.position in READERS), None)

    @property
    def agreement(self) -> float | None:
        """How far two codings apart agree on the factors, 0 to 1; None until two have coded."""
        if self.reading is None or self.other is None:
            return None
        if not (self.reading.is_coded and self.other.is_coded):
            return None
        own, other = self.coding(self.reading), self.coding(self.other)
        return agreement(frozenset(own.factors), frozenset(other.factors))

    def coding(self, reading: IncidentReading) -> Coding:
        """What one reviewer coded; empty until they have. No statement."""
        if not reading.is_coded or reading.sealed_coding is None:
            return Coding()
        place = coding_of(reading.incident_key, reading.reviewer_id)
        try:
            return Coding.of(self.key.open(reading.sealed_coding, about=place))
        except CannotOpen:
            raise RuleBroken(NO_KEY) from None

    @property
    def has_two(self) -> bool:
        """Whether two read it, or a second reader may still come: two decide together."""
        return self.other is not None or len(self.offered) > 1

    @property
    def is_frozen(self) -> bool:
        """Whether a lawful order keeps it as it is: two people said so."""
        return keeping_of(self.incident).is_kept


@dataclass
class Ended:
    """A report that was destroyed, for a reviewer who may still use and answer it."""

    incident: Incident
    group: str


def loaded_report(
    actor: Actor,
    key: str,
    *,
    for_change: bool = False,
    may_be_unopened: bool = False,
    may_be_joined: bool = False,
) -> Loaded:
    """Return a report of the reviewer's council that was not destroyed.

    ``for_change`` holds it against others until the transaction ends. Raises ``NotFound`` for all
    that is not offered to this reviewer now, also where they read it before: a membership in its
    group, a tick by the reporter or “I may know this” ends that, of it or of any that is read with
    it as one event. Raises ``RuleBroken`` where they have not opened it, unless
    ``may_be_unopened``. One that was joined to another is read and worked on there alone:
    ``NotFound``, unless ``may_be_unopened``, to lead there, or ``may_be_joined``.
    """
    incident, group, event = _incident(actor, key, for_change=for_change)
    if incident.state in ENDED or incident.wrapped_key is None:
        raise NotFound
    report_key, head = opened_head(incident)
    joined = tuple(one for one in event if one.joined_into == key)
    parts = [incident, *(one for one in event if one.wrapped_key is not None)]
    every = _readings(actor, parts, for_change=for_change)
    readings = [one for one in every if one.incident_key == key]
    own = next((one for one in readings if one.reviewer_id == actor.person_id), None)
    teams = teams_by_group(actor.organisation_id)
    offered = _offered(reviewers(actor.organisation_id), teams, parts, every)
    ids = {one.person_id for one in offered}
    if actor.person_id not in ids:
        raise NotFound
    # Whoever may not read it any more holds no place among its readers.
    readings = [one for one in readings if one.reviewer_id in ids]
    is_reader = own is not None and own.position in READERS
    if not is_reader and incident.joined_into is not None:
        raise NotFound  # it is read with the other, by the readers of that
    if incident.joined_into is not None and not (may_be_unopened or may_be_joined):
        raise NotFound
    if not is_reader and free_position(one.position for one in readings) is Position.NONE:
        raise TwoReadIt
    if not is_reader and not may_be_unopened:
        raise RuleBroken(OPEN_FIRST)
    words, work = Words(""), Work()
    if is_reader:
        words, work = _opened(incident, report_key)
    others = tuple(one for one in readings if one.reviewer_id != actor.person_id)
    return Loaded(
        incident, group, report_key, head, words, work, own, others, offered, joined, teams
    )


def _readings(
    actor: Actor, parts: Iterable[Incident], *, for_change: bool
) -> list[IncidentReading]:
    return list(
        db.session.scalars(
            select(IncidentReading)
            .where(
                IncidentReading.incident_key.in_([one.key for one in parts]),
                IncidentReading.organisation_id == actor.organisation_id,
            )
            .order_by(IncidentReading.incident_key, IncidentReading.reviewer_id)
            .execution_options(populate_existing=for_change)
        )
    )


def _offered(
    everybody: Iterable[Reviewer],
    teams: Mapping[int, frozenset[int]],
    parts: Iterable[Incident],
    readings: Iterable[IncidentReading],
) -> tuple[Reviewer, ...]:
    """Return to whom all of these reports may be offered, which are read as one."""
    knowing: dict[str, set[int]] = {}
    for one in readings:
        if one.may_know:
            knowing.setdefault(one.incident_key, set()).add(one.reviewer_id)
    return tuple(
        offered_as_one(
            everybody,
            [(part, opened_head(part)[1]) for part in parts],
            teams=teams,
            may_know=knowing,
        )
    )


def ended_report(actor: Actor, key: str, *, for_change: bool = False) -> Ended:
    """Return a report that was destroyed, to use and answer it. ``NotFound`` for all others.

    See ``check_may_follow``.
    """
    incident, group, _ = _incident(actor, key, for_change=for_change)
    if incident.state not in ENDED:
        raise NotFound
    steps = db.session.execute(
        select(IncidentStep.person_id, IncidentStep.kind)
        .where(
            IncidentStep.incident_key == key,
            IncidentStep.organisation_id == actor.organisation_id,
            IncidentStep.kind.in_(
                [StepKind.OPENED.value, StepKind.READS_WITH.value, StepKind.MAY_KNOW.value]
            ),
        )
        .order_by(IncidentStep.id)
    ).all()
    check_may_follow(actor, incident, [(person, StepKind(kind)) for person, kind in steps])
    return Ended(incident, group)


def check_may_follow(
    actor: Actor, incident: Incident, steps: Iterable[tuple[int, StepKind]]
) -> None:
    """Raise ``NotFound`` for whoever may not go on with what was destroyed. Two statements.

    For those who read it; see ``incidents.reading.may_follow``. Never for those who are barred from
    it for ever, or have a part in the teams of any report that was read with it as one.
    """
    try:
        barred = barred_in(incident.sealed_barred, key=incident.key)
    except CannotOpen:
        raise NotFound from None
    everybody = reviewers(actor.organisation_id)
    teams = _teams_of_event(incident)
    if (
        actor.person_id in barred
        or not teams
        or not may_follow(
            _own(actor, everybody),
            group_teams=teams,
            steps=steps,
            still_reviewing=[one.person_id for one in everybody],
        )
    ):
        raise NotFound


def _teams_of_event(incident: Incident) -> frozenset[int]:
    """Return the teams of a report and of those that were read with it."""
    main = incident.joined_into or incident.key
    rows = db.session.scalars(
        select(IncidentGroupTeam.team_id)
        .join(Incident, Incident.group_id == IncidentGroupTeam.group_id)
        .where(
            or_(Incident.key == main, Incident.joined_into == main),
            Incident.organisation_id == incident.organisation_id,
        )
    )
    return frozenset(rows)


def has_step(actor: Actor, key: str, kind: StepKind) -> bool:
    """Return whether any reviewer did such a step with a report. One statement."""
    found = select(IncidentStep.id).where(
        IncidentStep.incident_key == key,
        IncidentStep.organisation_id == actor.organisation_id,
        IncidentStep.kind == kind.value,
    )
    return db.session.execute(found.limit(1)).first() is not None


def opened_head(incident: Incident) -> tuple[ReportKey, Head]:
    """Return the key of a report and what the desk needs of it. Raises ``RuleBroken`` if none."""
    try:
        key = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
        return key, Head.of(key.open(incident.sealed_head, about=head_of(incident.key)))
    except CannotOpen:
        raise RuleBroken(NO_KEY) from None


def _opened(incident: Incident, key: ReportKey) -> tuple[Words, Work]:
    try:
        words = Words.of(key.open(incident.sealed_words, about=words_of(incident.key)))
        if incident.sealed_work is None:
            return words, Work()
        return words, Work.of(key.open(incident.sealed_work, about=work_of(incident.key)))
    except CannotOpen:
        raise RuleBroken(NO_KEY) from None


def _incident(
    actor: Actor, key: str, *, for_change: bool
) -> tuple[Incident, str, tuple[Incident, ...]]:
    """Return a report, the name of its group, and the others that are read with it as one."""
    asked = aliased(Incident)
    main = (
        select(func.coalesce(asked.joined_into, asked.key))
        .where(asked.key == key, asked.organisation_id == actor.organisation_id)
        .scalar_subquery()
    )
    query = (
        select(Incident, IncidentGroup.name)
        .join(IncidentGroup, IncidentGroup.id == Incident.group_id)
        .where(
            or_(Incident.key == main, Incident.joined_into == main),
            Incident.organisation_id == actor.organisation_id,
        )
        .order_by(Incident.key)
    )
    if for_change:
        query = query.with_for_update(of=Incident).execution_options(populate_existing=True)
    rows = db.session.execute(query).all()
    found = next((row for row in rows if row[0].key == key), None)
    if found is None:
        raise NotFound
    return found[0], found[1], tuple(row[0] for row in rows if row[0].key != key)


def _own(actor: Actor, everybody: list[Reviewer]) -> Reviewer:
    """Return the reviewer who acts; whoever is none finds nothing."""
    found = next((one for one in everybody if one.person_id == actor.person_id), None)
    if found is None:
        raise NotFound
    return found
