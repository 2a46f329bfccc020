"""Ideas and what belongs to them as tables, for whoever may see them on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.accounts.roles import Permission, has_any
from improve.ideas import page_shaping
from improve.ideas.models import Idea, StageMove
from improve.ideas.queries import door
from improve.shared.export import Cell
from improve.shared.open_tables import (
    DAY,
    MOMENT,
    TRUTH,
    WHOLE,
    OpenColumn,
    OpenTable,
    moment,
)

#: Whose name may stand beside an idea depends on these, see ``rights.may_see_author``.
_STANDING: Final = (
    Idea.team_id.label("standing_team_id"),
    Idea.author_id,
    Idea.lead_id,
    Idea.stage,
    Idea.outcome,
    Idea.first_reply_kind,
    Idea.hides_name,
)
OF_IDEA: Final = (("idea", "ideas", "id"),)
IDEA_COLUMN: Final = OpenColumn("idea", "Number of the idea", WHOLE)
CYCLE_COLUMN: Final = OpenColumn("cycle", "Which of its cycles", WHOLE)


def idea_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the tables of ideas that the actor may have."""
    if not has_any(actor, Permission.READ_IDEA):
        return ()
    return (_ideas(actor), _moves(actor), _replies(actor))


def named(row: Any, actor: Actor, person_id: int | None, name: str | None) -> str:
    """Return a name beside an idea as its page says it: “A colleague” for a hidden author."""
    if person_id is None:
        return ""
    facts = {**row, "team_id": row["standing_team_id"], "is_member": False}
    return page_shaping.person(facts, actor, person_id, name).name


def seen_with(*columns: Any) -> Select[Any]:
    """Return a select of ideas with their team and whose name may stand beside them, unscoped."""
    team = team_names().alias("team")
    return select(*columns, *_STANDING, team.c.name.label("team_name")).join(
        team, team.c.id == Idea.team_id
    )


