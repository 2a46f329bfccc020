"""Cycles, what was decided and what the charts said as tables, for whoever sees their ideas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.accounts.roles import Permission, has_any
from improve.ideas.models import Cycle, Idea
from improve.ideas.queries import door
from improve.ideas.queries.tables import CYCLE_COLUMN, IDEA_COLUMN, OF_IDEA, named, seen_with
from improve.measures.queries import cycle_window_rows
from improve.measures.spc.words import verdict_words
from improve.shared.export import Cell
from improve.shared.open_tables import DAY, MOMENT, TRUTH, WHOLE, OpenColumn, OpenTable, moment


def cycle_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the tables of cycles that the actor may have."""
    if not has_any(actor, Permission.READ_IDEA):
        return ()
    return (_cycles(actor), _decisions(actor), _tests(actor))


def _cycles(actor: Actor) -> OpenTable:
    rows = (
        select(
            Cycle.idea_id,
            Cycle.number,
            Cycle.question,
            Cycle.change_to_try,
            Cycle.scope,
            Cycle.who,
            Cycle.families_count,
            Cycle.study_by_on,
            Cycle.prediction,
            Cycle.expected_count,
            Cycle.expected_of,
            Cycle.is_wide,
            Cycle.might_go_wrong,
            Cycle.balancing,
            Cycle.started_on,
            Cycle.ended_on,
            Cycle.what_happened,
            Cycle.as_planned,
            Cycle.surprises,
            Cycle.seen_count,
            Cycle.seen_of,
            Cycle.prediction_held,
            Cycle.learned,
        )
        .join(Idea, Idea.id == Cycle.idea_id)
        .where(door.visible(actor))
        .order_by(Cycle.idea_id, Cycle.number)
    )
    return OpenTable(
        name="cycles",
        title="Cycles",
        holds="Each trip through Plan, Do, Study, Act: what was tried and what happened.",
        columns=(
            IDEA_COLUMN,
            CYCLE_COLUMN,
            OpenColumn("question", "The question to answer"),
            OpenColumn("change_to_try", "The change to try"),
            OpenColumn("scope", "How small"),
            OpenColumn("who", "With whom"),
            OpenColumn("families", "With how many families at most", WHOLE),
            OpenColumn("study_by", "When it was to be studied", DAY),
            OpenColumn("prediction", "What was expected"),
            OpenColumn("expected", "How many were expected", WHOLE),
            OpenColumn("expected_of", "Out of how many", WHOLE),
            OpenColumn("wide", "Whether it was wide enough to move the measure", TRUTH),
            OpenColumn("might_go_wrong", "What might go wrong"),
            OpenColumn("might_get_worse", "What might get worse elsewhere"),
            OpenColumn("began_on", "When Do began", DAY),
            OpenColumn("ended_on", "The last day of the test", DAY),
            OpenColumn("what_happened", "What happened"),
            OpenColumn("as_planned", "Whether it went as planned"),
            OpenColumn("surprises", "What surprised"),
            OpenColumn("seen", "How many were seen", WHOLE),
            OpenColumn("seen_of", "Out of how many", WHOLE),
            OpenColumn("prediction_held", "Whether the prediction held: yes, partly or no"),
            OpenColumn("learned", "What was learned"),
        ),
        rows=rows,
        shape=lambda row: tuple(row.values()),
        key=("idea", "cycle"),
        points=OF_IDEA,
    )


def _decisions(actor: Actor) -> OpenTable:
    by, window = person_names().alias("by"), cycle_window_rows().alias("main")
    is_main = and_(
        window.c.idea_id == Cycle.idea_id,
        window.c.cycle_number == Cycle.number,
        window.c.place == "main",
    )
    rows = (
        seen_with(
            Cycle.idea_id,
            Cycle.number,
            Cycle.decision,
            Cycle.decision_why.label("why"),
            Cycle.adopt_anyway.label("anyway"),
            Cycle.next_step,
            Cycle.decided_at,
            Cycle.decided_by_id,
            by.c.name.label("by_name"),
            window.c.decided_code,
        )
        .join(Cycle, Cycle.idea_id == Idea.id)
        .outerjoin(by, by.c.id == Cycle.decided_by_id)
        .outerjoin(window, is_main)
        .where(door.visible(actor), Cycle.decided_at.is_not(None))
        .order_by(Cycle.decided_at, Cycle.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["idea_id"],
            row["number"],
            row["team_name"],
            row["decision"],
            row["why"],
            row["anyway"],
            row["next_step"],
            moment(row["decided_at"]),
            named(row, actor, row["decided_by_id"], row["by_name"]),
            row["decided_code"],
        )

    return OpenTable(
        name="decisions",
        title="Decisions",
        holds="What was decided at the end of each cycle, and why: kept, changed or stopped.",
        columns=(
            IDEA_COLUMN,
            CYCLE_COLUMN,
            OpenColumn("team", "Its team"),
            OpenColumn("decision", "adopt, adapt or abandon: keep, change or stop"),
            OpenColumn("why", "Why"),
            OpenColumn("kept_anyway_because", "Why it was kept although the numbers are unclear"),
            OpenColumn("next_step", "What comes next"),
            OpenColumn("decided_at", "When (UTC)", MOMENT),
            OpenColumn("by", "Who decided"),
            OpenColumn("verdict_then", "What the chart said then, as a code"),
        ),
        rows=rows,
        shape=shape,
        key=("idea", "cycle"),
        points=OF_IDEA,
    )


def _tests(actor: Actor) -> OpenTable:
    window = cycle_window_rows().alias("window")
    rows = (
        select(
            window.c.idea_id,
            window.c.cycle_number,
            window.c.place,
            window.c.measure_id,
            Cycle.started_on,
            Cycle.ended_on,
            window.c.verdict_code,
            window.c.verdict_facts,
            window.c.decided_code,
        )
        .select_from(window)
        .join(Idea, Idea.id == window.c.idea_id)
        .join(Cycle, and_(Cycle.idea_id == Idea.id, Cycle.number == window.c.cycle_number))
        .where(door.visible(actor))
        .order_by(window.c.idea_id, window.c.cycle_number, window.c.place.desc())
    )

    def shape(row: Any) -> Sequence[Cell]:
        code, facts = row["verdict_code"], row["verdict_facts"]
        return (
            row["idea_id"],
            row["cycle_number"],
            "measure to move" if row["place"] == "main" else "beside it",
            row["measure_id"],
            row["started_on"],
            row["ended_on"],
            code,
            verdict_words(code, facts).sentence if code else "",
            row["decided_code"],
        )

    return OpenTable(
        name="tests-and-verdicts",
        title="Tests and their verdicts",
        holds=(
            "The time that each cycle was tried, on each of its measures, and what the chart says. "
            "A verdict says that something changed, not why."
        ),
        columns=(
            IDEA_COLUMN,
            CYCLE_COLUMN,
            OpenColumn("place", "Whether it is the measure to move or the one beside it"),
            OpenColumn("measure", "Number of the measure", WHOLE),
            OpenColumn("began_on", "When Do began", DAY),
            OpenColumn("ended_on", "The last day of the test; empty: it goes on", DAY),
            OpenColumn("verdict_now", "What the chart says now, as a code"),
            OpenColumn("verdict_words", "The same in a sentence"),
            OpenColumn("verdict_then", "What it said when it was decided, as a code"),
        ),
        rows=rows,
        shape=shape,
        key=("idea", "cycle", "place"),
        points=(*OF_IDEA, ("measure", "measures", "id")),
    )
