"""Administration: which languages the form is offered in."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.voices.forms.setup import LanguageForm
from improve.voices.queries.setup import languages_checked
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import languages as service
from improve.voices.wording import ENGLISH, LANGUAGES


@blueprint.get("/admin/voices/languages")
@requires(Permission.SET_UP_VOICES)
def languages() -> ResponseReturnValue:
    """Show which languages are on, who checked them, and which are drafts."""
    return _page(LanguageForm(formdata=None), request.args.get("about", ""), 200)


@blueprint.post("/admin/voices/languages/<string:language>/on")
@requires(Permission.SET_UP_VOICES)
@commits
def turn_on(language: str) -> ResponseReturnValue:
    """Offer a language that somebody checked."""
    form = LanguageForm()
    if form.is_sent() and form.checked_on.on:
        try:
            service.turn_on(
                current_actor(),
                language=language,
                checked_by=form.checked_by.data or "",
                checked_on=form.checked_on.on,
            )
            say("On. The form offers it from now on.")
            return redirect(url_for("voices.languages"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _page(form, language, 422)


@blueprint.post("/admin/voices/languages/<string:language>/off")
@requires(Permission.SET_UP_VOICES)
@commits
def turn_off(language: str) -> ResponseReturnValue:
    """Stop offering a language."""
    if ButtonForm().is_sent():
        service.turn_off(current_actor(), language=language)
        say("Off.")
    return redirect(url_for("voices.languages"), 303)


def _page(form: LanguageForm, about: str, status: int) -> ResponseReturnValue:
    page = render_template(
        "voices/admin_languages.html",
        form=form,
        # Each language has the same two questions: only one of them is the form that was sent.
        about=about,
        languages=[language for code, language in LANGUAGES.items() if code != ENGLISH],
        checked=languages_checked(current_actor().organisation_id),
    )
    return page, status
