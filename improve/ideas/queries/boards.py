"""The board of a team, and one of its cards.

Both statements of a board are written once and only their values change, and they read table
columns, not entities: a board is the page that everybody opens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    and_,
    bindparam,
    exists,
    func,
    select,
    union,
)

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, person_names, team_names
from improve.ideas.board import (
    COLUMN_SIZE,
    DONE_DAYS,
    BoardFilter,
    BoardPage,
    Card,
    Column,
)
from improve.ideas.kinds import STAGE_HINTS, STAGE_WORDS, Stage
from improve.ideas.models import Cycle, Idea, IdeaMeasure
from improve.ideas.queries import door
from improve.ideas.queries.narrowed import TODAY, is_member, kept_by
from improve.ideas.shaping import CardShaper
from improve.ideas.usual_days import clock_in, clock_of
from improve.measures.queries import current_window_rows, measure_names
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

_idea = Idea.__table__.c
_TEAM: Any = bindparam("team")
_DONE_SINCE = bindparam("done_since", type_=_idea.stage_entered_at.type)


def board(
    actor: Actor,
    team: TeamView,
    *,
    narrowed: BoardFilter | None = None,
    more_of: Stage | None = None,
    page: int = 1,
) -> BoardPage:
    """Return a team's board in two statements: counts, and the first 50 cards of each column.

    ``more_of`` and ``page`` turn the pages of one column; the others stay on their first. Columns
    stand oldest in stage first, Done the last finished first; what the next huddle talks about
    stands above the others, on the first page.
    """
    wanted = narrowed or BoardFilter()
    page = max(1, page)
    stage_clock = clock_of(team)
    kept = kept_by(wanted, [(team.id, stage_clock)]) if wanted.is_active else []
    values = values_of(actor, team)
    counts = counts_of(values, kept)
    statement = _board_statement(kept) if kept else _whole_board()
    offsets = {f"from_{stage.value}": 0 for stage in Stage}
    if more_of is not None:
        offsets[f"from_{more_of.value}"] = (page - 1) * COLUMN_SIZE
    # Straight from the connection: 300 rows of plain columns need none of the mapper's care.
    rows = db.session.connection().execute(
        statement, {**values, **offsets, "organisation": actor.organisation_id}
    )
    names = tuple(rows.keys())
    shaper = CardShaper(actor, clock.today(), stage_clock)
    cards: dict[Stage, list[Card]] = {stage: [] for stage in Stage}
    for row in rows:
        card_ = shaper.shape(dict(zip(names, row, strict=True)))
        cards[card_.stage].append(card_)
    cards[Stage.DONE].reverse()
    for stage, column in cards.items():
        if stage is more_of and page > 1:
            cards[stage] = [card_ for card_ in column if not card_.is_pinned]
        else:
            column.sort(key=lambda card_: not card_.is_pinned)
    return _page(team, wanted, counts, cards, {more_of: page} if more_of else {})


def column_heads(actor: Actor, team: TeamView) -> BoardPage:
    """Return the board without cards: the counts of its heads, in one statement."""
    return counted(team, BoardFilter(), counts_of(values_of(actor, team), []))


def card(actor: Actor, idea_id: int) -> Card:
    """Return one card in one statement. Raises ``NotFound``."""
    team = team_names()
    row: RowMapping | None = (
        db.session.execute(
            card_rows()
            .add_columns(
                team.c.working_days.label("team_working_days"),
                team.c.pauses.label("team_pauses"),
                team.c.usual_days.label("team_usual_days"),
            )
            .join(team, team.c.id == _idea.team_id)
            .where(_idea.id == idea_id, door.visible(actor)),
            {"me": actor.person_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return CardShaper(actor, clock.today(), clock_in(row, actor)).shape(row)


def card_after_act(actor: Actor, idea_id: int, team: TeamView) -> Card:
    """Return the card of an idea on which the actor has just acted, in one statement.

    The act has found out already that they may know of it, so nothing but the organisation is
    asked, and the statement is written once.
    """
    rows = db.session.connection().execute(
        _one_card(),
        {"me": actor.person_id, "idea": idea_id, "organisation": actor.organisation_id},
    )
    row: RowMapping | None = rows.mappings().one_or_none()
    if row is None:
        raise NotFound
    return CardShaper(actor, clock.today(), clock_of(team)).shape(row)


@cache
def _one_card() -> Any:
    return card_rows().where(
        _idea.id == bindparam("idea"), _idea.organisation_id == bindparam("organisation")
    )


def values_of(actor: Actor, team: TeamView) -> dict[str, Any]:
    """Return the values that the statements of a team's board are run with."""
    today = clock.today()
    return {
        "me": actor.person_id,
        "team": team.id,
        "today": today,
        "done_since": clock.at_local(today - timedelta(days=DONE_DAYS), 0),
    }


