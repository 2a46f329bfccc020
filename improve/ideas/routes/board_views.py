"""The filter panel of a board, whole, and the views that somebody saved of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, has_any
from improve.ideas import queries, service
from improve.ideas.board_address import (
    FILTERS,
    SHOWS,
    SOURCES,
    as_query,
    filter_in,
    from_query,
    kept_in,
)
from improve.ideas.forms.views import ViewForm
from improve.ideas.queries.aims import aim_choices
from improve.ideas.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.htmx import part_or_page
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/teams/<slug>/board/filter")
@requires(Permission.SEE_IDEAS, is_open_on_own_phone=True)
def board_filter(slug: str) -> ResponseReturnValue:
    """Show everything a board can be narrowed to, and one's saved views: a part, else a page."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    return _panel(actor, team, kept_in(request.args), ViewForm(formdata=None))


@blueprint.post("/teams/<slug>/views")
@requires(Permission.SEE_IDEAS)
@commits
def save_view(slug: str) -> ResponseReturnValue:
    """Save the board as it is shown now, by name."""
    actor, form = current_actor(), ViewForm()
    team = people.team_by_slug(actor, slug)
    kept = from_query(form.query.data or "")
    if wants_change() or not form.is_sent():
        return _panel(actor, team, kept, form, form.status, is_whole=True)
    if kinds := kinds_to_show(form.name.data):
        return ask_to_read_again(actor, kinds, about="view")
    try:
        service.save_view(actor, team=team, name=form.name.data, query=form.query.data or "")
    except RuleBroken as error:
        form.refuse(error)
        return _panel(actor, team, kept, form, form.status, is_whole=True)
    say(f"Saved as “{form.name.data}”. It stands under Filter.")
    return redirect(address_of(team, as_query(kept)), 303)


@blueprint.route("/teams/<slug>/views/<int:view_id>", methods=["GET", "POST"])
@requires(Permission.SEE_IDEAS)
@commits
def rename_view(slug: str, view_id: int) -> ResponseReturnValue:
    """Give a saved view another name."""
    actor, form = current_actor(), ViewForm()
    team = people.team_by_slug(actor, slug)
    view = next((v for v in queries.saved_views(actor, team.id) if v.id == view_id), None)
    if view is None:
        raise NotFound
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.name.data):
            return ask_to_read_again(actor, kinds, about="view")
        try:
            service.rename_view(actor, team=team, view_id=view_id, name=form.name.data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Saved.")
            return redirect(url_for("ideas.board_filter", slug=slug), 303)
    if request.method == "GET":
        form.name.data = view.name
    return render_template("ideas/view.html", team=team, view=view, form=form), form.status


@blueprint.post("/teams/<slug>/views/<int:view_id>/remove")
@requires(Permission.SEE_IDEAS)
@commits
def remove_view(slug: str, view_id: int) -> ResponseReturnValue:
    """Remove a saved view; the board itself stays as it is."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    name = service.remove_view(actor, team=team, view_id=view_id)
    say(f"“{name}” is removed. Nothing on the board has changed.")
    return redirect(url_for("ideas.board_filter", slug=slug), 303)


def address_of(team: TeamView, query: str) -> str:
    """Return the address of a team's board as a query shows it."""
    return url_for("ideas.board", slug=team.slug, **dict[str, Any](parse_qsl(query)))


def _panel(
    actor: Actor,
    team: TeamView,
    kept: Mapping[str, str],
    form: ViewForm,
    status: int = 200,
    *,
    is_whole: bool = False,
) -> ResponseReturnValue:
    views = queries.saved_views(actor, team.id)
    context: dict[str, Any] = {
        "team": team,
        "kept": dict(kept),
        "asked": filter_in(kept),
        "shows": SHOWS,
        "sources": SOURCES,
        "aims": aim_choices(actor) if has_any(actor, Permission.SEE_AIMS) else (),
        "views": [(view, address_of(team, view.query)) for view in views],
        "query": as_query(kept),
        "is_narrowed": any(kept.get(name) for name in FILTERS),
        "form": form,
    }
    if is_whole:
        return render_template("ideas/filter.html", **context), status
    return part_or_page("ideas/_filter_more.html", "ideas/filter.html", status, **context)
