"""Dip samples of a team, and what their readers answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName, coaches, people_of_team, person_names, team_names
from improve.measures.dip_counts import AGREED, FIRST, SECOND, Comparison
from improve.measures.models import DipAnswer, DipSample, Measure
from improve.measures.views import MeasureChoice
from improve.shared.db import db
from improve.shared.errors import NotFound

SAMPLES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SampleView:
    """A dip sample with its team, readers and measure (None: it makes no point)."""

    id: int
    organisation_id: int
    team_id: int
    team_slug: str
    team_name: str
    measure_id: int | None
    measure_name: str | None
    title: str
    questions: list[str]
    measured_question: int
    record_count: int
    practice_week_on: date
    first_reader_id: int
    first_reader: str
    second_reader_id: int
    second_reader: str
    closed_at: datetime | None
    version: int

    def reader_of(self, person_id: int) -> int | None:
        """Which of the two readers a person is, or None."""
        return {self.second_reader_id: SECOND, self.first_reader_id: FIRST}.get(person_id)

    def reader_name(self, reader: int) -> str:
        """The first name of a reader."""
        name = self.first_reader if reader == FIRST else self.second_reader
        return name.split(" ", 1)[0]


def _samples(actor: Actor) -> Any:
    teams, first, second = team_names(), person_names(), aliased(person_names())
    return (
        select(
            DipSample.id,
            DipSample.organisation_id,
            DipSample.team_id,
            teams.c.slug,
            teams.c.name,
            DipSample.measure_id,
            Measure.name,
            DipSample.title,
            DipSample.questions,
            DipSample.measured_question,
            DipSample.record_count,
            DipSample.practice_week_on,
            DipSample.first_reader_id,
            first.c.name,
            DipSample.second_reader_id,
            second.c.name,
            DipSample.closed_at,
            DipSample.version,
        )
        .join(teams, teams.c.id == DipSample.team_id)
        .join(first, first.c.id == DipSample.first_reader_id)
        .join(second, second.c.id == DipSample.second_reader_id)
        .outerjoin(Measure, Measure.id == DipSample.measure_id)
        .where(DipSample.organisation_id == actor.organisation_id)
    )


def sample(actor: Actor, sample_id: int) -> SampleView:
    """Return a dip sample of the actor's organisation. Raises ``NotFound``."""
    row = db.session.execute(_samples(actor).where(DipSample.id == sample_id)).one_or_none()
    if row is None:
        raise NotFound
    return SampleView(*row)


def lock_sample(actor: Actor, sample_id: int) -> None:
    """Let nobody else answer, settle or stop this sample before this transaction ends."""
    db.session.execute(
        select(DipSample.id)
        .where(DipSample.organisation_id == actor.organisation_id, DipSample.id == sample_id)
        .with_for_update()
    )


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A dip sample and what was answered. Who shows it asks ``compared.is_open`` first."""

    sample: SampleView
    compared: Comparison


def sample_page(actor: Actor, sample_id: int) -> SamplePage:
    """Return a dip sample with all answers. Raises ``NotFound``."""
    view = sample(actor, sample_id)
    return SamplePage(view, _compared(actor, [view])[view.id])


def samples_of_team(actor: Actor, team_id: int) -> list[SamplePage]:
    """Return a team's dip samples, the newest practice week first."""
    rows = db.session.execute(
        _samples(actor)
        .where(DipSample.team_id == team_id)
        .order_by(DipSample.practice_week_on.desc(), DipSample.id.desc())
        .limit(SAMPLES_SHOWN)
    )
    views = [SampleView(*row) for row in rows]
    compared = _compared(actor, views)
    return [SamplePage(view, compared[view.id]) for view in views]


def _compared(actor: Actor, views: list[SampleView]) -> dict[int, Comparison]:
    rows = db.session.execute(
        select(
            DipAnswer.dip_sample_id,
            DipAnswer.reader,
            DipAnswer.record_number,
            DipAnswer.question_number,
            DipAnswer.answer,
        )
        .join(DipSample, DipSample.id == DipAnswer.dip_sample_id)
        .where(
            DipSample.organisation_id == actor.organisation_id,
            DipAnswer.dip_sample_id.in_([view.id for view in views]),
        )
        .order_by(
            DipAnswer.dip_sample_id,
            DipAnswer.reader,
            DipAnswer.record_number,
            DipAnswer.question_number,
        )
    )
    found: dict[tuple[int, int], dict[tuple[int, int], str]] = defaultdict(dict)
    for sample_id, reader, record, question, answer in rows:
        found[sample_id, reader][record, question] = answer
    return {
        view.id: Comparison(
            questions=len(view.questions),
            records=view.record_count,
            first=found[view.id, FIRST],
            second=found[view.id, SECOND],
            agreed=found[view.id, AGREED],
            is_stopped=view.closed_at is not None,
        )
        for view in views
    }


def own_answers(actor: Actor, view: SampleView, reader: int, record: int) -> dict[int, str]:
    """Return what one reader answered for one record, by question."""
    rows = db.session.execute(
        select(DipAnswer.question_number, DipAnswer.answer)
        .join(DipSample, DipSample.id == DipAnswer.dip_sample_id)
        .where(
            DipSample.organisation_id == actor.organisation_id,
            DipAnswer.dip_sample_id == view.id,
            DipAnswer.reader == reader,
            DipAnswer.record_number == record,
        )
        .order_by(DipAnswer.question_number)
    )
    return {row.question_number: row.answer for row in rows}


def sample_measures(actor: Actor, team_id: int) -> list[MeasureChoice]:
    """Return the team's own open shares: what a dip sample can become a point of."""
    rows = db.session.execute(
        select(Measure.id, Measure.name)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Measure.team_id == team_id,
            Measure.closed_on.is_(None),
            Measure.recorded == "proportion",
        )
        .order_by(Measure.name, Measure.id)
    )
    return [MeasureChoice(*row) for row in rows]


def possible_readers(actor: Actor, team_id: int) -> list[PersonName]:
    """Return the people of a team and the coaches, A to Z: who may enter its numbers."""
    found = {p.id: p for p in [*people_of_team(actor, team_id), *coaches(actor)]}
    return sorted(found.values(), key=lambda p: (p.name, p.id))
