"""Tallies: a question asked once, one tap after each visit, a week's taps become a point.

A tap keeps the week and the answer. Who tapped and when stands in no table, no log and no audit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from improve.accounts.actor import Actor, Place
from improve.accounts.queries import team_by_id
from improve.accounts.roles import Permission, Role, may
from improve.measures import queries
from improve.measures.models import Tally, TallyTap, TallyWeek
from improve.measures.queries import tallies as tally_queries
from improve.measures.queries.tallies import TallyView, TapView
from improve.measures.service.define import WHO_DEFINES, MeasureDetails, define_measure
from improve.measures.service.points import WHO_ENTERS, add_point, remove_point
from improve.measures.tally_counts import TallyCounts, is_answer, taken_week, week_of
from improve.measures.views import ObservationView
from improve.shared import audit, clock, contributions, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

_KEY = re.compile(r"[0-9a-f]{32}")
CLOSED = "This tally is closed. Nothing was counted."
WEEK_IS_OVER = "That week is closed to taps. This week and the week before are counted."
LATE_TAPS = "The taps of this week were counted again"
#: What a measure records, by how its question is answered.
RECORDED: Mapping[str, str] = {"yes_no": "proportion", "how_many": "count"}


@dataclass(frozen=True, kw_only=True)
class TallyDetails:
    """What a manager says of a tally. ``measure_id`` None makes a measure of the team for it."""

    question: str
    answers: str = "yes_no"
    measure_id: int | None = None
    measure_name: str = ""
    kind: str = "process"
    better_when: str = "higher"
    ends_on: date | None = None
    idea_id: int | None = None


def make_tally(actor: Actor, *, team_id: int, details: TallyDetails) -> int:
    """Ask a team a question from today on, and return the tally's id.

    Its measure is one of the team's weekly shares (yes or no) or counts (how many), or a new one.
    Refuses with ``Forbidden`` whoever may not define the team's measures, with ``RuleBroken`` what
    does not fit together (fields question, measure_id, ends_on).
    """
    team_by_id(actor, team_id)
    _check_manages(actor, team_id)
    _check_details(actor, team_id, details)
    measure_id = details.measure_id or define_measure(
        actor, team_id=team_id, details=_measure_for(details)
    )
    made = Tally(
        organisation_id=actor.organisation_id,
        team_id=team_id,
        measure_id=measure_id,
        idea_id=details.idea_id,
        question=details.question,
        answers=details.answers,
        starts_on=clock.today(),
        ends_on=details.ends_on,
        created_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "tally.made", "tally", made.id, measure_id=measure_id, team_id=team_id)
    return made.id


def _check_details(actor: Actor, team_id: int, details: TallyDetails) -> None:
    reasons: list[Reason] = []
    if not details.question:
        reasons.append(Reason("Write the question.", "question"))
    if details.ends_on is not None and details.ends_on < clock.today():
        reasons.append(Reason("Choose a day from today on.", "ends_on"))
    if details.measure_id is not None:
        found = queries.measures_by_id(actor, [details.measure_id]).get(details.measure_id)
        if found is None or found.team_id != team_id or found.frequency != "week":
            reasons.append(Reason("Choose a weekly measure of this team.", "measure_id"))
        elif found.recorded != RECORDED[details.answers]:
            fits = "a share" if details.answers == "yes_no" else "a count"
            words = f"That measure does not fit the question: choose {fits}, or make a new one."
            reasons.append(Reason(words, "measure_id"))
        elif found.closed_on is not None:
            reasons.append(Reason("That measure is no longer counted.", "measure_id"))
    if details.idea_id is not None and not idea_name(actor, details.idea_id):
        reasons.append(Reason("That idea is not there."))
    if reasons:
        raise RuleBroken(reasons)


def _measure_for(details: TallyDetails) -> MeasureDetails:
    asked = details.question
    most = limits.length("measure_name")
    name = details.measure_name or asked.rstrip(" ?")
    values: dict[str, Any] = {
        "name": name if len(name) <= most else f"{name[: most - 1].rstrip()}…",
        "kind": details.kind,
        "recorded": RECORDED[details.answers],
        "better_when": details.better_when,
        "frequency": "week",
        "source": "A tally: one tap for each visit",
    }
    if details.answers == "yes_no":
        values |= {
            "numerator": f"Taps “Yes” from Monday to Sunday, to the question: {asked}",
            "denominator": "Taps “Yes” or “No” from Monday to Sunday",
            "top_name": "Yes",
            "bottom_name": "Answers",
            "left_out": "Taps “Could not tell”",
        }
    else:
        values |= {
            "numerator": f"The numbers tapped from Monday to Sunday, added up: {asked}",
            "top_name": "In all",
        }
    return MeasureDetails(**values)


def idea_name(actor: Actor, idea_id: int) -> str:
    """Return an idea's title as the actor may read it, from whoever keeps ideas; “” if none."""
    for offer in contributions.gather("names-of-ideas"):
        if named := offer(actor, [idea_id]).get(idea_id):
            return str(named)
    return ""


