"""The board as a list: every idea on it in the order asked for, a hundred rows a page."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.ideas.board import BoardFilter
from improve.ideas.board_list import ROWS_SIZE, SORTED_HERE, RowsPage, by_next_step
from improve.ideas.history_words import VERDICT_NAMES
from improve.ideas.kinds import Stage
from improve.ideas.models import Idea
from improve.ideas.queries.boards import card_rows, counted, counts_of, values_of
from improve.ideas.queries.narrowed import kept_by
from improve.ideas.shaping import A_COLLEAGUE, CardShaper
from improve.ideas.usual_days import clock_of
from improve.shared import clock
from improve.shared.db import db

_idea = Idea.__table__.c
_PLACES = {stage.value: place for place, stage in enumerate(Stage)}


def board_rows(
    actor: Actor,
    team: TeamView,
    *,
    narrowed: BoardFilter | None = None,
    sort: str | None = None,
    is_reversed: bool = False,
    page: int = 1,
) -> RowsPage:
    """Return a page of the board as a list, in two statements: counts, and a hundred rows.

    ``sort`` is a name of ``board_list.SORTS``; it sorts everything that the filter keeps, not only
    this page. The next step is worked out as rows are drawn, so it sorts only where one page holds
    them all. Without a known ``sort`` rows stand in the order of the board.
    """
    wanted = narrowed or BoardFilter()
    stage_clock = clock_of(team)
    kept = kept_by(wanted, [(team.id, stage_clock)]) if wanted.is_active else []
    values = values_of(actor, team)
    board = counted(team, wanted, counts_of(values, kept))
    page = max(1, page)
    since = values["done_since"]
    statement = (
        card_rows()
        .where(
            _idea.organisation_id == actor.organisation_id,
            _idea.team_id == team.id,
            _idea.is_on_board,
            or_(_idea.stage != Stage.DONE.value, _idea.stage_entered_at >= since),
            *kept,
        )
        .order_by(*_order(sort, is_reversed=is_reversed))
        .limit(ROWS_SIZE)
        .offset((page - 1) * ROWS_SIZE)
    )
    rows = db.session.connection().execute(statement, values)
    names = tuple(rows.keys())
    shaper = CardShaper(actor, clock.today(), stage_clock)
    cards = [shaper.shape(dict(zip(names, row, strict=True))) for row in rows]
    found = RowsPage(board, tuple(cards), page)
    if sort == SORTED_HERE and found.pages == 1:
        return RowsPage(board, tuple(by_next_step(cards, is_reversed=is_reversed)), page)
    return found


def _order(sort: str | None, *, is_reversed: bool) -> tuple[Any, ...]:
    """Return what rows are sorted by; equal ones stand as on the board, whichever way."""
    keys = [
        key.desc() if is_down is not is_reversed else key.asc()
        for key, is_down in _keys().get(sort or "", ())
    ]
    return (*keys, *_as_on_the_board())


@cache
def _as_on_the_board() -> tuple[Any, ...]:
    is_done = _idea.stage == Stage.DONE.value
    return (
        _place(),
        _idea.pinned_at.is_(None),
        case((~is_done, _idea.stage_entered_at)),
        case((is_done, _idea.stage_entered_at)).desc(),
        _idea.id,
    )


@cache
def _keys() -> dict[str, tuple[tuple[ColumnElement[Any], bool], ...]]:
    """Return by name what sorts the rows, and whether the greatest comes first."""
    faces = card_rows().selected_columns
    author, lead = faces.author_name.element, faces.lead_name.element
    code, is_judged = faces.main_code.element, faces.main_is_judged.element
    # As the row shows it: a hidden name must not be found out by its place.
    shown_lead = case(
        (and_(_idea.lead_id.is_not(None), _idea.lead_id != _idea.author_id), func.lower(lead)),
        (_idea.hides_name, A_COLLEAGUE.lower()),
        else_=func.lower(author),
    )
    by_label = sorted(VERDICT_NAMES, key=lambda one: VERDICT_NAMES[one].casefold())
    ranks = {one: rank for rank, one in enumerate(by_label)}
    verdict = case((is_judged.is_(True), case(ranks, value=code, else_=len(ranks))), else_=99)
    return {
        "idea": ((func.lower(_idea.title), False),),
        # The longest there first, as columns stand.
        "stage": ((_place(), False), (_idea.stage_entered_at, False)),
        "age": ((_idea.stage_entered_at, True),),
        "lead": ((shown_lead, False),),
        "verdict": ((verdict, False),),
    }


def _place() -> ColumnElement[int]:
    return case(_PLACES, value=_idea.stage)
