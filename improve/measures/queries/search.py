"""Measures by the words in their name, definition and source."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.accounts.roles import Permission, may
from improve.measures.models import Measure
from improve.shared import search
from improve.shared.db import db
from improve.shared.search_words import PAGE_SIZE, Found, Hit, Source, marked, page_of, snippet

KIND, HEADING = "measures", "Measures"


def search_measures(actor: Actor, words: Sequence[str], page: int = 1) -> Found:
    """Return measures that hold all the words, those with them in the name first."""
    if not may(actor, Permission.SEE_MEASURES):
        return Found(KIND, HEADING, ())
    hits = search.best_first(
        "measures",
        words,
        organisation_id=actor.organisation_id,
        rows=Measure.__table__,
        door=[Measure.organisation_id == actor.organisation_id],
        page=page,
    )
    team = team_names()
    rows = db.session.execute(
        select(
            Measure.id,
            Measure.name,
            Measure.numerator,
            Measure.denominator,
            Measure.left_out,
            Measure.source,
            Measure.closed_on,
            team.c.name.label("team_name"),
        )
        .select_from(hits.join(Measure, Measure.id == hits.c.id))
        .outerjoin(team, team.c.id == Measure.team_id)
        .order_by(hits.c.in_title.desc(), hits.c.id.desc())
    ).all()
    found = [
        Hit(
            what="Measure",
            title=marked(row.name, words),
            snippet=snippet([row.numerator, row.denominator, row.left_out, row.source], words),
            endpoint="measures.measure_page",
            values={"measure_id": row.id},
            where=(
                row.team_name or "The whole council",
                *(("No longer counted",) if row.closed_on else ()),
            ),
        )
        for row in rows
    ]
    return Found(
        KIND, HEADING, tuple(found[:PAGE_SIZE]), page_of(page), has_more=len(found) > PAGE_SIZE
    )


def search_sources() -> tuple[Source, ...]:
    """Return what measures offer to search."""
    return (Source(KIND, search_measures),)
