"""What is done in a huddle about the thing it looks at: a reply, going on, a block, a pin, taps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.huddles import queries, service
from improve.huddles.forms.running import ItemForm
from improve.huddles.forms.saying import (
    AfterForm,
    BlockForm,
    KeepGoingForm,
    ReplyHereForm,
    TapsForm,
)
from improve.huddles.routes.answers import (
    answer,
    back_to_part,
    part_address,
    part_named,
    say_why_not,
    wall_follows,
)
from improve.huddles.routes.blueprint import blueprint
from improve.huddles.routes.sending import again, send
from improve.huddles.views import HuddleHead
from improve.ideas import queries as ideas
from improve.ideas import service as ideas_service
from improve.ideas.kinds import ReplyKind
from improve.ideas.routes.way_back import go_back
from improve.shared.db import commits
from improve.shared.errors import NotFound, Reason, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/keep-going")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def keep_going(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Go on with a test until another day."""
    form = KeepGoingForm()

    def act(actor: Actor, head: HuddleHead) -> str:
        if form.study_on.day is None:
            raise RuleBroken([Reason("Say on which day.", "study_on")])
        service.keep_testing(
            actor,
            huddle_id=head.id,
            item_id=form.item.data or 0,
            study_on=form.study_on.day,
            words=form.keep_words.data or "",
            form_token=form.form_token.data,
        )
        return "The test goes on. Its new day is set."

    return send(
        form,
        slug,
        huddle_id,
        about="huddle_decision",
        texts=lambda: [form.keep_words.data],
        act=act,
    )


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/blocked")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def block(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Say that an idea cannot go on, why, and who can help."""
    form = BlockForm()

    def act(actor: Actor, head: HuddleHead) -> str:
        idea_id = _idea_of(actor, head, form)
        ideas_service.mark_blocked(
            actor,
            idea_id=idea_id,
            reason=form.reason.data,
            who=form.who.data,
            level=form.level.level,
        )
        return "Marked as blocked. It shows on the board, with who can help."

    return send(
        form,
        slug,
        huddle_id,
        about="blocked",
        texts=lambda: [form.reason.data, form.who.data],
        act=act,
    )


def _idea_of(actor: Actor, head: HuddleHead, form: Any) -> int:
    """Return the idea of the thing that a form is about. Raises ``NotFound``."""
    part = part_named(form.part.data)
    if part is None or not form.item.data:
        raise NotFound
    page = queries.huddle_page(actor, head.team.slug, head.id, part, form.item.data)
    if page.item is None or page.item.idea_id is None:
        raise NotFound
    return page.item.idea_id


# ---- the first reply


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/reply")
@requires(Permission.REPLY_FIRST, is_open_on_own_phone=True)
@commits
def reply(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Give an idea its first reply, by the one rule there is; two replies at once are shown."""
    actor, form = current_actor(), ReplyHereForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    idea_id = _idea_of(actor, head, form)
    if "as_comment" in request.form and form.words.data:
        return _keep_as_comment(actor, head, form, idea_id)
    if wants_change() or not form.is_sent():
        return again(actor, head, form, form.status)
    if kinds := kinds_to_show(form.words.data):
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="reply")
    try:
        ideas_service.reply_first(
            actor,
            idea_id=idea_id,
            kind=ReplyKind(form.kind.data),
            words=form.words.data,
            seen_version=form.version.data,
            look_again_on=form.look_again,
        )
    except RuleBroken as error:
        form.refuse(error)
        return again(actor, head, form, 422)
    except Stale:
        return _reply_conflict(actor, head, form, idea_id)
    wall_follows(actor, head, form.part.data)
    say("The reply is sent. Its author can read it now.")
    return back_to_part(head, form.part.data)


def _reply_conflict(
    actor: Actor, head: HuddleHead, form: ReplyHereForm, idea_id: int
) -> ResponseReturnValue:
    idea = ideas.idea_page(actor, idea_id)
    if idea.may.reply and idea.reply is None:
        # Something else about it changed: read it again, then send.
        form.version.data = idea.version
        form.form_errors.append(
            "Someone changed this idea meanwhile. Read it again before you send."
        )
        return again(actor, head, form, 409)
    return answer(
        "huddles/reply_conflict.html",
        409,
        idea=idea,
        form=form,
        slug=head.team.slug,
        huddle_id=head.id,
        item_id=form.item.data,
        part=form.part.data,
        back=part_address(head, form.part.data),
    )


def _keep_as_comment(
    actor: Actor, head: HuddleHead, form: ReplyHereForm, idea_id: int
) -> ResponseReturnValue:
    try:
        ideas_service.comment(
            actor, idea_id=idea_id, words=form.words.data, form_token=form.form_token.data
        )
    except RuleBroken as error:
        form.refuse(error)
        return again(actor, head, form, 422)
    say("Your words are added as a comment.")
    return back_to_part(head, form.part.data)


# ---- to do after


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/after")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def do_after(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Make an action of what an idea still needs; a soft need may then be passed with a note."""
    actor, form = current_actor(), AfterForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    back = part_address(head, form.part.data, form.item.data)
    if form.is_sent() and form.item.data:
        try:
            made = service.do_after(
                actor,
                huddle_id=huddle_id,
                item_id=form.item.data,
                key=form.need.data or "",
                form_token=form.form_token.data,
            )
        except RuleBroken as error:
            say_why_not(error)
        else:
            if made.is_hard:
                say(f"{made.note}. The idea moves when it is done.")
            else:
                move = url_for("ideas.move_idea", idea_id=made.idea_id, back=back, note=made.note)
                say(f"{made.note}.", link_url=move, link_words="Move it now")
    return go_back(back)


# ---- pinned for next time


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/pin")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def pin(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Keep an idea for the next huddle."""
    return _pin(slug, huddle_id, ideas_service.pin, "Pinned. It comes up in the next huddle.")


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/unpin")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def unpin(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Take the pin off."""
    return _pin(slug, huddle_id, ideas_service.unpin, "The pin is off.")


def _pin(slug: str, huddle_id: int, act: Callable[..., Any], words: str) -> ResponseReturnValue:
    actor, form = current_actor(), ItemForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    if form.is_sent():
        try:
            act(actor, idea_id=_idea_of(actor, head, form))
            say(words)
        except RuleBroken as error:
            say_why_not(error)
    return back_to_part(head, form.part.data, form.item.data)


# ---- this week's taps


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/taps")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def bring_in_taps(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Make this week's taps a point, while people look: the dot arrives on the wall."""
    actor, form = current_actor(), TapsForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    if form.is_sent() and form.tally_id.data:
        try:
            words = service.bring_in_taps(actor, huddle_id=huddle_id, tally_id=form.tally_id.data)
            say(f"This week’s taps are on the chart: {words}.")
        except RuleBroken as error:
            say_why_not(error)
    return back_to_part(head, form.part.data, form.item.data)
