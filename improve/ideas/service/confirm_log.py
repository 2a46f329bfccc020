"""The ideas of an improvement log: brought in all at once or not at all, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.service import raise_board_version
from improve.ideas.kinds import Decision, FollowReason, Outcome, Source, Stage
from improve.ideas.log_rows import LogRow
from improve.ideas.models import (
    Cycle,
    Idea,
    IdeaEdit,
    IdeaFollower,
    LogImport,
    PromptPutAway,
    ReminderSent,
)
from improve.ideas.queries import log_imports as queries
from improve.ideas.service.bring_in_log import LogLook, look_through, team_to_fill
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.shared.formatting import day_year

_DECISIONS = {Outcome.ADOPTED: Decision.ADOPT, Outcome.ABANDONED: Decision.ABANDON}
#: Rows of one statement.
_MANY = 500


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What bringing a list in did; ``is_new`` is False when it had been done before."""

    count: int
    left_out: int
    is_new: bool


def confirm_log(
    actor: Actor, *, slug: str, import_id: int, seen: str, leave_bad_out: bool
) -> BroughtIn:
    """Make ideas of the rows shown as ready, all of them or none. A form sent twice does it once.

    Refuses with ``RuleBroken`` while rows need a look and were not left out, and when what the
    person saw has changed. Nobody is told, and finished ideas have no clock; open ones start theirs
    today. Dates of the list are kept. Statements do not grow with the rows but by the hundred.
    """
    team = team_to_fill(actor, slug)
    draft = queries.log_import_for_change(actor, team.id, import_id)
    if draft.done_at is not None:
        return BroughtIn(draft.count, 0, is_new=False)
    look = look_through(actor, slug=slug, import_id=import_id)
    if look.preview is None:
        raise RuleBroken("Say first which column holds what.")
    if look.seen != seen:
        raise RuleBroken("The team’s ideas have changed since. Look through it once more.")
    bad, ready = look.preview.of("bad"), look.preview.of("ready")
    if bad and not leave_bad_out:
        needs = "1 row needs" if len(bad) == 1 else f"{len(bad):,} rows need"
        raise RuleBroken(f"{needs} a look. Put them right, or leave them out.")
    if not ready:
        raise RuleBroken("There is nothing to bring in.")
    at = clock.now()
    ideas = [_idea(actor, look, row, at) for row in ready]
    _insert(Idea, ideas)
    ids = queries.ids_of_import(actor, team.id, import_id)
    made = [(ids[idea["form_token"]], idea, row) for idea, row in zip(ideas, ready, strict=True)]
    _insert(Cycle, [_cycle(actor, *one, at) for one in made if one[1]["cycle_number"]])
    _insert(IdeaEdit, [_line(actor, look, *one, at) for one in made])
    _insert(IdeaFollower, [_follower(*one, at) for one in made if one[2].outcome is None])
    draft.rows = {"fingerprint": look.held.rows["fingerprint"]}
    draft.count, draft.done_at = len(ready), at
    db.session.flush()
    audit.record(
        actor, "log_brought_in", "team", team.id, log=import_id, ideas=len(ready), left=len(bad)
    )
    raise_board_version(team.id)
    twins = len(look.preview.of("twin"))
    return BroughtIn(len(ready), len(bad) + twins, is_new=True)


def row_token(import_id: int, number: int) -> str:
    """Return the mark of an idea that a row became."""
    return f"log {import_id} row {number}"


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), _MANY):
        db.session.execute(insert(model), rows[begin : begin + _MANY])


def _moment(day: date) -> datetime:
    """Return a day of the list as a moment: its morning, and never after now."""
    return min(clock.at_local(day, 9), clock.now())


def _idea(actor: Actor, look: LogLook, row: LogRow, at: datetime) -> dict[str, Any]:
    logged = _moment(row.logged_on) if row.logged_on else at
    is_done = row.stage is Stage.DONE
    ended = _ended(row, logged, at)
    return {
        "organisation_id": actor.organisation_id,
        "team_id": look.team.id,
        "author_id": row.who_id or actor.person_id,
        "title": row.title,
        "suggestion": _suggestion(row, actor.name),
        "source": Source.OWN.value,
        "form_token": row_token(look.held.id, row.number),
        "log_import_id": look.held.id,
        "created_at": min(logged, ended),
        "stage": row.stage.value,
        "stage_entered_at": ended if is_done else at,
        "outcome": row.outcome.value if row.outcome else None,
        "finished_at": ended if is_done else None,
        "waiting_since": at if row.stage is Stage.SUGGESTED else None,
        "version": 1,
        "cycle_number": 1 if row.stage is Stage.PLAN or row.outcome in _DECISIONS else 0,
        "lesson": row.lesson if is_done else "",
        "decision_why": _cut(row.happened, "decision_why") if is_done else "",
    }


