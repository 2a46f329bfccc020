"""The board of a team, and one of its cards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, person_names
from improve.ideas.board import (
    COLUMN_SIZE,
    DONE_DAYS,
    BoardFilter,
    BoardPage,
    Card,
    Column,
)
from improve.ideas.kinds import STAGE_HINTS, STAGE_WORDS, Stage
from improve.ideas.models import Cycle, Idea, IdeaMeasure, IdeaMember
from improve.ideas.queries import door
from improve.ideas.shaping import shape_card
from improve.measures.queries import current_window_rows, measure_names
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound


def board(
    actor: Actor,
    team: TeamView,
    *,
    narrowed: BoardFilter | None = None,
    more_of: Stage | None = None,
    page: int = 1,
) -> BoardPage:
    """Return a team's board in two statements: counts, and the first 50 cards of each column.

    ``more_of`` and ``page`` turn the pages of one column; the others stay on their first.
    """
    wanted = narrowed or BoardFilter()
    today = clock.today()
    page = max(1, page)
    counts = _counts(actor, team, wanted, today)
    offsets = dict.fromkeys(Stage, 0)
    if more_of is not None:
        offsets[more_of] = (page - 1) * COLUMN_SIZE
    picked = union_all(
        *(
            _picked(actor, team, stage, wanted, today)
            .limit(COLUMN_SIZE)
            .offset(offsets[stage])
            .subquery(f"of_{stage.value}")
            .select()
            for stage in Stage
        )
    ).subquery("picked")
    rows = db.session.execute(
        _cards(actor)
        .join(picked, picked.c.id == Idea.id)
        .where(Idea.organisation_id == actor.organisation_id)
        .order_by(Idea.stage_entered_at, Idea.id)
    ).mappings()
    cards: dict[Stage, list[Card]] = {stage: [] for stage in Stage}
    for row in rows:
        card_ = shape_card(row, actor, today)
        cards[card_.stage].append(card_)
    cards[Stage.DONE].reverse()
    return _page(team, wanted, counts, cards, {more_of: page} if more_of else {})


def column_heads(actor: Actor, team: TeamView) -> BoardPage:
    """Return the board without cards: the counts of its heads, in one statement."""
    counts = _counts(actor, team, BoardFilter(), clock.today())
    return _page(team, BoardFilter(), counts, {stage: [] for stage in Stage}, {})


def card(actor: Actor, idea_id: int) -> Card:
    """Return one card in one statement. Raises ``NotFound``."""
    row = (
        db.session.execute(_cards(actor).where(Idea.id == idea_id, door.visible(actor)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return shape_card(row, actor, clock.today())


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


def _in_column(team: TeamView, stage: Stage, today: date) -> ColumnElement[bool]:
    here = and_(Idea.team_id == team.id, Idea.is_on_board, Idea.stage == stage.value)
    if stage is Stage.DONE:
        since = clock.at_local(today - timedelta(days=DONE_DAYS), 0)
        return and_(here, Idea.stage_entered_at >= since)
    return here


def _kept(actor: Actor, wanted: BoardFilter, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter."""
    kept: list[ColumnElement[bool]] = []
    if wanted.is_mine:
        kept.append(
            or_(
                Idea.author_id == actor.person_id,
                Idea.lead_id == actor.person_id,
                door.is_member(actor),
            )
        )
    if wanted.needs_reply:
        kept.append(Idea.waiting_since.is_not(None))
    if wanted.is_blocked:
        kept.append(and_(Idea.blocked_at.is_not(None), Idea.finished_at.is_(None)))
    if wanted.is_ready_to_study:
        kept.append(Idea.due_to_study_on <= today)
    if wanted.source is not None:
        kept.append(Idea.source == wanted.source.value)
    for word in wanted.text.split()[:8]:
        kept.append(
            or_(
                Idea.title.icontains(word, autoescape=True),
                Idea.suggestion.icontains(word, autoescape=True),
            )
        )
    return kept


