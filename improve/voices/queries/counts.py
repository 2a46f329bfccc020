"""What the months' answers are counted from: counts by team, never a voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, select

from improve.shared.db import db
from improve.voices.counting import next_month
from improve.voices.kinds import GOOD_UP_TO, State, WayIn
from improve.voices.models import Voice, VoiceMeasure, VoiceReader, VoiceSetup

#: Read to the end, and nobody's secret: only these are counted.
COUNTED = (State.TO_ANSWER.value, State.ANSWERED.value, State.AGAIN.value)
UNREAD = (State.WAITING.value, State.READING.value)


@dataclass(frozen=True, slots=True)
class Keeper:
    """In whose name a council's months are counted: who opened its form, else its first reader."""

    organisation_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class CountedMeasure:
    """Which measure holds the answers of a team (None: of all), None until there is one."""

    id: int
    team_id: int | None
    scale: int
    measure_id: int | None
    counted_until_on: date | None


def keepers() -> list[Keeper]:
    """Return whom the months of each listening council are counted for. For the nightly run."""
    reader = func.coalesce(func.min(Voice.reader_id), func.min(VoiceReader.person_id))
    query = (
        select(Voice.organisation_id, func.coalesce(func.min(VoiceSetup.opened_by_id), reader))
        .outerjoin(VoiceSetup, VoiceSetup.organisation_id == Voice.organisation_id)
        .outerjoin(VoiceReader, VoiceReader.organisation_id == Voice.organisation_id)
        .group_by(Voice.organisation_id)
        .order_by(Voice.organisation_id)
    )
    return [
        Keeper(organisation_id, person_id)
        for organisation_id, person_id in db.session.execute(query)
        if person_id is not None
    ]


def first_day(organisation_id: int) -> date | None:
    """Return the day the first voice of a council came, None without any."""
    return db.session.scalar(
        select(func.min(Voice.came_on)).where(Voice.organisation_id == organisation_id)
    )


def unread_in(organisation_id: int, month: date) -> int:
    """Return how many voices of a month nobody has read to the end."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Voice)
            .where(*_of_month(organisation_id, month), Voice.state.in_(UNREAD))
        )
        or 0
    )


def answers_in(organisation_id: int, month: date, scale: int) -> dict[int | None, tuple[int, int]]:
    """Return (good or better, other) of a month by team, None for no team.

    Only of those who answered themselves: nothing that a helper or the staff typed, nothing
    locked or set aside. A survey asks other people in another way, and has numbers of its own.
    """
    good = func.sum(case((Voice.rating <= GOOD_UP_TO[scale], 1), else_=0))
    query = (
        select(Voice.team_id, good, func.count())
        .where(
            *_of_month(organisation_id, month),
            Voice.state.in_(COUNTED),
            Voice.locked_at.is_(None),
            Voice.by_helper.is_(False),
            Voice.way_in != WayIn.SURVEY.value,
            Voice.survey_id.is_(None),
            Voice.scale == scale,
            Voice.rating.is_not(None),
        )
        .group_by(Voice.team_id)
        .order_by(Voice.team_id)
    )
    return {team: (int(n), int(of) - int(n)) for team, n, of in db.session.execute(query)}


def measures_of(organisation_id: int) -> Sequence[CountedMeasure]:
    """Return which measures hold the answers of a council, the whole council's first."""
    query = (
        select(
            VoiceMeasure.id,
            VoiceMeasure.team_id,
            VoiceMeasure.scale,
            VoiceMeasure.measure_id,
            VoiceMeasure.counted_until_on,
        )
        .where(VoiceMeasure.organisation_id == organisation_id)
        .order_by(VoiceMeasure.team_id.is_not(None), VoiceMeasure.team_id, VoiceMeasure.scale)
    )
    return [CountedMeasure(*row) for row in db.session.execute(query)]


def measures_of_answers() -> Select[int | None]:
    """Select the ids of all measures whose numbers come from voices."""
    return select(VoiceMeasure.measure_id).where(VoiceMeasure.measure_id.is_not(None))


def _of_month(organisation_id: int, month: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Voice.organisation_id == organisation_id,
        Voice.came_on >= month,
        Voice.came_on < next_month(month),
    )
