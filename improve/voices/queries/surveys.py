"""Surveys of one council, and what a printed code leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import organisation_slugs, team_names
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.counting import WAIT_DAYS
from improve.voices.models import VoiceSurvey, VoiceSurveyCode
from improve.voices.sealed import sealer

#: What codes are hashed under.
PURPOSE: Final = "voices survey"


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A survey as its council sees it.

    ``printed``: how many codes a sheet has; never how many are used while it runs.
    """

    id: int
    name: str
    team_name: str
    opens_on: date
    closes_on: date
    printed: int
    sheet: int
    counted_on: date | None

    @property
    def results_on(self) -> date:
        """The day from which its numbers are there: the last of it has been read by then."""
        return self.closes_on + timedelta(days=WAIT_DAYS + 1)


@dataclass(frozen=True, slots=True)
class SurveyCode:
    """Where a printed code leads: its survey, and the council's general form.

    ``is_good``: it was not used yet or made void, and today is one of the survey's days.
    """

    code_hash: str
    survey_id: int
    slug: str
    is_good: bool


def surveys(actor: Actor) -> list[SurveyView]:
    """Return a council's surveys, the newest first."""
    return [_view(row) for row in db.session.execute(_of(actor))]


def survey(actor: Actor, survey_id: int) -> SurveyView:
    """Return one survey. Raises ``NotFound``."""
    row = db.session.execute(_of(actor).where(VoiceSurvey.id == survey_id)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def plain_code(typed: str) -> str:
    """Return a code as it is hashed: small letters and digits, however it was typed."""
    return re.sub(r"[^a-z0-9]", "", typed.lower())


def survey_code(typed: str, today: date) -> SurveyCode | None:
    """Return where a printed code leads, None for none that was ever printed. One statement."""
    slugs = organisation_slugs()
    row = db.session.execute(
        select(VoiceSurveyCode, VoiceSurvey, slugs.c.slug)
        .join(VoiceSurvey, VoiceSurvey.id == VoiceSurveyCode.survey_id)
        .join(slugs, slugs.c.id == VoiceSurvey.organisation_id)
        .where(VoiceSurveyCode.code_hash.in_(sealer(PURPOSE).hashes(plain_code(typed))))
    ).one_or_none()
    if row is None:
        return None
    held, asked, slug = row
    is_spent = held.is_used or held.is_void
    is_good = not is_spent and asked.opens_on <= today <= asked.closes_on
    return SurveyCode(held.code_hash, asked.id, slug, is_good)


def survey_for_change(actor: Actor, survey_id: int) -> VoiceSurvey:
    """Return a survey of the actor's council, held against others until the end. ``NotFound``."""
    row = db.session.scalars(
        select(VoiceSurvey)
        .where(VoiceSurvey.id == survey_id, VoiceSurvey.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class RunningSurvey:
    """A survey that runs today, and whose it is."""

    id: int
    team_id: int | None


def running_survey(organisation_id: int, survey_id: int, today: date) -> RunningSurvey | None:
    """Return a survey of a council if it runs today."""
    row = db.session.execute(
        select(VoiceSurvey.id, VoiceSurvey.team_id).where(
            VoiceSurvey.id == survey_id,
            VoiceSurvey.organisation_id == organisation_id,
            VoiceSurvey.opens_on <= today,
            VoiceSurvey.closes_on >= today,
        )
    ).one_or_none()
    return None if row is None else RunningSurvey(row.id, row.team_id)


def has_survey(actor: Actor, name: str, opens_on: date, closes_on: date) -> bool:
    """Return whether there is one of this name and these days."""
    return bool(
        db.session.scalar(
            select(VoiceSurvey.id)
            .where(
                VoiceSurvey.organisation_id == actor.organisation_id,
                VoiceSurvey.name == name,
                VoiceSurvey.opens_on == opens_on,
                VoiceSurvey.closes_on == closes_on,
            )
            .order_by(VoiceSurvey.id)
            .limit(1)
        )
    )


def _of(actor: Actor) -> Any:
    teams = team_names()
    return (
        select(VoiceSurvey, teams.c.name)
        .outerjoin(teams, teams.c.id == VoiceSurvey.team_id)
        .where(VoiceSurvey.organisation_id == actor.organisation_id)
        .order_by(VoiceSurvey.closes_on.desc(), VoiceSurvey.id.desc())
    )


def _view(row: Any) -> SurveyView:
    made, team_name = row
    return SurveyView(
        made.id,
        made.name,
        team_name or "",
        made.opens_on,
        made.closes_on,
        made.asked,
        made.sheet,
        made.counted_on,
    )
