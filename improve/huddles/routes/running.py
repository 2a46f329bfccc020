"""Running a huddle: starting it, walking through its parts, its clock, who drives, who is here."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.huddles import queries, rights, service
from improve.huddles.forms.running import GoForm, HereForm, ItemForm, StartForm
from improve.huddles.routes.answers import (
    answer,
    back_to_part,
    part_address,
    part_named,
    say_why_not,
    wall_follows,
)
from improve.huddles.routes.blueprint import blueprint
from improve.huddles.routes.showing import show_part
from improve.huddles.teaching import FIVE_LINES
from improve.huddles.views import HuddleHead
from improve.ideas.routes.way_back import go_back
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from improve.shared.formatting import whole_number
from improve.shared.htmx import part as part_alone

# ---- before it begins


@blueprint.get("/teams/<slug>/huddles/start")
@requires(Permission.SEE_HUDDLES, is_open_on_own_phone=True)
def start(slug: str) -> ResponseReturnValue:
    """Show what waits, and the form that starts a huddle; or the one that goes on."""
    return _start_page(current_actor(), slug)


@blueprint.post("/teams/<slug>/huddles/start")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def start_huddle(slug: str) -> ResponseReturnValue:
    """Start a huddle. Sent twice, or by two at once, it is one."""
    actor, form = current_actor(), StartForm()
    page = queries.start_page(actor, slug)
    form.offer((person.id, person.name) for person in page.people)
    if not form.is_sent():
        return _start_page(actor, slug, form, form.status)
    try:
        started = service.start_huddle(
            actor,
            team_id=page.team.id,
            form_token=form.form_token.data,
            driver_id=form.driver_id.data or None,
            here_ids=form.here.people,
            is_short=form.is_short.data,
        )
    except RuleBroken as error:
        form.refuse(error)
        return _start_page(actor, slug, form, 422)
    if not started.is_new:
        say("This huddle goes on already. Here it is.")
    return go_back(
        url_for("huddles.part", slug=slug, huddle_id=started.huddle_id, part=started.part.value)
    )


def _start_page(
    actor: Actor, slug: str, form: StartForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = queries.start_page(actor, slug)
    if form is None:
        form = StartForm(formdata=None)
        form.offer((person.id, person.name) for person in page.people)
        form.driver_id.data = actor.person_id
        form.is_short.data = page.team.is_busy
    heading = f"{page.team.name} huddle"
    return answer(
        "huddles/start.html",
        status,
        start=page,
        form=form,
        heading=heading,
        five_lines=FIVE_LINES,
        now=clock.now(),
    )


# ---- its parts


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>")
@requires(Permission.SEE_HUDDLES, is_open_on_own_phone=True)
def huddle(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Lead to where the driver stands; a finished huddle leads to its notes."""
    head = queries.huddle_head(current_actor(), slug, huddle_id)
    if not head.is_going_on:
        return go_back(url_for("huddles.notes", slug=slug, huddle_id=huddle_id))
    return go_back(part_address(head, head.part.value, head.item_id))


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>/<string:part>")
@requires(Permission.SEE_HUDDLES, is_open_on_own_phone=True)
def part(slug: str, huddle_id: int, part: str) -> ResponseReturnValue:
    """Show one part; to a poll, only whether anything was said since."""
    actor, named = current_actor(), part_named(part)
    if named is None:
        raise NotFound
    item_id = whole_number(request.args.get("item"))
    if "since" in request.args:
        return _changes_since(queries.huddle_head(actor, slug, huddle_id), part, item_id)
    return show_part(actor, slug, huddle_id, (named, item_id))


def _changes_since(head: HuddleHead, part: str, item_id: int | None) -> ResponseReturnValue:
    """Answer a poll: nothing where it stands as it was drawn, else how much changed."""
    version = whole_number(request.args["since"])
    if version is None or version >= head.version:
        return Response(status=204)
    return part_alone(
        "huddles/_changes.html",
        changes=head.version - version,
        address=part_address(head, part, item_id),
    )


