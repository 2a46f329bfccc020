"""The reviewers' desk: what is offered, opening one, “I may know this”, and danger first."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.duty_numbers import DutyNumber, duty_number
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.incidents.forms.desk import AlertForm, PassOnForm, RouteForm, StepForm
from improve.incidents.kinds import ROUTE_WORDS, Route
from improve.incidents.queries.desk import Desk, Show
from improve.incidents.queries.desk import desk as open_desk
from improve.incidents.queries.desk_ended import desk_ended
from improve.incidents.queries.reading import report_page
from improve.incidents.queries.together import may_call
from improve.incidents.queries.told_words import told_words
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service import danger
from improve.incidents.service.alert import send_alert
from improve.incidents.service.may_know import say_may_know
from improve.incidents.service.one import Loaded, ended_for_review, report_for_review
from improve.incidents.service.open import open_report
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.formatting import page_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

GETS_MAIL = "Whoever looks after the system gets them by mail, and may pass them on."


@blueprint.get("/reports/desk")
@requires(Permission.REVIEW_REPORTS)
def desk() -> ResponseReturnValue:
    """Show what is offered: a child who may not be safe first, then what waited longest."""
    is_ended = request.args.get("show") == Show.ENDED.value
    page = page_number(request.args.get("page"))
    return _desk((desk_ended if is_ended else open_desk)(current_actor(), page))


@blueprint.get("/reports/desk/<key>")
@requires(Permission.REVIEW_REPORTS)
def reading(key: str) -> ResponseReturnValue:
    """Show a report: the button that opens it, or what was written and what comes next."""
    try:
        return _reading(key)
    except NotFound:
        # Destroyed, and the reader's own: its page says so. Anything else is not there.
        ended_for_review(current_actor(), key)
        return redirect(url_for("incidents.sign_off", key=key), 303)


@blueprint.post("/reports/desk/<key>/open")
@requires(Permission.REVIEW_REPORTS)
@commits
def open_to_read(key: str) -> ResponseReturnValue:
    """Open a report, which is recorded for all of its reviewers."""
    if ButtonForm().is_sent():
        try:
            open_report(current_actor(), key=key)
        except Stale:
            return _desk(open_desk(current_actor(), 1), is_taken=True), 409
    return redirect(url_for("incidents.reading", key=key), 303)


@blueprint.post("/reports/desk/<key>/may-know")
@requires(Permission.REVIEW_REPORTS)
@commits
def may_know(key: str) -> ResponseReturnValue:
    """Pass a report to another reviewer: this one may know who or where it is."""
    form = ButtonForm()
    if form.is_sent():
        try:
            say_may_know(current_actor(), key=key)
        except RuleBroken as error:
            form.refuse(error)
            return _reading(key, form)
        say("It is offered to another reviewer, and to you no more.")
    return redirect(url_for("incidents.desk"), 303)


@blueprint.post("/reports/desk/<key>/no-danger")
@requires(Permission.REVIEW_REPORTS)
@commits
def no_danger(key: str) -> ResponseReturnValue:
    """Say that it shows no danger, and is for no other route."""
    form = StepForm()
    if form.is_sent():
        try:
            danger.say_no_danger(current_actor(), key=key, seen_version=form.version.data)
        except Stale:
            return _reading(key, is_stale=True)
    return redirect(url_for("incidents.reading", key=key), 303)


@blueprint.route("/reports/desk/<key>/route", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def other_route(key: str) -> ResponseReturnValue:
    """Show whom to ring, and note to whom a report was told; it then stands still."""
    form = RouteForm()
    if form.is_sent():
        try:
            danger.note_route(
                current_actor(),
                key=key,
                route=form.route.data or "",
                told=form.told.data or "",
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("incidents.other_route", key=key), 303)
    loaded = report_for_review(current_actor(), key)
    if request.method == "GET":
        form.route.data, form.told.data = loaded.incident.route, loaded.work.passed_words
    return _route_page(loaded, form, PassOnForm(formdata=None))


@blueprint.post("/reports/desk/<key>/passed-on")
@requires(Permission.REVIEW_REPORTS)
@commits
def passed_on(key: str) -> ResponseReturnValue:
    """Destroy here what another route has now."""
    actor, form = current_actor(), PassOnForm()
    if form.is_sent():
        try:
            is_gone = danger.pass_on(actor, key=key, has_all=bool(form.has_all.data))
        except RuleBroken as error:
            form.refuse(error)
        else:
            if not is_gone:
                say("Kept. It is destroyed here once another reviewer has said so, too.")
                return redirect(url_for("incidents.other_route", key=key), 303)
            say("It was destroyed here. Which route it went is all that is kept.")
            return redirect(url_for("incidents.desk"), 303)
    loaded = report_for_review(actor, key)
    sent = RouteForm(formdata=None)
    sent.route.data, sent.told.data = loaded.incident.route, loaded.work.passed_words
    return _route_page(loaded, sent, form)


@blueprint.route("/reports/desk/<key>/alert", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def alert(key: str) -> ResponseReturnValue:
    """Tell the owner of a system of a hazard, without names."""
    actor, form = current_actor(), AlertForm()
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.words.data, form.told.data):
            # With no actor nothing is noted: what reviewers write is no business of the audit.
            return ask_to_read_again(None, kinds, about="hazard of a report", read_by=GETS_MAIL)
        try:
            send_alert(
                actor,
                key=key,
                told=form.told.data or "",
                email=form.email.data or "",
                words=form.words.data or "",
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The mail leaves now. It names nobody, and no report.")
            return redirect(url_for("incidents.reading", key=key), 303)
    loaded = report_for_review(actor, key)
    page = render_template(
        "incidents/alert.html", report=report_page(actor, loaded), form=form, here=Step.DANGER.value
    )
    return page, form.status


def numbers() -> list[tuple[str, DutyNumber]]:
    """Return whom to ring, by day and by night, with the number to tap on."""
    said = people.duty_numbers(current_actor())
    times = (("day", "In the day"), ("night", "Evenings, nights and weekends"))
    return [(when, line) for time, when in times if (line := duty_number(said.get(time, "")))]


def _desk(found: Desk, *, is_taken: bool = False) -> str:
    return render_template(
        "incidents/desk.html", desk=found, shows=Show, today=clock.today(), is_taken=is_taken
    )


def _reading(
    key: str, form: ButtonForm | None = None, *, is_stale: bool = False
) -> ResponseReturnValue:
    actor = current_actor()
    loaded = report_for_review(actor, key, may_be_unopened=True)
    if loaded.incident.joined_into is not None:
        return redirect(url_for("incidents.reading", key=loaded.incident.joined_into), 303)
    page = render_template(
        "incidents/reading.html",
        report=report_page(actor, loaded),
        told=told_words(actor, loaded),
        route_words=_route_words(loaded),
        passed_words=loaded.work.passed_words,
        form=form,
        is_stale=is_stale,
        here=Step.DANGER.value,
    )
    return page, 409 if is_stale else 200 if form is None else form.status


def _route_page(loaded: Loaded, form: RouteForm, passed: PassOnForm) -> ResponseReturnValue:
    page = render_template(
        "incidents/route.html",
        report=report_page(current_actor(), loaded),
        # The one that was refused, for the title and the summary of errors.
        form=passed if passed.errors or passed.form_errors else form,
        route_form=form,
        passed=passed,
        route_words=_route_words(loaded),
        has_two=loaded.has_two,
        said_by_me=loaded.work.passed_by == current_actor().person_id,
        said_by_other=loaded.work.passed_by not in (0, current_actor().person_id),
        numbers=numbers(),
        has_way=may_call(loaded),
        here=Step.DANGER.value,
    )
    return page, max(form.status, passed.status)


def _route_words(loaded: Loaded) -> str:
    return ROUTE_WORDS[Route(loaded.incident.route)] if loaded.incident.route else ""
