"""Asking a coach, a coach's answer and own page, and prompts that are put away."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.ideas import queries, rights, service
from improve.ideas.forms.coach import AnswerCoachForm, AskCoachForm, PromptForm
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import came_from, go_back
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from improve.shared.htmx import announce, is_htmx, part
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/coaching")
@requires(Permission.SEE_COACHING, is_open_on_own_phone=True)
def coaching() -> ResponseReturnValue:
    """Show a coach who asked, what waits, what is due, who is quiet and what could grow."""
    return render_template("ideas/coaching.html", page=queries.coaching_page(current_actor()))


@blueprint.route("/ideas/<int:idea_id>/coach", methods=["GET", "POST"])
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def ask_coach(idea_id: int) -> ResponseReturnValue:
    """Ask a coach about an idea, in a line if one likes."""
    actor, form = current_actor(), AskCoachForm()
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            queries.card(actor, idea_id)
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="coach")
        try:
            made = service.ask_coach(actor, idea_id=idea_id, words=form.words.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The coaches are told. You read the answer here, and on your own page.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id, _anchor=f"coach-{made}"))
    page = queries.idea_page(actor, idea_id)
    if not page.may.ask_coach:
        raise Forbidden(rights.WHO_ASKS_COACH)
    return render_template("ideas/coach_ask.html", page=page, form=form), form.status


@blueprint.route("/ideas/<int:idea_id>/coach/<int:request_id>/answer", methods=["GET", "POST"])
@requires(Permission.SEE_COACHING, is_open_on_own_phone=True)
@commits
def answer_as_coach(idea_id: int, request_id: int) -> ResponseReturnValue:
    """Answer who asks a coach; the answer stands in the conversation."""
    actor, form = current_actor(), AnswerCoachForm()
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            queries.card(actor, idea_id)
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="coach")
        try:
            service.answer_as_coach(
                actor, idea_id=idea_id, request_id=request_id, words=form.words.data
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Sent. It stands in the conversation, so that others learn too.")
            here = url_for("ideas.idea_page", idea_id=idea_id, _anchor=f"coach-{request_id}")
            return go_back(here)
    page = queries.idea_page(actor, idea_id)
    talk = next((t for t in page.coach_talks if t.id == request_id), None)
    if talk is None and form.status == 200:
        raise NotFound
    answer_page = render_template(
        "ideas/coach_answer.html", page=page, talk=talk, request_id=request_id, form=form
    )
    return answer_page, form.status


@blueprint.post("/ideas/<int:idea_id>/coach/<int:request_id>/back")
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def take_coach_request_back(idea_id: int, request_id: int) -> ResponseReturnValue:
    """Take one's own question to a coach back."""
    service.take_coach_request_back(current_actor(), idea_id=idea_id, request_id=request_id)
    say("The question is taken back.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


@blueprint.post("/ideas/<int:idea_id>/prompt")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def put_prompt_away(idea_id: int) -> ResponseReturnValue:
    """Say “Not now” to a coach's prompt: it stays away for this person and cycle."""
    form = PromptForm()
    service.put_prompt_away(current_actor(), idea_id=idea_id, key=form.key.data or "")
    if is_htmx():
        announce("Put away for this cycle.")
        return part("ideas/_prompt_away.html")
    return go_back(came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=form.back.data))