def _ideas(actor: Actor) -> OpenTable:
    author, lead = person_names().alias("author"), person_names().alias("lead")
    rows = (
        seen_with(
            Idea.id,
            Idea.title,
            Idea.suggestion,
            Idea.benefit,
            Idea.problem,
            Idea.improves,
            Idea.source,
            Idea.family_in_team,
            Idea.document_link,
            Idea.driver_id,
            Idea.created_at,
            Idea.stage_entered_at,
            Idea.finished_at,
            Idea.cycle_number,
            Idea.look_again_on,
            Idea.joined_to_id,
            Idea.blocked_at,
            Idea.blocked_reason,
            Idea.blocked_who,
            Idea.lesson,
            Idea.decision_why,
            Idea.adopt_anyway,
            Idea.is_on_board,
            author.c.name.label("author_name"),
            lead.c.name.label("lead_name"),
        )
        .join(author, author.c.id == Idea.author_id)
        .outerjoin(lead, lead.c.id == Idea.lead_id)
        .where(door.visible(actor))
        .order_by(Idea.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        is_blocked = row["blocked_at"] is not None and row["finished_at"] is None
        return (
            row["id"],
            row["team_name"],
            row["title"],
            row["suggestion"],
            row["benefit"],
            row["problem"],
            row["improves"],
            row["source"],
            row["family_in_team"],
            row["document_link"],
            row["driver_id"],
            named(row, actor, row["author_id"], row["author_name"]),
            named(row, actor, row["lead_id"], row["lead_name"]),
            row["is_on_board"],
            moment(row["created_at"]),
            row["stage"],
            moment(row["stage_entered_at"]),
            row["cycle_number"],
            row["outcome"],
            moment(row["finished_at"]),
            row["look_again_on"],
            row["joined_to_id"],
            moment(row["blocked_at"]) if is_blocked else "",
            row["blocked_reason"] if is_blocked else "",
            row["blocked_who"] if is_blocked else "",
            row["lesson"],
            row["decision_why"],
            row["adopt_anyway"],
        )

    return OpenTable(
        name="ideas",
        title="Ideas",
        holds="Every idea that you can open, with its words, where it stands and how it ended.",
        columns=(
            OpenColumn("id", "Number of the idea, as in its address", WHOLE),
            OpenColumn("team", "The team whose board it is on"),
            OpenColumn("title", "A short name"),
            OpenColumn("suggestion", "What should change"),
            OpenColumn("benefit", "What would be better"),
            OpenColumn("problem", "What the problem is"),
            OpenColumn("improves", "What it improves"),
            OpenColumn("source", "Where it came from, as a code: own, child, parent …"),
            OpenColumn("family_in_team", "Who from a family is in its team, as a role"),
            OpenColumn("document_link", "An address of a document"),
            OpenColumn("driver", "What it is meant to move: number of the driver", WHOLE),
            OpenColumn("author", "Who said it, as its page says it"),
            OpenColumn("lead", "Who leads it"),
            OpenColumn("on_board", "Whether it is on the team’s board", TRUTH),
            OpenColumn("logged_at", "When it was logged (UTC)", MOMENT),
            OpenColumn("stage", "suggested, plan, do, study, act or done"),
            OpenColumn("in_stage_since", "Since when it stands there (UTC)", MOMENT),
            OpenColumn("cycle", "Its present or last cycle; 0 before the first", WHOLE),
            OpenColumn(
                "outcome",
                "adopted, abandoned, not_now, quick_fix, joined or withdrawn; empty: open",
            ),
            OpenColumn("finished_at", "When it ended (UTC)", MOMENT),
            OpenColumn("look_again_on", "When to look at it again", DAY),
            OpenColumn("joined_to", "The idea that it was found to be the same as", WHOLE),
            OpenColumn("blocked_since", "Since when something is in its way (UTC)", MOMENT),
            OpenColumn("blocked_by", "What is in its way"),
            OpenColumn("blocked_needs", "Who could clear that"),
            OpenColumn("lesson", "What was learned"),
            OpenColumn("decision_why", "Why it was decided so"),
            OpenColumn("kept_anyway_because", "Why it was kept although the numbers are unclear"),
        ),
        rows=rows,
        shape=shape,
        points=(("joined_to", "ideas", "id"),),
    )


def _moves(actor: Actor) -> OpenTable:
    by = person_names().alias("by")
    rows = (
        seen_with(
            StageMove.id,
            StageMove.idea_id,
            StageMove.cycle_number,
            StageMove.from_stage,
            StageMove.to_stage,
            StageMove.outcome.label("move_outcome"),
            StageMove.at,
            StageMove.note,
            StageMove.undone_at,
            StageMove.by_id,
            by.c.name.label("by_name"),
        )
        .join(StageMove, StageMove.idea_id == Idea.id)
        .join(by, by.c.id == StageMove.by_id)
        .where(door.visible(actor))
        .order_by(StageMove.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["id"],
            row["idea_id"],
            row["cycle_number"],
            row["from_stage"],
            row["to_stage"],
            row["move_outcome"],
            moment(row["at"]),
            named(row, actor, row["by_id"], row["by_name"]),
            row["note"],
            moment(row["undone_at"]),
        )

    return OpenTable(
        name="stage-moves",
        title="Stage moves",
        holds="Every move of an idea between stages, those taken back among them.",
        columns=(
            OpenColumn("id", "Number of the move", WHOLE),
            IDEA_COLUMN,
            CYCLE_COLUMN,
            OpenColumn("from_stage", "From which stage"),
            OpenColumn("to_stage", "To which stage"),
            OpenColumn("outcome", "How the idea ended, where it did"),
            OpenColumn("at", "When (UTC)", MOMENT),
            OpenColumn("by", "Who moved it, as its page says it"),
            OpenColumn("note", "What was said about it"),
            OpenColumn("taken_back_at", "When it was taken back (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
        points=OF_IDEA,
    )


def _replies(actor: Actor) -> OpenTable:
    by = person_names().alias("by")
    rows = (
        seen_with(
            Idea.id,
            Idea.created_at,
            Idea.first_reply_at,
            Idea.first_reply_words,
            Idea.first_reply_by_id,
            by.c.name.label("by_name"),
        )
        .outerjoin(by, by.c.id == Idea.first_reply_by_id)
        .where(door.visible(actor), Idea.first_reply_at.is_not(None))
        .order_by(Idea.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (
            row["id"],
            row["team_name"],
            moment(row["created_at"]),
            moment(row["first_reply_at"]),
            row["first_reply_kind"],
            row["first_reply_words"],
            named(row, actor, row["first_reply_by_id"], row["by_name"]),
        )

    return OpenTable(
        name="first-replies",
        title="First replies",
        holds="What a person answered first to each idea, and when.",
        columns=(
            IDEA_COLUMN,
            OpenColumn("team", "Its team"),
            OpenColumn("logged_at", "When it was logged (UTC)", MOMENT),
            OpenColumn("replied_at", "When it was answered (UTC)", MOMENT),
            OpenColumn("kind", "Which kind of reply, as a code"),
            OpenColumn("words", "The reply"),
            OpenColumn("by", "Who gave it"),
        ),
        rows=rows,
        shape=shape,
        key=("idea",),
        points=OF_IDEA,
    )
