"""Busy times: a team's clocks stand still for four weeks, and nobody falls behind for it.

Reports of harm and what must be read for safety are no clocks, so nothing here pauses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.models import BusyPeriod, Team
from improve.accounts.queries import BusyView, TeamView
from improve.accounts.roles import Permission
from improve.accounts.told import PeopleTold
from improve.shared import audit, clock, events, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

#: Its last day is the 28th.
BUSY_DAYS: Final = 28
#: A manager alone cannot say so again after so many busy days in the last four weeks: ending it a
#: day early and beginning anew would be a way around the leader's answer.
BUSY_ENOUGH: Final = 14
_DAY: Final = timedelta(days=1)
ONLY_MANAGERS: Final = "Only this team’s manager or a leader can say that it has a busy time."
ONLY_LEADERS: Final = "Only a leader can do this."
LEADER_NEXT: Final = (
    "This team was busy for most of the last four weeks. "
    "Ask a leader: they can answer what you asked for, or say themselves that it goes on."
)
ANSWER_FIRST: Final = "It can be made longer once a leader has answered what you asked for."


def set_busy_time(
    actor: Actor, *, team_id: int | None, why: str, asks: str = "", form_token: str = ""
) -> list[str]:
    """Say that a team, or with ``None`` each open team of the council, has a busy time from today.

    Clocks stand still and reminders stop until the 28th day is over, or somebody ends it. Returns
    the names of the teams it holds for now. Sent twice with the same ``form_token`` it happens
    once. Of all teams, those that are busy already stay as they are; one team that is busy is
    refused. Refuses an empty ``why`` and words that are too long (fields ``why``, ``asks``), and a
    manager whose team was busy for most of the last four weeks without a leader's answer.
    """
    _check_may(actor, team_id)
    why, asks = why.strip(), asks.strip()
    _check_words(why, asks)
    teams = _locked(actor, None if team_id is None else [team_id])
    if team_id is not None and not teams:
        # Another council's, or closed: nothing there to be busy.
        queries.team_by_id(actor, team_id)
        raise RuleBroken("This team is closed.")
    calm = [team for team in teams if not _is_busy(team)]
    if team_id is not None and not calm:
        if _was_sent(team_id, form_token):
            return [team.name for team in teams]
        raise RuleBroken("This team has a busy time already. End it, or make it longer.")
    today, until = clock.today(), clock.today() + (BUSY_DAYS - 1) * _DAY
    if team_id is not None and _needs_a_leader(actor, team_id, today):
        raise RuleBroken(LEADER_NEXT)
    for team in calm:
        db.session.add(
            BusyPeriod(
                organisation_id=actor.organisation_id,
                team_id=team.id,
                why=why,
                asks=asks,
                started_on=today,
                ends_on=until,
                started_by_id=actor.person_id,
                round_key=form_token,
                created_at=clock.now(),
            )
        )
        team.pauses = [*_until(team.pauses, today), [today.isoformat(), until.isoformat()]]
        team.busy_since_on, team.busy_until_on, team.busy_why = today, until, why
        team.board_version += 1
        audit.record(actor, "busy_time_set", "team", team.id, until=until.isoformat())
    db.session.flush()
    return [team.name for team in teams]


def _needs_a_leader(actor: Actor, team_id: int, today: date) -> bool:
    """Return whether the next busy time of the team is a leader's to say."""
    if roles.may(actor, Permission.ANSWER_BUSY_TIME):
        return False
    known = queries.busy_times_of_team(actor, team_id)
    if known and known[0].answered_at is not None:
        return False
    window = {today - number * _DAY for number in range(1, BUSY_DAYS + 1)}
    busy = {day for day in window if any(v.started_on <= day <= v.last_on for v in known)}
    return len(busy) >= BUSY_ENOUGH


def end_busy_time(actor: Actor, *, team_id: int) -> None:
    """End a team's busy time: from today its clocks run again. Again is harmless."""
    _check_may(actor, team_id)
    _end(actor, _locked(actor, [team_id]))


