"""Answers to “How was it?” become measures: each month once, when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import update

from improve.accounts.actor import Actor, Place
from improve.accounts.queries import ended_teams
from improve.accounts.roles import Role
from improve.measures import queries as measure_queries
from improve.measures import service as measures
from improve.measures.queries import KeptNumbers
from improve.measures.service import MeasureDetails
from improve.measures.service.counted import enter_counted
from improve.measures.service.point_rows import NewPoint
from improve.shared import audit, clock
from improve.shared.db import db
from improve.voices.counting import (
    Share,
    may_be_counted,
    months_to_count,
    next_month,
    of_open_teams,
    share_of_month,
)
from improve.voices.kinds import RATING_WORDS, SCALES
from improve.voices.models import VoiceMeasure
from improve.voices.queries import counts
from improve.voices.queries.counts import CountedMeasure, Keeper

NOT_BY_HAND: Final = (
    "These numbers are counted from voices each month, so nobody types or changes them. "
    "A point can be left out, with a reason."
)
_WHO: Final = {3: "younger children, 3 faces", 5: "older, adults and care leavers, 5 faces"}


def count_ended_months() -> int:
    """Count the months that are over, in every council; return how many were counted.

    For the nightly run. A month is counted once: what is unlocked or read later changes nothing,
    so that two countings never differ by one voice.
    """
    counted = 0
    for keeper in counts.keepers():
        for scale in sorted(set(SCALES.values())):
            counted += _count_council(keeper, scale)
    return counted


def kept_numbers() -> KeptNumbers:
    """Return which measures hold answers, and why nobody types numbers into them."""
    return KeptNumbers(counts.measures_of_answers(), NOT_BY_HAND)


def _count_council(keeper: Keeper, scale: int) -> int:
    organisation_id, today = keeper.organisation_id, clock.today()
    known = {one.team_id: one for one in counts.measures_of(organisation_id) if one.scale == scale}
    first = counts.first_day(organisation_id)
    if first is None:
        return 0
    until = known[None].counted_until_on if None in known else None
    ended = ended_teams(organisation_id)
    counted = 0
    for month in months_to_count(today, until, first):
        if not may_be_counted(month, today, unread=counts.unread_in(organisation_id, month)):
            break  # the months after it wait as well: they are counted in their order
        answers = counts.answers_in(organisation_id, month, scale)
        shown = share_of_month(of_open_teams(answers, ended))
        shares = ((None, shown.council), *sorted(shown.teams.items()))
        for team_id, share in shares:
            before = known.get(team_id) or CountedMeasure(0, team_id, scale, None, None)
            known[team_id] = _entered(keeper, before, month, share)
        audit.record(
            None,
            "voices.month_counted",
            "organisation",
            organisation_id,
            organisation_id=organisation_id,
            month=month.isoformat(),
        )
        counted += 1
    _end_with_their_teams(keeper, [one for one in known.values() if one.team_id in ended])
    return counted


def _end_with_their_teams(keeper: Keeper, of_ended: Sequence[CountedMeasure]) -> None:
    """Count no longer what closed teams' answers were held in; all its numbers stay readable."""
    actor = _acting(keeper)
    views = measure_queries.measures_by_id(actor, [m.measure_id for m in of_ended if m.measure_id])
    for view in views.values():
        if view.closed_on is None:
            measures.close_measure(actor, measure_id=view.id, seen_version=view.version)


def _entered(
    keeper: Keeper, before: CountedMeasure, month: date, share: Share | None
) -> CountedMeasure:
    """Enter a month where it may be shown, and note that it was counted."""
    actor, measure_id = _acting(keeper), before.measure_id
    if share is not None:
        if measure_id is None:
            measure_id = measures.define_measure(
                actor, team_id=before.team_id, details=_details(before.scale)
            )
        point = NewPoint(month, None, float(share.good), float(share.answers))
        enter_counted(actor, measure_id=measure_id, point=point)
    until = next_month(month) - timedelta(days=1)
    row_id = before.id
    if row_id:
        db.session.execute(
            update(VoiceMeasure)
            .where(VoiceMeasure.id == row_id)
            .values(measure_id=measure_id, counted_until_on=until)
            .execution_options(synchronize_session=False)
        )
    else:
        row = VoiceMeasure(
            organisation_id=keeper.organisation_id,
            team_id=before.team_id,
            scale=before.scale,
            measure_id=measure_id,
            counted_until_on=until,
        )
        db.session.add(row)
        db.session.flush()
        row_id = row.id
    return replace(before, id=row_id, measure_id=measure_id, counted_until_on=until)


def _details(scale: int) -> MeasureDetails:
    good = " or ".join(f"“{words}”" for words in RATING_WORDS[scale][: 1 if scale == 3 else 2])
    return MeasureDetails(
        name=f"How was it? Good or better ({_WHO[scale]})",
        kind="outcome",
        recorded="proportion",
        better_when="higher",
        frequency="month",
        top_name="good or better",
        bottom_name="answers",
        numerator=f"Answers {good}",
        denominator="All who chose a face and answered themselves",
        left_out="What a helper or the staff typed, surveys, and what is locked",
        source="Voices",
        caution="A month with too few answers to hide who gave them is a gap.",
    )


def _acting(keeper: Keeper) -> Actor:
    """Return whoever opened the form, with a coach's rights and no others."""
    return Actor(
        person_id=keeper.person_id,
        organisation_id=keeper.organisation_id,
        name="",
        job_title="",
        places=(Place(Role.COACH, None),),
        rights_version=0,
    )
