"""Administration: what must stand before a council takes reports. No page tells of any report."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.in_confidence import SignOffForm, TrainingForm
from improve.accounts.roles import Permission
from improve.incidents.forms.setup import ChoicesForm, PromiseForm
from improve.incidents.queries import readiness as queries
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service import setup as service
from improve.incidents.wording import PROMISE
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.forms import options
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.rate_limits import weak_limits


@blueprint.get("/admin/reports")
@requires(Permission.SET_UP_REPORTS)
def readiness() -> ResponseReturnValue:
    """Show what stands, what is missing, and the button that opens the form."""
    form = ButtonForm(formdata=None)
    return _page(form, SignOffForm(formdata=None), TrainingForm(formdata=None), 200)


@blueprint.post("/admin/reports/signed")
@requires(Permission.SET_UP_REPORTS)
@commits
def sign_readiness() -> ResponseReturnValue:
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
            return redirect(url_for("incidents.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    return _page(ButtonForm(formdata=None), form, TrainingForm(formdata=None), status)


@blueprint.post("/admin/reports/training")
@requires(Permission.SET_UP_REPORTS)
@commits
def train_reviewer() -> ResponseReturnValue:
    """Keep that a reviewer was trained."""
    form = TrainingForm()
    form.person_id.choices = _choices(queries.readiness(current_actor(), clock.today()))
    if form.is_sent() and form.trained_on.on:
        try:
            service.train_reviewer(
                current_actor(),
                person_id=int(form.person_id.data),
                trained_on=form.trained_on.on,
                trained_by=form.trained_by.data or "",
            )
            say("Kept. Now say when they read.")
            return redirect(url_for("incidents.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _page(ButtonForm(formdata=None), SignOffForm(formdata=None), form, 422)


@blueprint.post("/admin/reports/open")
@requires(Permission.SET_UP_REPORTS)
@commits
def open_form() -> ResponseReturnValue:
    """Open the form to staff."""
    form = ButtonForm()
    if form.is_sent():
        try:
            service.open_form(current_actor())
            say("The form is open.")
            return redirect(url_for("incidents.readiness"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _page(form, SignOffForm(formdata=None), TrainingForm(formdata=None), 422)


@blueprint.post("/admin/reports/close")
@requires(Permission.SET_UP_REPORTS)
@commits
def close_form() -> ResponseReturnValue:
    """Close it: it takes nothing and shows the other routes."""
    if ButtonForm().is_sent():
        service.close_form(current_actor())
        say("The form is closed. It shows the other routes.")
    return redirect(url_for("incidents.readiness"), 303)


@blueprint.route("/admin/reports/choices", methods=["GET", "POST"])
@requires(Permission.SET_UP_REPORTS)
@commits
def choices() -> ResponseReturnValue:
    """Say after how many days a report is destroyed, how wide a group is, where one leaves to."""
    actor, form, status = current_actor(), ChoicesForm(), 200
    if form.is_sent():
        try:
            service.change_choices_of_form(
                actor, **form.choices, seen_version=int(form.version.data)
            )
            say("Kept. The form says it from now on.")
            return redirect(url_for("incidents.readiness"), 303)
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
        "incidents/admin_choices.html",
        form=form,
        setup=setup,
        is_stale=status == 409,
        leave_url=LEAVE_URL,
    )
    return page, status if status == 409 or request.method == "GET" else form.status


@blueprint.route("/reports/promise", methods=["GET", "POST"])
@requires(Permission.PROMISE_TO_REPORTERS)
@commits
def promise() -> ResponseReturnValue:
    """Show the promise to those who report, and let a leader sign it with their own account."""
    actor, form, status = current_actor(), PromiseForm(), 200
    if form.is_sent():
        try:
            service.sign_promise(
                actor, words=form.words.data or "", seen_version=int(form.version.data)
            )
            say("Signed, with your name and today’s date.")
            return redirect(url_for("incidents.promise"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    setup = queries.setup_of(actor)
    if request.method == "GET":
        form.words.data = setup.promise or PROMISE
    if request.method == "GET" or status == 409:
        form.version.data = setup.version
    page = render_template(
        "incidents/admin_promise.html", form=form, setup=setup, is_stale=status == 409
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
        "incidents/admin_readiness.html",
        ready=ready,
        form=form,
        signed=signed,
        training=training,
        is_stale=status == 409,
        weak_limits=weak_limits(),
    )
    return page, status


def _choices(ready: queries.Readiness) -> list[SelectChoice]:
    return options((one.person_id, one.name) for one in ready.reviewers)
