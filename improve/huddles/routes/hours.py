"""The hour that a team protects: stating it, and saying whether it could be kept."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.huddles import fortnights, service
from improve.huddles.forms.planning import HourForm, KeptForm
from improve.huddles.queries import hours as queries
from improve.huddles.queries import notes as door
from improve.huddles.queries.hours import HourView
from improve.huddles.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.formatting import whole_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/teams/<slug>/huddles/hour", methods=["GET", "POST"])
@requires(Permission.RUN_HUDDLE)
@commits
def hour(slug: str) -> ResponseReturnValue:
    """State how long the team protects in this fortnight, and when."""
    actor = current_actor()
    team = door.team_to_run(actor, slug)
    form = HourForm()
    status, is_stale = 200, False
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.when_words.data):
            return ask_to_read_again(actor, kinds, about="protected hour")
        try:
            service.promise_hour(
                actor,
                slug=slug,
                minutes=whole_number(form.minutes.data or ""),
                when_words=form.when_words.data or "",
                seen_version=form.version.data,
            )
            say("Kept. Your leaders see it as theirs to protect.")
            return _back(slug)
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            is_stale = True
            form.version.data = error.facts["hour"].version if error.facts["hour"] else 0
    if request.method == "POST":
        status = 409 if is_stale else form.status
    return _page(team, promise=form, is_stale=is_stale), status


@blueprint.post("/teams/<slug>/huddles/hour/kept")
@requires(Permission.RUN_HUDDLE)
@commits
def hour_kept(slug: str) -> ResponseReturnValue:
    """Say whether the protected time of a fortnight happened, and what was in the way."""
    actor = current_actor()
    team = door.team_to_run(actor, slug)
    form = KeptForm()
    if form.monday is None:
        raise NotFound
    is_stale = False
    if not wants_change() and form.is_sent() and form.answer:
        if kinds := kinds_to_show(form.in_the_way.data):
            return ask_to_read_again(actor, kinds, about="protected hour")
        try:
            service.say_hour_kept(
                actor,
                slug=slug,
                from_on=form.monday,
                kept=form.answer,
                in_the_way=form.in_the_way.data or "",
                seen_version=form.version.data,
            )
            say("Thank you. It stands on your leaders’ page in your words.")
            return _back(slug)
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            is_stale = True
            form.version.data = error.facts["hour"].version
    return _page(team, answer=form, is_stale=is_stale), 409 if is_stale else 422


def _page(
    team: TeamView,
    *,
    promise: HourForm | None = None,
    answer: KeptForm | None = None,
    is_stale: bool = False,
) -> str:
    stated = queries.hours_of_team(current_actor(), team.id)
    now = fortnights.fortnight_of(clock.today())
    present = next((one for one in stated if one.from_on == now), None)
    if promise is None or not promise.is_submitted():
        promise = HourForm(
            formdata=None,
            version=present.version if present else 0,
            minutes=str(present.minutes) if present else "60",
            when_words=present.when_words if present else "",
        )
    return render_template(
        "huddles/hours.html",
        team=team,
        form=answer or promise,
        promise=promise,
        present=present,
        fortnight=fortnights.words(now),
        answers=[(one, _answer_form(one, answer)) for one in stated],
        is_stale=is_stale,
    )


def _answer_form(one: HourView, sent: KeptForm | None) -> KeptForm:
    """The form of one fortnight: the one that was sent, or filled with what was said."""
    if sent is not None and sent.monday == one.from_on:
        form = sent
    else:
        form = KeptForm(
            formdata=None,
            version=one.version,
            from_on=one.from_on.isoformat(),
            kept=one.kept.value if one.kept else None,
            in_the_way=one.in_the_way,
        )
    for field in form:
        # Several of these stand on one page.
        field.id = f"{field.id}-{one.from_on.isoformat()}"
    return form


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("huddles.hour", slug=slug), 303)