def counted(team: TeamView, wanted: BoardFilter, counts: Mapping[str, int]) -> BoardPage:
    """Return a board without cards from its counts."""
    return _page(team, wanted, counts, {stage: [] for stage in Stage}, {})


def _page(
    team: TeamView,
    wanted: BoardFilter,
    counts: Mapping[str, int],
    cards: Mapping[Stage, list[Card]],
    pages: Mapping[Stage | None, int],
) -> BoardPage:
    wip = {Stage.PLAN: team.wip_plan, Stage.DO: team.wip_do, Stage.STUDY: team.wip_study}
    columns = tuple(
        Column(
            stage=stage,
            name=STAGE_WORDS[stage],
            hint=STAGE_HINTS[stage],
            total=counts[stage.value],
            matching=counts.get(f"{stage.value}_kept", counts[stage.value]),
            wip=wip.get(stage),
            cards=tuple(cards[stage]),
            page=pages.get(stage, 1),
            finished_total=counts["finished"] if stage is Stage.DONE else 0,
        )
        for stage in Stage
    )
    return BoardPage(
        columns=columns,
        needs_reply=counts["needs_reply"],
        blocked=counts["blocked"],
        ready_to_study=counts["ready_to_study"],
        filter=wanted,
    )


def _in_column(stage: Stage) -> ColumnElement[bool]:
    here = and_(_idea.team_id == _TEAM, _idea.is_on_board, _idea.stage == stage.value)
    if stage is Stage.DONE:
        return and_(here, _idea.stage_entered_at >= _DONE_SINCE)
    return here


def counts_of(values: Mapping[str, Any], kept: Sequence[ColumnElement[bool]]) -> Mapping[str, int]:
    """Return all counts of a board in one row, each from its own index."""
    statement = _count_statement(kept) if kept else _whole_count()
    return dict(db.session.connection().execute(statement, dict(values)).mappings().one())


@cache
def _whole_count() -> Any:
    return _count_statement([])


