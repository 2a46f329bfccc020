"""Set a baseline, draw a new middle line, take either back: looked at first, then saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.chart import ChartViews
from improve.measures.forms import short_period
from improve.measures.forms.lines import (
    BY_ITSELF,
    BaselineForm,
    MiddleLineForm,
    PickForm,
    ReasonForm,
    iso_day,
)
from improve.measures.history_words import NOT_ON_BOARD
from improve.measures.lines import DrawnLines
from improve.measures.queries import MeasurePageView
from improve.measures.queries.lines import TakenBack, newest_baseline_id, newest_line_id
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.idea_names import names_of_ideas
from improve.measures.service import lines as service
from improve.measures.service.define import WHO_DEFINES
from improve.measures.trials import Series, level_since
from improve.measures.views import MeasureView
from improve.shared.db import commits
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.formatting import whole_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


def _page_for(measure_id: int) -> MeasurePageView:
    """The measure with all that it is read from, for somebody who may decide about it."""
    actor = current_actor()
    page = queries.measure_page(actor, measure_id)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=page.measure.team_id):
        raise Forbidden(WHO_DEFINES)
    return page


# ---- baseline


@blueprint.route("/measures/<int:measure_id>/baseline", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def set_baseline(measure_id: int) -> ResponseReturnValue:
    """Look at points as a baseline by address, then have them count."""
    page = _page_for(measure_id)
    form, stale = BaselineForm(), False
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.reason.data):
            return ask_to_read_again(
                current_actor(), kinds, measure_id=measure_id, about="baseline"
            )
        try:
            choice = _baseline_of(form)
            service.set_baseline(
                current_actor(),
                measure_id=measure_id,
                choice=choice,
                reason=form.reason.data or "",
                seen=whole_number(form.seen.data) or 0,
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale:
            stale = True
            page = _page_for(measure_id)
        else:
            say("Those points now count as usual.", **_to_history(measure_id))
            return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
    return _baseline_page(page, form, stale=stale)


def _baseline_of(form: BaselineForm) -> service.BaselineChoice:
    first, last = iso_day(form.first.data), iso_day(form.last.data)
    if first is None or last is None:
        raise RuleBroken([Reason("Choose a first and a last point.", "first")])
    return service.BaselineChoice(
        starts_on=first, ends_on=last, idea_id=whole_number(form.idea.data) or None
    )


def _baseline_page(
    page: MeasurePageView, form: BaselineForm, *, stale: bool
) -> ResponseReturnValue:
    series, measure = page.series, page.measure
    sent = form.is_submitted()
    asked = form if sent else PickForm(request.args)
    reading = page.reading
    idea_id = whole_number(asked.idea.data)
    if asked.idea.data is None:
        idea_id = reading.window.idea_id if reading.window else None
    idea_id = idea_id if idea_id in series.idea_ids else None
    now = series.read_by(idea_id).analysis
    first = iso_day(asked.first.data) or now.baseline_from
    last = iso_day(asked.last.data) or now.baseline_to
    pick = PickForm(formdata=None)
    names = names_of_ideas(series.idea_ids)
    pick.offer(
        [(i, f"Tests of {names.get(i, NOT_ON_BOARD)}") for i in series.idea_ids],
        series.offered(idea_id),
        measure,
    )
    pick.idea.data = str(idea_id or BY_ITSELF)
    pick.first.data = first.isoformat() if first else None
    pick.last.data = last.isoformat() if last else None
    trial, count, too_few = None, 0, ""
    if first and last:
        choice = service.BaselineChoice(starts_on=first, ends_on=last, idea_id=idea_id)
        try:
            count = len(service.check_baseline(series.observations, series.windows, choice))
        except RuleBroken as broken:
            if sent or request.args.get("first"):
                pick.refuse(broken)
            else:
                too_few = broken.reasons[0].words
        else:
            trial = series.with_baseline(idea_id, first, last)
    form.idea.data, form.first.data, form.last.data = (
        pick.idea.data,
        pick.first.data,
        pick.last.data,
    )
    form.seen.data = str(newest_baseline_id(current_actor(), measure.id))
    status = 409 if stale else form.status if sent else 200
    return render_template(
        "measures/baseline.html",
        form=form,
        pick=pick,
        measure=measure,
        page=page,
        trial=trial,
        steered=_steered(series, series.lines_with_baseline(idea_id, first, last))
        if trial and first and last
        else (),
        chart=trial.views("measure") if trial else None,
        n_points=count,
        too_few=too_few,
        stretch=_stretch_words(measure, first, last),
        in_force=page.lines.baseline_of(idea_id),
        is_stale=stale,
        short_period=short_period,
    ), status


def _stretch_words(measure: MeasureView, first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return f"{short_period(first, measure)} to {short_period(last, measure)}"


@blueprint.route(
    "/measures/<int:measure_id>/baselines/<int:baseline_id>/take-back", methods=["GET", "POST"]
)
@requires(Permission.DEFINE_MEASURE)
@commits
def take_baseline_back(measure_id: int, baseline_id: int) -> ResponseReturnValue:
    """Have the software's own baseline count again."""
    series = _page_for(measure_id).series
    measure = series.measure
    view = queries.baseline(current_actor(), measure_id, baseline_id)
    stretch = _stretch_words(measure, view.starts_on, view.ends_on)
    own = (
        "The page takes all points there are again, those since the newest middle line where one "
        "was drawn."
        if view.idea_id is None
        else "The page takes the last 24 points before the test again, and every verdict that "
        "rests on them is worked out anew."
    )
    return _take_back(
        measure,
        view,
        lambda reason: service.remove_baseline(
            current_actor(), measure_id=measure_id, baseline_id=baseline_id, reason=reason
        ),
        heading="Take the baseline back",
        what=f"The points from {stretch} then no longer count as usual by themselves. {own}",
        said="The baseline is taken back.",
        steered=_steered(series, series.without_baseline(baseline_id)),
    )