# ---- tapping


def tap(
    actor: Actor,
    *,
    tally_id: int,
    key: str,
    answer: int,
    week_on: date | None = None,
    was_kept: bool = False,
) -> TapView:
    """Count one tap and return it. The same key again counts nothing more.

    ``key`` is 32 random hexadecimal digits, made by the page or the phone. ``week_on`` is the week
    in which it was tapped (None: now); this week and the one before are taken. ``was_kept``: it
    waited on a phone for a signal, so a tally closed meanwhile still takes it for its last week.
    Refuses with ``Forbidden`` whoever may not enter the team's numbers.
    """
    view = tally_queries.tally(actor, tally_id)
    _check_taps(actor, view)
    if not _KEY.fullmatch(key) or not is_answer(view.answers, answer):
        raise RuleBroken("That tap could not be read. Tap again.")
    week = taken_week(week_on, clock.today())
    if week is None or week < week_of(view.starts_on):
        raise RuleBroken(WEEK_IS_OVER)
    closed_on = view.closed_on
    if closed_on is not None and (not was_kept or week > week_of(closed_on)):
        raise RuleBroken(CLOSED)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(
        insert(TallyTap)
        .values(id=key, tally_id=view.id, week_on=week, answer=answer, is_undone=False)
        .on_conflict_do_nothing(index_elements=[TallyTap.id])
    )
    found = tally_queries.tap(actor, tally_id, key)
    if found is None:
        raise RuleBroken("That tap could not be read. Tap again.")
    return found


def undo_tap(actor: Actor, *, tally_id: int, key: str) -> TapView | None:
    """Take a tap back: whoever has its key has made it. Twice, or unknown, is harmless."""
    view = tally_queries.tally(actor, tally_id)
    _check_taps(actor, view)
    found = tally_queries.tap(actor, tally_id, key) if _KEY.fullmatch(key) else None
    if found is None or taken_week(found.week_on, clock.today()) is None:
        return None
    db.session.execute(
        update(TallyTap)
        .where(TallyTap.id == key, TallyTap.tally_id == view.id)
        .values(is_undone=True)
        .execution_options(synchronize_session=False)
    )
    return found


# ---- a week becomes a point


@dataclass(frozen=True)
class SettledWeek:
    """What became of a week's taps. ``change`` is added, changed, removed, same or gap."""

    week_on: date
    counts: TallyCounts
    change: str


def settle_tally(actor: Actor, tally_id: int, week_on: date) -> SettledWeek:
    """Make a week's taps the measure's point for that week; again recounts, and logs a change.

    A week without an answer is a gap: nothing is written, and a point that the taps made before is
    taken out. Refuses with ``Forbidden`` whoever may not change the team's numbers, with
    ``RuleBroken`` a week to come and a measure that is no longer counted.
    """
    view = tally_queries.tally(actor, tally_id)
    _check_manages(actor, view.team_id)
    week = week_of(week_on)
    if week > clock.today():
        raise RuleBroken("That week has not come yet.")
    queries.lock_measures([view.measure_id])
    return _settle(actor, view, week)


def _settle(actor: Actor, view: TallyView, week: date, *, is_nightly: bool = False) -> SettledWeek:
    counts = _counts(actor, view, week)
    old = _point_at(actor, view, week)
    if counts.is_gap:
        was_ours = old is not None and _reads(old) == _settled(actor, view, week)
        if old is None or old.id is None or not was_ours:
            return SettledWeek(week, counts, "gap")
        remove_point(
            actor, measure_id=view.measure_id, observation_id=old.id, reason="No taps are left."
        )
        change = "removed"
    else:
        top, bottom = float(counts.top), None if counts.bottom is None else float(counts.bottom)
        is_same = old is not None and _reads(old) == (top, bottom)
        if not is_same:
            add_point(
                actor,
                measure_id=view.measure_id,
                period_start=week,
                value=top if bottom is None else None,
                numerator=None if bottom is None else top,
                denominator=bottom,
                replace=True,
                reason=LATE_TAPS,
            )
        change = "same" if is_same else "changed" if old is not None else "added"
    _note_settled(view, week, counts)
    if change != "same":
        audit.record(
            None if is_nightly else actor,
            f"tally.point_{change}",
            "tally",
            view.id,
            organisation_id=view.organisation_id,
            week=week.isoformat(),
        )
    return SettledWeek(week, counts, change)


