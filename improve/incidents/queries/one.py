"""One report, opened with its own key: the one way in which its words are ever loaded."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.incidents.confidentiality import Reviewer, offered_to
from improve.incidents.contents import Head, Words, Work, head_of, words_of, work_of
from improve.incidents.kinds import ENDED, StepKind
from improve.incidents.models import Incident, IncidentGroup, IncidentReading, IncidentStep
from improve.incidents.queries.reviewers import group_teams, reviewers
from improve.incidents.reading import READERS, Position, free_position, may_follow
from improve.incidents.sealing import ReportKey
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken

OPEN_FIRST = "Open this first: opening it is recorded."


@dataclass
class Loaded:
    """A report for a reviewer to whom it is offered, or who reads it.

    ``words`` and ``work`` are empty until the reviewer opened it. ``reading``: what this reviewer
    is to it; ``others``: what other reviewers are, by id. ``offered``: everybody to whom it may be
    offered now. ``group``: the name of the teams that it came from.
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
    def has_two(self) -> bool:
        """Whether two read it, or a second reader may still come: both then decide together.

        Where nobody else may read it, its one reader decides alone, and the page says so.
        """
        return self.other is not None or len(self.offered) > 1

    @property
    def is_frozen(self) -> bool:
        """Whether a lawful order keeps it as it is: two people said so."""
        frozen = (self.incident.frozen_by_id, self.incident.frozen_also_by_id)
        return None not in frozen


@dataclass
class Ended:
    """A report that was destroyed, for a reviewer who may still use and answer it."""

    incident: Incident
    group: str


def loaded_report(
    actor: Actor, key: str, *, for_change: bool = False, may_be_unopened: bool = False
) -> Loaded:
    """Return a report of the reviewer's council that was not destroyed.

    ``for_change`` holds it against others until the transaction ends. Raises ``NotFound`` for all
    that is not offered to this reviewer now, also where they read it before: a membership in its
    group, a tick by the reporter or “I may know this” ends that. Raises ``RuleBroken`` where they
    have not opened it, unless ``may_be_unopened``.
    """
    incident, group = _incident(actor, key, for_change=for_change)
    if incident.state in ENDED or incident.wrapped_key is None:
        raise NotFound
    readings = db.session.scalars(
        select(IncidentReading)
        .where(
            IncidentReading.incident_key == key,
            IncidentReading.organisation_id == actor.organisation_id,
        )
        .order_by(IncidentReading.reviewer_id)
        .execution_options(populate_existing=for_change)
    ).all()
    own = next((one for one in readings if one.reviewer_id == actor.person_id), None)
    report_key = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
    head = Head.of(report_key.open(incident.sealed_head, about=head_of(key)))
    offered = offered_to(
        reviewers(actor.organisation_id),
        group_teams=group_teams(incident.group_id),
        not_readers=head.not_readers,
        may_know=[one.reviewer_id for one in readings if one.may_know],
    )
    if actor.person_id not in {one.person_id for one in offered}:
        raise NotFound
    is_reader = own is not None and own.position in READERS
    if not is_reader and free_position(one.position for one in readings) is Position.NONE:
        raise NotFound
    if not is_reader and not may_be_unopened:
        raise RuleBroken(OPEN_FIRST)
    words, work = Words(""), Work()
    if is_reader:
        words = Words.of(report_key.open(incident.sealed_words, about=words_of(key)))
        if incident.sealed_work is not None:
            work = Work.of(report_key.open(incident.sealed_work, about=work_of(key)))
    others = tuple(one for one in readings if one.reviewer_id != actor.person_id)
    return Loaded(incident, group, report_key, head, words, work, own, others, tuple(offered))


def ended_report(actor: Actor, key: str, *, for_change: bool = False) -> Ended:
    """Return a report that was destroyed, to use and answer it. ``NotFound`` for all others.

    For those who read it; see ``incidents.reading.may_follow``.
    """
    incident, group = _incident(actor, key, for_change=for_change)
    if incident.state not in ENDED:
        raise NotFound
    steps = db.session.execute(
        select(IncidentStep.person_id, IncidentStep.kind)
        .where(
            IncidentStep.incident_key == key,
            IncidentStep.organisation_id == actor.organisation_id,
            IncidentStep.kind.in_([StepKind.OPENED.value, StepKind.MAY_KNOW.value]),
        )
        .order_by(IncidentStep.id)
    ).all()
    everybody = reviewers(actor.organisation_id)
    if not may_follow(
        _own(actor, everybody),
        group_teams=group_teams(incident.group_id),
        steps=[(person, StepKind(kind)) for person, kind in steps],
        still_reviewing=[one.person_id for one in everybody],
    ):
        raise NotFound
    return Ended(incident, group)


def _incident(actor: Actor, key: str, *, for_change: bool) -> tuple[Incident, str]:
    query = (
        select(Incident, IncidentGroup.name)
        .join(IncidentGroup, IncidentGroup.id == Incident.group_id)
        .where(Incident.key == key, Incident.organisation_id == actor.organisation_id)
    )
    if for_change:
        query = query.with_for_update(of=Incident).execution_options(populate_existing=True)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _own(actor: Actor, everybody: list[Reviewer]) -> Reviewer:
    """Return the reviewer who acts; whoever is none finds nothing."""
    found = next((one for one in everybody if one.person_id == actor.person_id), None)
    if found is None:
        raise NotFound
    return found
