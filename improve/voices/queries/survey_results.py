"""What a survey that is over may show: its response and its answers, never a voice or a code."""

from __future__ import annotations

from sqlalchemy import case, func, select

from improve.accounts.actor import Actor
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.counting import SurveyNumbers, survey_numbers
from improve.voices.kinds import SCALES
from improve.voices.models import Voice, VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.counts import COUNTED


def survey_results(actor: Actor, survey_id: int) -> SurveyNumbers | None:
    """Return a survey's numbers; None until it is closed. Raises ``NotFound``.

    ``ratings`` are those on 3 faces, then those on 5: one table of all who answered, since two
    tables of the same people could lead to a few of them.
    """
    survey = db.session.execute(
        select(VoiceSurvey.closes_on).where(
            VoiceSurvey.id == survey_id, VoiceSurvey.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    if survey is None:
        raise NotFound
    if survey.closes_on >= clock.today():
        return None
    printed, used = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((VoiceSurveyCode.is_used, 1), else_=0)), 0),
        )
        .select_from(VoiceSurveyCode)
        .where(VoiceSurveyCode.survey_id == survey_id)
    ).one()
    counted = select(Voice.scale, Voice.rating, func.count()).where(
        Voice.organisation_id == actor.organisation_id,
        Voice.survey_id == survey_id,
        Voice.state.in_(COUNTED),
        Voice.locked_at.is_(None),
        Voice.by_helper.is_(False),
        Voice.rating.is_not(None),
    )
    counted = counted.group_by(Voice.scale, Voice.rating).order_by(Voice.scale, Voice.rating)
    found = {(scale, rating): n for scale, rating, n in db.session.execute(counted)}
    return survey_numbers(
        printed=printed,
        used=int(used),
        ratings=[
            found.get((scale, rating), 0)
            for scale in sorted(set(SCALES.values()))
            for rating in range(1, scale + 1)
        ],
    )
