"""The readers' desk: what waits, opening one, passing it on, and the themes readers keep."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.formatting import page_number, plural
from improve.voices.forms.desk import StepForm, ThemeForm
from improve.voices.queries import desk as queries
from improve.voices.queries.help_wanted import waits_for_duty
from improve.voices.queries.reading import themes as all_themes
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import pass_on, themes
from improve.voices.service.open import open_voice

#: A choice of the address, such as which list is shown.
Kind = TypeVar("Kind", bound=StrEnum)


@blueprint.get("/voices/desk")
@requires(Permission.READ_VOICES)
def desk() -> ResponseReturnValue:
    """Show what waits: possible danger first, then what waited longest."""
    found = queries.desk(
        current_actor(),
        page_number(request.args.get("page")),
        _one_of(queries.Show, "show"),
        among=_one_of(queries.Among, "among"),
        sort=_one_of(queries.Sort, "sort"),
    )
    return render_template(
        "voices/desk.html",
        desk=found,
        shows=queries.Show,
        among=queries.Among,
        today=clock.today(),
        help_waits=waits_for_duty(current_actor()),
    )


def _one_of(kinds: type[Kind], name: str) -> Kind:
    """Return what the address asks for, the first kind where it asks for none."""
    asked = request.args.get(name, "")
    return next((kind for kind in kinds if kind.value == asked), next(iter(kinds)))


@blueprint.post("/voices/desk/<key>/open")
@requires(Permission.READ_VOICES)
@commits
def open_to_read(key: str) -> ResponseReturnValue:
    """Open a voice, which is kept for all readers."""
    if ButtonForm().is_sent():
        open_voice(current_actor(), key=key)
    return redirect(url_for("voices.reading", key=key), 303)


@blueprint.post("/voices/desk/<key>/pass")
@requires(Permission.READ_VOICES)
@commits
def pass_to_other(key: str) -> ResponseReturnValue:
    """Give a voice to the other reader."""
    if ButtonForm().is_sent():
        pass_on.pass_to_other_reader(current_actor(), key=key)
        say("It is on the desk again for the other reader.")
    return redirect(url_for("voices.desk"), 303)


@blueprint.post("/voices/desk/<key>/aside")
@requires(Permission.READ_VOICES)
@commits
def set_aside(key: str) -> ResponseReturnValue:
    """Set aside what is nobody's words, alone or with all of the very same words."""
    actor, form = current_actor(), StepForm()
    if form.is_sent():
        if form.answer.data == "back":
            pass_on.take_back(actor, key=key)
            return redirect(url_for("voices.reading", key=key), 303)
        if form.answer.data == "same":
            count = pass_on.set_same_words_aside(actor, key=key)
        else:
            count = pass_on.set_aside(actor, keys=[key])
        say(f"{plural(count, 'voice')} set aside. Nothing is deleted.")
    return redirect(url_for("voices.desk"), 303)


@blueprint.route("/voices/themes", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def theme_list() -> ResponseReturnValue:
    """List the themes, and add one."""
    form = ThemeForm()
    if form.is_sent():
        try:
            themes.add_theme(current_actor(), name=form.name.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The theme is there.")
            return redirect(url_for("voices.theme_list"), 303)
    return _themes(form)


@blueprint.post("/voices/themes/<int:theme_id>")
@requires(Permission.READ_VOICES)
@commits
def rename_theme(theme_id: int) -> ResponseReturnValue:
    """Call a theme otherwise."""
    form = ThemeForm()
    if form.is_sent():
        try:
            themes.rename_theme(current_actor(), theme_id=theme_id, name=form.name.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The theme has its new name.")
            return redirect(url_for("voices.theme_list"), 303)
    return _themes(form, theme_id)


def _themes(form: ThemeForm, renamed: int | None = None) -> ResponseReturnValue:
    found = all_themes(current_actor())
    # Another council's theme is not there, whatever was typed.
    if renamed is not None and renamed not in {theme.id for theme in found}:
        raise NotFound
    if renamed is not None:  # what the summary of errors leads to
        form.name.id = f"name-{renamed}"
    page = render_template(
        "voices/themes.html",
        form=form,
        renamed=renamed,
        themes=found,
        empty=ThemeForm(formdata=None),
    )
    return page, form.status
