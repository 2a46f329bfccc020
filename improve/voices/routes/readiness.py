"""Administration: what must stand before the form for families opens."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.in_confidence import SignOffForm, TrainingForm
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.forms import options
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.rate_limits import weak_limits
from improve.voices.forms.setup import FactsForm
from improve.voices.queries import readiness as queries
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import setup as service


@blueprint.get("/admin/voices")
@requires(Permission.SET_UP_VOICES)
def readiness() -> ResponseReturnValue:
    """Show what stands, what is missing, and the button that opens the form."""
    form = ButtonForm(formdata=None)
    return _page(form, SignOffForm(formdata=None), TrainingForm(formdata=None), 200)


@blueprint.post("/admin/voices/signed")
@requires(Permission.SET_UP_VOICES)
@commits
def sign_off() -> ResponseReturnValue:
    """Keep who signed what, and who rang the numbers."""
    form, status = SignOffForm(), 422
    if form.is_sent():
        try:
            service.sign_off(
                current_actor(),
                signed=form.signed,
                rung=form.rung,
                seen_version=int(form.version.data),
            )
            say("Kept.")
            return redirect(url_for("voices.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    return _page(ButtonForm(formdata=None), form, TrainingForm(formdata=None), status)


@blueprint.post("/admin/voices/training")
@requires(Permission.SET_UP_VOICES)
@commits
def train_reader() -> ResponseReturnValue:
    """Keep that a reader was trained."""
    form = TrainingForm()
    form.person_id.choices = _reader_choices()
    if form.is_sent() and form.trained_on.on:
        try:
            service.train_reader(
                current_actor(),
                person_id=int(form.person_id.data),
                trained_on=form.trained_on.on,
                trained_by=form.trained_by.data or "",
            )
            say("Kept. Now say when they read.")
            return redirect(url_for("voices.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _page(ButtonForm(formdata=None), SignOffForm(formdata=None), form, 422)


@blueprint.post("/admin/voices/open")
@requires(Permission.SET_UP_VOICES)
@commits
def open_form() -> ResponseReturnValue:
    """Open the form to families."""
    form = ButtonForm()
    if form.is_sent():
        try:
            service.open_form(current_actor())
            say("The form is open.")
            return redirect(url_for("voices.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _page(form, SignOffForm(formdata=None), TrainingForm(formdata=None), 422)


@blueprint.post("/admin/voices/close")
@requires(Permission.SET_UP_VOICES)
@commits
def close_form() -> ResponseReturnValue:
    """Close it: the numbers and the paper route are shown."""
    if ButtonForm().is_sent():
        service.close_form(current_actor())
        say("The form is closed. It shows the numbers, and how to tell us on paper.")
    return redirect(url_for("voices.readiness"), 303)


@blueprint.route("/admin/voices/facts", methods=["GET", "POST"])
@requires(Permission.SET_UP_VOICES)
@commits
def facts() -> ResponseReturnValue:
    """Say how to complain, who is there for help, and how long what was written is kept."""
    actor, form, status = current_actor(), FactsForm(), 200
    if form.is_sent():
        try:
            service.change_facts(actor, facts=form.facts, seen_version=int(form.version.data))
            say("Kept. The form says it from now on.")
            return redirect(url_for("voices.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    setup = queries.setup_of(actor)
    if request.method == "GET":
        form.show(setup)
    elif status == 409:
        form.version.data = setup.version
    page = render_template(
        "voices/admin_facts.html",
        form=form,
        setup=setup,
        is_stale=status == 409,
        changed_hours=form.changed_hours(setup) if status == 409 else (),
        leave_url=LEAVE_URL,
    )
    return page, status if status == 409 or request.method == "GET" else form.status


def _page(
    form: ButtonForm, signed: SignOffForm, training: TrainingForm, status: int
) -> ResponseReturnValue:
    ready = queries.readiness(current_actor(), clock.today())
    if not signed.is_submitted() or signed.version.data is None:
        signed.show(ready)
    elif status == 409:
        signed.show_numbers(ready)
    training.person_id.choices = _choices(ready)
    page = render_template(
        "voices/admin_readiness.html",
        ready=ready,
        form=form,
        signed=signed,
        training=training,
        is_stale=status == 409,
        weak_limits=weak_limits(),
    )
    return page, status


def _reader_choices() -> list[SelectChoice]:
    return _choices(queries.readiness(current_actor(), clock.today()))


def _choices(ready: queries.Readiness) -> list[SelectChoice]:
    return options((reader.person_id, reader.name) for reader in ready.readers)
