"""What people say about an idea, whom they name there, and who hears of it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries, service
from improve.ideas.forms.one import CommentForm, EditCommentForm, SupportForm
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.one import show_idea
from improve.ideas.routes.way_back import go_back
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken
from improve.shared.formatting import whole_number
from improve.shared.htmx import part_or_page
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/ideas/<int:idea_id>/comments")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def earlier_comments(idea_id: int) -> ResponseReturnValue:
    """List comments that do not fit on the idea's page, fifty at a time."""
    before = whole_number(request.args.get("before")) or 0
    page = queries.earlier_comments(current_actor(), idea_id, before)
    return render_template("ideas/comments.html", page=page, before=before)


@blueprint.post("/ideas/<int:idea_id>/comments")
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def comment(idea_id: int) -> ResponseReturnValue:
    """Add a comment; the same form sent twice makes one."""
    actor, form = current_actor(), CommentForm()
    if wants_change() or not form.is_sent():
        return show_idea(actor, idea_id, form, form.status)
    if kinds := kinds_to_show(form.words.data):
        queries.card(actor, idea_id)
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="comment")
    try:
        made = service.comment(
            actor,
            idea_id=idea_id,
            words=form.words.data,
            form_token=form.form_token.data or form.begin().form_token.data,
        )
    except RuleBroken as error:
        form.refuse(error)
        return show_idea(actor, idea_id, form, form.status)
    _say_whom_nobody_is(actor, idea_id, form.words.data)
    return go_back(_place_of(idea_id, made))


def _say_whom_nobody_is(actor: Actor, idea_id: int, words: str | None) -> None:
    """Say which names in a comment told nobody. The comment itself is kept."""
    if unknown := queries.told_by(actor, idea_id, words or "").words:
        say(unknown)


def _place_of(idea_id: int, comment_id: int) -> str:
    return url_for("ideas.idea_page", idea_id=idea_id, _anchor=f"comment-{comment_id}")


@blueprint.route("/ideas/<int:idea_id>/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def edit_comment(idea_id: int, comment_id: int) -> ResponseReturnValue:
    """Change one's own comment."""
    actor, form = current_actor(), EditCommentForm()
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="comment")
        try:
            service.edit_comment(actor, comment_id=comment_id, words=form.words.data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            _say_whom_nobody_is(actor, idea_id, form.words.data)
            return go_back(_place_of(idea_id, comment_id))
    page, shown = queries.one_comment(actor, idea_id, comment_id)
    if not shown.may_edit:
        raise Forbidden("Only the person who wrote a comment can change it.")
    if request.method == "GET":
        form.words.data = shown.words
    return render_template("ideas/comment.html", page=page, comment=shown, form=form), form.status


@blueprint.post("/ideas/<int:idea_id>/comments/<int:comment_id>/remove")
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def remove_comment(idea_id: int, comment_id: int) -> ResponseReturnValue:
    """Remove a comment; a line stays that says who removed it."""
    service.remove_comment(current_actor(), comment_id=comment_id)
    return go_back(_place_of(idea_id, comment_id))


@blueprint.get("/ideas/<int:idea_id>/people")
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
def mentionable(idea_id: int) -> ResponseReturnValue:
    """List people who can be mentioned in a comment, by what is typed of their names."""
    typed = (request.args.get("q") or "")[:80].strip()
    return part_or_page(
        "ideas/_mentionable.html",
        "ideas/mentionable.html",
        idea_id=idea_id,
        typed=typed,
        people=queries.mentionable(current_actor(), idea_id, typed),
    )


# ---- who hears of it


@blueprint.post("/ideas/<int:idea_id>/follow")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
@commits
def follow(idea_id: int) -> ResponseReturnValue:
    """Choose to hear of an idea."""
    service.follow_idea(current_actor(), idea_id=idea_id)
    say("You hear of this idea from now on.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


@blueprint.post("/ideas/<int:idea_id>/follow/stop")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
@commits
def stop_following(idea_id: int) -> ResponseReturnValue:
    """Hear no more of an idea."""
    service.stop_following(current_actor(), idea_id=idea_id)
    say("You hear no more of this idea, unless somebody writes to you by name.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


@blueprint.route("/ideas/<int:idea_id>/support/words", methods=["GET", "POST"])
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def add_support(idea_id: int) -> ResponseReturnValue:
    """Say that one would like an idea too, in words or without."""
    actor, form = current_actor(), SupportForm()
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            queries.card(actor, idea_id)
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="comment")
        try:
            made = service.support_idea(
                actor,
                idea_id=idea_id,
                words=form.words.data or "",
                form_token=form.form_token.data or form.begin().form_token.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Thank you. You hear how it goes on.")
            here = url_for("ideas.idea_page", idea_id=idea_id)
            return go_back(here if made is None else _place_of(idea_id, made))
    page = queries.idea_page(actor, idea_id)
    if request.method == "GET":
        form.begin()
    return render_template("ideas/support.html", page=page, form=form), form.status