def _counts(actor: Actor, team: TeamView, wanted: BoardFilter, today: date) -> Mapping[str, int]:
    """Return all counts of a board in one row, each from its own index."""
    on_board = and_(Idea.team_id == team.id, Idea.is_on_board)

    def number(name: str, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return (
            select(func.count()).select_from(Idea).where(*conditions).scalar_subquery().label(name)
        )

    columns = [number(stage.value, _in_column(team, stage, today)) for stage in Stage]
    columns += [
        number("finished", on_board, Idea.stage == Stage.DONE.value),
        number("needs_reply", on_board, Idea.waiting_since.is_not(None)),
        number("blocked", on_board, Idea.blocked_at.is_not(None), Idea.finished_at.is_(None)),
        number("ready_to_study", on_board, Idea.due_to_study_on <= today),
    ]
    if wanted.is_active:
        kept = _kept(actor, wanted, today)
        columns += [
            number(f"{stage.value}_kept", _in_column(team, stage, today), *kept) for stage in Stage
        ]
    return dict(db.session.execute(select(*columns)).mappings().one())


def _picked(
    actor: Actor, team: TeamView, stage: Stage, wanted: BoardFilter, today: date
) -> Select[Any]:
    """Return the ids of one column in its order, straight from the board's index."""
    order = (
        (Idea.stage_entered_at.desc(), Idea.id.desc())
        if stage is Stage.DONE
        else (Idea.stage_entered_at, Idea.id)
    )
    return (
        select(Idea.id)
        .where(_in_column(team, stage, today), *_kept(actor, wanted, today))
        .order_by(*order)
    )


def _cards(actor: Actor) -> Select[Any]:
    """Return everything that the face of a card is made of, as plain columns."""
    author, lead = person_names().alias("author"), person_names().alias("lead")
    last = aliased(Cycle)
    main, beside = current_window_rows().alias("main"), current_window_rows().alias("beside")
    main_measure, beside_measure = (
        measure_names().alias("main_measure"),
        measure_names().alias("beside_measure"),
    )
    has_measure = exists().where(IdeaMeasure.idea_id == Idea.id, IdeaMeasure.place == "main")
    is_member = exists().where(
        IdeaMember.idea_id == Idea.id, IdeaMember.person_id == actor.person_id
    )
    return (
        select(
            Idea.id,
            Idea.team_id,
            Idea.author_id,
            Idea.lead_id,
            Idea.title,
            Idea.benefit,
            Idea.improves,
            Idea.source,
            Idea.stage,
            Idea.stage_entered_at,
            Idea.outcome,
            Idea.finished_at,
            Idea.version,
            Idea.cycle_number,
            Idea.hides_name,
            Idea.waiting_since,
            Idea.look_again_on,
            Idea.first_reply_kind,
            Idea.blocked_at,
            Idea.blocked_reason,
            Idea.blocked_who,
            Idea.lesson,
            Idea.decision_why,
            Idea.adopt_anyway,
            author.c.name.label("author_name"),
            lead.c.name.label("lead_name"),
            has_measure.label("has_measure"),
            is_member.label("is_member"),
            Cycle.is_wide,
            Cycle.change_to_try,
            Cycle.scope,
            Cycle.who,
            Cycle.families_count,
            Cycle.study_by_on,
            Cycle.prediction,
            Cycle.expected_count,
            Cycle.expected_of,
            Cycle.how_known,
            Cycle.balancing,
            Cycle.what_happened,
            Cycle.as_planned,
            Cycle.seen_count,
            Cycle.seen_of,
            Cycle.has_no_number,
            Cycle.prediction_held,
            Cycle.learned,
            Cycle.read_by_outside,
            last.expected_count.label("last_expected_count"),
            last.expected_of.label("last_expected_of"),
            last.seen_count.label("last_seen_count"),
            last.seen_of.label("last_seen_of"),
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
        .select_from(Idea)
        .join(author, author.c.id == Idea.author_id)
        .outerjoin(lead, lead.c.id == Idea.lead_id)
        .outerjoin(Cycle, and_(Cycle.idea_id == Idea.id, Cycle.number == Idea.cycle_number))
        .outerjoin(last, and_(last.idea_id == Idea.id, last.number == Idea.cycle_number - 1))
        .outerjoin(main, and_(main.c.idea_id == Idea.id, main.c.place == "main"))
        .outerjoin(main_measure, main_measure.c.id == main.c.measure_id)
        .outerjoin(beside, and_(beside.c.idea_id == Idea.id, beside.c.place == "beside"))
        .outerjoin(beside_measure, beside_measure.c.id == beside.c.measure_id)
    )
