"""Leaders tick what they read of finished work, and may write a word to its people."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries as ideas
from improve.ideas.routes.way_back import came_from, go_back
from improve.review import queries, service
from improve.review.forms import ReadForm
from improve.review.routes.blueprint import blueprint
from improve.review.row_words import cycles_words, ending_words
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/review/read/<int:idea_id>/<int:cycle>", methods=["GET", "POST"])
@requires(Permission.TICK_READ)
@commits
def tick_read(idea_id: int, cycle: int) -> ResponseReturnValue:
    """Tick a finished cycle as read; with words for its people, or without."""
    actor, form = current_actor(), ReadForm()
    stale: dict[str, Any] = {}
    if form.is_sent() and not wants_change():
        words = None if form.quick.data else form.words.data
        if kinds := kinds_to_show(words):
            ideas.finished_cycle(actor, idea_id, cycle)
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="read")
        try:
            service.tick_read(
                actor,
                idea_id=idea_id,
                cycle_number=cycle,
                words=words,
                seen_version=form.seen_version.data or 0,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            stale = error.facts
            form.seen_version.data = stale["version"]
        else:
            say("Sent. It stands with the idea." if words else "Ticked. Its people are told.")
            back = came_from(url_for("review.finished_cycles"), sent=form.back.data)
            return go_back(f"{back.split('#', 1)[0]}#cycle-{idea_id}-{cycle}")
    return _page(actor, form, idea_id, cycle, stale)


def _page(
    actor: Actor, form: ReadForm, idea_id: int, cycle: int, stale: dict[str, Any]
) -> ResponseReturnValue:
    reads = queries.reads_of_cycle(actor, idea_id, cycle)
    mine = next((one for one in reads if one.person_id == actor.person_id), None)
    if request.method == "GET":
        form.words.data = mine.words if mine else ""
        form.seen_version.data = mine.version if mine else 0
        form.back.data = came_from(url_for("review.finished_cycles"))
    return render_template(
        "review/read.html",
        form=form,
        cycle=ideas.finished_cycle(actor, idea_id, cycle),
        mine=mine,
        others=[one for one in reads if one.person_id != actor.person_id],
        stale=stale,
        ending_words=ending_words,
        cycles_words=cycles_words,
    ), 409 if stale else form.status
