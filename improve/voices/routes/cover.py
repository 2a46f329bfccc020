"""Administration: who reads on which days."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.in_confidence import CoverForm
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import day_typed
from improve.shared.forms import options
from improve.voices.queries.readiness import readiness
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import cover as service


@blueprint.route("/admin/voices/cover", methods=["GET", "POST"])
@requires(Permission.SET_UP_VOICES)
@commits
def cover() -> ResponseReturnValue:
    """Show who reads on each of the next working days, and add somebody's days."""
    actor, form = current_actor(), CoverForm()
    ready = readiness(actor, clock.today())
    form.person_id.choices = options(
        (reader.person_id, reader.name) for reader in ready.readers if reader.trained_on
    )
    if form.is_sent() and form.from_on.on and form.to_on.on:
        try:
            service.add_cover(
                actor,
                person_id=int(form.person_id.data),
                from_on=form.from_on.on,
                to_on=form.to_on.on,
            )
            say("Added.")
            return redirect(url_for("voices.cover"), 303)
        except RuleBroken as error:
            form.refuse(error)
    page = render_template("voices/admin_cover.html", form=form, ready=ready)
    return page, form.status if request.method == "POST" else 200


@blueprint.post("/admin/voices/cover/<int:cover_id>/remove")
@requires(Permission.SET_UP_VOICES)
@commits
def remove_cover(cover_id: int) -> ResponseReturnValue:
    """Take somebody's days out."""
    if ButtonForm().is_sent():
        gone = service.remove_cover(current_actor(), cover_id=cover_id)
        days = {"from_on": day_typed(gone.from_on), "to_on": day_typed(gone.to_on)}
        say(
            "Taken out.",
            undo_url=url_for("voices.cover"),
            undo_fields={"person_id": gone.person_id, **days},
        )
    return redirect(url_for("voices.cover"), 303)
