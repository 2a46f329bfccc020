"""Leave a point out, have it count again, choose the chart, write down a hope; the history."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.forms import short_period
from improve.measures.forms.lines import ChartForm, HopeForm, ReasonForm
from improve.measures.history_words import change_words
from improve.measures.queries.history import history as history_page
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.idea_names import names_of_ideas
from improve.measures.service import decisions as service
from improve.measures.service.define import WHO_DEFINES
from improve.measures.service.point_rows import WHO_LEAVES_OUT
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.export import export_cell
from improve.shared.formatting import NBSP, page_number
from improve.shared.forms import options
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route(
    "/measures/<int:measure_id>/points/<int:observation_id>/leave-out", methods=["GET", "POST"]
)
@requires(Permission.CHANGE_PAST_DATA)
@commits
def leave_point_out(measure_id: int, observation_id: int) -> ResponseReturnValue:
    """Leave a point out of middle line, limits and verdict, with a reason."""
    return _count_or_not(measure_id, observation_id, leave_out=True)


@blueprint.route(
    "/measures/<int:measure_id>/points/<int:observation_id>/count-again", methods=["GET", "POST"]
)
@requires(Permission.CHANGE_PAST_DATA)
@commits
def count_point_again(measure_id: int, observation_id: int) -> ResponseReturnValue:
    """Have a point that was left out count again, with a reason."""
    return _count_or_not(measure_id, observation_id, leave_out=False)


def _count_or_not(measure_id: int, observation_id: int, *, leave_out: bool) -> ResponseReturnValue:
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    point = queries.observation(actor, measure_id, observation_id)
    if not may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_LEAVES_OUT)
    form, stale = ReasonForm(), False
    period = short_period(point.period_start, measure)
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.reason.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="left out")
        act = service.exclude_point if leave_out else service.include_point
        try:
            act(
                actor,
                measure_id=measure_id,
                observation_id=observation_id,
                reason=form.reason.data or "",
                seen=form.seen.data or "",
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale as error:
            stale, point = True, error.facts["observation"]
        else:
            say(f"{period} is left out." if leave_out else f"{period} counts again.")
            return redirect(
                url_for("measures.measure_page", measure_id=measure_id, view="table"), 303
            )
    form.seen.data = point.mark
    return render_template(
        "measures/reasoned.html",
        form=form,
        measure=measure,
        point=point,
        action=request.path,
        heading="Leave a point out" if leave_out else "Have a point count again",
        what=_WHAT_LEFT_OUT if leave_out else _WHAT_COUNTS,
        lead=f"{period}: {point.words(measure)}",
        note=point.note,
        excluded=point.excluded_reason,
        button="Leave it out" if leave_out else "Count it again",
        is_stale=stale,
        done=_done(leave_out, is_excluded=point.is_excluded),
        back=url_for("measures.measure_page", measure_id=measure_id, view="table"),
    ), 409 if stale else form.status


_WHAT_LEFT_OUT = (
    "It stays on the chart, crossed out, and counts for nothing: not for the middle line, the "
    "limits or a verdict. Leave a point out for something known and outside the work, such as a "
    "strike or a fault in the count; never because it looks bad."
)
_WHAT_COUNTS = "It counts again for the middle line, the limits and every verdict."


def _done(leave_out: bool, *, is_excluded: bool) -> str:
    if leave_out and is_excluded:
        return "It is left out already. Another reason takes the place of the one that is there."
    if not leave_out and not is_excluded:
        return "It counts already."
    return ""


@blueprint.route("/measures/<int:measure_id>/which-chart", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def choose_chart(measure_id: int) -> ResponseReturnValue:
    """Choose another chart than the usual one, or go back to it."""
    actor = current_actor()
    page = queries.measure_page(actor, measure_id)
    measure = page.measure
    if not may(actor, Permission.DEFINE_MEASURE, team_id=measure.team_id):
        raise Forbidden(WHO_DEFINES)
    usual, *others = page.reading.alternatives
    form, stale = ChartForm(), False
    form.chart.choices = options(
        [("", usual.name), *((o.chart, o.name) for o in others if o.is_possible)]
    )
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.reason.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="chart")
        try:
            service.choose_chart(
                actor,
                measure_id=measure_id,
                chart=form.chart.data or None,
                reason=form.reason.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale as error:
            stale, measure = True, error.facts["measure"]
        else:
            say("The chart is chosen." if form.chart.data else "The usual chart is drawn again.")
            return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
    elif not form.is_submitted():
        form.chart.data = measure.chart if measure.chart != usual.chart else ""
    form.version.data = measure.version
    return render_template(
        "measures/which_chart.html",
        form=form,
        measure=measure,
        usual=usual,
        others=others,
        is_stale=stale,
    ), 409 if stale else form.status


@blueprint.route("/measures/<int:measure_id>/hope", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def set_hope(measure_id: int) -> ResponseReturnValue:
    """Write down a value hoped for and whose hope it is; nothing is judged by it."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=measure.team_id):
        raise Forbidden(WHO_DEFINES)
    form, stale = HopeForm(), False
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.target_by.data):
            return ask_to_read_again(actor, kinds, measure_id=measure_id, about="hope")
        try:
            service.set_hope(
                actor,
                measure_id=measure_id,
                target=form.value,
                target_by=form.target_by.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale as error:
            stale, measure = True, error.facts["measure"]
        else:
            shown = 1 if form.value is not None else None
            say("The hope is written down." if shown else "The hope is taken away.")
            return redirect(
                url_for("measures.measure_page", measure_id=measure_id, hope=shown), 303
            )
    elif not form.is_submitted():
        form.target.data = export_cell(measure.target)
        form.target_by.data = measure.target_by
    form.version.data = measure.version
    return render_template(
        "measures/hope.html", form=form, measure=measure, is_stale=stale
    ), 409 if stale else form.status


@blueprint.get("/measures/<int:measure_id>/history")
@requires(Permission.SEE_MEASURES)
def history(measure_id: int) -> ResponseReturnValue:
    """List all that was done to a measure, the newest first."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    found = history_page(actor, measure_id, page_number(request.args.get("page")))
    names = names_of_ideas(found.idea_ids)
    lines = [
        (
            change,
            change_words(
                change.kind,
                change.facts,
                measure,
                named=lambda day: short_period(day, measure).replace(" ", NBSP),
                idea_names=names,
                old=change.old,
                new=change.new,
                on=change.on,
            ),
        )
        for change in found.changes
    ]
    return render_template("measures/history.html", measure=measure, found=found, lines=lines)
