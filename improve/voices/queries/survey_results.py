"""What a survey that is over may show: its response and its answers, never a voice or a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, func, select

from improve.accounts.actor import Actor
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.suppression import Count, Hidden
from improve.voices.counting import WAIT_DAYS, SurveyNumbers, survey_numbers
from improve.voices.kinds import SCALES
from improve.voices.models import Voice, VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.counts import COUNTED


def survey_results(actor: Actor, survey_id: int) -> SurveyNumbers | None:
    """Return a survey's numbers as they were counted; None until then. Raises ``NotFound``."""
    row = db.session.execute(
        select(VoiceSurvey.asked, VoiceSurvey.results).where(
            VoiceSurvey.id == survey_id, VoiceSurvey.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.results is None:
        return None
    return SurveyNumbers(
        row.asked,
        row.results["response"],
        tuple(_count(n) for n in row.results["ratings"]),
        _count(row.results["not_counted"]),
    )


def surveys_to_count() -> Sequence[VoiceSurvey]:
    """Return the surveys of every council that are over for 28 days and were not counted."""
    return db.session.scalars(
        select(VoiceSurvey)
        .where(
            VoiceSurvey.counted_on.is_(None),
            VoiceSurvey.closes_on < clock.today() - timedelta(days=WAIT_DAYS),
        )
        .order_by(VoiceSurvey.id)
    ).all()


def numbers_of(survey: VoiceSurvey) -> SurveyNumbers:
    """Count a survey as it is today.

    ``ratings`` are those on 3 faces, then those on 5: one table of all who answered, since two
    tables of the same people could lead to a few of them.
    """
    # No sum at all where no code is here: an archive brings a survey without its codes.
    used = db.session.scalar(
        select(func.sum(case((VoiceSurveyCode.is_used, 1), else_=0))).where(
            VoiceSurveyCode.survey_id == survey.id
        )
    )
    counted = select(Voice.scale, Voice.rating, func.count()).where(
        Voice.organisation_id == survey.organisation_id,
        Voice.survey_id == survey.id,
        Voice.state.in_(COUNTED),
        Voice.locked_at.is_(None),
        Voice.by_helper.is_(False),
        Voice.rating.is_not(None),
    )
    counted = counted.group_by(Voice.scale, Voice.rating).order_by(Voice.scale, Voice.rating)
    found = {(scale, rating): n for scale, rating, n in db.session.execute(counted)}
    return survey_numbers(
        printed=survey.asked,
        used=None if used is None else int(used),
        ratings=[
            found.get((scale, rating), 0)
            for scale in sorted(set(SCALES.values()))
            for rating in range(1, scale + 1)
        ],
    )


def _count(kept: int | None) -> Count:
    return Hidden.NOT_SHOWN if kept is None else kept
