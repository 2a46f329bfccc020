"""One action: done, another day, or dropped with a reason. From a huddle, or long after it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.accounts.sessions.visits import is_visiting
from improve.huddles import queries, service
from improve.huddles.forms.actions import ActionDayForm, ActionDoneForm, ActionDropForm
from improve.huddles.routes.answers import answer
from improve.huddles.routes.blueprint import blueprint
from improve.ideas.routes.way_back import came_from, go_back
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.formatting import day
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/actions/<int:action_id>")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def action(action_id: int) -> ResponseReturnValue:
    """Show one action and what may become of it."""
    return _page(current_actor(), action_id)


def _page(
    actor: Actor, action_id: int, form: Any = None, *, is_stale: bool = False
) -> ResponseReturnValue:
    page = queries.action_page(actor, action_id)
    day_form = form if isinstance(form, ActionDayForm) else ActionDayForm(formdata=None)
    people = {person.id: person.name for person in page.people}
    day_form.offer({page.action.owner_id: page.action.owner_name, **people}.items())
    if day_form is not form:
        day_form.due_on.show(page.action.due_on)
    if day_form is not form or day_form.owner_id is None:
        day_form.owner.data = str(page.action.owner_id)
    return answer(
        "huddles/action.html",
        409 if is_stale else form.status if form else 200,
        page=page,
        form=form,
        day_form=day_form,
        drop_form=form if isinstance(form, ActionDropForm) else ActionDropForm(formdata=None),
        changed=is_stale,
        back=_back(form),
    )


def _back(form: Any) -> str:
    return came_from(
        url_for("home.start" if is_visiting() else "home.my_page"),
        sent=form.back.data if form else None,
    )


@blueprint.post("/actions/<int:action_id>")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
@commits
def end_action(action_id: int) -> ResponseReturnValue:
    """Say that it is done, move it to another day, drop it, or take that back."""
    actor, chosen = current_actor(), request.form.get("do")
    form: Any = {"move": ActionDayForm, "drop": ActionDropForm}.get(chosen or "", ActionDoneForm)()
    if wants_change() or not form.is_sent() or chosen not in _ACTS:
        return _page(actor, action_id, form)
    if chosen == "drop" and (kinds := kinds_to_show(form.why.data)):
        return ask_to_read_again(actor, kinds, about="action")
    try:
        words = _ACTS[chosen](actor, action_id, form)
    except RuleBroken as error:
        form.refuse(error)
        return _page(actor, action_id, form)
    except Stale:
        return _page(actor, action_id, form, is_stale=True)
    say(words)
    return go_back(_back(form))


def _done(actor: Actor, action_id: int, form: Any) -> str:
    service.end_action(actor, action_id=action_id, is_done=True, seen_version=form.version.data)
    return "Done."


def _move(actor: Actor, action_id: int, form: Any) -> str:
    owner = service.move_action(
        actor,
        action_id=action_id,
        due_on=form.due_on.day,
        owner_id=form.owner_id,
        seen_version=form.version.data,
    )
    if owner is not None:
        return f"{owner} does it now, by {day(form.due_on.day)}."
    return f"Moved to {day(form.due_on.day)}."


def _drop(actor: Actor, action_id: int, form: Any) -> str:
    service.end_action(
        actor,
        action_id=action_id,
        is_done=False,
        why=form.why.data,
        seen_version=form.version.data,
    )
    return "Dropped. The reason stays with it."


def _reopen(actor: Actor, action_id: int, form: Any) -> str:
    service.reopen_action(actor, action_id=action_id, seen_version=form.version.data)
    return "It is open again."


_ACTS = {"done": _done, "move": _move, "drop": _drop, "reopen": _reopen}