def _count_statement(kept: Sequence[ColumnElement[bool]]) -> Any:
    on_board = and_(_idea.team_id == _TEAM, _idea.is_on_board)

    def number(name: str, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        counted = select(func.count()).select_from(Idea.__table__).where(*conditions)
        return counted.scalar_subquery().label(name)

    columns = [number(stage.value, _in_column(stage)) for stage in Stage]
    columns += [
        number("finished", on_board, _idea.stage == Stage.DONE.value),
        number("needs_reply", on_board, _idea.waiting_since.is_not(None)),
        number("blocked", on_board, _idea.blocked_at.is_not(None), _idea.finished_at.is_(None)),
        number("ready_to_study", on_board, _idea.due_to_study_on <= TODAY),
    ]
    if kept:
        columns += [number(f"{stage.value}_kept", _in_column(stage), *kept) for stage in Stage]
    return select(*columns)


@cache
def _whole_board() -> Any:
    return _board_statement([])


def _board_statement(kept: Sequence[ColumnElement[bool]]) -> Any:
    """Return the cards of all columns: each column's ids from the index first, then their faces.

    The pinned ones are picked beside the columns, since one may stand far down in its column.
    """
    pinned = select(_idea.id).where(
        _idea.team_id == _TEAM, _idea.is_on_board, _idea.pinned_at.is_not(None), *kept
    )
    picked = union(
        pinned.order_by(_idea.pinned_at).limit(COLUMN_SIZE).subquery("of_pinned").select(),
        *(
            select(_idea.id)
            .where(_in_column(stage), *kept)
            .order_by(*_order(stage))
            .limit(COLUMN_SIZE)
            .offset(bindparam(f"from_{stage.value}"))
            .subquery(f"of_{stage.value}")
            .select()
            for stage in Stage
        ),
    ).subquery("picked")
    # PostgreSQL joins as many tables as these in the order in which they stand: what picks a few
    # ideas comes first, or it would look up the faces of all that the council ever had.
    return (
        _card_rows(picked.join(Idea.__table__, _idea.id == picked.c.id))
        .where(_idea.organisation_id == bindparam("organisation"))
        .order_by(_idea.stage_entered_at, _idea.id)
    )


def _order(stage: Stage) -> tuple[ColumnElement[Any], ...]:
    if stage is Stage.DONE:
        return _idea.stage_entered_at.desc(), _idea.id.desc()
    return _idea.stage_entered_at, _idea.id


@cache
def card_rows() -> Any:
    """Return everything that the face of a card is made of, as plain columns."""
    return _card_rows(Idea.__table__)


def _card_rows(ideas: FromClause) -> Any:
    cycle = Cycle.__table__.alias("cycle")
    last, tied = Cycle.__table__.alias("last"), IdeaMeasure.__table__.c
    author, lead = person_names().alias("author"), person_names().alias("lead")
    main, beside = current_window_rows().alias("main"), current_window_rows().alias("beside")
    main_measure, beside_measure = (
        measure_names().alias("main_measure"),
        measure_names().alias("beside_measure"),
    )
    has_measure = exists().where(tied.idea_id == _idea.id, tied.place == "main")
    return (
        select(
            _idea.id,
            _idea.team_id,
            _idea.author_id,
            _idea.lead_id,
            _idea.title,
            _idea.benefit,
            _idea.improves,
            _idea.source,
            _idea.stage,
            _idea.stage_entered_at,
            _idea.outcome,
            _idea.finished_at,
            _idea.version,
            _idea.cycle_number,
            _idea.hides_name,
            _idea.waiting_since,
            _idea.look_again_on,
            _idea.first_reply_kind,
            _idea.blocked_at,
            _idea.blocked_reason,
            _idea.blocked_who,
            _idea.lesson,
            _idea.decision_why,
            _idea.adopt_anyway,
            _idea.pinned_at,
            author.c.name.label("author_name"),
            lead.c.name.label("lead_name"),
            has_measure.label("has_measure"),
            is_member().label("is_member"),
            cycle.c.is_wide,
            cycle.c.change_to_try,
            cycle.c.scope,
            cycle.c.who,
            cycle.c.families_count,
            cycle.c.study_by_on,
            cycle.c.prediction,
            cycle.c.expected_count,
            cycle.c.expected_of,
            cycle.c.how_known,
            cycle.c.balancing,
            cycle.c.what_happened,
            cycle.c.as_planned,
            cycle.c.seen_count,
            cycle.c.seen_of,
            cycle.c.has_no_number,
            cycle.c.prediction_held,
            cycle.c.learned,
            cycle.c.read_by_outside,
            last.c.expected_count.label("last_expected_count"),
            last.c.expected_of.label("last_expected_of"),
            last.c.seen_count.label("last_seen_count"),
            last.c.seen_of.label("last_seen_of"),
            main.c.measure_id.label("main_measure_id"),
            main.c.is_judged.label("main_is_judged"),
            main.c.verdict_code.label("main_code"),
            main.c.verdict_facts.label("main_facts"),
            main.c.spark.label("main_spark"),
            main_measure.c.name.label("main_name"),
            main_measure.c.better_when.label("main_better_when"),
            beside.c.measure_id.label("beside_measure_id"),
            beside.c.verdict_code.label("beside_code"),
            beside.c.verdict_facts.label("beside_facts"),
            beside_measure.c.name.label("beside_name"),
            beside_measure.c.better_when.label("beside_better_when"),
        )
        .select_from(ideas)
        .join(author, author.c.id == _idea.author_id)
        .outerjoin(lead, lead.c.id == _idea.lead_id)
        .outerjoin(cycle, and_(cycle.c.idea_id == _idea.id, cycle.c.number == _idea.cycle_number))
        .outerjoin(last, and_(last.c.idea_id == _idea.id, last.c.number == _idea.cycle_number - 1))
        .outerjoin(main, and_(main.c.idea_id == _idea.id, main.c.place == "main"))
        .outerjoin(main_measure, main_measure.c.id == main.c.measure_id)
        .outerjoin(beside, and_(beside.c.idea_id == _idea.id, beside.c.place == "beside"))
        .outerjoin(beside_measure, beside_measure.c.id == beside.c.measure_id)
    )
