"""Tallies: ask a question, tap the answers on phones, watch the week on a wall, make its point."""

from __future__ import annotations

import secrets

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.accounts.sessions.capture import is_capturing
from improve.measures import service
from improve.measures.forms import VersionForm
from improve.measures.forms.tallies import NewTallyForm, TapForm, WeekForm
from improve.measures.queries import tallies as queries
from improve.measures.queries.tallies import TallyView
from improve.measures.routes.blueprint import blueprint
from improve.measures.service.define import WHO_DEFINES
from improve.measures.service.points import WHO_ENTERS
from improve.measures.tally_counts import ANSWER_WORDS, HOW_MANY_MOST, answer_words, week_of
from improve.measures.views import MeasureView
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from improve.shared.formatting import day_short, number, percent, whole_number
from improve.shared.htmx import is_htmx

#: The cookie that lets whoever tapped last take the tap back. Gone after an hour.
LAST_TAP = "improve-tap"
LAST_TAP_SECONDS = 3600
#: Numbers with a large button; larger ones stand behind “more”.
HOW_MANY_SHOWN = 6


@blueprint.get("/teams/<slug>/tallies")
@requires(Permission.SEE_MEASURES)
def team_tallies(slug: str) -> ResponseReturnValue:
    """List a team's tallies with what this week has so far."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    found = queries.tallies_of_team(actor, team.id)
    week = week_of(clock.today())
    return render_template(
        "measures/tallies.html",
        team=team,
        open_ones=[t for t in found if t.is_open],
        closed=[t for t in found if not t.is_open],
        counts={key[0]: c for key, c in queries.counts_of_weeks(actor, found, [week]).items()},
        may_make=may(actor, Permission.DEFINE_MEASURE, team_id=team.id),
        may_tap=may(actor, Permission.ENTER_DATA, team_id=team.id),
    )


@blueprint.route("/teams/<slug>/tallies/new", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def make_tally(slug: str) -> ResponseReturnValue:
    """Ask a team a question from today on."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team.id):
        raise Forbidden(WHO_DEFINES)
    form = NewTallyForm()
    form.offer(queries.tally_measures(actor, team.id))
    if form.idea.data is None:
        form.idea.data = request.args.get("idea", "")[:10]
    if form.is_sent():
        try:
            tally_id = service.make_tally(actor, team_id=team.id, details=form.details())
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            say("The tally is open. Here is what to give your team.")
            return redirect(url_for("measures.tally_week", tally_id=tally_id), 303)
    idea_id = whole_number(form.idea.data)
    return render_template(
        "measures/tally_new.html",
        form=form,
        team=team,
        idea_name=service.idea_name(actor, idea_id) if idea_id else "",
    ), form.status


# ---- the phone


@blueprint.get("/tallies/<int:tally_id>")
@requires(Permission.ENTER_DATA, is_open_on_own_phone=True, capture=True)
def tally(tally_id: int) -> ResponseReturnValue:
    """Show the question and its buttons, and nothing else."""
    actor = current_actor()
    view = _tapped(actor, tally_id)
    if not may(actor, Permission.ENTER_DATA, team_id=view.team_id):
        raise Forbidden(WHO_ENTERS)
    return _tap_page(actor, view)


def _tapped(actor: Actor, tally_id: int) -> TallyView:
    """Return the tally. To a capture pass, one of another team is one that never was."""
    view = queries.tally(actor, tally_id)
    if is_capturing() and not actor.is_in(view.team_id):
        raise NotFound
    return view