# ---- buttons of the one who drives, and of everybody here


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/go")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def go(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Stand at a part, and maybe at one thing of it: what the wall shows."""
    actor, form = current_actor(), GoForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    to = form.to_part
    if not form.is_sent() or to is None:
        return back_to_part(head, head.part.value)
    try:
        service.go_to(actor, huddle_id=huddle_id, part=to, item_id=form.item.data)
    except RuleBroken as error:
        say_why_not(error)
    return back_to_part(head, to.value, form.item.data)


def _press(
    slug: str, huddle_id: int, press: Callable[[Actor, HuddleHead, ItemForm], str | None]
) -> ResponseReturnValue:
    """Do what a button says, and lead back to the part that it stood on."""
    actor, form = current_actor(), ItemForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    if form.is_sent():
        try:
            words = press(actor, head, form)
        except RuleBroken as error:
            say_why_not(error)
        else:
            if words:
                say(words)
    return back_to_part(head, form.part.data, form.item.data)


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/pause")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def pause(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Stop the clock."""
    return _press(
        slug, huddle_id, lambda actor, _head, _form: service.pause(actor, huddle_id=huddle_id)
    )


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/go-on")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def go_on(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Let the clock go on."""
    return _press(
        slug, huddle_id, lambda actor, _head, _form: service.go_on(actor, huddle_id=huddle_id)
    )


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/drive")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def drive(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Become the driver: the wall follows from here."""

    def take_over(actor: Actor, head: HuddleHead, form: ItemForm) -> str:
        service.take_over_driving(actor, huddle_id=huddle_id)
        # From here: the wall comes to where the new driver stands.
        to = part_named(form.part.data)
        if to is not None and to in head.parts:
            service.go_to(actor, huddle_id=huddle_id, part=to, item_id=form.item.data)
        return "You are driving. The wall shows what you open."

    return _press(slug, huddle_id, take_over)


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/looked-at")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def settle(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Note that one thing was looked at."""
    return _on_item(slug, huddle_id, service.settle)


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/put-off")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def put_off(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Come back to this one: it goes to the end of its list."""
    return _on_item(slug, huddle_id, service.put_off)


def _on_item(slug: str, huddle_id: int, act: Callable[..., None]) -> ResponseReturnValue:
    """Do something about one thing of the list; the page then opens the next one."""
    actor, form = current_actor(), ItemForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    if form.is_sent() and form.item.data:
        try:
            act(actor, huddle_id=huddle_id, item_id=form.item.data)
            wall_follows(actor, head, form.part.data)
        except RuleBroken as error:
            say_why_not(error)
    return back_to_part(head, form.part.data)


# ---- who is here


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>/here")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
def who_is_here(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Show who is ticked as here."""
    actor = current_actor()
    page = queries.add_page(actor, slug, huddle_id)
    if not page.head.may_run:
        raise Forbidden(rights.WHO_RUNS)
    form = HereForm(formdata=None)
    form.offer((person.id, person.name) for person in page.people)
    form.here.data = [str(person.id) for person in page.people if person.is_here]
    form.others_here.data = page.head.others_here
    return answer("huddles/here.html", page=page, form=form)


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/here")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def save_who_is_here(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Say who is here, all at once."""
    actor, form = current_actor(), HereForm()
    page = queries.add_page(actor, slug, huddle_id)
    form.offer((person.id, person.name) for person in page.people)
    if not form.is_sent():
        return answer("huddles/here.html", form.status, page=page, form=form)
    try:
        service.tick_here(
            actor, huddle_id=huddle_id, here_ids=form.here.people, others_here=form.others
        )
    except RuleBroken as error:
        form.refuse(error)
        return answer("huddles/here.html", 422, page=page, form=form)
    return back_to_part(page.head, page.head.part.value)
