"""The library: the list of what was learned, and one page of it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.chart_panel import chart_panel
from improve.ideas.kinds import TAUGHT
from improve.ideas.page import IdeaPage
from improve.library import queries
from improve.library.forms.pages import FindPagesForm
from improve.library.learning import TEXT_WORDS
from improve.library.queries.panel import is_own_of
from improve.library.routes.blueprint import blueprint
from improve.library.views import PAGE_SIZE
from improve.measures import queries as measures
from improve.measures.chart import table_rows
from improve.shared import clock
from improve.shared.formatting import page_number


@blueprint.get("/library")
@requires(Permission.READ_LIBRARY, is_open_on_own_phone=True)
def pages() -> ResponseReturnValue:
    """List the pages that are shared here, and those of other councils, the newest first."""
    actor = current_actor()
    form = FindPagesForm(request.args)
    form.offer([(team.id, team.name) for team in people.teams(actor)])
    number = page_number(request.args.get("page"))
    chosen = form.chosen
    found = queries.library(actor, chosen, page=number)
    return render_template(
        "library/pages.html",
        find=form,
        chosen=chosen,
        found=found,
        pages=max(1, -(-found.total // PAGE_SIZE)),
    )


@blueprint.get("/library/<int:page_id>")
@requires(Permission.READ_LIBRARY, is_open_on_own_phone=True)
def page(page_id: int) -> ResponseReturnValue:
    """Show one learning page, with its numbers as the idea's page draws them."""
    actor = current_actor()
    view = queries.page(actor, page_id)
    windows = measures.windows_of_idea(actor, view.idea_id)
    charts = measures.charts_of_windows(actor, windows)
    return render_template(
        "library/page.html",
        view=view,
        texts=[(words, getattr(view.words, name)) for name, words in TEXT_WORDS.items()],
        panels=[chart_panel(c.place, c.reading, c.window) for c in charts],
        table_rows=table_rows,
        may_try=may(actor, Permission.LOG_IDEA),
        today=clock.today(),
    )


def what_it_taught(actor: Actor, page: IdeaPage) -> dict[str, Any]:
    """Return what the library adds to the page of an idea's lesson, by name; no statement."""
    if page.outcome not in TAUGHT:
        return {}
    row = next((row for row in page.panel_rows if row["part"] == "learning"), None)
    is_own = is_own_of(actor, page)
    may_write = may(actor, Permission.WRITE_LEARNING, team_id=page.team.id, is_own=is_own)
    is_shared = row is not None and row["other_at"] is not None
    told: dict[str, Any] = {}
    if row is not None and is_shared:
        told = {"headline": row["a"], "beware": row["b"], "use_when": row["c"]}
    if row is not None and (is_shared or may_write):
        told["read_url"] = url_for("library.page", page_id=row["id"])
    elif may_write:
        told["write_url"] = url_for("library.write_page", idea_id=page.id)
    if may(actor, Permission.LOG_IDEA):
        told["try_url"] = url_for("library.try_in_my_team", idea_id=page.id)
    if any(row["part"] == "taken" and row["cycle"] for row in page.panel_rows):
        told["spread_url"] = url_for("library.spread_tree", idea_id=page.id)
    return told
