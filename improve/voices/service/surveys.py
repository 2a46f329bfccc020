"""Making a survey with codes that are used once, replacing lost ones, entering, using one up.

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
from improve.shared.errors import NotFound, Reason, RuleBroken, Stale
from improve.voices.models import VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.draft import Draft
from improve.voices.queries.surveys import (
    PURPOSE,
    RunningSurvey,
    SurveyCode,
    has_survey,
    plain_code,
    running_survey,
    survey_for_change,
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
    codes = _new_sheet(row)
    audit.record(actor, "voice_survey_made", "voice_survey", row.id, codes=count, team_id=team_id)
    return codes


def replace_codes(actor: Actor, *, survey_id: int, seen_sheet: int | None) -> list[str]:
    """Void the codes that nobody used, and return a new sheet: as many as people were asked.

    Fewer would tell how many have answered. What was told with a used code stays. Refuses a survey
    that is over; raises ``Stale`` where the codes of ``seen_sheet`` were replaced before.
    """
    row = survey_for_change(actor, survey_id)
    if row.closes_on < clock.today():
        raise RuleBroken([Reason("This survey is over, and none of its codes works any more.")])
    if row.sheet != seen_sheet:
        raise Stale
    db.session.execute(
        update(VoiceSurveyCode)
        .where(VoiceSurveyCode.survey_id == row.id, VoiceSurveyCode.is_used.is_(False))
        .values(is_void=True)
        .execution_options(synchronize_session=False)
    )
    row.sheet += 1
    codes = _new_sheet(row)
    audit.record(
        actor, "voice_survey_codes_replaced", "voice_survey", row.id, codes=row.asked, to=row.sheet
    )
    return codes


def _new_sheet(survey: VoiceSurvey) -> list[str]:
    codes = [_new_code() for _ in range(survey.asked)]
    sealing = sealer(PURPOSE)
    db.session.add_all(
        VoiceSurveyCode(code_hash=sealing.hash(plain_code(code)), survey_id=survey.id)
        for code in codes
    )
    db.session.flush()
    return codes


def enter_survey(*, token: str, organisation_id: int, code: SurveyCode, language: str) -> None:
    """Begin the council's form with a printed code; the code stays good until it is sent."""
    begin(
        token=token,
        organisation_id=organisation_id,
        code=code.slug,
        language=language,
        survey_id=code.survey_id,
        code_hash=code.code_hash,
    )


def answered_survey(draft: Draft, organisation_id: int) -> RunningSurvey | None:
    """Return the survey that a form which is being sent answers, and use its code up.

    None where none is, the survey is over, the code was replaced meanwhile, or another form with it
    was quicker: then the words are kept as those of anybody.
    """
    if draft.survey_id is None:
        return None
    survey = running_survey(organisation_id, draft.survey_id, clock.today())
    return survey if survey is not None and _use(draft.code_hash) else None


def _use(code_hash: str) -> bool:
    used = db.session.execute(
        update(VoiceSurveyCode)
        .where(
            VoiceSurveyCode.code_hash == code_hash,
            VoiceSurveyCode.is_used.is_(False),
            VoiceSurveyCode.is_void.is_(False),
        )
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
