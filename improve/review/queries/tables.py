"""Leaders' answers and how the work goes, as tables for whoever may read them on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.review.models import LeaderAnswer
from improve.review.queries.answers import asked_and_answered
from improve.review.queries.history import history
from improve.review.showing import all_points, show
from improve.review.system_measures import DEFINITIONS, needs_of
from improve.shared.export import Cell
from improve.shared.open_tables import (
    DAY,
    MOMENT,
    NUMBER,
    WHOLE,
    OpenColumn,
    OpenTable,
    moment,
)


def review_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the tables of the review that the actor may have."""
    if not has_any(actor, Permission.SEE_REVIEW):
        return ()
    return (_answers(actor), _work(actor))


def _answers(actor: Actor) -> OpenTable:
    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["id"],
            row["team_name"],
            row["asked"],
            row["asked_on"],
            row["way"],
            row["words"],
            row["by_name"],
            moment(row["answered_at"]),
            row["outcome_words"],
            row["outcome_on"],
        )

    return OpenTable(
        name="leaders-answers",
        title="You asked, leaders did",
        holds="What teams asked leaders for, what was answered, and what came of it.",
        columns=(
            OpenColumn("id", "Number of the answer", WHOLE),
            OpenColumn("team", "Whom it was for; empty: every team"),
            OpenColumn("asked", "What was asked"),
            OpenColumn("asked_on", "Since when", DAY),
            OpenColumn("way", "decide, give, no, visit or write"),
            OpenColumn("answer", "The answer"),
            OpenColumn("by", "Which leader answered"),
            OpenColumn("answered_at", "When (UTC)", MOMENT),
            OpenColumn("came_of_it", "What came of it"),
            OpenColumn("came_on", "The day of that", DAY),
        ),
        rows=asked_and_answered(actor).order_by(LeaderAnswer.id),
        shape=shape,
    )


def _work(actor: Actor) -> OpenTable:
    def rows() -> Iterable[Sequence[Cell]]:
        past = history(actor, needs=needs_of(DEFINITIONS), team_id=None, calendar=None)
        return all_points([show(one, past) for one in DEFINITIONS])

    return OpenTable(
        name="how-we-work",
        title="How the work goes",
        holds=(
            "What the product counts of its own use in the whole council: days to a first reply, "
            "time in a stage, who takes part. Never team by team."
        ),
        columns=(
            OpenColumn("measure", "What is counted"),
            OpenColumn("from", "First day of the period", DAY),
            OpenColumn("value", "The number as it is shown", NUMBER),
            OpenColumn("top_line", "The top line", NUMBER),
            OpenColumn("bottom_line", "The bottom line", NUMBER),
        ),
        worked_out=rows,
        key=("measure", "from"),
    )
