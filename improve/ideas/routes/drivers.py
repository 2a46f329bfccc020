"""What drives an aim: adding, naming, ordering, closing; and the driver that an idea hangs on."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries as ideas
from improve.ideas import rights
from improve.ideas.aim_views import AimView, DriverView
from improve.ideas.forms.aims import DriverForm, HangForm, OneButton, PlaceForm
from improve.ideas.queries import aims as queries
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import go_back
from improve.ideas.service import drivers as service
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.formatting import whole_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/aims/<int:aim_id>/drivers", methods=["GET", "POST"])
@requires(Permission.PLAN_AIMS)
@commits
def add_driver(aim_id: int) -> ResponseReturnValue:
    """Add what is thought to move an aim, or with ``under`` another driver."""
    actor, form = current_actor(), DriverForm()
    aim = queries.aim_page(actor, aim_id, most=0)
    under = _driver_in(aim, whole_number(request.args.get("under")))
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.name.data):
            return ask_to_read_again(actor, kinds, about="driver")
        try:
            made = service.add_driver(
                actor,
                aim_id=aim_id,
                name=form.name.data or "",
                under_id=under.id if under else None,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Added.")
            return redirect(url_for("ideas.aim_page", aim_id=aim_id, _anchor=f"driver-{made}"), 303)
    page = render_template("ideas/aim_driver.html", form=form, aim=aim, under=under, driver=None)
    return page, form.status


@blueprint.route("/drivers/<int:driver_id>/edit", methods=["GET", "POST"])
@requires(Permission.PLAN_AIMS)
@commits
def edit_driver(driver_id: int) -> ResponseReturnValue:
    """Put a driver in other words; a colleague's in between are shown beside one's own."""
    actor, form = current_actor(), DriverForm()
    aim, driver = _find(actor, driver_id)
    theirs, status = "", 200
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.name.data):
            return ask_to_read_again(actor, kinds, about="driver")
        try:
            service.rename_driver(
                actor,
                driver_id=driver_id,
                name=form.name.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            form.version.data, theirs, status = error.facts["version"], error.facts["theirs"], 409
        else:
            say("Saved.")
            return redirect(
                url_for("ideas.aim_page", aim_id=aim.id, _anchor=f"driver-{driver_id}"), 303
            )
    if request.method == "GET":
        form.name.data, form.version.data = driver.name, driver.version
    page = render_template(
        "ideas/aim_driver.html", form=form, aim=aim, under=None, driver=driver, theirs=theirs
    )
    return page, max(status, form.status)


@blueprint.post("/drivers/<int:driver_id>/place")
@requires(Permission.PLAN_AIMS)
@commits
def move_driver(driver_id: int) -> ResponseReturnValue:
    """Move a driver one place up or down among those beside it."""
    actor, form = current_actor(), PlaceForm()
    aim, _ = _find(actor, driver_id)
    did = form.is_sent() and service.move_driver(
        actor,
        driver_id=driver_id,
        way="up" if form.way.data == "up" else "down",
        seen_place=form.seen_place,
    )
    say("Moved." if did else "It stands elsewhere by now. Look again.")
    return redirect(url_for("ideas.aim_page", aim_id=aim.id, _anchor=f"driver-{driver_id}"), 303)


@blueprint.route("/drivers/<int:driver_id>/close", methods=["GET", "POST"])
@requires(Permission.PLAN_AIMS)
@commits
def close_driver(driver_id: int) -> ResponseReturnValue:
    """Close a driver, after a page that says what stays."""
    actor, form = current_actor(), OneButton()
    aim, driver = _find(actor, driver_id)
    if form.is_sent():
        service.close_driver(actor, driver_id=driver_id)
        say("Closed. Its ideas stay on it.")
        return redirect(url_for("ideas.aim_page", aim_id=aim.id), 303)
    return render_template("ideas/aim_close.html", aim=aim, driver=driver), form.status


@blueprint.post("/drivers/<int:driver_id>/open")
@requires(Permission.PLAN_AIMS)
@commits
def open_driver_again(driver_id: int) -> ResponseReturnValue:
    """Open a closed driver again."""
    actor = current_actor()
    aim, _ = _find(actor, driver_id)
    try:
        service.open_driver_again(actor, driver_id=driver_id)
        say("It is open again.")
    except RuleBroken as error:
        say(str(error), kind="warn")
    return redirect(url_for("ideas.aim_page", aim_id=aim.id, _anchor=f"driver-{driver_id}"), 303)


@blueprint.route("/ideas/<int:idea_id>/aim", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def hang_idea(idea_id: int) -> ResponseReturnValue:
    """Say what an idea is meant to move."""
    actor, form = current_actor(), HangForm()
    page = ideas.idea_page(actor, idea_id)
    if not page.may.edit:
        raise Forbidden(rights.WHO_EDITS)
    now = queries.driver_named(actor, page.driver.driver_id if page.driver else None)
    form.driver_id.offer(queries.aim_choices(actor), now=now)
    if form.is_sent():
        try:
            service.hang_idea(
                actor,
                idea_id=idea_id,
                driver_id=form.driver_id.data or None,
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            form.version.data = error.facts["version"]
            return render_template(
                "ideas/aim_of_idea.html", page=page, form=form, facts=error.facts
            ), 409
        else:
            say("Saved.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    if request.method == "GET":
        form.driver_id.data, form.version.data = now.driver_id if now else 0, page.version
    return render_template("ideas/aim_of_idea.html", page=page, form=form), form.status


def _find(actor: Actor, driver_id: int) -> tuple[AimView, DriverView]:
    """Return a driver of the council with its aim. Raises ``NotFound``."""
    aim = queries.aim_page(actor, queries.aim_of_driver(actor, driver_id), most=0)
    return aim, next(one for one in aim.all_drivers if one.id == driver_id)


def _driver_in(aim: AimView, driver_id: int | None) -> DriverView | None:
    """Return an open driver of the first level; another number is no page."""
    if driver_id is None:
        return None
    found = next((d for d in aim.drivers if d.id == driver_id and d.closed_on is None), None)
    if found is None:
        raise NotFound
    return found
