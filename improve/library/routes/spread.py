"""How an idea travels: trying it in a team, who took it up, and what other places told."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.queries.similar import ideas_holding
from improve.library import queries, service
from improve.library.forms.spread import AdaptationForm, LinkForm, OneButton, ToldForm, TryForm
from improve.library.queries.spread import came_from, linked_pair, told_place, tree_of_page
from improve.library.queries.trying import TryStart, try_borrowed_start, try_start
from improve.library.routes.blueprint import blueprint
from improve.library.service.spread import WHO_ADAPTS
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.formatting import whole_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

# ---- try this in my team


@blueprint.route("/ideas/<int:idea_id>/try", methods=["GET", "POST"])
@requires(Permission.LOG_IDEA, is_open_on_own_phone=True)
@commits
def try_in_my_team(idea_id: int) -> ResponseReturnValue:
    """Begin in one's own team what another one finished, kept or stopped."""
    actor = current_actor()
    return _try(actor, try_start(actor, idea_id), origin_id=idea_id)


@blueprint.route("/library/borrowed/<int:page_id>/try", methods=["GET", "POST"])
@requires(Permission.READ_LIBRARY, is_open_on_own_phone=True)
@commits
def try_borrowed(page_id: int) -> ResponseReturnValue:
    """Begin in one's own team what another council wrote down."""
    actor = current_actor()
    return _try(actor, try_borrowed_start(actor, page_id), borrowed_page_id=page_id)


def _try(actor: Actor, start: TryStart, **origin: int) -> ResponseReturnValue:
    form = TryForm()
    form.offer([(team.id, team.name) for team in people.teams(actor)], actor.home_team_id)
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.text.data, form.adaptation.data):
            return ask_to_read_again(actor, kinds, about="try", idea_id=start.idea_id)
        try:
            tried = service.try_in_team(
                actor,
                team_id=form.team_id.data,
                text=form.text.data or "",
                adaptation=form.adaptation.data or "",
                hides_name=form.hides_name.data,
                form_token=form.form_token.data or "",
                **origin,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("ideas.sent", idea_id=tried.idea_id), 303)
    if request.method == "GET":
        form.text.data = start.text
    return render_template("library/try.html", start=start, form=form), form.status


# ---- who took it up


@blueprint.get("/ideas/<int:idea_id>/spread")
@requires(Permission.READ_LIBRARY, is_open_on_own_phone=True)
def spread_tree(idea_id: int) -> ResponseReturnValue:
    """List who took an idea up, what they changed and whether it worked there, from the first."""
    return _tree_page(queries.spread_tree(current_actor(), idea_id), idea_id=idea_id)


@blueprint.get("/library/borrowed/<int:page_id>/spread")
@requires(Permission.READ_LIBRARY, is_open_on_own_phone=True)
def spread_of_borrowed(page_id: int) -> ResponseReturnValue:
    """List who took up a page of another council."""
    return _tree_page(tree_of_page(current_actor(), page_id), page_id=page_id)


def _tree_page(tree: Any, **asked: int) -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "library/spread.html",
        tree=tree,
        asked_key=f"idea-{asked['idea_id']}" if "idea_id" in asked else tree.root.key,
        may_try=may(actor, Permission.LOG_IDEA),
        may_tell=may(actor, Permission.TELL_SPREAD),
    )


# ---- where it came from, and what was changed


