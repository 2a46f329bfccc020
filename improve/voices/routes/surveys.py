"""Surveys: the same questions asked of a known group, by printed codes that are used once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from improve.accounts import queries as people
from improve.accounts.access import current_actor, form_name, public, requires
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.forms import options
from improve.shared.qr import qr_code
from improve.shared.rate_limits import ANSWERED, SENT, limiter, nameless_client
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change
from improve.voices.forms.public import StartForm
from improve.voices.forms.surveys import LostCodesForm, SurveyForm
from improve.voices.kinds import RATING_WORDS
from improve.voices.queries import surveys as queries
from improve.voices.queries.survey_results import survey_results
from improve.voices.questions import Step
from improve.voices.routes.addresses import host
from improve.voices.routes.at_form import At, at_form
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import surveys as service
from improve.voices.service.draft import TooMany
from improve.voices.wording import ENGLISH, LANGUAGES


@blueprint.route("/voices/surveys", methods=["GET", "POST"])
@requires(Permission.PLAN_VOICES)
@commits
def surveys() -> ResponseReturnValue:
    """List surveys, and make another: its codes are the answer, once."""
    actor, form = current_actor(), SurveyForm()
    form.team_id.choices = options(
        [("", "All teams"), *((team.id, team.name) for team in people.teams(actor))]
    )
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.name.data):
            return ask_to_read_again(actor, kinds, about="voice survey")
        try:
            if form.opens_on.on and form.closes_on.on:
                made = service.make_survey(
                    actor,
                    name=form.name.data or "",
                    opens_on=form.opens_on.on,
                    closes_on=form.closes_on.on,
                    count=form.number,
                    team_id=form.team,
                )
                return _sheet(form.name.data or "", form.closes_on.on, made)
        except RuleBroken as error:
            form.refuse(error)
    page = render_template(
        "voices/surveys.html", form=form, surveys=queries.surveys(actor), today=clock.today()
    )
    return page, form.status if request.method == "POST" else 200


@blueprint.get("/voices/surveys/<int:survey_id>")
@requires(Permission.PLAN_VOICES)
def survey(survey_id: int) -> ResponseReturnValue:
    """Show a survey: what it may show once it is counted."""
    return _survey(survey_id, LostCodesForm(formdata=None))


@blueprint.post("/voices/surveys/<int:survey_id>/new-codes")
@requires(Permission.PLAN_VOICES)
@commits
def new_codes(survey_id: int) -> ResponseReturnValue:
    """Void the codes of a lost sheet, and show new ones, once."""
    actor, form = current_actor(), LostCodesForm()
    if form.is_sent():
        try:
            made = service.replace_codes(actor, survey_id=survey_id, seen_sheet=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            return _survey(survey_id, form, was_replaced=True), 409
        else:
            found = queries.survey(actor, survey_id)
            return _sheet(found.name, found.closes_on, made)
    return _survey(survey_id, form), form.status


def _survey(survey_id: int, form: LostCodesForm, *, was_replaced: bool = False) -> str:
    actor = current_actor()
    return render_template(
        "voices/survey.html",
        form=form,
        was_replaced=was_replaced,
        survey=queries.survey(actor, survey_id),
        results=survey_results(actor, survey_id),
        today=clock.today(),
        rating_words=RATING_WORDS,
    )


def _too_many(_limit: RequestLimit) -> Any:
    """Answer somebody who is slowed with the numbers and the way on paper."""
    at, _ = _entry(str((request.view_args or {}).get("code", "")))
    return at.show("say_many", 429)


@blueprint.get("/say/once/<code>")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=_too_many)
def once(code: str) -> ResponseReturnValue:
    """Show the first page of the form to somebody with a printed code."""
    at, found = _entry(code)
    if not at.setup.takes_words:
        return at.show("say_closed")
    enter_url = url_for("voices.enter", code=code) if found.is_good else None
    return at.show(
        "say_start", form=StartForm(formdata=None), languages=LANGUAGES, enter_url=enter_url
    )


@blueprint.post("/say/once/<code>")
@public
@limiter.limit(SENT, key_func=nameless_client, on_breach=_too_many)
@commits
def enter(code: str) -> ResponseReturnValue:
    """Begin the form with a printed code."""
    at, found = _entry(code)
    form = StartForm()
    if not at.setup.takes_words:
        return at.show("say_closed", 409)
    if not found.is_good:
        return at.show("say_start", 409, form=form, languages=LANGUAGES)
    if not form.is_sent():
        enter_url = url_for("voices.enter", code=code)
        return at.show(
            "say_start", form.status, form=form, languages=LANGUAGES, enter_url=enter_url
        )
    language = form.language.data
    try:
        service.enter_survey(
            token=form_name(is_new=True),
            organisation_id=at.place.organisation_id,
            code=found,
            language=language if language in at.setup.languages else ENGLISH,
        )
    except TooMany:
        return at.show("say_many", 429)
    return at.go("voices.ask", step=Step.WHO.value)


def _entry(code: str) -> tuple[At, queries.SurveyCode]:
    """Return the form's first page, and the code. One that is used says so, and is none."""
    found = queries.survey_code(code, clock.today())
    if found is None:
        raise NotFound
    at = at_form(found.slug, may_choose=True)
    return replace(at, place=replace(at.place, has_ended=not found.is_good)), found


def _sheet(name: str, closes_on: date | None, codes: list[str]) -> ResponseReturnValue:
    base = current_app.config["BASE_URL"]
    # Never through the cache of codes: these are secrets, and seen once.
    drawn = [(code, qr_code.__wrapped__(f"{base}/say/once/{code}")) for code in codes]
    return render_template(
        "voices/survey_codes.html",
        name=name,
        closes_on=closes_on,
        codes=drawn,
        host=host(),
        council=people.organisation_name(current_actor()),
    )
