"""Add a number, change it, take it out, write a note beside it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission, may
from improve.measures import queries, service
from improve.measures.forms import ChangePointForm, NoteForm, PointForm, RemovePointForm
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.pages import PERIOD_HEADS, context_of, said_of_added
from improve.measures.service.number_rules import next_due
from improve.measures.service.point_rows import WHO_ENTERS
from improve.measures.views import MeasureView
from improve.shared.db import commits
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.htmx import announce, is_htmx, part, part_or_page
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

COUNTS_AGAIN = "The number before was left out. The one in its place counts."


@blueprint.post("/measures/<int:measure_id>/points")
@requires(Permission.ENTER_DATA)
@commits
def add_point(measure_id: int) -> ResponseReturnValue:
    """Add a number; where there is one already, offer to replace it."""
    actor = current_actor()
    measure = _measure_to_enter(measure_id)
    form, conflict = PointForm(), None
    form.prepare(measure)
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.note.data, form.reason.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="point")
        saved, conflict = _try_to_add(measure_id, form)
        if saved is not None:
            return _added(measure_id, saved)
    page = queries.measure_page(actor, measure_id)
    return part_or_page(
        "measures/_measure.html",
        "measures/measure.html",
        form.status,
        **context_of(page, form=form, conflict=conflict),
    )


@blueprint.route("/measures/<int:measure_id>/add", methods=["GET", "POST"])
@requires(Permission.ENTER_DATA, is_open_on_own_phone=True)
@commits
def add_one(measure_id: int) -> ResponseReturnValue:
    """Add the number that is due, from a phone: the period is chosen, one box, one button."""
    actor = current_actor()
    measure = _measure_to_enter(measure_id)
    _, latest = queries.how_far(actor, measure_id, most=1)
    form, conflict = PointForm(), None
    form.prepare(measure, latest, next_due(measure, latest))
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.note.data, form.reason.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="point")
        saved, conflict = _try_to_add(measure_id, form)
        if saved is not None:
            day = saved.point.period_start.isoformat()
            return redirect(url_for("measures.add_one", measure_id=measure_id, added=day), 303)
    done = ""
    page = None
    if request.method == "GET" and request.args.get("added"):
        page = queries.measure_page(actor, measure_id)
        day = request.args["added"]
        found = [o for o in page.reading.observations if o.period_start.isoformat() == day]
        done = said_of_added(page, found[0].period_start) if found else ""
    return render_template(
        "measures/add.html",
        measure=measure,
        point_form=form,
        conflict=conflict,
        done=done,
        reading=page.reading if page else None,
        period_head=PERIOD_HEADS[measure.frequency],
    ), form.status


def _measure_to_enter(measure_id: int) -> MeasureView:
    """Return the measure, or refuse whoever may not enter its numbers."""
    measure = queries.measure(current_actor(), measure_id)
    if not may(current_actor(), Permission.ENTER_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_ENTERS)
    return measure


def _try_to_add(measure_id: int, form: PointForm) -> tuple[service.SavedPoint | None, Any]:
    """Add the number of a form; else leave why not in it, and what stands there already."""
    point = form.point()
    try:
        saved = service.add_point(
            current_actor(),
            measure_id=measure_id,
            period_start=point.period_start,
            value=point.value,
            numerator=point.numerator,
            denominator=point.denominator,
            raw_values=point.raw_values,
            note=point.note,
            replace=form.replace.data == "yes",
            reason=form.reason.data or "",
        )
    except service.AlreadyThere as there:
        form.refuse(there)
        return None, there
    except RuleBroken as broken:
        form.refuse(broken)
        return None, form.replace.data == "yes" or None
    if saved.to_do:
        say(f"Added. {saved.to_do}", kind="warn")
    elif saved.counts_again:
        say(COUNTS_AGAIN)
    return saved, None


def _added(measure_id: int, saved: service.SavedPoint) -> ResponseReturnValue:
    day = saved.point.period_start
    if saved.to_do:
        return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
    if not is_htmx():
        target = url_for("measures.measure_page", measure_id=measure_id, added=day.isoformat())
        return redirect(target, 303)
    page = queries.measure_page(current_actor(), measure_id)
    announce(said_of_added(page, day))
    return part("measures/_measure.html", is_added=True, **context_of(page))


@blueprint.post("/measures/<int:measure_id>/notes")
@requires(Permission.ENTER_DATA)
@commits
def note_point(measure_id: int) -> ResponseReturnValue:
    """Write a note beside a point of the chart."""
    actor = current_actor()
    measure = _measure_to_enter(measure_id)
    page = queries.measure_page(actor, measure_id)
    form = NoteForm(prefix="chart")
    form.offer(page.reading.observations, measure)
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.note.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="note")
        day = form.day()
        try:
            if day is None:
                raise RuleBroken([Reason("Choose one of the points.", "period")])
            service.note_point(
                actor, measure_id=measure_id, period_start=day, note=form.note.data or ""
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            target = url_for("measures.measure_page", measure_id=measure_id, _anchor="notes")
            return redirect(target, 303)
    return render_template("measures/measure.html", **context_of(page, note_form=form)), form.status


@blueprint.route("/measures/<int:measure_id>/points/<int:observation_id>", methods=["GET", "POST"])
@requires(Permission.ENTER_DATA)
@commits
def change_point(measure_id: int, observation_id: int) -> ResponseReturnValue:
    """Change a number entered before, with a reason, or its note."""
    actor = current_actor()
    observation = queries.observation(actor, measure_id, observation_id)
    measure = _measure_to_enter(measure_id)
    form, stale = ChangePointForm(), False
    form.prepare(measure)
    if not form.is_submitted():
        form.fill(observation)
    elif not wants_change() and form.is_sent():
        note = form.note.data if form.note.data != observation.note else ""
        if kinds := kinds_to_show(note, form.reason.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="point")
        try:
            saved = service.change_point(
                actor,
                measure_id=measure_id,
                observation_id=observation_id,
                seen=form.seen.data or "",
                note=form.note.data or "",
                reason=form.reason.data or "",
                **form.numbers(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale as error:
            stale, observation = True, error.facts["observation"]
            form.seen.data = observation.mark
        else:
            if saved.counts_again:
                say(COUNTS_AGAIN)
            return redirect(
                url_for("measures.measure_page", measure_id=measure_id, view="table"), 303
            )
    return render_template(
        "measures/change_point.html",
        measure=measure,
        observation=observation,
        change_form=form,
        remove_form=RemovePointForm(formdata=None, prefix="remove"),
        may_change=may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id),
        is_stale=stale,
    ), 409 if stale else form.status


@blueprint.post("/measures/<int:measure_id>/points/<int:observation_id>/remove")
@requires(Permission.CHANGE_PAST_DATA)
@commits
def remove_point(measure_id: int, observation_id: int) -> ResponseReturnValue:
    """Take a number out, with a reason."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    observation = queries.observation(actor, measure_id, observation_id)
    form = RemovePointForm(prefix="remove")
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.reason.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="point")
        service.remove_point(
            actor,
            measure_id=measure_id,
            observation_id=observation_id,
            reason=form.reason.data or "",
        )
        return redirect(url_for("measures.measure_page", measure_id=measure_id, view="table"), 303)
    change_form = ChangePointForm(formdata=None)
    change_form.prepare(measure)
    change_form.fill(observation)
    return render_template(
        "measures/change_point.html",
        measure=measure,
        observation=observation,
        change_form=change_form,
        remove_form=form,
        is_stale=False,
        may_change=may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id),
    ), form.status
