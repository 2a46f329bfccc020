"""Add a number, change it, take it out, write a note beside it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, may
from improve.measures import queries, service
from improve.measures.forms import ChangePointForm, NoteForm, PointForm, RemovePointForm
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.pages import context_of, said_of_added
from improve.measures.service.points import WHO_ENTERS
from improve.shared.db import commits
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.htmx import announce, is_htmx, part, part_or_page


@blueprint.post("/measures/<int:measure_id>/points")
@requires(Permission.ENTER_DATA)
@commits
def add_point(measure_id: int) -> ResponseReturnValue:
    """Add a number; where there is one already, offer to replace it."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    if not may(actor, Permission.ENTER_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_ENTERS)
    form, conflict = PointForm(), None
    form.prepare(measure)
    if form.is_sent():
        point = form.point()
        try:
            saved = service.add_point(
                actor,
                measure_id=measure_id,
                period_start=point.period_start,
                value=point.value,
                numerator=point.numerator,
                denominator=point.denominator,
                note=point.note,
                replace=form.replace.data == "yes",
                reason=form.reason.data or "",
            )
        except service.AlreadyThere as there:
            conflict = there
            form.refuse(there)
        except RuleBroken as broken:
            form.refuse(broken)
            conflict = form.replace.data == "yes" or None
        else:
            return _added(measure_id, saved)
    page = queries.measure_page(actor, measure_id)
    return part_or_page(
        "measures/_measure.html",
        "measures/measure.html",
        form.status,
        **context_of(page, form=form, conflict=conflict),
    )


def _added(measure_id: int, saved: service.SavedPoint) -> ResponseReturnValue:
    day = saved.point.period_start
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
    measure = queries.measure(actor, measure_id)
    if not may(actor, Permission.ENTER_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_ENTERS)
    page = queries.measure_page(actor, measure_id)
    form = NoteForm(prefix="chart")
    form.offer(page.reading.observations, measure)
    if form.is_sent():
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
    measure = queries.measure(actor, measure_id)
    observation = queries.observation(actor, measure_id, observation_id)
    if not may(actor, Permission.ENTER_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_ENTERS)
    form = ChangePointForm()
    form.prepare(measure)
    if form.is_sent():
        try:
            service.change_point(
                actor,
                measure_id=measure_id,
                observation_id=observation_id,
                note=form.note.data or "",
                reason=form.reason.data or "",
                **form.numbers(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(
                url_for("measures.measure_page", measure_id=measure_id, view="table"), 303
            )
    elif not form.is_submitted():
        form.fill(observation)
    return render_template(
        "measures/change_point.html",
        measure=measure,
        observation=observation,
        change_form=form,
        remove_form=RemovePointForm(formdata=None, prefix="remove"),
        may_change=may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id),
    ), form.status


@blueprint.post("/measures/<int:measure_id>/points/<int:observation_id>/remove")
@requires(Permission.CHANGE_PAST_DATA)
@commits
def remove_point(measure_id: int, observation_id: int) -> ResponseReturnValue:
    """Take a number out, with a reason."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    observation = queries.observation(actor, measure_id, observation_id)
    form = RemovePointForm(prefix="remove")
    if form.is_sent():
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
        may_change=may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id),
    ), form.status
