"""Letting the public read a page, by decision; and taking it back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.library import queries, service
from improve.library.forms.pages import PublishForm
from improve.library.routes.blueprint import blueprint
from improve.library.routes.public import shown_of
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale


@blueprint.route("/library/<int:page_id>/publish", methods=["GET", "POST"])
@requires(Permission.PUBLISH_LEARNING)
@commits
def publish_page(page_id: int) -> ResponseReturnValue:
    """Show exactly what goes out and what stands in the way, and let it out by decision."""
    actor, form = current_actor(), PublishForm()
    if request.method == "GET":
        form.version.data = queries.page(actor, page_id).version
        return _look(actor, page_id, form)
    if not form.is_sent():
        return _look(actor, page_id, form)
    try:
        service.publish_page(
            actor,
            page_id=page_id,
            seen_version=form.version.data,
            why=form.why.data or "",
            is_looked_at=bool(form.is_looked_at.data),
        )
    except RuleBroken as error:
        form.refuse(error)
        return _look(actor, page_id, form)
    except Stale as error:
        form.version.data = error.facts["page"].version
        return _look(actor, page_id, form, is_changed=True)
    say("Everybody can read it now, as it stood on that page.")
    return redirect(url_for("library.page", page_id=page_id), 303)


@blueprint.post("/library/<int:page_id>/take-down")
@requires(Permission.PUBLISH_LEARNING)
@commits
def take_down(page_id: int) -> ResponseReturnValue:
    """Take a page out of public at once. Its address then says that it is gone."""
    service.take_down(current_actor(), page_id=page_id)
    say("Taken down. Its public address now says that the page is gone.")
    return redirect(url_for("library.page", page_id=page_id), 303)


def _look(
    actor: Actor, page_id: int, form: PublishForm, *, is_changed: bool = False
) -> ResponseReturnValue:
    view = queries.page(actor, page_id)
    out = service.outgoing(actor, view)
    status = form.status if request.method == "POST" else 200
    return render_template(
        "library/publish.html",
        form=form,
        view=view,
        out=out,
        shown=shown_of(out.page),
        is_changed=is_changed,
    ), 409 if is_changed else status
