"""Cards for a board of paper: four to a sheet, to cut out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.ideas import queries
from improve.ideas.board import COLUMN_SIZE, Card
from improve.ideas.board_address import filter_in, kept_in
from improve.ideas.kinds import STAGE_WORDS, Stage
from improve.ideas.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.qr import qr_code

#: Cards on a sheet of A4: each is A6.
ON_A_SHEET = 4
#: What stands on a wall of paper where nobody chose: not what is done.
USUAL = tuple(stage for stage in Stage if stage is not Stage.DONE)


@blueprint.get("/teams/<slug>/board/cards")
@requires(Permission.SEE_IDEAS, is_open_on_own_phone=True)
def paper_cards(slug: str) -> ResponseReturnValue:
    """Show the cards of a board, narrowed as the board is, as sheets to print and cut out."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    asked = set(request.args.getlist("stage"))
    stages = [stage for stage in Stage if stage.value in asked] or list(USUAL)
    board = queries.board(actor, team, narrowed=filter_in(request.args))
    columns = [column for column in board.columns if column.stage in stages]
    cards = [card for column in columns for card in column.cards]
    kept = {name: value for name, value in kept_in(request.args).items() if name != "view"}
    return render_template(
        "ideas/cards.html",
        team=team,
        sheets=list(_sheets(cards)),
        count=len(cards),
        is_cut=any(column.has_more for column in columns),
        column_size=COLUMN_SIZE,
        stages=stages,
        stage_words=STAGE_WORDS,
        kept=kept,
        today=clock.today(),
        code_of=lambda idea_id: qr_code(
            current_app.config["BASE_URL"] + url_for("ideas.idea_page", idea_id=idea_id)
        ),
    )


def _sheets(cards: Sequence[Card]) -> Iterator[Sequence[Card]]:
    for at in range(0, len(cards), ON_A_SHEET):
        yield cards[at : at + ON_A_SHEET]
