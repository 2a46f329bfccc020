"""Huddles, their decisions and actions as tables: of the teams whose huddles one may read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.accounts.roles import Permission, has_any, may
from improve.huddles.models import Action, Decision, Huddle
from improve.huddles.pace import minutes_taken
from improve.huddles.queries.notes import first_name
from improve.ideas.queries import idea_heads
from improve.ideas.shaping import A_COLLEAGUE
from improve.shared.export import Cell
from improve.shared.open_tables import DAY, MOMENT, WHOLE, OpenColumn, OpenTable, moment

_OF_HUDDLE = (("huddle", "huddles", "id"),)
_TEAM_COLUMN = OpenColumn("team", "The team")


def huddle_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the tables of huddles that the actor may have; none for who reads no team's."""
    if not has_any(actor, Permission.SEE_HUDDLES):
        return ()
    return (_huddles(actor), _decisions(actor), _actions(actor))


def _is_read(actor: Actor, table: Any) -> ColumnElement[bool]:
    """Return the condition that the row is of a team whose huddles the actor may read."""
    own = table.organisation_id == actor.organisation_id
    if may(actor, Permission.SEE_HUDDLES):
        return own
    teams = {place.team_id for place in actor.places if place.team_id is not None}
    readable = sorted(t for t in teams if may(actor, Permission.SEE_HUDDLES, team_id=t))
    return and_(own, table.team_id.in_(readable))


def _huddles(actor: Actor) -> OpenTable:
    team, driver = team_names(), person_names()
    rows = (
        select(
            Huddle.id,
            team.c.name.label("team_name"),
            driver.c.name.label("driver_name"),
            Huddle.started_at,
            Huddle.finished_at,
            Huddle.paused_seconds,
            Huddle.planned_minutes,
            Huddle.good_news,
            Huddle.help_needed,
            Huddle.next_at,
        )
        .join(team, team.c.id == Huddle.team_id)
        .join(driver, driver.c.id == Huddle.driver_id)
        .where(_is_read(actor, Huddle), Huddle.finished_at.is_not(None))
        .order_by(Huddle.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["id"],
            row["team_name"],
            moment(row["started_at"]),
            minutes_taken(row["started_at"], row["finished_at"], row["paused_seconds"]),
            row["planned_minutes"],
            first_name(row["driver_name"]),
            row["good_news"],
            row["help_needed"],
            moment(row["next_at"]),
        )

    return OpenTable(
        name="huddles",
        title="Huddles",
        holds="Huddles that are over, of the teams whose huddles you may read.",
        columns=(
            OpenColumn("id", "Number of the huddle", WHOLE),
            _TEAM_COLUMN,
            OpenColumn("began_at", "When it began (UTC)", MOMENT),
            OpenColumn("minutes", "How long it took, without pauses", WHOLE),
            OpenColumn("planned_minutes", "How long it was meant to be", WHOLE),
            OpenColumn("driver", "Who led it"),
            OpenColumn("good_news", "Good news"),
            OpenColumn("help_needed", "Help needed"),
            OpenColumn("next_at", "When the next one was agreed for (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
    )


def _decisions(actor: Actor) -> OpenTable:
    team = team_names()
    rows = (
        select(
            Decision.id,
            team.c.name.label("team_name"),
            Decision.huddle_id,
            Decision.idea_id,
            Decision.measure_id,
            Decision.kind,
            Decision.words,
            Decision.at,
        )
        .join(Huddle, Huddle.id == Decision.huddle_id)
        .join(team, team.c.id == Decision.team_id)
        .where(
            _is_read(actor, Decision),
            Decision.removed_at.is_(None),
            Huddle.finished_at.is_not(None),
        )
        .order_by(Decision.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (*tuple(row.values())[:-1], moment(row["at"]))

    return OpenTable(
        name="huddle-decisions",
        title="Decisions of huddles",
        holds="The lines under “What we decided” in the notes of those huddles.",
        columns=(
            OpenColumn("id", "Number of the line", WHOLE),
            _TEAM_COLUMN,
            OpenColumn("huddle", "Number of the huddle", WHOLE),
            OpenColumn("idea", "The idea it is about", WHOLE),
            OpenColumn("measure", "The measure it is about", WHOLE),
            OpenColumn("kind", "Which kind of decision, as a code"),
            OpenColumn("words", "What was decided"),
            OpenColumn("at", "When (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
        points=_OF_HUDDLE,
    )


def _actions(actor: Actor) -> OpenTable:
    team, owner, idea = team_names(), person_names(), idea_heads()
    rows = (
        select(
            Action.id,
            team.c.name.label("team_name"),
            Action.huddle_id,
            Action.idea_id,
            Action.what,
            owner.c.name.label("owner_name"),
            idea.c.hides_name,
            Action.first_due_on,
            Action.due_on,
            Action.done_on,
            Action.dropped_why,
            Action.created_at,
        )
        .join(team, team.c.id == Action.team_id)
        .join(owner, owner.c.id == Action.owner_id)
        .outerjoin(idea, idea.c.id == Action.idea_id)
        .where(_is_read(actor, Action))
        .order_by(Action.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        # Whoever does it may be the author, who asked not to be named beside the idea.
        name = A_COLLEAGUE if row["hides_name"] else first_name(row["owner_name"])
        return (
            row["id"],
            row["team_name"],
            row["huddle_id"],
            row["idea_id"],
            row["what"],
            name,
            row["first_due_on"],
            row["due_on"],
            row["done_on"],
            row["dropped_why"],
            moment(row["created_at"]),
        )

    return OpenTable(
        name="actions",
        title="Actions",
        holds="What people said they would do, in the teams whose huddles you may read.",
        columns=(
            OpenColumn("id", "Number of the action", WHOLE),
            _TEAM_COLUMN,
            OpenColumn("huddle", "The huddle it was promised in", WHOLE),
            OpenColumn("idea", "The idea it is for", WHOLE),
            OpenColumn("what", "What is to be done"),
            OpenColumn("who", "Who does it"),
            OpenColumn("first_due", "The day named first", DAY),
            OpenColumn("due", "By when", DAY),
            OpenColumn("done", "The day it was done", DAY),
            OpenColumn("dropped_because", "Why it was dropped"),
            OpenColumn("added_at", "When it was added (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
        points=_OF_HUDDLE,
    )