@blueprint.route("/ideas/<int:idea_id>/came-from", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def link_idea(idea_id: int) -> ResponseReturnValue:
    """Say afterwards which idea this one was taken from: look for it, then say what was changed."""
    actor, form = current_actor(), LinkForm()
    typed = " ".join((request.values.get("q") or "")[:200].split())
    origin_id = whole_number(form.origin_id.data or request.args.get("origin"))
    idea, origin = linked_pair(actor, idea_id, origin_id)
    if not idea.may_edit:
        raise Forbidden(WHO_ADAPTS)
    if form.is_sent() and not wants_change() and origin is not None:
        if kinds := kinds_to_show(form.adaptation.data):
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="came_from")
        try:
            service.link_to_origin(
                actor,
                idea_id=idea_id,
                origin_id=origin.card.id,
                adaptation=form.adaptation.data or "",
                form_token=form.form_token.data or "",
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say(f"Kept. {origin.team_name} can see that you are trying it.")
            return redirect(url_for("ideas.idea_page", idea_id=idea_id), 303)
    found = ideas_holding(actor, typed, besides=[idea_id]) if typed else []
    return (
        render_template(
            "library/came_from.html", idea=idea, origin=origin, form=form, typed=typed, found=found
        ),
        form.status,
    )


@blueprint.route("/ideas/<int:idea_id>/came-from/undo", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def unlink_idea(idea_id: int) -> ResponseReturnValue:
    """Take back where an idea came from, after a page that says what stays."""
    actor, form = current_actor(), OneButton()
    idea, _ = linked_pair(actor, idea_id, None)
    if not idea.may_edit:
        raise Forbidden(WHO_ADAPTS)
    if form.is_sent():
        service.unlink_from_origin(actor, idea_id=idea_id)
        say("Taken back. The idea stands on its own now.")
        return redirect(url_for("ideas.idea_page", idea_id=idea_id), 303)
    return (
        render_template(
            "library/came_from_undo.html", idea=idea, came=came_from(actor, idea_id), form=form
        ),
        form.status,
    )


@blueprint.route("/ideas/<int:idea_id>/adaptation", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def change_adaptation(idea_id: int) -> ResponseReturnValue:
    """Say what the team changed for itself; a colleague's words in between are shown beside."""
    actor, form = current_actor(), AdaptationForm()
    idea, _ = linked_pair(actor, idea_id, None)
    came = came_from(actor, idea_id)
    if came is None:
        raise NotFound
    if not idea.may_edit:
        raise Forbidden(WHO_ADAPTS)
    theirs, status = None, 200
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="adaptation")
        try:
            service.change_adaptation(
                actor,
                idea_id=idea_id,
                words=form.words.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            form.version.data, theirs, status = error.facts["version"], error.facts["theirs"], 409
        else:
            say("Saved.")
            return redirect(url_for("library.spread_tree", idea_id=idea_id), 303)
    if request.method == "GET":
        form.words.data, form.version.data = came.adaptation, came.version
    return (
        render_template("library/adaptation.html", idea=idea, came=came, form=form, theirs=theirs),
        max(status, form.status),
    )


# ---- what other places told


@blueprint.route("/ideas/<int:idea_id>/told", methods=["GET", "POST"])
@requires(Permission.TELL_SPREAD, is_open_on_own_phone=True)
@commits
def tell_elsewhere(idea_id: int) -> ResponseReturnValue:
    """Write down how it went in a place that has no ideas here."""
    actor = current_actor()
    return _tell(actor, queries.spread_tree(actor, idea_id), f"idea-{idea_id}")


@blueprint.route("/library/borrowed/<int:page_id>/told", methods=["GET", "POST"])
@requires(Permission.TELL_SPREAD, is_open_on_own_phone=True)
@commits
def tell_of_borrowed(page_id: int) -> ResponseReturnValue:
    """Write down how a page of another council went in a place that has no ideas here."""
    actor = current_actor()
    return _tell(actor, tree_of_page(actor, page_id), f"page-{page_id}")


def _tell(actor: Actor, tree: Any, key: str) -> ResponseReturnValue:
    """Ask under which place it stands, of all in the tree, and keep it."""
    form = ToldForm()
    form.offer([(place.key, place.name) for place in tree.places], key)
    if form.is_sent() and not wants_change():
        told = form.told()
        if kinds := kinds_to_show(told["adaptation"], told["words"]):
            return ask_to_read_again(actor, kinds, about="told")
        try:
            made = service.tell_spread(
                actor, form_token=form.form_token.data or "", **form.parent(), **told
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Kept. Thank you for passing it on.")
            return redirect(_tree_url(key, f"told-{made}"), 303)
    return render_template("library/told.html", form=form, tree=tree, back=_tree_url(key),
                           told=None, theirs=None), form.status  # fmt: skip


@blueprint.route("/spread/<int:spread_id>/edit", methods=["GET", "POST"])
@requires(Permission.TELL_SPREAD, is_open_on_own_phone=True)
@commits
def change_told(spread_id: int) -> ResponseReturnValue:
    """Change what was told of a place, by whoever wrote it down or a coach."""
    actor, form = current_actor(), ToldForm()
    told = told_place(actor, spread_id)
    if not told.may_change:
        raise Forbidden(service.WHO_CHANGES_TOLD)
    theirs, status = None, 200
    if form.is_sent() and not wants_change():
        sent = form.told()
        if kinds := kinds_to_show(sent["adaptation"], sent["words"]):
            return ask_to_read_again(actor, kinds, about="told")
        try:
            service.change_told(actor, spread_id=spread_id, seen_version=form.version.data, **sent)
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            form.version.data, theirs, status = error.facts["version"], error.facts, 409
        else:
            say("Saved.")
            return redirect(_tree_url(told.key, f"told-{spread_id}"), 303)
    if request.method == "GET":
        form.show(told)
    return (
        render_template(
            "library/told.html", form=form, tree=None, told=told, back=_tree_url(told.key),
            theirs=theirs
        ),
        max(status, form.status),
    )  # fmt: skip


@blueprint.post("/spread/<int:spread_id>/remove")
@requires(Permission.TELL_SPREAD, is_open_on_own_phone=True)
@commits
def remove_told(spread_id: int) -> ResponseReturnValue:
    """Take out what was told of a place."""
    actor = current_actor()
    told = told_place(actor, spread_id)
    service.remove_told(actor, spread_id=spread_id)
    say("Taken out.")
    return redirect(_tree_url(told.key), 303)


def _tree_url(key: str, anchor: str | None = None) -> str:
    """Return the page of the tree that a place stands in."""
    kind, _, number = key.partition("-")
    if kind == "page":
        return url_for("library.spread_of_borrowed", page_id=int(number), _anchor=anchor)
    return url_for("library.spread_tree", idea_id=int(number), _anchor=anchor)
