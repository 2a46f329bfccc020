"""Making a survey with codes that are used once, entering the form with one, and using it up.

Nothing tells which code brought which words, or when a code was used: the voice knows its survey,
the code that it is used, and no row holds both.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.queries import teams
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.voices.models import VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.draft import Draft
from improve.voices.queries.surveys import (
    PURPOSE,
    RunningSurvey,
    SurveyCode,
    has_survey,
    plain_code,
    running_survey,
)
from improve.voices.sealed import sealer
from improve.voices.service.draft import begin

#: Below five, whoever answered could be told from the numbers.
FEWEST: Final = 5
MOST: Final = 300
LONGEST: Final = timedelta(days=366)
#: No letters and digits that look alike; 12 of them cannot be guessed.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 3, 4


def make_survey(
    actor: Actor,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    count: int,
    team_id: int | None = None,
) -> list[str]:
    """Make a survey and return its codes, which are kept as hashes: nobody can show them again.

    Refuses fewer than five, days that are over or the wrong way round, and a second one of the same
    name and days, such as the same form sent twice. Raises ``NotFound`` for a foreign team.
    """
    if team_id is not None and team_id not in {team.id for team in teams(actor)}:
        raise NotFound
    name = name.strip()
    if faults := _faults(name, opens_on, closes_on, count):
        raise RuleBroken(faults)
    if has_survey(actor, name, opens_on, closes_on):
        raise RuleBroken(
            [
                Reason(
                    "There is one of this name and these days. Its codes were shown once and "
                    "cannot be shown again. For more codes choose another name.",
                    "name",
                )
            ]
        )
    row = VoiceSurvey(
        organisation_id=actor.organisation_id,
        name=name,
        team_id=team_id,
        opens_on=opens_on,
        closes_on=closes_on,
        made_by_id=actor.person_id,
        created_at=clock.now(),
        asked=count,
    )
    db.session.add(row)
    db.session.flush()
    codes = [_new_code() for _ in range(count)]
    sealing = sealer(PURPOSE)
    db.session.add_all(
        VoiceSurveyCode(code_hash=sealing.hash(plain_code(code)), survey_id=row.id)
        for code in codes
    )
    db.session.flush()
    audit.record(actor, "voice_survey_made", "voice_survey", row.id, codes=count, team_id=team_id)
    return codes


def enter_survey(*, token: str, code: SurveyCode, language: str) -> None:
    """Begin the council's form with a printed code; the code stays good until it is sent."""
    begin(
        token=token,
        code=code.slug,
        language=language,
        survey_id=code.survey_id,
        code_hash=code.code_hash,
    )


def answered_survey(draft: Draft, organisation_id: int) -> RunningSurvey | None:
    """Return the survey that a form which is being sent answers, and use its code up.

    None where none is, the survey is over, or another form with this code was quicker: then the
    words are kept as those of anybody.
    """
    if draft.survey_id is None:
        return None
    survey = running_survey(organisation_id, draft.survey_id, clock.today())
    return survey if survey is not None and _use(draft.code_hash) else None


def _use(code_hash: str) -> bool:
    used = db.session.execute(
        update(VoiceSurveyCode)
        .where(VoiceSurveyCode.code_hash == code_hash, VoiceSurveyCode.is_used.is_(False))
        .values(is_used=True)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _faults(name: str, opens_on: date, closes_on: date, count: int) -> list[Reason]:
    faults = []
    if not name:
        faults.append(Reason("Write whom you ask, such as “Everybody reviewed in May”.", "name"))
    if len(name) > limits.length("voice_label"):
        faults.append(Reason("Use fewer words for whom you ask.", "name"))
    if closes_on < opens_on:
        faults.append(Reason("The last day comes before the first.", "closes_on"))
    elif closes_on < clock.today():
        faults.append(Reason("Choose a last day that is not over.", "closes_on"))
    elif closes_on - opens_on > LONGEST:
        faults.append(Reason("A survey runs for a year at most.", "closes_on"))
    if not FEWEST <= count <= MOST:
        faults.append(
            Reason(
                f"Choose from {FEWEST} to {MOST} codes. With fewer, people could tell who "
                "answered.",
                "count",
            )
        )
    return faults
