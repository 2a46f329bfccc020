"""Aims: the council's picture of what good looks like, what drives it, and what is tried."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.queries import organisation_name
from improve.accounts.roles import Permission, may
from improve.ideas import driver_diagram
from improve.ideas.forms.aims import AimForm, OneButton, PlaceForm
from improve.ideas.queries import aims as queries
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.service import aims as service
from improve.measures.queries.aims import choices_for_aim
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/aims")
@requires(Permission.SEE_AIMS)
def aims() -> ResponseReturnValue:
    """Show every aim with what drives it, and what is tried under each."""
    return render_template("ideas/aims.html", page=queries.aims_page(current_actor()))


@blueprint.get("/aims/<int:aim_id>")
@requires(Permission.SEE_AIMS)
def aim_page(aim_id: int) -> ResponseReturnValue:
    """Show one aim, its drivers, and every idea under them."""
    actor = current_actor()
    return render_template(
        "ideas/aim.html",
        aim=queries.aim_page(actor, aim_id),
        may_plan=may(actor, Permission.PLAN_AIMS),
        sees_ideas=may(actor, Permission.SEE_IDEAS),
    )


@blueprint.get("/aims/<int:aim_id>/diagram")
@requires(Permission.SEE_AIMS)
def driver_diagram_page(aim_id: int) -> ResponseReturnValue:
    """Draw aim, drivers and ideas as one picture to print."""
    actor = current_actor()
    aim = queries.aim_page(actor, aim_id, most=queries.SHOWN_ON_DIAGRAM)
    sees_ideas = may(actor, Permission.SEE_IDEAS)
    return render_template(
        "ideas/aim_diagram.html",
        aim=aim,
        diagram=driver_diagram.draw(aim, sees_ideas=sees_ideas),
        council=organisation_name(actor),
        today=clock.today(),
        sees_ideas=sees_ideas,
    )


@blueprint.route("/aims/new", methods=["GET", "POST"])
@requires(Permission.PLAN_AIMS)
@commits
def add_aim() -> ResponseReturnValue:
    """Add an aim."""
    actor, form = current_actor(), AimForm()
    form.offer((m.id, m.name) for m in choices_for_aim(actor))
    if form.is_sent() and not wants_change():
        if kinds := _kinds(form):
            return ask_to_read_again(actor, kinds, about="aim")
        try:
            made = service.make_aim(actor, details=form.details)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The aim is there. Now add what you think makes the difference.")
            return redirect(url_for("ideas.aim_page", aim_id=made), 303)
    return render_template("ideas/aim_form.html", form=form, aim=None), form.status


@blueprint.route("/aims/<int:aim_id>/edit", methods=["GET", "POST"])
@requires(Permission.PLAN_AIMS)
@commits
def edit_aim(aim_id: int) -> ResponseReturnValue:
    """Change what an aim says; a colleague's change in between is shown beside one's own."""
    actor, form = current_actor(), AimForm()
    aim = queries.aim_page(actor, aim_id, most=0)
    form.offer((m.id, m.name) for m in choices_for_aim(actor, chosen_id=aim.measure_id))
    if form.is_sent() and not wants_change():
        if kinds := _kinds(form):
            return ask_to_read_again(actor, kinds, about="aim")
        try:
            service.change_aim(
                actor, aim_id=aim_id, details=form.details, seen_version=form.version.data
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            form.version.data = error.facts["version"]
            return render_template("ideas/aim_form.html", form=form, aim=aim, theirs=aim), 409
        else:
            say("Saved.")
            return redirect(url_for("ideas.aim_page", aim_id=aim_id), 303)
    if request.method == "GET":
        form.show(aim)
    return render_template("ideas/aim_form.html", form=form, aim=aim), form.status


@blueprint.post("/aims/<int:aim_id>/place")
@requires(Permission.PLAN_AIMS)
@commits
def move_aim(aim_id: int) -> ResponseReturnValue:
    """Move an aim one place up or down."""
    actor, form = current_actor(), PlaceForm()
    did = form.is_sent() and service.move_aim(
        actor,
        aim_id=aim_id,
        way="up" if form.way.data == "up" else "down",
        seen_place=form.seen_place,
    )
    say("Moved." if did else "It stands elsewhere by now. Look again.")
    return redirect(url_for("ideas.aims", _anchor=f"aim-{aim_id}"), 303)


@blueprint.route("/aims/<int:aim_id>/close", methods=["GET", "POST"])
@requires(Permission.PLAN_AIMS)
@commits
def close_aim(aim_id: int) -> ResponseReturnValue:
    """Close an aim, after a page that says what stays."""
    actor, form = current_actor(), OneButton()
    aim = queries.aim_page(actor, aim_id, most=0)
    if form.is_sent():
        service.close_aim(actor, aim_id=aim_id)
        say("The aim is closed. Its drivers and ideas stay as they are.")
        return redirect(url_for("ideas.aims"), 303)
    return render_template("ideas/aim_close.html", aim=aim, driver=None), form.status


@blueprint.post("/aims/<int:aim_id>/open")
@requires(Permission.PLAN_AIMS)
@commits
def open_aim_again(aim_id: int) -> ResponseReturnValue:
    """Open a closed aim again."""
    try:
        service.open_aim_again(current_actor(), aim_id=aim_id)
        say("The aim is open again.")
    except RuleBroken as error:
        say(str(error), kind="warn")
    return redirect(url_for("ideas.aim_page", aim_id=aim_id), 303)


def _kinds(form: AimForm) -> list[str]:
    return kinds_to_show(form.statement.data, form.for_whom.data, form.how_much.data)
