"""One idea: its page and its history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    RowMapping,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy import literal as lit
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas import page_shaping
from improve.ideas.models import (
    Aim,
    Cycle,
    Driver,
    Idea,
    IdeaEdit,
    IdeaMeasure,
    IdeaMember,
    KeptWords,
    StageMove,
)
from improve.ideas.page import HistoryLine, IdeaPage, TiedMeasure
from improve.ideas.queries import door
from improve.ideas.queries.coach_rows import coach_rows, guest_rows, put_away_rows
from improve.ideas.queries.conversation_rows import (
    COMMENTS_SHOWN,
    comment_rows,
    follower_rows,
    join_rows,
    thanks_rows,
)
from improve.ideas.queries.panels import panel_selects
from improve.ideas.queries.thanks import THANKS_MOST
from improve.ideas.questions import CYCLE_QUESTIONS
from improve.measures.queries import measure_names, windows_of_idea
from improve.measures.queries.tallies import open_tally_days, open_tally_rows
from improve.shared import clock
from improve.shared.db import UTCDateTime, db
from improve.shared.errors import NotFound

#: Empty columns with their type, since PostgreSQL gives a bare NULL the type of text.
_NO_TIME = cast(null(), UTCDateTime)
_NO_PERSON = cast(null(), Integer)
#: What the statements of this module are told when they run. They are built once: making one takes
#: longer than running it.
_IDEA, _ME, _OURS = (bindparam(n, type_=Integer) for n in ("idea", "me", "organisation"))
_LINES, _NOW = bindparam("lines", type_=Integer), bindparam("now", type_=UTCDateTime)
#: Lines of history on the idea page; its own page shows them all.
HISTORY_LINES = 60
#: How the columns of a cycle are named beside those of its idea.
_CYCLE = "cycle__"


def idea_page(actor: Actor, idea_id: int) -> IdeaPage:
    """Return the idea's page in three statements. Raises ``NotFound`` for strangers.

    An idea that a coach answers is seen by its author, its lead and coaches alone until it is put
    on the board.
    """
    told = {"idea": idea_id, "me": actor.person_id}
    rows = db.session.execute(_with_cycles().where(door.visible(actor)), told).mappings().all()
    if not rows:
        raise NotFound
    row = rows[0]
    return page_shaping.shape_page(
        row,
        actor,
        cycles=_cycles_in(rows),
        feed=_feed(actor, row, HISTORY_LINES),
        windows=windows_of_idea(actor, idea_id),
        now=clock.now(),
        comments_most=COMMENTS_SHOWN,
    )


def history(actor: Actor, idea_id: int) -> tuple[HistoryLine, ...]:
    """Return the last thousand lines of history, newest first. Raises ``NotFound``."""
    row = idea_row(actor, idea_id)
    return page_shaping.shape_history(row, actor, _feed(actor, row, 1000))


def idea_row(actor: Actor, idea_id: int) -> RowMapping:
    """Return an idea with the names around it, in one statement. Raises ``NotFound``."""
    row = (
        db.session.execute(
            _idea_rows().where(door.visible(actor)), {"idea": idea_id, "me": actor.person_id}
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return row


@cache
def _idea_rows() -> Any:
    """Return the statement that reads one idea and names around it; the caller shuts the door."""
    author, lead, replied, blocked, pinned = (person_names().alias(n) for n in "alrbp")
    team = team_names()
    main, beside = aliased(IdeaMeasure), aliased(IdeaMeasure)
    main_name, beside_name = measure_names().alias("main_name"), measure_names().alias("by_name")
    is_member = exists().where(IdeaMember.idea_id == Idea.id, IdeaMember.person_id == _ME)
    return (
        select(
            *Idea.__table__.columns,
            author.c.name.label("author_name"),
            author.c.job_title.label("author_title"),
            lead.c.name.label("lead_name"),
            lead.c.job_title.label("lead_title"),
            replied.c.name.label("replied_name"),
            replied.c.job_title.label("replied_title"),
            blocked.c.name.label("blocked_name"),
            pinned.c.name.label("pinned_name"),
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
            team.c.working_days.label("team_working_days"),
            team.c.pauses.label("team_pauses"),
            team.c.usual_days.label("team_usual_days"),
            team.c.busy_since_on.label("team_busy_since_on"),
            team.c.busy_until_on.label("team_busy_until_on"),
            team.c.busy_why.label("team_busy_why"),
            is_member.label("is_member"),
            main.measure_id.label("main_id"),
            main_name.c.name.label("main_measure_name"),
            beside.measure_id.label("beside_id"),
            beside_name.c.name.label("beside_measure_name"),
            Driver.name.label("driver_name"),
            Driver.closed_on.label("driver_closed_on"),
            Aim.id.label("aim_id"),
            Aim.statement.label("aim_statement"),
            Aim.closed_on.label("aim_closed_on"),
        )
        .join(author, author.c.id == Idea.author_id)
        .join(team, team.c.id == Idea.team_id)
        .outerjoin(lead, lead.c.id == Idea.lead_id)
        .outerjoin(replied, replied.c.id == Idea.first_reply_by_id)
        .outerjoin(blocked, blocked.c.id == Idea.blocked_by_id)
        .outerjoin(pinned, pinned.c.id == Idea.pinned_by_id)
        .outerjoin(main, and_(main.idea_id == Idea.id, main.place == "main"))
        .outerjoin(main_name, main_name.c.id == main.measure_id)
        .outerjoin(beside, and_(beside.idea_id == Idea.id, beside.place == "beside"))
        .outerjoin(beside_name, beside_name.c.id == beside.measure_id)
        .outerjoin(Driver, Driver.id == Idea.driver_id)
        .outerjoin(Aim, Aim.id == Driver.aim_id)
        .where(Idea.id == _IDEA)
    )


@cache
def _with_cycles() -> Any:
    """Return the statement of an idea again, a row for each of its cycles: the newest first."""
    decided = person_names().alias("decided")
    named = {column.key: column for column in _cycle_columns(decided)}
    return (
        _idea_rows()
        .add_columns(*(column.label(_CYCLE + name) for name, column in named.items()))
        .outerjoin(Cycle, Cycle.idea_id == Idea.id)
        .outerjoin(decided, decided.c.id == Cycle.decided_by_id)
        .order_by(Cycle.number.desc())
    )


def _cycles_in(rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """Return the cycles that stand in rows of ``_with_cycles``."""
    return [
        {key.removeprefix(_CYCLE): row[key] for key in row if key.startswith(_CYCLE)}
        for row in rows
        if row[_CYCLE + "number"] is not None
    ]


def tied_of(row: RowMapping) -> tuple[TiedMeasure, ...]:
    """Return the measures of an ``idea_row``, main first."""
    return page_shaping.tied_of(row)


def cycle_rows(idea_id: int) -> list[RowMapping]:
    """Return the cycles of an idea that came through the door, newest first."""
    return list(db.session.execute(_cycle_rows(), {"idea": idea_id}).mappings())


@cache
def _cycle_rows() -> Any:
    decided = person_names()
    return (
        select(*_cycle_columns(decided))
        .outerjoin(decided, decided.c.id == Cycle.decided_by_id)
        .where(Cycle.idea_id == _IDEA)
        .order_by(Cycle.number.desc())
    )


def _cycle_columns(decided: Any) -> list[Any]:
    return [
        Cycle.number,
        Cycle.started_on,
        Cycle.ended_on,
        Cycle.prediction_locked_at,
        Cycle.decision,
        Cycle.decided_at,
        Cycle.decided_by_id,
        decided.c.name.label("decided_name"),
        *(getattr(Cycle, name) for name in CYCLE_QUESTIONS),
    ]


def _feed(actor: Actor, row: RowMapping, lines: int) -> list[RowMapping]:
    """Return comments, thanks, members, moves, edits, kept words and open tallies, in one go.

    With questions to coaches, guests and prompts put away, see ``coach_rows``; comments, thanks,
    followers and joins, see ``conversation_rows``.

    Columns: part, id, person_id, name, title, at, kind, a, b, c (texts), other_id, other_name,
    other_at, version, cycle (its number, else 0). Moves and edits are the newest ``lines``. Kept
    words are the actor's own. A tally has a row for each answer of this week: answers as kind, the
    question and its team as a and b, the answer (-1 before the first) as version, taps as cycle.

    Capabilities above add rows of their own, see ``panels``.
    """
    told = {
        "idea": row["id"],
        "me": actor.person_id,
        "organisation": actor.organisation_id,
        "lines": lines,
        "now": clock.now(),
        **open_tally_days(),
    }
    return list(db.session.execute(_feed_rows(), told).mappings())


@cache
def _feed_rows() -> Any:
    parts = union_all(
        *(
            part.subquery(name).select()
            for name, part in (
                ("comment_rows", comment_rows()),
                ("joined_comment_rows", comment_rows(of_joined=True)),
                ("thanks_rows", thanks_rows(THANKS_MOST)),
                ("joined_thanks_rows", thanks_rows(THANKS_MOST, of_joined=True)),
                ("follower_rows", follower_rows()),
                ("join_rows", join_rows()),
                ("member_rows", _members()),
                ("move_rows", _moves().limit(_LINES)),
                ("edit_rows", _edits().limit(_LINES)),
                ("kept_rows", _kept()),
                ("tally_rows", _tallies()),
                ("coach_rows", coach_rows()),
                ("guest_rows", guest_rows()),
                ("put_away_rows", put_away_rows()),
                *panel_selects(),
            )
        )
    ).subquery("feed")
    who, other = person_names().alias("who"), person_names().alias("other")
    return (
        select(
            parts,
            who.c.name.label("name"),
            who.c.job_title.label("title"),
            other.c.name.label("other_name"),
        )
        .outerjoin(who, who.c.id == parts.c.person_id)
        .outerjoin(other, other.c.id == parts.c.other_id)
        .order_by(parts.c.at, parts.c.id)
    )


def _members() -> Any:
    return select(
        lit("member"),
        IdeaMember.person_id.label("id"),
        IdeaMember.person_id.label("who_id"),
        IdeaMember.joined_at,
        lit(""),
        lit(""),
        lit("").label("b"),
        lit("").label("c"),
        _NO_TIME.label("edited_at"),
        _NO_TIME.label("other_at"),
        _NO_PERSON.label("other_id"),
        lit(0).label("version"),
        lit(0).label("cycle"),
    ).where(IdeaMember.idea_id == _IDEA)


def _moves() -> Any:
    return (
        select(
            lit("move"),
            StageMove.id,
            StageMove.by_id,
            StageMove.at,
            StageMove.way,
            StageMove.note,
            StageMove.from_stage,
            StageMove.to_stage,
            _NO_TIME.label("edited_at"),
            StageMove.undone_at,
            StageMove.undone_by_id,
            StageMove.version,
            StageMove.cycle_number,
        )
        .where(StageMove.idea_id == _IDEA)
        .order_by(StageMove.id.desc())
    )


def _edits() -> Any:
    return (
        select(
            lit("edit"),
            IdeaEdit.id,
            IdeaEdit.by_id,
            IdeaEdit.at,
            IdeaEdit.kind,
            IdeaEdit.field,
            IdeaEdit.old,
            IdeaEdit.new,
            _NO_TIME.label("edited_at"),
            _NO_TIME.label("other_at"),
            _NO_PERSON.label("other_id"),
            IdeaEdit.version,
            IdeaEdit.cycle_number,
        )
        .where(IdeaEdit.idea_id == _IDEA)
        .order_by(IdeaEdit.id.desc())
    )


def _kept() -> Any:
    return select(
        lit("kept"),
        KeptWords.id,
        KeptWords.person_id,
        KeptWords.created_at,
        lit(""),
        cast(KeptWords.words, Text),
        lit("").label("b"),
        lit("").label("c"),
        _NO_TIME.label("edited_at"),
        KeptWords.expires_at,
        _NO_PERSON.label("other_id"),
        lit(0).label("version"),
        lit(0).label("cycle"),
    ).where(
        KeptWords.idea_id == _IDEA,
        KeptWords.person_id == _ME,
        KeptWords.expires_at > _NOW,
    )


def _tallies() -> Any:
    rows = open_tally_rows().c
    return select(
        lit("tally"),
        rows.tally_id,
        rows.created_by_id,
        rows.created_at,
        rows.answers,
        rows.question,
        cast(rows.team_id, Text).label("b"),
        lit("").label("c"),
        _NO_TIME.label("edited_at"),
        _NO_TIME.label("other_at"),
        _NO_PERSON.label("other_id"),
        func.coalesce(rows.answer, -1).label("version"),
        func.coalesce(rows.taps, 0).label("cycle"),
    ).where(rows.idea_id == _IDEA, rows.organisation_id == _OURS)
