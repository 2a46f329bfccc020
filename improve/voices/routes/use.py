"""What we do with it: a theme, an idea, thanks to a worker, words for a team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.queries import readers_named, teams
from improve.accounts.roles import Permission, Role
from improve.ideas.queries.similar import ideas_holding
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.forms import options
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change
from improve.voices.forms.answers import UseIdeaForm, UsePickForm, UseThemeForm
from improve.voices.forms.desk import StepForm
from improve.voices.queries.reading import Reading, reading_of, themes
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.reading import numbers, reading_page
from improve.voices.service import use

#: Who works here and may be thanked.
_STAFF = tuple(role for role in Role if role is not Role.GUEST)
_MOST = 20


@blueprint.route("/voices/desk/<key>/theme", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def use_theme(key: str) -> ResponseReturnValue:
    """Put a voice under a theme, or under a new one."""
    actor, form = current_actor(), UseThemeForm()
    form.theme_id.choices = options(
        [("", "Choose"), *((theme.id, theme.name) for theme in themes(actor))]
    )
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        name = form.name.data or ""
        if kinds := kinds_to_show(name):
            return ask_to_read_again(actor, kinds, about="voice theme")
        try:
            use.choose_theme(
                actor, key=key, theme_id=form.theme, name=name, seen_version=form.version.data
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            return _back(key)
    voice = reading_of(actor, key)
    if request.method == "GET":
        form.theme_id.data = str(voice.theme_id or "")
    return _page("voices/use_theme.html", voice, form, is_stale=is_stale)


@blueprint.post("/voices/desk/<key>/theme-only")
@requires(Permission.READ_VOICES)
@commits
def use_theme_only(key: str) -> ResponseReturnValue:
    """Take the words back from everybody, and keep the theme."""
    form = StepForm()
    if form.is_sent():
        try:
            use.keep_theme_only(current_actor(), key=key, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
            return reading_page(key, form=form)
        say("Only the theme is kept for others.")
    return _back(key)


@blueprint.route("/voices/desk/<key>/idea", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def use_idea(key: str) -> ResponseReturnValue:
    """Start an idea: the box is empty, and what they wrote is not put into it."""
    actor, form = current_actor(), UseIdeaForm()
    form.team_id.choices = options(
        [("", "Choose a team"), *((team.id, team.name) for team in teams(actor))]
    )
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        if form.team is None:
            form.team_id.errors = ["Choose a team."]
        elif kinds := kinds_to_show(form.text.data):
            return ask_to_read_again(actor, kinds, about="idea of a voice")
        else:
            try:
                use.start_idea(
                    actor,
                    key=key,
                    text=form.text.data or "",
                    team_id=form.team,
                    form_token=form.form_token.data or "",
                    seen_version=form.version.data,
                )
            except RuleBroken as error:
                form.refuse(error)
            except Stale:
                is_stale = True
            else:
                say("The idea is on the board of its team.")
                return _back(key)
    if not form.form_token.data:
        form.form_token.data = uuid4().hex
    return _page("voices/use_idea.html", reading_of(actor, key), form, is_stale=is_stale)


@blueprint.route("/voices/desk/<key>/link", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def use_link(key: str) -> ResponseReturnValue:
    """Find an idea by its words, and say that this voice is behind it."""
    actor, form = current_actor(), UsePickForm()
    typed = _typed()
    is_stale = False
    if form.is_sent():
        try:
            use.link_idea(actor, key=key, idea_id=form.number or 0, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("It is linked. Whoever opens the idea sees that a voice is behind it.")
            return _back(key)
    found = ideas_holding(actor, typed, besides=()) if typed else []
    return _page(
        "voices/use_link.html",
        reading_of(actor, key),
        form,
        is_stale=is_stale,
        typed=typed,
        found=found,
    )


@blueprint.route("/voices/desk/<key>/thanks", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def use_thanks(key: str) -> ResponseReturnValue:
    """Find a worker by name, and pass thanks on to them alone."""
    actor, form = current_actor(), UsePickForm()
    typed = _typed()
    is_stale = False
    if form.is_sent():
        try:
            use.pass_thanks_on(
                actor, key=key, person_id=form.number or 0, seen_version=form.version.data
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("The thanks are passed on, to them alone.")
            return _back(key)
    found = readers_named(actor, typed.split(), roles=_STAFF, most=_MOST) if typed else []
    return _page(
        "voices/use_thanks.html",
        reading_of(actor, key),
        form,
        is_stale=is_stale,
        typed=typed,
        found=found,
    )


@blueprint.route("/voices/desk/<key>/team", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def use_team(key: str) -> ResponseReturnValue:
    """Give a team the words that others may read."""
    actor, form = current_actor(), UsePickForm()
    is_stale = False
    if form.is_sent():
        if form.number is None:
            form.picked.errors = ["Choose a team."]
        else:
            try:
                use.give_to_team(
                    actor, key=key, team_id=form.number, seen_version=form.version.data
                )
            except RuleBroken as error:
                form.refuse(error)
            except Stale:
                is_stale = True
            else:
                say("The team has the words, and its people are told.")
                return _back(key)
    return _page(
        "voices/use_team.html", reading_of(actor, key), form, is_stale=is_stale, teams=teams(actor)
    )


def _typed() -> str:
    """Return what is looked for among ideas or people."""
    return " ".join(request.values.get("q", "").split())[:100]


def _back(key: str) -> ResponseReturnValue:
    return redirect(url_for("voices.reading", key=key), 303)


def _page(
    template: str, voice: Reading, form: Any, *, is_stale: bool, **more: object
) -> ResponseReturnValue:
    """Return a page of this step; after another reader’s step with what was typed, to send anew."""
    if request.method == "GET" or is_stale:
        form.version.data = voice.version
    facts: Mapping[str, object] = {"numbers": numbers(), "is_stale": is_stale, **more}
    page = render_template(template, voice=voice, form=form, **facts)
    return page, 409 if is_stale else form.status
