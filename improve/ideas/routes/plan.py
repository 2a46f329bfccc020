"""Planning a small test on one page of four lines, and starting it."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries, service
from improve.ideas.forms.cycles import PlanForm
from improve.ideas.kinds import Way
from improve.ideas.page import PlanFormView
from improve.ideas.queries.aims import aim_choices
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.cycles import (
    conflict_page,
    identifying,
    moved_answer,
    soft_of,
    without_soft,
)
from improve.ideas.routes.way_back import came_from, go_back
from improve.ideas.service import Moved
from improve.ideas.service.drivers import hang_idea
from improve.measures import queries as measures
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, wants_change


@blueprint.get("/ideas/<int:idea_id>/plan")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
def plan_small_test(idea_id: int) -> ResponseReturnValue:
    """Show the four lines of a small test, with the author's own words in them."""
    actor = current_actor()
    view = queries.plan_form(actor, idea_id)
    form = PlanForm(formdata=None)
    choices = _measure_choices(actor, view)
    form.offer(view, choices)
    form.driver_id.offer(aim_choices(actor), now=view.driver)
    form.fill(view)
    form.back.data = came_from(url_for("ideas.idea_page", idea_id=idea_id))
    return _plan_page(view, form)


@blueprint.post("/ideas/<int:idea_id>/plan")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def send_plan(idea_id: int) -> ResponseReturnValue:
    """Save the plan; start the test if asked, through the one gate."""
    actor, form = current_actor(), PlanForm()
    if wants_change() or not form.is_sent():
        return _plan_again(actor, idea_id, form)
    if kinds := identifying(actor, idea_id, form):
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="plan")
    try:
        moved = _plan(actor, idea_id, form)
    except RuleBroken as error:
        return _plan_again(actor, idea_id, form, error)
    except Stale as error:
        return conflict_page(actor, idea_id, form, error)
    if moved is not None:
        return moved_answer(actor, moved, form)
    say("Saved. Start the test when you are ready.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


def _plan(actor: Actor, idea_id: int, form: PlanForm) -> Moved | None:
    is_started, version = bool(form.is_started.data), form.version.data
    if form.is_hung_anew:
        # Before the move, so that the move stays the last change and can be taken back.
        chosen = form.driver_id.data or None
        version = hang_idea(
            actor, idea_id=idea_id, driver_id=chosen, seen_version=version, is_checked=False
        )
    moved = service.plan_small_test(
        actor,
        idea_id=idea_id,
        seen_version=version,
        from_stage=form.seen_stage,
        answers=form.answers(),
        is_started=is_started and not form.is_wide.data,
        note=form.note.data or "",
    )
    if not form.is_wide.data:
        return moved
    # The measures are chosen before the test starts, so that the move stays the last change.
    main_id, beside_id = form.measures()
    service.choose_measures(actor, idea_id=idea_id, main_id=main_id, beside_id=beside_id)
    if not is_started:
        return moved
    saved = queries.plan_form(actor, idea_id)
    return service.plan_small_test(
        actor,
        idea_id=idea_id,
        seen_version=saved.version,
        from_stage=saved.stage,
        answers={},
        is_started=True,
        note=form.note.data or "",
    )


def _measure_choices(actor: Actor, view: PlanFormView) -> list[tuple[int, str]]:
    return [(m.id, m.name) for m in measures.measure_choices(actor, view.team.id)]


def _plan_page(
    view: PlanFormView, form: PlanForm, *, soft: list[str] | None = None, status: int = 200
) -> ResponseReturnValue:
    return (
        render_template("ideas/plan.html", view=view, form=form, soft=soft or []),
        status,
    )


def _plan_again(
    actor: Actor, idea_id: int, form: PlanForm, error: RuleBroken | None = None
) -> ResponseReturnValue:
    view = queries.plan_form(actor, idea_id)
    seen = form.version.data, form.from_stage.data
    form.offer(view, _measure_choices(actor, view))
    form.driver_id.offer(aim_choices(actor), now=view.driver)
    form.version.data, form.from_stage.data = seen
    if error is None:
        return _plan_page(view, form, status=200 if wants_change() else form.status)
    chosen = queries.move_form(actor, idea_id, Way.DO).chosen
    soft = soft_of(chosen, error)
    form.refuse(without_soft(error, soft))
    return _plan_page(view, form, soft=list(soft.values()), status=422)