# ---- middle line


@blueprint.route("/measures/<int:measure_id>/middle-line", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def draw_middle_line(measure_id: int) -> ResponseReturnValue:
    """Look at a new middle line by address, then draw it."""
    page = _page_for(measure_id)
    form, stale = MiddleLineForm(), False
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.reason.data):
            return ask_to_read_again(
                current_actor(), kinds, measure_id=measure_id, about="middle line"
            )
        first = iso_day(form.first.data)
        try:
            if first is None:
                raise RuleBroken([Reason("Choose the point that it begins at.", "first")])
            service.draw_middle_line(
                current_actor(),
                measure_id=measure_id,
                starts_on=first,
                answers={name: bool(form[name].data) for name in service.FOUR_QUESTIONS},
                reason=form.reason.data or "",
                seen=whole_number(form.seen.data) or 0,
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale:
            stale = True
            page = _page_for(measure_id)
        else:
            words = f"A new middle line begins with {short_period(first, page.measure)}."
            say(words, **_to_history(measure_id))
            return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
    return _middle_line_page(page, form, stale=stale)


def _middle_line_page(
    page: MeasurePageView, form: MiddleLineForm, *, stale: bool
) -> ResponseReturnValue:
    series, measure, window = page.series, page.measure, page.reading.window
    sent = form.is_submitted()
    first = iso_day(form.first.data if sent else request.args.get("first"))
    if first is None and window is not None:
        since = [o for o in series.observations if o.period_start >= window.starts_on]
        first = since[0].period_start if since else None
    pick = PickForm(formdata=None)
    pick.offer([], series.offered(None)[1:], measure)
    pick.first.data = first.isoformat() if first else None
    trial = chart = None
    is_same_picture = False
    if first and any(o.period_start == first for o in series.observations[1:]):
        idea_id = window.idea_id if window else None
        trial = series.with_line(idea_id, first)
        chart = trial.views("measure")
        is_same_picture = _levels(chart) == _levels(series.read_by(idea_id).views("measure"))
    form.first.data = pick.first.data
    form.seen.data = str(newest_line_id(current_actor(), measure.id))
    return render_template(
        "measures/middle_line.html",
        form=form,
        pick=pick,
        measure=measure,
        page=page,
        trial=trial,
        steered=_steered(series, series.lines_with_line(first)) if trial and first else (),
        chart=chart,
        is_same_picture=is_same_picture,
        level=level_since(trial, first) if trial and first else "",
        begins=short_period(first, measure) if first else "",
        is_stale=stale,
        short_period=short_period,
    ), 409 if stale else form.status


def _levels(chart: ChartViews) -> list[tuple[str, str]]:
    """The levels that a picture names: two pictures that name the same show nothing new."""
    return [(label.number, label.words) for label in chart.drawings[0].labels]


@blueprint.route(
    "/measures/<int:measure_id>/middle-lines/<int:line_id>/take-back", methods=["GET", "POST"]
)
@requires(Permission.DEFINE_MEASURE)
@commits
def take_middle_line_back(measure_id: int, line_id: int) -> ResponseReturnValue:
    """Take a middle line away; it stays in the history."""
    series = _page_for(measure_id).series
    measure = series.measure
    view = queries.middle_line(current_actor(), measure_id, line_id)
    return _take_back(
        measure,
        view,
        lambda reason: service.remove_middle_line(
            current_actor(), measure_id=measure_id, line_id=line_id, reason=reason
        ),
        heading="Take the middle line back",
        what=f"The line that begins at {short_period(view.starts_on, measure)} then goes, and "
        "the level before it is carried on.",
        steered=_steered(series, series.without_line(line_id)),
        said="The middle line is taken back.",
    )


# ---- what they share


def _steered(series: Series, lines: DrawnLines) -> list[str]:
    """Which verdicts are others by these lines: said before a person saves them."""
    found = series.steered(lines)
    names = names_of_ideas(one.idea_id for one in found)
    return [
        f"{names.get(one.idea_id, NOT_ON_BOARD)}, {one.test}: “{one.now}” becomes “{one.then}”."
        for one in found
    ]


def _to_history(measure_id: int) -> dict[str, Any]:
    return {
        "link_url": url_for("measures.history", measure_id=measure_id),
        "link_words": "See it in the history",
    }


def _take_back(
    measure: MeasureView,
    view: TakenBack,
    act: Callable[[str], None],
    *,
    heading: str,
    what: str,
    said: str,
    steered: Sequence[str] = (),
) -> ResponseReturnValue:
    """Ask why, then take it back; what is taken back already is left as it is."""
    form = ReasonForm()
    own_url = url_for("measures.measure_page", measure_id=measure.id)
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.reason.data):
            return ask_to_read_again(
                current_actor(), kinds, measure_id=measure.id, about="taking back"
            )
        try:
            act(form.reason.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            say(said, **_to_history(measure.id))
            return redirect(own_url, 303)
    return render_template(
        "measures/reasoned.html",
        form=form,
        measure=measure,
        heading=heading,
        action=request.path,
        what=what,
        steered=() if view.is_removed else steered,
        decided=view,
        button="Take it back",
        is_stale=False,
        done="It is taken back already." if view.is_removed else "",
        back=own_url,
    ), form.status
