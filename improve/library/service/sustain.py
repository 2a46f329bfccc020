"""Asking half a year later whether what was kept still holds, and keeping the answer."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import active_people, managers_of_team, teams
from improve.ideas.kinds import Outcome
from improve.ideas.queries.places import IdeaPlace, places_of_ideas
from improve.library.models import SustainCheck
from improve.library.queries.sustain import (
    WHO_CHECKS,
    checks_of_ideas,
    days_asked,
    due_kept_ideas,
    may_check,
)
from improve.library.sustaining import Held, SustainedView, first_due_on, open_check
from improve.measures.queries import windows_of_idea
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell_by_itself
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

#: Years within which it can be looked at again.
AGAIN_WITHIN_YEARS = 3


def remind_of_sustaining() -> int:
    """Ask of each kept idea whose day has come, once; return how many. For the nightly run.

    Nobody is asked in a team's busy time or of a closed team: a later night asks. The lead is told,
    or the author where nobody leads it, and who answers for the team.
    """
    today, count = clock.today(), 0
    for organisation_id, rows in groupby(due_kept_ideas(today), key=lambda r: r.organisation_id):
        ideas = list(rows)
        nobody = _nobody_of(organisation_id)
        calendars = {team.id: team.calendar for team in teams(nobody)}
        asked = days_asked(row.id for row in ideas)
        here = active_people(
            nobody, {i for row in ideas for i in (row.author_id, row.lead_id) if i}
        )
        for row in ideas:
            calendar = calendars.get(row.team_id)
            if calendar is not None and not calendar.is_paused(today):
                count += _ask(nobody, row, asked[row.id], set(here), today)
    return count


def _ask(nobody: Actor, row: Any, asked: set[date], here: set[int], today: date) -> int:
    check = row.SustainCheck
    if check is None:
        due_on = first_due_on(clock.local(row.finished_at).date())
        if due_on in asked or due_on > today:
            return 0
        check = SustainCheck(organisation_id=nobody.organisation_id, idea_id=row.id, due_on=due_on)
        try:
            with db.session.begin_nested():
                db.session.add(check)
        except IntegrityError:
            # Somebody answers it at this very moment: nothing is left to ask.
            return 0
    elif check.reminded_at is not None:
        return 0
    check.reminded_at = clock.now()
    people = {p.id: Why.MANAGER.value for p in managers_of_team(nobody, row.team_id)}
    first = row.lead_id if row.lead_id in here else row.author_id
    if first in here:
        people[first] = (Why.LEAD if first == row.lead_id else Why.AUTHOR).value
    tell_by_itself(
        nobody.organisation_id,
        people,
        NoticeKind.SUSTAIN_DUE,
        subject_id=row.id,
        facts={"title": row.title},
    )
    audit.record(None, "sustain_asked", "idea", row.id, organisation_id=nobody.organisation_id)
    db.session.flush()
    return 1


def answer_sustained(
    actor: Actor,
    *,
    idea_id: int,
    due_on: date,
    answer: str,
    words: str = "",
    again_on: date | None = None,
) -> SustainedView:
    """Keep whether a kept idea is still done, with what its chart says today.

    ``due_on`` is the look that the page asked for. The same answer twice is harmless; another one
    of a colleague raises ``Stale`` with theirs. Partly and gone need a sentence. ``again_on`` asks
    for another look on a later day.
    """
    place = places_of_ideas(actor, [idea_id]).get(idea_id)
    if place is None:
        raise NotFound
    if not may_check(actor, team_id=place.team_id, is_own=place.is_own):
        raise Forbidden(WHO_CHECKS)
    words = words.strip()
    faults = _faults(answer, words, again_on)
    if faults:
        raise RuleBroken(faults)
    checks = checks_of_ideas(actor, [idea_id])[idea_id]
    known = next((check for check in checks if check.due_on == due_on), None)
    if known is not None and known.answer is not None:
        if (known.answer, known.words) == (answer, words):
            return known
        raise Stale(theirs=known.words, answer=known.answer.value, by=known.by_name)
    asked = _asked(place, checks)
    if asked is None or asked.due_on != due_on:
        raise RuleBroken("There is nothing to look at again of this idea now.")
    check = _row_for(actor, idea_id, due_on)
    windows = [w for w in windows_of_idea(actor, idea_id) if w.place == "main" and w.verdict_code]
    check.answer, check.words = answer, words
    check.answered_at, check.answered_by_id = clock.now(), actor.person_id
    if windows:
        check.verdict_code, check.verdict_facts = windows[-1].verdict_code, windows[-1].facts
    check.again_on = again_on
    check.version += 1
    if again_on is not None and again_on not in {one.due_on for one in checks}:
        db.session.add(
            SustainCheck(organisation_id=actor.organisation_id, idea_id=idea_id, due_on=again_on)
        )
    audit.record(actor, "sustain_answered", "idea", idea_id, answer=answer)
    db.session.flush()
    return next(c for c in checks_of_ideas(actor, [idea_id])[idea_id] if c.due_on == due_on)


def _asked(place: IdeaPlace, checks: list[SustainedView]) -> SustainedView | None:
    if place.card.outcome is not Outcome.ADOPTED or place.finished_at is None:
        return None
    kept_on = clock.local(place.finished_at).date()
    return open_check(checks, place.card.id, kept_on, clock.today())


def _faults(answer: str, words: str, again_on: date | None) -> list[Reason]:
    faults = []
    if answer not in {one.value for one in Held}:
        faults.append(Reason("Choose one of the three answers.", "answer"))
    elif answer != Held.HELD.value and not words:
        faults.append(Reason("Say in a sentence what is different now.", "words"))
    most = limits.length("sustained")
    if len(words) > most:
        over = len(words) - most
        faults.append(Reason(f"This is {over:,} characters over the limit of {most:,}.", "words"))
    today = clock.today()
    if again_on is not None and not today < again_on <= _latest(today):
        faults.append(
            Reason(f"Give a day after today, within {AGAIN_WITHIN_YEARS} years.", "again_on")
        )
    return faults


def _latest(today: date) -> date:
    # A day that stands in every year.
    return today.replace(year=today.year + AGAIN_WITHIN_YEARS, day=min(today.day, 28))


def _row_for(actor: Actor, idea_id: int, due_on: date) -> SustainCheck:
    """Return the locked row of a look, made where the night has not been yet."""
    wanted = (
        select(SustainCheck)
        .where(
            SustainCheck.idea_id == idea_id,
            SustainCheck.due_on == due_on,
            SustainCheck.organisation_id == actor.organisation_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    check = db.session.execute(wanted).scalar_one_or_none()
    if check is None:
        try:
            with db.session.begin_nested():
                check = SustainCheck(
                    organisation_id=actor.organisation_id, idea_id=idea_id, due_on=due_on
                )
                db.session.add(check)
        except IntegrityError:
            check = db.session.execute(wanted).scalar_one()
    if check.answer is not None:
        # Somebody answered between the reading and the lock.
        raise Stale(theirs=check.words, answer=check.answer, by="")
    return check


def _nobody_of(organisation_id: int) -> Actor:
    """Return who reads for the night: nobody, of one organisation."""
    return Actor(
        person_id=0,
        organisation_id=organisation_id,
        name="",
        job_title="",
        places=(),
        rights_version=0,
    )
