"""Aims, drivers and one's own thanks as tables, for whoever may see them on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.ideas.models import Aim, Driver, Thanks
from improve.ideas.queries.thanks import own_thanks
from improve.ideas.thanks_views import names_in
from improve.shared.export import Cell
from improve.shared.open_tables import DAY, MOMENT, WHOLE, OpenColumn, OpenTable, moment


def aim_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the council's aims and what is thought to move them."""
    if not has_any(actor, Permission.SEE_AIMS):
        return ()
    aims = (
        select(
            Aim.id,
            Aim.position,
            Aim.statement,
            Aim.for_whom,
            Aim.how_much,
            Aim.by_when_on,
            Aim.measure_id,
            Aim.closed_on,
        )
        .where(Aim.organisation_id == actor.organisation_id)
        .order_by(Aim.position, Aim.id)
    )
    drivers = (
        select(
            Driver.id,
            Driver.aim_id,
            Driver.parent_id,
            Driver.level,
            Driver.position,
            Driver.name,
            Driver.closed_on,
        )
        .where(Driver.organisation_id == actor.organisation_id)
        .order_by(Driver.aim_id, Driver.level, Driver.position, Driver.id)
    )
    return (
        OpenTable(
            name="aims",
            title="Aims",
            holds="What good looks like for children here: what, for whom, how much, by when.",
            columns=(
                OpenColumn("id", "Number of the aim", WHOLE),
                OpenColumn("place", "Its place in the order", WHOLE),
                OpenColumn("aim", "What good looks like"),
                OpenColumn("for_whom", "For whom"),
                OpenColumn("how_much", "How much"),
                OpenColumn("by_when", "By when", DAY),
                OpenColumn(
                    "measure", "Number of the measure that says whether it gets better", WHOLE
                ),
                OpenColumn("closed_on", "The day it was closed", DAY),
            ),
            rows=aims,
            shape=lambda row: tuple(row.values()),
        ),
        OpenTable(
            name="drivers",
            title="Drivers",
            holds="What is thought to move each aim. Ideas name the driver they are meant to move.",
            columns=(
                OpenColumn("id", "Number of the driver", WHOLE),
                OpenColumn("aim", "Number of its aim", WHOLE),
                OpenColumn("under", "The driver it hangs under", WHOLE),
                OpenColumn("level", "1 primary, 2 secondary", WHOLE),
                OpenColumn("place", "Its place in the order", WHOLE),
                OpenColumn("name", "The driver, in words"),
                OpenColumn("closed_on", "The day it was closed", DAY),
            ),
            rows=drivers,
            shape=lambda row: tuple(row.values()),
            points=(("aim", "aims", "id"), ("under", "drivers", "id")),
        ),
    )


def thanks_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the thanks that the actor said or was told, and nobody else's."""
    rows = (
        own_thanks(actor)
        .where(or_(Thanks.to_id == actor.person_id, Thanks.from_id == actor.person_id))
        .order_by(Thanks.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        by, to = names_in(row, actor)
        return (
            row["id"],
            moment(row["created_at"]),
            by,
            to,
            row["words"],
            row["idea_id"] if row["is_visible"] else None,
        )

    return (
        OpenTable(
            name="my-thanks",
            title="Thanks to and from you",
            holds="What colleagues thanked you for, and you them. Nobody else’s.",
            columns=(
                OpenColumn("id", "Number of the thank-you", WHOLE),
                OpenColumn("said_at", "When (UTC)", MOMENT),
                OpenColumn("from", "Who said it"),
                OpenColumn("to", "To whom"),
                OpenColumn("words", "The sentence"),
                OpenColumn("idea", "Number of the idea it is about", WHOLE),
            ),
            rows=rows,
            shape=shape,
        ),
    )
