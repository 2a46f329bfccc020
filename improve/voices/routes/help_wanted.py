"""Somebody wants help: asking for it without an account, and the duty team's link to it."""

from __future__ import annotations

import secrets
from typing import Any

from babel.dates import get_day_names
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from improve.accounts.access import public
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.rate_limits import (
    ANSWERED,
    GUESSES,
    SENT,
    count_of_network,
    is_quiet,
    limiter,
    nameless_client,
)
from improve.voices.forms.help_wanted import HelpForm, PickUpForm
from improve.voices.queries.help_wanted import help_wanted
from improve.voices.queries.setup import public_setup
from improve.voices.routes.at_form import At, at_form
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.staffed import has_mail, reads_help_now
from improve.voices.service import help_wanted as service

#: What is counted of a network.
_ASKED = "help asked for"


@blueprint.get("/say/<code>/help-me")
@public
def help_me(code: str) -> ResponseReturnValue:
    """Ask how somebody can be reached; where nobody would read it, show the numbers instead."""
    at = at_form(code)
    if not reads_help_now(at.setup):
        return _closed(at)
    form = HelpForm(at.words, formdata=None)
    form.once.data = secrets.token_urlsafe(16)
    return _asked(at, form)


def too_many_wishes(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait a minute, with all that was typed still there."""
    at = at_form(str((request.view_args or {}).get("code", "")))
    if not reads_help_now(at.setup):
        return _closed(at, 429)
    form = HelpForm(at.words)
    form.form_errors.append(at.words("all.error.wait"))
    return _asked(at, form, 429)


@blueprint.post("/say/<code>/help-me")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=too_many_wishes)
@limiter.limit(SENT, key_func=nameless_client, on_breach=too_many_wishes)
@commits
def ask_for_help(code: str) -> ResponseReturnValue:
    """Send it to the duty team alone."""
    at = at_form(code)
    form = HelpForm(at.words)
    if not reads_help_now(at.setup):
        return _closed(at, 409)
    if not form.is_sent():
        return _asked(at, form)
    if form.website.data:
        form.website.data = ""
        form.form_errors.append(at.words("all.error.fast"))
        return _asked(at, form)
    try:
        is_taken = service.ask_for_help(
            organisation_id=at.place.organisation_id,
            once=form.once.data or "",
            contact=form.contact,
            link_of=pick_up_link,
            is_quiet=is_quiet(_ASKED),
        )
        count_of_network(_ASKED)
    except RuleBroken as error:
        for reason in error.reasons:
            form[reason.field].errors = [at.words(reason.words)]
        return _asked(at, form)
    if not is_taken:
        return _closed(at, 409)
    return at.go("voices.help_asked", language=at.in_language)


@blueprint.get("/say/<code>/help-asked")
@public
def help_asked(code: str) -> ResponseReturnValue:
    """Say that it went to a person, and whom to ring if it cannot wait."""
    return at_form(code).show("say_help_sent")


@blueprint.get("/help-wanted/<token>")
@public
@limiter.limit(GUESSES, key_func=nameless_client)
def help_waits(token: str) -> ResponseReturnValue:
    """Say that somebody waits, or who has it. What they wrote is opened by a button alone."""
    return _waits(token, PickUpForm(formdata=None))


@blueprint.post("/help-wanted/<token>")
@public
@limiter.limit(GUESSES, key_func=nameless_client)
@commits
def open_help(token: str) -> ResponseReturnValue:
    """Show how they can be reached, once, to who opens it under their name."""
    form = PickUpForm()
    if not form.is_sent():
        return _waits(token, form)
    before = help_wanted(token)
    try:
        contact = service.open_help(token=token, name=form.name.data or "")
    except NotFound:
        return _waits(token, form)
    return render_template(
        "voices/help_contact.html", contact=contact, before=before, form=form, token=token
    )


@blueprint.post("/help-wanted/<token>/picked-up")
@public
@limiter.limit(GUESSES, key_func=nameless_client)
@commits
def pick_up_help(token: str) -> ResponseReturnValue:
    """Note who has it, and delete how they can be reached."""
    form = PickUpForm()
    if form.is_sent():
        try:
            service.pick_up_help(token=token, name=form.name.data or "")
        except NotFound:
            return _waits(token, form)
        except RuleBroken as error:
            form.refuse(error)
            return _waits(token, form)
    return redirect(url_for("voices.help_waits", token=token), 303)


def pick_up_link(token: str) -> str:
    """Return the whole address of a link. It begins as the settings say, whatever was asked for."""
    path = current_app.url_map.bind("mail").build("voices.help_waits", {"token": token})
    return str(current_app.config["BASE_URL"]) + path


def tell_duty_again() -> int:
    """Mail the duty team again of what nobody has; for the hourly run."""
    return service.tell_again(pick_up_link)


def _closed(at: At, status: int = 200) -> ResponseReturnValue:
    """Take nothing: whom to ring, and when somebody reads, by weekday in the form's language."""
    names = get_day_names(locale=at.words.lang)
    hours = []
    if has_mail():
        hours = [
            (names[int(day)], f"{times[0]}–{times[1]}")
            for day, times in sorted(at.setup.duty_hours.items())
            if at.setup.has_inbox and len(times) > 1
        ]
    return at.show("say_help_closed", status, hours=hours)


def _asked(at: At, form: HelpForm, status: int | None = None) -> ResponseReturnValue:
    hours = at.setup.duty_hours.get(str(clock.local(clock.now()).weekday()), ["", ""])
    return at.show("say_help", status or form.status, form=form, until=hours[1])


def _waits(token: str, form: PickUpForm) -> ResponseReturnValue:
    found = help_wanted(token)
    if found is None:
        return render_template("voices/help_over.html"), 404
    page = render_template(
        "voices/help_wanted.html",
        found=found,
        form=form,
        token=token,
        council=public_setup(found.organisation_id, clock.today()).council_name,
    )
    return page, form.status if request.method == "POST" else 200
