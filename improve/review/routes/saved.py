"""The review as somebody likes to see it: saved by name, opened, renamed and removed."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.review import queries, service
from improve.review.finished_address import as_query, from_query, kept_in
from improve.review.forms import SavedForm
from improve.review.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/review/saved")
@requires(Permission.SEE_REVIEW)
def saved_reviews() -> ResponseReturnValue:
    """List one's own saved views of finished work, and save the one that one comes from."""
    form = SavedForm(formdata=None)
    form.query.data = as_query(kept_in(request.args))
    return _list(current_actor(), form)


@blueprint.post("/review/saved")
@requires(Permission.SEE_REVIEW)
@commits
def save_review() -> ResponseReturnValue:
    """Save a view of finished work by name."""
    actor, form = current_actor(), SavedForm()
    if wants_change() or not form.is_sent():
        return _list(actor, form)
    if kinds := kinds_to_show(form.name.data):
        return ask_to_read_again(actor, kinds, about="view")
    query = form.query.data or ""
    try:
        service.save_review(actor, name=form.name.data, query=query)
    except RuleBroken as error:
        form.refuse(error)
        return _list(actor, form)
    say(f"Saved as “{form.name.data}”. It stands under Saved views.")
    return redirect(url_for("review.finished_cycles", **_named(query)), 303)


@blueprint.route("/review/saved/<int:saved_id>", methods=["GET", "POST"])
@requires(Permission.SEE_REVIEW)
@commits
def rename_review(saved_id: int) -> ResponseReturnValue:
    """Give a saved view another name."""
    actor, form = current_actor(), SavedForm()
    saved = next((one for one in queries.saved_reviews(actor) if one.id == saved_id), None)
    if saved is None:
        raise NotFound
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.name.data):
            return ask_to_read_again(actor, kinds, about="view")
        try:
            service.rename_review(actor, saved_id=saved_id, name=form.name.data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Saved.")
            return redirect(url_for("review.saved_reviews"), 303)
    if request.method == "GET":
        form.name.data = saved.name
    return render_template("review/saved_one.html", saved=saved, form=form), form.status


@blueprint.post("/review/saved/<int:saved_id>/remove")
@requires(Permission.SEE_REVIEW)
@commits
def remove_review(saved_id: int) -> ResponseReturnValue:
    """Remove a saved view; what finished stays as it is."""
    name = service.remove_review(current_actor(), saved_id=saved_id)
    say(f"“{name}” is removed.")
    return redirect(url_for("review.saved_reviews"), 303)


def _named(query: str) -> dict[str, Any]:
    """Return a saved query as the parts of an address."""
    return dict(from_query(query))


def _list(actor: Actor, form: SavedForm) -> ResponseReturnValue:
    saved = [
        (one, url_for("review.finished_cycles", **_named(one.query)))
        for one in queries.saved_reviews(actor)
    ]
    return render_template("review/saved.html", saved=saved, form=form), form.status
