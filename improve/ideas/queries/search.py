"""Ideas, their cycles and comments by the words in them: only what the actor may know of.

Each kind is one statement. Names are not shown, so a hidden one cannot be told from a hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas.kinds import OUTCOME_WORDS, STAGE_WORDS, TAUGHT, Outcome, Stage
from improve.ideas.models import Comment, Cycle, Idea
from improve.ideas.queries.door import visible
from improve.shared import search
from improve.shared.db import db
from improve.shared.formatting import NBSP, day
from improve.shared.search_words import PAGE_SIZE, Found, Hit, Source, marked, page_of, snippet

#: The texts of an idea besides its title, in the order they are quoted from where all are alike.
_IDEA_TEXTS = ("suggestion", "benefit", "problem", "improves", "lesson", "decision_why")
_CYCLE_TEXTS = (
    "learned",
    "what_happened",
    "change_to_try",
    "question",
    "prediction",
    "surprises",
    "decision_why",
    "adopt_anyway",
    "next_step",
    "might_go_wrong",
    "balancing",
)


def search_ideas(actor: Actor, words: Sequence[str], page: int = 1) -> Found:
    """Return ideas that hold all the words, those with them in the title first."""
    hits = search.best_first(
        "ideas",
        words,
        organisation_id=actor.organisation_id,
        rows=Idea.__table__,
        door=[visible(actor)],
        page=page,
    )
    rows = _rows(hits, Idea.id, *(getattr(Idea, name) for name in _IDEA_TEXTS), joins=())
    return _found(
        "ideas",
        "Ideas",
        page,
        [
            _hit(
                row,
                words,
                what="Idea",
                texts=[row[name] for name in _IDEA_TEXTS],
                # What ended with a lesson leads straight to it.
                endpoint="ideas.learned_page" if row["outcome"] in TAUGHT else "ideas.idea_page",
                values={"idea_id": row["id"]},
            )
            for row in rows
        ],
    )


def search_cycles(actor: Actor, words: Sequence[str], page: int = 1) -> Found:
    """Return cycles that hold all the words in what was planned, tried or learned."""
    of_idea = Idea.id == Cycle.idea_id
    hits = search.best_first(
        "cycles",
        words,
        organisation_id=actor.organisation_id,
        rows=Cycle.__table__,
        door=[(Idea, of_idea), visible(actor)],
        page=page,
    )
    texts = (getattr(Cycle, name).label(f"cycle_{name}") for name in _CYCLE_TEXTS)
    rows = _rows(hits, Cycle.id, Cycle.number, *texts, joins=((Idea, of_idea),))
    return _found(
        "cycles",
        "Cycles",
        page,
        [
            _hit(
                row,
                words,
                what=f"Cycle{NBSP}{row['number']}",
                texts=[row[f"cycle_{name}"] for name in _CYCLE_TEXTS],
                endpoint="ideas.idea_page",
                values={"idea_id": row["idea_id"], "_anchor": f"cycle-{row['number']}"},
            )
            for row in rows
        ],
    )


def search_comments(actor: Actor, words: Sequence[str], page: int = 1) -> Found:
    """Return comments that hold all the words and were not removed."""
    of_idea = Idea.id == Comment.idea_id
    hits = search.best_first(
        "comments",
        words,
        organisation_id=actor.organisation_id,
        rows=Comment.__table__,
        door=[(Idea, of_idea), visible(actor), Comment.removed_at.is_(None)],
        page=page,
    )
    said = (Comment.words.label("said"), Comment.created_at.label("said_at"))
    rows = _rows(hits, Comment.id, *said, joins=((Idea, of_idea),))
    return _found(
        "comments",
        "Comments",
        page,
        [
            _hit(
                row,
                words,
                what=f"Comment of {day(row['said_at'])}",
                texts=[row["said"]],
                endpoint="ideas.idea_page",
                values={"idea_id": row["idea_id"], "_anchor": f"comment-{row['id']}"},
            )
            for row in rows
        ],
    )


def search_sources() -> tuple[Source, ...]:
    """Return what ideas offer to search, in the order of the page."""
    return (
        Source("ideas", search_ideas),
        Source("cycles", search_cycles),
        Source("comments", search_comments),
    )


def _rows(hits: Any, key: Any, *columns: Any, joins: Sequence[Any]) -> list[RowMapping]:
    """Return the hits in their order, with their idea and its team."""
    team = team_names()
    rows = select(
        key.label("id"),
        *columns,
        Idea.id.label("idea_id"),
        Idea.title,
        Idea.stage,
        Idea.outcome,
        Idea.cycle_number,
        team.c.name.label("team_name"),
    ).select_from(hits.join(key.class_, key == hits.c.id))
    for one in joins:
        rows = rows.join(*one)
    rows = rows.join(team, team.c.id == Idea.team_id)
    ordered = rows.order_by(hits.c.in_title.desc(), hits.c.id.desc())
    return list(db.session.execute(ordered).mappings())


def _hit(
    row: RowMapping,
    words: Sequence[str],
    *,
    what: str,
    texts: Sequence[str | None],
    endpoint: str,
    values: dict[str, Any],
) -> Hit:
    stage = Stage(row["stage"])
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    stands = OUTCOME_WORDS[outcome] if outcome else STAGE_WORDS[stage]
    if row["cycle_number"] and outcome is None:
        stands = f"{stands}, cycle{NBSP}{row['cycle_number']}"
    return Hit(
        what=what,
        title=marked(row["title"], words),
        # A title is often the whole suggestion; it need not be read twice.
        snippet=snippet([text for text in texts if text != row["title"]], words),
        endpoint=endpoint,
        values=values,
        where=(row["team_name"], stands),
        stage=stage.value,
        cycle_number=row["cycle_number"],
        outcome=outcome.value if outcome else None,
    )


def _found(kind: str, heading: str, page: int, hits: list[Hit]) -> Found:
    return Found(
        kind, heading, tuple(hits[:PAGE_SIZE]), page_of(page), has_more=len(hits) > PAGE_SIZE
    )
