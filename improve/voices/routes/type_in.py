"""What came on paper or was said, typed in by staff. Nobody who typed can read it afterwards."""

from __future__ import annotations

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.voices.forms.type_in import TypeInForm
from improve.voices.queries import codes
from improve.voices.queries.setup import public_setup
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.reading import numbers
from improve.voices.service import type_in as service


@blueprint.route("/voices/type-in", methods=["GET", "POST"])
@requires(Permission.TYPE_VOICE_IN)
@commits
def type_in() -> ResponseReturnValue:
    """Ask what the paper says, and send it to the readers."""
    actor, today = current_actor(), clock.today()
    places = [(row.id, row.label) for row in codes.codes(actor, today) if row.is_open]
    form = TypeInForm(places)
    if form.is_sent():
        try:
            service.type_in(
                actor,
                sheet=form.sheet.data or "",
                answers=form.answers,
                rating=form.rating.data or "",
                language=form.language.data or "en",
                code_id=form.code,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("voices.typed_in", sheet=form.sheet.data), 303)
    if not form.sheet.data:
        form.sheet.data = secrets.token_urlsafe(16)
    page = render_template(
        "voices/type_in.html",
        form=form,
        setup=public_setup(actor.organisation_id, today),
        numbers=numbers(),
        not_open=service.NOT_OPEN,
    )
    return page, form.status if request.method == "POST" else 200


@blueprint.get("/voices/type-in/<sheet>")
@requires(Permission.TYPE_VOICE_IN)
def typed_in(sheet: str) -> ResponseReturnValue:
    """Show the code to come back with for an hour, to be given to the person."""
    receipt = service.receipt_of(current_actor(), sheet=sheet)
    if not receipt:
        raise NotFound
    actor = current_actor()
    return render_template(
        "voices/typed_in.html",
        receipt=receipt,
        setup=public_setup(actor.organisation_id, clock.today()),
        answer_url=url_for("voices.look_up", council=codes.council_slug(actor), _external=True),
        numbers=numbers(),
    )