def _ended(row: LogRow, logged: datetime, at: datetime) -> datetime:
    """Return when a finished idea ended: as the list says, else the last day that it names."""
    if row.ended_on:
        return max(_moment(row.ended_on), logged)
    return logged if row.logged_on else at


def _suggestion(row: LogRow, brought_by: str) -> str:
    """Return the idea's words, with who had it where that is nobody whom we know."""
    parts = [row.text]
    if row.outcome is None and row.happened:
        parts.append(f"From the earlier log: {row.happened}")
    if row.outcome is None and row.lesson:
        parts.append(f"Learned so far: {row.lesson}")
    if row.who and row.who_id is None:
        parts.append(f"The idea was {row.who}’s; {brought_by} brought it in from an earlier log.")
    return "\n\n".join(parts)


def _cycle(
    actor: Actor, idea_id: int, idea: dict[str, Any], row: LogRow, at: datetime
) -> dict[str, Any]:
    decision = _DECISIONS.get(row.outcome) if row.outcome else None
    ended = idea["finished_at"]
    return {
        "organisation_id": actor.organisation_id,
        "idea_id": idea_id,
        "number": 1,
        "change_to_try": _cut(row.text, "plan_text"),
        "what_happened": row.happened if decision else "",
        "learned": row.lesson if decision else "",
        "decision": decision.value if decision else None,
        "decision_why": _cut(row.happened, "decision_why") if decision else "",
        "decided_at": ended,
        "ended_on": clock.local(ended).date() if ended else None,
        "created_at": idea["created_at"] if decision else at,
    }


def _line(
    actor: Actor, look: LogLook, idea_id: int, _idea: dict[str, Any], row: LogRow, at: datetime
) -> dict[str, Any]:
    """Return the line of history: from which list, and what that said of who and when."""
    said = [f"The idea was {row.who}’s." if row.who and not row.who_id else ""]
    said.append(f"Logged on {day_year(row.logged_on)}." if row.logged_on else "")
    return {
        "organisation_id": actor.organisation_id,
        "idea_id": idea_id,
        "kind": "brought_in",
        "field": "",
        "old": look.held.said_from,
        "new": " ".join(part for part in said if part),
        "by_id": actor.person_id,
        "at": at,
        "version": 1,
        "cycle_number": 0,
    }


def _follower(idea_id: int, idea: dict[str, Any], _row: LogRow, at: datetime) -> dict[str, Any]:
    return {
        "idea_id": idea_id,
        "person_id": idea["author_id"],
        "is_following": True,
        "why": FollowReason.AUTHOR.value,
        "at": at,
    }


def _cut(text: str, limit: str) -> str:
    most = limits.length(limit)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def take_log_back(actor: Actor, *, slug: str, import_id: int) -> int:
    """Take every idea of a list away again, within a day of it; return how many.

    Refuses while anybody has done anything with one of them: then they are the team's. Twice says
    that it is gone (``NotFound``).
    """
    team = team_to_fill(actor, slug)
    draft = queries.log_import_for_change(actor, team.id, import_id)
    if draft.done_at is None or clock.now() - draft.done_at > queries.TAKE_BACK:
        raise RuleBroken("A list can be taken back for 24 hours. Withdraw single ideas instead.")
    touched = queries.count_touched(actor, team.id, import_id)
    if touched:
        does = "1 of its ideas" if touched == 1 else f"{touched:,} of its ideas"
        raise RuleBroken(f"Somebody has done something with {does} since, so the list stays.")
    ids = sorted(queries.ids_of_import(actor, team.id, import_id).values())
    try:
        with db.session.begin_nested():
            _remove(team, draft, ids)
    except IntegrityError:
        raise RuleBroken("Something else refers to one of its ideas, so the list stays.") from None
    audit.record(actor, "log_taken_back", "team", team.id, log=import_id, ideas=len(ids))
    raise_board_version(team.id)
    return len(ids)


def _remove(team: TeamView, draft: LogImport, ids: list[int]) -> None:
    for begin in range(0, len(ids), _MANY):
        some = ids[begin : begin + _MANY]
        for column in (
            IdeaFollower.idea_id,
            IdeaEdit.idea_id,
            Cycle.idea_id,
            PromptPutAway.idea_id,
            ReminderSent.idea_id,
        ):
            db.session.execute(
                delete(column.class_)
                .where(column.in_(some))
                .execution_options(synchronize_session=False)
            )
        db.session.execute(
            delete(Idea)
            .where(Idea.id.in_(some), Idea.team_id == team.id)
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        delete(LogImport)
        .where(LogImport.id == draft.id)
        .execution_options(synchronize_session=False)
    )