def _tap_page(
    actor: Actor, view: TallyView, *, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    last = None
    if key := request.cookies.get(LAST_TAP, "")[:40]:
        last = queries.tap(actor, view.id, key)
    if last is not None and last.is_undone:
        last = None
    is_yes_no = view.answers == "yes_no"
    shown = list(ANSWER_WORDS) if is_yes_no else list(range(HOW_MANY_SHOWN))
    more = [] if is_yes_no else list(range(HOW_MANY_SHOWN, HOW_MANY_MOST + 1))
    return render_template(
        "measures/tally.html",
        tally=view,
        answers=[(answer, answer_words(view.answers, answer)) for answer in shown],
        more=more,
        key=secrets.token_hex(16),
        week=week_of(clock.today()),
        last=last,
        last_words=answer_words(view.answers, last.answer) if last else "",
        is_taken_back=request.args.get("undone") == "1" and last is None,
        refused=refused,
        idea_name=""
        if is_capturing() or view.idea_id is None
        else service.idea_name(actor, view.idea_id),
    ), status


@blueprint.post("/tallies/<int:tally_id>/taps")
@requires(Permission.ENTER_DATA, is_open_on_own_phone=True, capture=True)
@commits
def tap(tally_id: int) -> ResponseReturnValue:
    """Count one tap. A script gets an empty answer, a form the page again."""
    actor = current_actor()
    view = _tapped(actor, tally_id)
    form = TapForm()
    if not form.is_sent():
        return _tap_page(actor, view)
    try:
        tapped = service.tap(
            actor,
            tally_id=tally_id,
            key=form.key.data or "",
            answer=form.answered,
            week_on=form.week_on,
            was_kept=form.kept.data == "1",
        )
    except RuleBroken as broken:
        if is_htmx():
            raise
        return _tap_page(actor, view, refused=str(broken), status=422)
    response = _after_tap(view)
    response.set_cookie(LAST_TAP, tapped.key, max_age=LAST_TAP_SECONDS, **_cookie(view))  # type: ignore[arg-type]
    return response


@blueprint.post("/tallies/<int:tally_id>/undo")
@requires(Permission.ENTER_DATA, is_open_on_own_phone=True, capture=True)
@commits
def undo_tap(tally_id: int) -> ResponseReturnValue:
    """Take back the tap whose key is sent."""
    actor = current_actor()
    view = _tapped(actor, tally_id)
    form = TapForm()
    if not form.is_sent():
        return _tap_page(actor, view)
    service.undo_tap(actor, tally_id=tally_id, key=form.key.data or "")
    response = _after_tap(view, undone="1")
    response.delete_cookie(LAST_TAP, **_cookie(view))  # type: ignore[arg-type]
    return response


def _after_tap(view: TallyView, undone: str | None = None) -> Response:
    if is_htmx():
        return Response(status=204)
    return make_response(redirect(url_for("measures.tally", tally_id=view.id, undone=undone), 303))


def _cookie(view: TallyView) -> dict[str, object]:
    return {
        "path": url_for("measures.tally", tally_id=view.id),
        "httponly": True,
        "samesite": "Lax",
        "secure": current_app.config["IS_SECURE"],
    }


# ---- the week


@blueprint.get("/tallies/<int:tally_id>/week")
@requires(Permission.SEE_MEASURES, is_open_on_own_phone=True)
def tally_week(tally_id: int) -> ResponseReturnValue:
    """Show this week's taps as squares, for the wall, and the weeks before.

    Asked again by htmx with ``seen``, it answers 204 where nothing changed, else the part. With
    ``wall`` it stands alone and large, without buttons.
    """
    actor = current_actor()
    page = queries.tally_page(actor, tally_id)
    if is_htmx() and request.args.get("seen") == page.mark:
        return Response(status=204)
    view = page.tally
    is_wall = request.args.get("wall") == "1"
    whole = "measures/tally_wall.html" if is_wall else "measures/tally_week.html"
    return render_template(
        "measures/_tally_week.html" if is_htmx() else whole,
        is_wall=is_wall,
        page=page,
        tally=view,
        now=page.now,
        answer_words=answer_words,
        point_words=_point_words,
        may_manage=may(actor, Permission.DEFINE_MEASURE, team_id=view.team_id),
        may_tap=may(actor, Permission.ENTER_DATA, team_id=view.team_id),
        address=current_app.config["BASE_URL"] + url_for("measures.tally", tally_id=view.id),
        idea_name=service.idea_name(actor, view.idea_id) if view.idea_id else "",
    )


def _point_words(row: queries.WeekRow, measure: MeasureView) -> str:
    """Say what the chart has for a week."""
    if row.point is None:
        if row.settled is not None:
            return "Taken out by hand"
        return "Not on the chart yet" if not row.counts.is_gap else "A gap"
    said = row.point.words(measure)
    if row.is_as_counted:
        return said
    return (
        f"{said}, changed by hand" if row.is_changed_by_hand else f"{said}, counted again tonight"
    )


@blueprint.post("/tallies/<int:tally_id>/point")
@requires(Permission.DEFINE_MEASURE)
@commits
def settle_tally(tally_id: int) -> ResponseReturnValue:
    """Make a week's taps a point of the measure now, or count them again."""
    actor = current_actor()
    view = queries.tally(actor, tally_id)
    form = WeekForm()
    here = url_for("measures.tally_week", tally_id=tally_id)
    if form.is_sent():
        try:
            done = service.settle_tally(actor, tally_id, form.week_on or clock.today())
        except RuleBroken as broken:
            say(str(broken), kind="warn")
            return redirect(here, 303)
        link = url_for("measures.measure_page", measure_id=view.measure_id)
        say(_settled_words(done), link_url=link, link_words="See the chart")
    return redirect(here, 303)


def _settled_words(done: service.SettledWeek) -> str:
    week = f"the week of {day_short(done.week_on)}"
    if done.change == "gap":
        return f"No answers in {week}: the chart shows a gap."
    if done.change == "removed":
        return f"No taps are left in {week}: its point is taken out."
    counts = done.counts
    shown = number(counts.top) if not counts.bottom else percent(counts.top / counts.bottom)
    if done.change == "same":
        return f"The chart has {shown} for {week} already."
    return f"{shown} is on the chart for {week}."


@blueprint.post("/tallies/<int:tally_id>/close")
@requires(Permission.DEFINE_MEASURE)
@commits
def close_tally(tally_id: int) -> ResponseReturnValue:
    """Ask no more."""
    form = VersionForm()
    view = queries.tally(current_actor(), tally_id)
    if form.is_sent():
        service.close_tally(current_actor(), tally_id=view.id, seen_version=form.version.data)
        say("The tally is closed. What was tapped stays.")
    return redirect(url_for("measures.tally_week", tally_id=tally_id), 303)


@blueprint.post("/tallies/<int:tally_id>/reopen")
@requires(Permission.DEFINE_MEASURE)
@commits
def reopen_tally(tally_id: int) -> ResponseReturnValue:
    """Ask again."""
    form = VersionForm()
    view = queries.tally(current_actor(), tally_id)
    if form.is_sent():
        service.reopen_tally(current_actor(), tally_id=view.id, seen_version=form.version.data)
        say("The tally is open again.")
    return redirect(url_for("measures.tally_week", tally_id=tally_id), 303)
