"""What a finished idea taught, as a page of its own."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.accounts.sessions.visits import is_visiting
from improve.ideas import queries
from improve.ideas.chart_panel import chart_panel
from improve.ideas.learned_views import Written, learned_page
from improve.ideas.page import IdeaPage
from improve.ideas.routes.blueprint import blueprint
from improve.measures import queries as measures
from improve.measures.chart import table_rows
from improve.shared import clock, contributions


@blueprint.get("/ideas/<int:idea_id>/learned", endpoint="learned_page")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def learned(idea_id: int) -> ResponseReturnValue:
    """Show the lesson of a finished idea, its numbers and its story, the same for every ending.

    One that was joined to another leads to that one; one that goes on leads to its page.
    """
    actor = current_actor()
    page = queries.idea_page(actor, idea_id)
    if page.joined_to is not None:
        return redirect(url_for("ideas.learned_page", idea_id=page.joined_to.idea_id), 303)
    shown = learned_page(page, _written(actor, page))
    if shown is None:
        return redirect(url_for("ideas.idea_page", idea_id=idea_id), 303)
    charts = measures.charts_of_windows(actor, page.windows)
    return render_template(
        "ideas/learned.html",
        shown=shown,
        page=page,
        panels=[chart_panel(c.place, c.reading, c.window, history=page.history) for c in charts],
        table_rows=table_rows,
        today=clock.today(),
    )


def _written(actor: Actor, page: IdeaPage) -> Written:
    """Return what capabilities above add, without a statement: it stands in ``panel_rows``.

    Each offers under ``"learned-page"`` what it knows of a ``Written``, by name.
    """
    written = Written()
    if page.is_for_guest or is_visiting():
        return written
    known = {one.name for one in fields(Written)}
    for offer in contributions.gather("learned-page"):
        told: dict[str, Any] = offer(actor, page)
        written = replace(written, **{name: told[name] for name in known & set(told)})
    return written
