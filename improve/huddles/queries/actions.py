"""Actions as pages show them: of a person, one on its own page, and the shape of a line."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import case, select

from improve.accounts.actor import Actor
from improve.accounts.queries import people_of_team, person_names, team_by_id
from improve.accounts.roles import Role
from improve.huddles import rights
from improve.huddles.due import due_choices
from improve.huddles.models import Action
from improve.huddles.queries.action_rows import is_out_of_reach, within_reach
from improve.huddles.queries.people import choices_of
from improve.huddles.schedule import next_begins
from improve.huddles.views import ActionLine, ActionPage, TeamRef
from improve.ideas.queries import guests_of_idea, idea_heads
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound
from improve.shared.formatting import day
from improve.shared.to_do import ToDoKind, to_do_rows

#: Actions listed on a person's page.
ACTIONS_SHOWN: Final = 50


def action_columns(owner: Any, ideas: Any) -> tuple[Any, ...]:
    """Return the columns that ``action_line`` reads, of ``Action`` with its owner and its idea."""
    return (
        Action.id,
        Action.team_id,
        Action.owner_id.label("person_id"),
        Action.what.label("words"),
        Action.idea_id,
        Action.huddle_id,
        Action.created_at.label("at"),
        Action.ended_at,
        Action.due_on,
        Action.first_due_on,
        Action.done_on,
        Action.dropped_why,
        Action.version,
        owner.c.name.label("person_name"),
        ideas.c.title,
    )


def action_line(actor: Actor, row: Any, *, may_run: bool) -> ActionLine:
    """Return an action from a row with ``action_columns``."""
    is_mine = row.person_id == actor.person_id
    return ActionLine(
        id=row.id,
        version=row.version,
        what=row.words,
        owner_id=row.person_id,
        owner=row.person_name.split(" ", 1)[0],
        owner_name=row.person_name,
        is_mine=is_mine,
        due_on=row.due_on,
        first_due_on=row.first_due_on,
        created_at=row.at,
        ended_at=row.ended_at,
        done_on=row.done_on,
        dropped_why=row.dropped_why or "",
        idea_id=row.idea_id,
        idea_title=row.title or "",
        huddle_id=row.huddle_id,
        state_words=_state_words(row),
        may_end=is_mine or may_run,
    )


def _state_words(row: Any) -> str:
    if row.ended_at is not None:
        return "done" if row.done_on else "dropped"
    due: date = row.due_on
    return f"{'by' if due == row.first_due_on else 'now'} {day(due)}"


def _lines(*columns: Any) -> Any:
    owner, ideas = person_names().alias("owner"), idea_heads()
    return (
        select(*action_columns(owner, ideas), *columns)
        .join(owner, owner.c.id == Action.owner_id)
        .outerjoin(ideas, ideas.c.id == Action.idea_id)
    )


def actions_to_do(actor: Actor) -> list[ActionLine]:
    """Return the open actions of the person who asks, the first due first, at most 50."""
    rows = db.session.execute(
        _lines()
        .where(
            Action.organisation_id == actor.organisation_id,
            Action.owner_id == actor.person_id,
            Action.ended_at.is_(None),
            within_reach(actor),
        )
        .order_by(Action.due_on, Action.id)
        .limit(ACTIONS_SHOWN)
    )
    return [action_line(actor, row, may_run=True) for row in rows]


def action_rows(actor: Actor) -> Any:
    """Return what ``actions_to_do`` lists as rows of what waits for somebody.

    ``at`` is the day of the huddle that it comes from; empty where it comes from none.
    """
    ideas = idea_heads()
    return (
        to_do_rows(
            ToDoKind.ACTION,
            subject_id=Action.id,
            words=Action.what,
            about=ideas.c.title,
            on=Action.due_on,
            at=case((Action.huddle_id.is_not(None), Action.created_at)),
            version=Action.version,
        )
        .outerjoin(ideas, ideas.c.id == Action.idea_id)
        .where(
            Action.organisation_id == actor.organisation_id,
            Action.owner_id == actor.person_id,
            Action.ended_at.is_(None),
            within_reach(actor),
        )
        .order_by(Action.due_on, Action.id)
        .limit(ACTIONS_SHOWN)
    )


def action_page(actor: Actor, action_id: int) -> ActionPage:
    """Return one action in three statements, for its owner and for readers of the team's huddles.

    Raises ``NotFound``, and ``Forbidden`` to others.
    """
    row = db.session.execute(
        _lines().where(Action.organisation_id == actor.organisation_id, Action.id == action_id)
    ).one_or_none()
    if row is None or is_out_of_reach(actor, row.idea_id):
        raise NotFound
    if row.person_id != actor.person_id and not rights.may_read(actor, row.team_id):
        raise Forbidden(rights.WHO_READS)
    team = team_by_id(actor, row.team_id)
    begins = next_begins(team, clock.now())
    return ActionPage(
        action=action_line(actor, row, may_run=rights.may_run(actor, row.team_id)),
        team=TeamRef(team.id, team.slug, team.name),
        # A guest sees nobody's name whom the idea does not name.
        people=choices_of(
            actor,
            []
            if Role.GUEST in actor.roles
            else people_of_team(actor, team.id, besides=guests_of_idea(row.idea_id)),
        ),
        dues=due_choices(clock.today(), begins.date() if begins else None),
    )
