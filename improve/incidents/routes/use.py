"""What we do with a report that was signed off: words for staff, or an idea in fresh words."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.queries import teams
from improve.accounts.roles import Permission
from improve.incidents.forms.desk import StepForm
from improve.incidents.forms.use import GivenIdeaForm, IdeaForm, LearningForm, LinkForm
from improve.incidents.learning_days import batch_after, shown_month_of
from improve.incidents.queries.use import AfterPage, after_page
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service import use as service
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.forms import Form, options
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/reports/desk/<key>/use", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def use(key: str) -> ResponseReturnValue:
    """Show what came of a report; keep its theme and note, and whether staff may read it."""
    actor, form, is_stale = current_actor(), LearningForm(), False
    if request.method == "POST" and not wants_change() and form.is_sent():
        theme, note = form.theme.data or "", form.note.data or ""
        if kinds := kinds_to_show(theme, note):
            return ask_to_read_again(None, kinds, about="what was learned")
        try:
            service.keep_learning(
                actor,
                key=key,
                theme=theme,
                note=note,
                is_shown=bool(form.is_shown.data),
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("Kept.")
            return _back(key)
    return _use_page(key, form, is_stale=is_stale)


@blueprint.route("/reports/desk/<key>/use/idea", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def use_idea(key: str) -> ResponseReturnValue:
    """Write an idea: the box is empty, and nothing that was reported is put into it."""
    actor, form, is_stale = current_actor(), IdeaForm(), False
    offer_teams(form)
    if request.method == "POST" and not wants_change() and form.is_sent():
        text, benefit = form.text.data or "", form.benefit.data or ""
        if form.team is None:
            form.team_id.errors = ["Choose a team."]
        elif kinds := kinds_to_show(text, benefit):
            return ask_to_read_again(None, kinds, about="idea")
        else:
            try:
                service.write_idea(
                    actor,
                    key=key,
                    text=text,
                    benefit=benefit,
                    team_id=form.team,
                    seen_version=form.version.data,
                )
            except RuleBroken as error:
                form.refuse(error)
            except Stale:
                is_stale = True
            else:
                say("The idea waits for its batch.")
                return _back(key)
    after = after_page(actor, key)
    waits = after.learned.proposal if after.learned is not None else None
    if request.method == "GET" and waits is not None:
        form.text.data, form.benefit.data = waits.text, waits.benefit
        form.team_id.data = str(waits.team_id)
    return _page("incidents/use_idea.html", after, form, is_stale=is_stale)


@blueprint.post("/reports/desk/<key>/use/idea/back")
@requires(Permission.REVIEW_REPORTS)
@commits
def use_idea_back(key: str) -> ResponseReturnValue:
    """Take an idea back that waits for its batch."""
    form = StepForm()
    if form.is_sent():
        try:
            service.take_idea_back(current_actor(), key=key, seen_version=form.version.data)
        except RuleBroken as error:
            refused = LearningForm(formdata=None)
            refused.refuse(error)
            return _use_page(key, refused, is_filled=True)
        except Stale:
            return _use_page(key, LearningForm(formdata=None), is_stale=True, is_filled=True)
        say("The idea is taken back.")
    return _back(key)


@blueprint.route("/reports/desk/<key>/use/link", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def use_link(key: str) -> ResponseReturnValue:
    """Say that an idea of a board answers this report; the idea knows nothing of it."""
    actor, form, is_stale = current_actor(), LinkForm(), False
    if form.is_sent():
        try:
            service.link_idea(actor, key=key, idea_id=form.idea, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("It is linked, on this side alone.")
            return _back(key)
    return _page("incidents/use_link.html", after_page(actor, key), form, is_stale=is_stale)


def offer_teams(form: GivenIdeaForm) -> None:
    """Offer the teams of the council for an idea, and none yet."""
    form.team_id.choices = options(
        [("", "Choose a team"), *((team.id, team.name) for team in teams(current_actor()))]
    )


def _use_page(
    key: str, form: LearningForm, *, is_stale: bool = False, is_filled: bool = False
) -> ResponseReturnValue:
    after = after_page(current_actor(), key, names_team=True)
    learned = after.learned
    if learned is not None and (request.method == "GET" or is_filled):
        form.theme.data, form.note.data = learned.theme, learned.note
        form.is_shown.data = learned.shown_month is not None
    return _page("incidents/use.html", after, form, is_stale=is_stale)


def _page(
    template: str, after: AfterPage, form: Form, *, is_stale: bool = False
) -> ResponseReturnValue:
    """Return a page of this step; after another reviewer's step with what was typed."""
    if after.learned is None:
        raise NotFound
    if request.method == "GET" or is_stale or form.version.data is None:
        form.version.data = after.report.version
    today = clock.today()
    page = render_template(
        template,
        report=after.report,
        learned=after.learned,
        form=form,
        is_stale=is_stale,
        batch=batch_after(today),
        today=today,
        month=after.learned.shown_month or shown_month_of(today),
        here=Step.USE.value,
    )
    return page, 409 if is_stale else form.status


def _back(key: str) -> ResponseReturnValue:
    return redirect(url_for("incidents.use", key=key), 303)
