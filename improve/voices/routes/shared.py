"""Voices as all staff read them: a list, and one of them with its answers."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.shared.formatting import page_number
from improve.voices.forms.shared import FindVoicesForm
from improve.voices.queries import shared as queries
from improve.voices.queries.codes import council_slug
from improve.voices.queries.reading import themes
from improve.voices.routes.blueprint import blueprint


@blueprint.get("/voices")
@requires(Permission.SEE_VOICES)
def shared() -> ResponseReturnValue:
    """List what staff may read, the newest month first."""
    actor = current_actor()
    form = FindVoicesForm(request.args)
    form.offer([(theme.id, theme.name) for theme in themes(actor)])
    found = queries.shared_voices(actor, form.chosen, page=page_number(request.args.get("page")))
    return render_template(
        "voices/shared.html",
        find=form,
        chosen=form.chosen,
        found=found,
        slug=council_slug(actor),
    )


@blueprint.get("/voices/<key>")
@requires(Permission.SEE_VOICES)
def shared_voice(key: str) -> ResponseReturnValue:
    """Show one voice that staff may read, what it led to, and what was answered."""
    voice, answers = queries.shared_voice(current_actor(), key)
    return render_template("voices/shared_voice.html", voice=voice, answers=answers)