def settle_ended_weeks() -> int:
    """Make the points of weeks that are over, in every organisation; return how many changed.

    For the nightly run. Taps come in until a week after their own, so the last two weeks are looked
    at. A point that a person typed, changed, left out or took out is left as it is.
    """
    this_week = week_of(clock.today())
    changed = 0
    for view, week in tally_queries.all_tapped_weeks(
        [this_week - timedelta(days=14), this_week - timedelta(days=7)]
    ):
        actor = _keeper(view)
        queries.lock_measures([view.measure_id])
        old = _point_at(actor, view, week)
        settled = _settled(actor, view, week)
        if (None if old is None else _reads(old)) != settled:
            continue
        if old is not None and old.is_excluded:
            continue  # a person left it out: no late tap has it count again
        try:
            with db.session.begin_nested():
                done = _settle(actor, view, week, is_nightly=True)
        except RuleBroken:
            continue  # the measure is no longer counted
        changed += done.change in {"added", "changed", "removed"}
    return changed


def _keeper(view: TallyView) -> Actor:
    """Return whoever made the tally, with a manager's rights in that team and no others.

    The points of a tally are entered in their name, also after they left the team.
    """
    return Actor(
        person_id=view.created_by_id,
        organisation_id=view.organisation_id,
        name="",
        job_title="",
        places=(Place(Role.MANAGER, view.team_id),),
        rights_version=0,
    )


def _counts(actor: Actor, view: TallyView, week: date) -> TallyCounts:
    found = tally_queries.counts_of_weeks(actor, [view], [week])
    return found.get((view.id, week), TallyCounts(view.answers))


def _point_at(actor: Actor, view: TallyView, week: date) -> ObservationView | None:
    return queries.observations_at(actor, view.measure_id, [week]).get(week)


def _reads(point: ObservationView) -> tuple[float | None, float | None]:
    return (point.numerator, point.denominator) if point.denominator else (point.value, None)


def _settled(actor: Actor, view: TallyView, week: date) -> tuple[float, float | None] | None:
    return tally_queries.settled_weeks(actor, view.id).get(week)


def _note_settled(view: TallyView, week: date, counts: TallyCounts) -> None:
    table: Any = TallyWeek
    if counts.is_gap:
        db.session.execute(
            table.__table__.delete().where(table.tally_id == view.id, table.week_on == week)
        )
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    held = {"numerator": counts.top, "denominator": counts.bottom}
    db.session.execute(
        insert(TallyWeek)
        .values(tally_id=view.id, week_on=week, **held)
        .on_conflict_do_update(index_elements=[TallyWeek.tally_id, TallyWeek.week_on], set_=held)
    )


# ---- open and closed


def close_tally(actor: Actor, *, tally_id: int, seen_version: int) -> None:
    """Ask no more. What was tapped stays; taps kept on phones still come in for the last week."""
    _set(actor, tally_id, seen_version, "tally.closed", closed_at=clock.now())


def reopen_tally(actor: Actor, *, tally_id: int, seen_version: int) -> None:
    """Ask again, with no last day."""
    _set(actor, tally_id, seen_version, "tally.reopened", closed_at=None, ends_on=None)


def _set(actor: Actor, tally_id: int, seen_version: int, action: str, **values: object) -> None:
    view = tally_queries.tally(actor, tally_id)
    _check_manages(actor, view.team_id)
    changed = db.session.execute(
        update(Tally)
        .where(
            Tally.id == tally_id,
            Tally.organisation_id == actor.organisation_id,
            Tally.version == seen_version,
        )
        .values(version=seen_version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(tally=tally_queries.tally(actor, tally_id))
    audit.record(actor, action, "tally", tally_id)


def _check_manages(actor: Actor, team_id: int) -> None:
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team_id):
        raise Forbidden(WHO_DEFINES)


def _check_taps(actor: Actor, view: TallyView) -> None:
    if not may(actor, Permission.ENTER_DATA, team_id=view.team_id):
        raise Forbidden(WHO_ENTERS)