def end_busy_round(actor: Actor, *, round_key: str) -> int:
    """End a busy time in every team for which it was said at once; return in how many."""
    if not roles.may(actor, Permission.ANSWER_BUSY_TIME):
        raise Forbidden(ONLY_LEADERS)
    ids = db.session.execute(
        select(BusyPeriod.team_id).where(
            BusyPeriod.organisation_id == actor.organisation_id,
            BusyPeriod.round_key == round_key,
            BusyPeriod.round_key != "",
            BusyPeriod.ended_on.is_(None),
        )
    ).scalars()
    return _end(actor, _locked(actor, sorted(set(ids))))


def _end(actor: Actor, teams: Sequence[Team]) -> int:
    today = clock.today()
    busy = [team for team in teams if _is_busy(team)]
    for team in busy:
        team.pauses = _until(team.pauses, today)
        team.busy_since_on = team.busy_until_on = None
        team.busy_why = ""
        team.board_version += 1
        db.session.execute(
            update(BusyPeriod)
            .where(
                BusyPeriod.team_id == team.id,
                BusyPeriod.ended_on.is_(None),
                BusyPeriod.ends_on >= today,
            )
            .values(ended_on=today, ended_by_id=actor.person_id, version=BusyPeriod.version + 1)
            .execution_options(synchronize_session=False)
        )
        audit.record(actor, "busy_time_ended", "team", team.id)
    db.session.flush()
    return len(busy)


def renew_busy_time(
    actor: Actor, *, team_id: int, why: str, asks: str = "", seen_version: int
) -> date:
    """Make the team's busy time four weeks longer; return its new last day.

    Refuses until a leader has answered what the team asked for. Raises ``Stale`` when it was
    renewed or ended meanwhile.
    """
    _check_may(actor, team_id)
    why, asks = why.strip(), asks.strip()
    _check_words(why, asks)
    teams = _locked(actor, [team_id])
    known = queries.busy_times_of_team(actor, team_id)
    present = next((view for view in known if view.goes_on), None)
    if not teams or present is None:
        raise RuleBroken("This busy time is over. A leader can say that there is one again.")
    longer = next((view for view in known if view.renews_id == present.id), None)
    if longer is not None and longer.why == why:
        return longer.ends_on
    if longer is not None or present.version != seen_version:
        raise Stale(what="busy_time", team_id=team_id)
    if present.answered_at is None:
        raise RuleBroken(ANSWER_FIRST)
    team, until = teams[0], present.ends_on + BUSY_DAYS * _DAY
    db.session.add(
        BusyPeriod(
            organisation_id=actor.organisation_id,
            team_id=team.id,
            why=why,
            asks=asks,
            started_on=present.ends_on + _DAY,
            ends_on=until,
            started_by_id=actor.person_id,
            renews_id=present.id,
            created_at=clock.now(),
        )
    )
    db.session.execute(
        update(BusyPeriod)
        .where(BusyPeriod.id == present.id)
        .values(version=BusyPeriod.version + 1)
        .execution_options(synchronize_session=False)
    )
    first = (team.busy_since_on or present.started_on).isoformat()
    team.pauses = [*team.pauses[:-1], [first, until.isoformat()]]
    team.busy_until_on, team.busy_why = until, why
    team.board_version += 1
    db.session.flush()
    audit.record(actor, "busy_time_renewed", "team", team.id, until=until.isoformat())
    return until


