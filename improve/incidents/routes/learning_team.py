"""For coaches: give an idea to the learning team, which proposes it in its own name."""

from __future__ import annotations

from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.use import GivenIdeaForm
from improve.incidents.learning_days import batch_after
from improve.incidents.queries.proposals import given_ideas
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.use import offer_teams
from improve.incidents.service.give_idea import give_idea, take_given_back
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.forms import Form
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/reports/learning-team", methods=["GET", "POST"])
@requires(Permission.SEE_COACHING)
@commits
def learning_team() -> ResponseReturnValue:
    """List what waits for the next batches, and take an idea for one."""
    actor, form = current_actor(), GivenIdeaForm()
    offer_teams(form)
    if request.method == "POST" and not wants_change() and form.is_sent():
        text, benefit = form.text.data or "", form.benefit.data or ""
        if form.team is None:
            form.team_id.errors = ["Choose a team."]
        elif kinds := kinds_to_show(text, benefit):
            return ask_to_read_again(None, kinds, about="idea")
        else:
            try:
                give_idea(
                    actor,
                    text=text,
                    benefit=benefit,
                    team_id=form.team,
                    form_token=form.form_token.data or "",
                )
            except RuleBroken as error:
                form.refuse(error)
            else:
                say("The idea waits for its batch.")
                return redirect(url_for("incidents.learning_team"), 303)
    if not form.form_token.data:
        form.form_token.data = uuid4().hex
    page = render_template(
        "incidents/learning_team.html",
        form=form,
        given=given_ideas(actor),
        batch=batch_after(clock.today()),
    )
    return page, form.status


@blueprint.post("/reports/learning-team/<key>/back")
@requires(Permission.SEE_COACHING)
@commits
def learning_team_back(key: str) -> ResponseReturnValue:
    """Take one's own idea back before its batch."""
    if Form().is_sent():
        take_given_back(current_actor(), key=key)
        say("The idea is taken back.")
    return redirect(url_for("incidents.learning_team"), 303)
