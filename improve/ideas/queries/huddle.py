"""A team's ideas as its huddle looks at them: each read is one statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, and_, select, union

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, person_names, team_names
from improve.ideas.huddle_views import (
    HuddleIdea,
    HuddleIdeaDetail,
    shape_detail,
    shape_for_huddle,
)
from improve.ideas.kinds import USUAL_DAYS, Outcome, ReplyKind, Stage
from improve.ideas.models import Idea, IdeaMeasure
from improve.ideas.queries import door
from improve.ideas.queries.boards import card_rows
from improve.ideas.usual_days import StageClock, clock_of
from improve.measures.queries import current_window_rows
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: Ideas read for one reason. A huddle shows thirty a part, and one idea may have four reasons.
REASON_MOST: Final = 120

_idea = Idea.__table__.c


def for_huddle(actor: Actor, team: TeamView, today: date) -> list[HuddleIdea]:
    """Return the ideas of a team's board that belong in some part of its huddle on ``today``.

    One statement; each reason is picked from an index of its own. Pinned ones stand first, in the
    order in which they were pinned, then the oldest in their stage.
    """
    stage_clock = clock_of(team)
    picked = union(
        *(
            select(_idea.id)
            .where(_idea.team_id == team.id, _idea.is_on_board, condition)
            .order_by(_idea.stage_entered_at, _idea.id)
            .limit(REASON_MOST)
            .subquery(f"reason_{number}")
            .select()
            for number, condition in enumerate(_reasons(today, stage_clock))
        )
    ).subquery("picked")
    author, lead, pinned = (person_names().alias(name) for name in ("author", "lead", "pinned"))
    main = current_window_rows().alias("main")
    rows = db.session.execute(
        select(
            _idea.id,
            _idea.title,
            _idea.stage,
            _idea.stage_entered_at,
            _idea.outcome,
            _idea.cycle_number,
            _idea.version,
            _idea.author_id,
            _idea.lead_id,
            _idea.hides_name,
            _idea.waiting_since,
            _idea.first_reply_kind,
            _idea.look_again_on,
            _idea.blocked_at,
            _idea.due_to_study_on,
            _idea.pinned_at,
            _idea.pinned_by_id,
            author.c.name.label("author_name"),
            lead.c.name.label("lead_name"),
            pinned.c.name.label("pinned_name"),
            main.c.measure_id,
            main.c.is_judged,
            main.c.verdict_code,
            main.c.verdict_facts,
        )
        .select_from(Idea.__table__)
        .join(picked, picked.c.id == _idea.id)
        .join(author, author.c.id == _idea.author_id)
        .outerjoin(lead, lead.c.id == _idea.lead_id)
        .outerjoin(pinned, pinned.c.id == _idea.pinned_by_id)
        .outerjoin(main, and_(main.c.idea_id == _idea.id, main.c.place == "main"))
        .where(_idea.organisation_id == actor.organisation_id)
        .order_by(_idea.pinned_at.is_(None), _idea.pinned_at, _idea.stage_entered_at, _idea.id)
    ).mappings()
    return [shape_for_huddle(row, today, stage_clock) for row in rows]


def _reasons(today: date, stage_clock: StageClock) -> Iterator[ColumnElement[bool]]:
    """Yield each reason for which an idea on the board belongs in a huddle."""
    yield _idea.waiting_since.is_not(None)
    yield and_(_idea.look_again_on <= today, _idea.outcome == Outcome.NOT_NOW.value)
    yield and_(_idea.blocked_at.is_not(None), _idea.finished_at.is_(None))
    yield _idea.due_to_study_on <= today
    yield _idea.pinned_at.is_not(None)
    yield from (
        and_(
            _idea.stage == stage.value,
            _idea.stage_entered_at < clock.at_local(stuck_on + timedelta(days=1), 0),
        )
        for stage, stuck_on in stage_clock.stuck_since(today).items()
        if stage in USUAL_DAYS
    )
    yield from (and_(_idea.stage == stage.value, _idea.lead_id.is_(None)) for stage in USUAL_DAYS)
    yield and_(
        _idea.stage == Stage.SUGGESTED.value,
        _idea.lead_id.is_(None),
        _idea.first_reply_kind == ReplyKind.WILL_TRY.value,
    )


def huddle_idea(actor: Actor, idea_id: int) -> HuddleIdeaDetail:
    """Return one idea as a huddle shows it, in one statement. Raises ``NotFound``.

    An author whose name is hidden stays hidden from everybody: a huddle is read on a wall.
    """
    pinned, team = person_names().alias("pinned"), team_names()
    author = person_names().alias("titled")
    main, beside = (IdeaMeasure.__table__.alias(name) for name in ("tied_main", "tied_beside"))
    row: RowMapping | None = (
        db.session.execute(
            card_rows()
            .add_columns(
                _idea.suggestion,
                _idea.problem,
                _idea.created_at,
                _idea.due_to_study_on,
                _idea.pinned_by_id,
                _idea.is_on_board,
                author.c.job_title.label("author_title"),
                pinned.c.name.label("pinned_name"),
                team.c.slug.label("team_slug"),
                team.c.name.label("team_name"),
                team.c.working_days.label("team_working_days"),
                team.c.pauses.label("team_pauses"),
                team.c.usual_days.label("team_usual_days"),
                main.c.measure_id.label("tied_main_id"),
                beside.c.measure_id.label("tied_beside_id"),
            )
            .join(author, author.c.id == _idea.author_id)
            .join(team, team.c.id == _idea.team_id)
            .outerjoin(pinned, pinned.c.id == _idea.pinned_by_id)
            .outerjoin(main, and_(main.c.idea_id == _idea.id, main.c.place == "main"))
            .outerjoin(beside, and_(beside.c.idea_id == _idea.id, beside.c.place == "beside"))
            .where(_idea.id == idea_id, door.visible(actor)),
            {"me": actor.person_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return shape_detail(row, actor, clock.today())