def answer_busy_time(actor: Actor, *, period_id: int, words: str, seen_version: int) -> BusyView:
    """Write a leader's answer to what a busy team asks for, and tell the team.

    The same words twice do nothing. Raises ``Stale`` when another leader answered meanwhile.
    """
    if not roles.may(actor, Permission.ANSWER_BUSY_TIME):
        raise Forbidden(ONLY_LEADERS)
    asked = queries.busy_time(actor, period_id)
    words, most = words.strip(), limits.length("busy_asks")
    if not words:
        raise RuleBroken([Reason("Write what you can do.", "answer")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "answer")])
    if asked.answer == words:
        return asked
    changed = db.session.execute(
        update(BusyPeriod)
        .where(BusyPeriod.id == asked.id, BusyPeriod.version == seen_version)
        .values(
            answer=words,
            answered_at=clock.now(),
            answered_by_id=actor.person_id,
            version=BusyPeriod.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(what="busy_time", period_id=period_id)
    audit.record(actor, "busy_time_answered", "team", asked.team_id, period=asked.id)
    events.publish(
        PeopleTold(
            actor,
            [person.id for person in queries.people_of_team(actor, asked.team_id)],
            "busy_answered",
            asked.team_id,
            {"title": asked.team_name, "slug": asked.team_slug, "by": actor.first_name},
        )
    )
    return asked


def put_busy_words(actor: Actor, *, period_id: int, words: dict[str, str]) -> None:
    """Write what stands in place of words that were hidden or taken out: why, asks or answer."""
    if not words.keys() <= {"why", "asks", "answer"}:
        raise NotFound
    db.session.execute(
        update(BusyPeriod)
        .where(BusyPeriod.id == period_id, BusyPeriod.organisation_id == actor.organisation_id)
        .values(**words, version=BusyPeriod.version + 1)
        .execution_options(synchronize_session=False)
    )


def end_busy_times_that_are_over() -> int:
    """Tidy away busy times whose last day is past; return how many. For the nightly run.

    Clocks run again on the day after in any case: every read looks at the last day itself.
    """
    today = clock.today()
    over = db.session.execute(
        select(Team).where(Team.busy_until_on < today).order_by(Team.id).with_for_update()
    ).scalars()
    count = 0
    for team in over:
        team.busy_since_on = team.busy_until_on = None
        team.busy_why = ""
        team.board_version += 1
        audit.record(None, "busy_time_over", "team", team.id, organisation_id=team.organisation_id)
        count += 1
    db.session.flush()
    return count


def may_set_busy_time(actor: Actor, team: TeamView) -> bool:
    """Return whether the actor may say that this team has a busy time, and end it."""
    return roles.may(actor, Permission.SET_BUSY_TIME, team_id=team.id)


def _check_may(actor: Actor, team_id: int | None) -> None:
    if not roles.may(actor, Permission.SET_BUSY_TIME, team_id=team_id):
        raise Forbidden(ONLY_MANAGERS if team_id is not None else ONLY_LEADERS)


def _check_words(why: str, asks: str) -> None:
    reasons = []
    if not why:
        reasons.append(Reason("Say why, in a few words.", "why"))
    for field, words in (("why", why), ("asks", asks)):
        most = limits.length(f"busy_{field}")
        if len(words) > most:
            reasons.append(Reason(f"Use {most:,} characters or fewer.", field))
    if reasons:
        raise RuleBroken(reasons)


def _locked(actor: Actor, team_ids: Sequence[int] | None) -> Sequence[Team]:
    """Return open teams of the actor's organisation, locked; always in the same order."""
    found = select(Team).where(
        Team.organisation_id == actor.organisation_id, Team.closed_on.is_(None)
    )
    if team_ids is not None:
        found = found.where(Team.id.in_(team_ids))
    return (
        db.session.execute(
            found.order_by(Team.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )


def _is_busy(team: Team) -> bool:
    return queries.is_busy(team.busy_since_on, team.busy_until_on)


def _was_sent(team_id: int, form_token: str) -> bool:
    """Return whether this very form set the team's busy time."""
    return bool(
        form_token
        and db.session.execute(
            select(BusyPeriod.id).where(
                BusyPeriod.team_id == team_id, BusyPeriod.round_key == form_token
            )
        ).first()
    )


def _until(pauses: Sequence[Sequence[str | None]], today: date) -> list[list[str | None]]:
    """Return the pauses up to yesterday: what was to come of them is taken off."""
    kept: list[list[str | None]] = []
    for first, last in pauses:
        if first is None or date.fromisoformat(first) >= today:
            continue
        is_past = last is not None and date.fromisoformat(last) < today
        kept.append([first, last if is_past else (today - _DAY).isoformat()])
    return kept
