"""An idea begins: logged, perhaps found to exist already, and answered by a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.accounts.sessions.capture import is_capturing
from improve.ideas import queries, rights, service
from improve.ideas.forms.log import IdeaWordsForm, LogIdeaForm, ReplyForm, fields_kept
from improve.ideas.kinds import FIRST_SOURCES, Answerer, ReplyKind, Source
from improve.ideas.page import IdeaPage
from improve.ideas.queries.aims import aim_choices
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.next_huddle import next_huddle
from improve.shared.db import commits
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.formatting import plural
from improve.shared.htmx import announce, is_htmx, part_or_page, whole
from improve.shared.rate_limits import CAPTURED, limiter
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/log", methods=["GET", "POST"])
@requires(Permission.LOG_IDEA, is_open_on_own_phone=True, capture=True)
@limiter.limit(
    CAPTURED,
    methods=["POST"],
    key_func=lambda: f"pass {g.capture_pass.id}",
    exempt_when=lambda: not is_capturing(),
)
@commits
def log_idea() -> ResponseReturnValue:
    """Take an idea; pause once where words may identify someone or where it exists already."""
    actor = current_actor()
    if is_capturing():
        return _capture_idea(actor)
    form = _log_form(actor)
    if not wants_change() and form.is_sent():
        # Asked first: what this form made at the same moment is like it, and is known by its token.
        found = () if form.similar_seen.data else queries.similar_ideas(actor, form.text.data)
        if made := queries.logged_with(actor, form.form_token.data):
            return redirect(url_for("ideas.sent", idea_id=made), 303)
        if kinds := kinds_to_show(form.text.data, form.benefit.data):
            return ask_to_read_again(actor, kinds, about="log")
        if found:
            return _pause_for_similar(actor, form, found)
        try:
            proposed = service.propose_idea(
                actor,
                text=form.text.data,
                benefit=form.benefit.data or "",
                source=Source(form.source.data),
                team_id=form.team_id.data,
                form_token=form.form_token.data,
                hides_name=form.hides_name.data,
                answerer=Answerer(form.answerer.data),
                driver_id=form.driver_id.data or None,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("ideas.sent", idea_id=proposed.idea_id), 303)
    return _log_page(actor, form)


def _capture_idea(actor: Actor) -> ResponseReturnValue:
    """Take an idea for the home team by a capture pass. Nothing that is kept is read out."""
    form = IdeaWordsForm()
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.text.data, form.benefit.data):
            return ask_to_read_again(actor, kinds, about="log")
        try:
            service.propose_idea(
                actor,
                text=form.text.data or "",
                benefit=form.benefit.data or "",
                source=Source(form.source.data),
                team_id=actor.home_team_id or 0,
                form_token=form.form_token.data or "",
                hides_name=form.hides_name.data,
            )
        except RuleBroken as error:
            form.refuse(RuleBroken([_without_team(reason) for reason in error.reasons]))
        else:
            return redirect(url_for("ideas.log_idea", sent="1"), 303)
    if request.method == "GET" and request.args.get("sent") == "1":
        return render_template("ideas/captured.html")
    return render_template(
        "ideas/capture.html", form=form, first_sources=FIRST_SOURCES
    ), form.status


def _without_team(reason: Reason) -> Reason:
    """Return a refusal as somebody can act on it who chooses no team."""
    if reason.field != "team_id":
        return reason
    return Reason("Your home team is closed. Sign in to log this for another team.")


def _log_form(actor: Actor) -> LogIdeaForm:
    teams = [(team.id, team.name) for team in people.teams(actor)]
    form = LogIdeaForm(teams=teams, home_id=actor.home_team_id)
    form.driver_id.offer(aim_choices(actor))
    return form


def _log_page(actor: Actor, form: LogIdeaForm) -> ResponseReturnValue:
    team_id = form.team_id.data
    return (
        render_template(
            "ideas/log.html",
            form=form,
            first_sources=FIRST_SOURCES,
            managers=people.managers_of_team(actor, team_id) if team_id else [],
            team_name=form.team_names.get(team_id),
            has_coaches=bool(people.coaches(actor)),
            may_see_boards=may(actor, Permission.SEE_IDEAS),
        ),
        form.status,
    )


def _pause_for_similar(
    actor: Actor, form: LogIdeaForm, found: Sequence[Any]
) -> ResponseReturnValue:
    page = render_template(
        "ideas/similar.html",
        similar=found,
        fields=fields_kept(form, without=("similar_seen",)),
        may_support=may(actor, Permission.COMMENT_ON_IDEA),
    )
    return whole(make_response(page))


@blueprint.get("/ideas/similar")
@requires(Permission.LOG_IDEA, is_open_on_own_phone=True)
def similar() -> ResponseReturnValue:
    """List up to three ideas like the words being typed: a part while typing, else a page."""
    actor = current_actor()
    found = queries.similar_ideas(actor, request.args.get("text", ""))
    if found and is_htmx():
        # Only how many: who wants to hear them all moves on to them.
        announce(plural(len(found), "similar idea"))
    return part_or_page(
        "ideas/_similar.html",
        "ideas/similar_list.html",
        similar=found,
        may_support=may(actor, Permission.COMMENT_ON_IDEA),
    )


@blueprint.post("/ideas/<int:idea_id>/support")
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def support_idea(idea_id: int) -> ResponseReturnValue:
    """Keep the typed words as a comment on the idea that exists already, instead of a new one."""
    actor = current_actor()
    queries.card(actor, idea_id)
    form = _log_form(actor)
    if wants_change() or not form.is_sent():
        return _log_page(actor, form)
    if kinds := kinds_to_show(form.text.data, form.benefit.data):
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="comment")
    try:
        service.support_idea(
            actor, idea_id=idea_id, words=form.support_words, form_token=form.form_token.data
        )
    except RuleBroken as error:
        form.refuse(error)
        return _log_page(actor, form)
    say("Thank you. Your words are kept as a comment on this idea, and you hear how it goes on.")
    return redirect(url_for("ideas.idea_page", idea_id=idea_id), 303)


@blueprint.get("/ideas/<int:idea_id>/sent")
@requires(Permission.LOG_IDEA, is_open_on_own_phone=True)
def sent(idea_id: int) -> ResponseReturnValue:
    """Thank the author, and say who answers by when."""
    actor = current_actor()
    sent_idea = queries.sent(actor, idea_id)
    return render_template(
        "ideas/sent.html",
        sent=sent_idea,
        coming=next_huddle(actor, people.team_by_id(actor, sent_idea.team.id)),
        may_see_boards=may(actor, Permission.SEE_IDEAS),
    )


@blueprint.get("/ideas/<int:idea_id>/reply")
@requires(Permission.LOG_IDEA, is_open_on_own_phone=True)
def reply_first(idea_id: int) -> ResponseReturnValue:
    """Show the reply that was given; to those who may give it, the form."""
    actor = current_actor()
    idea = queries.idea_page(actor, idea_id)
    if idea.reply and (idea.is_author or not idea.may.reply):
        return render_template("ideas/reply.html", idea=idea)
    if not idea.may.reply:
        raise Forbidden(rights.WHO_REPLIES)
    form = ReplyForm()
    form.version.data = idea.version
    return _reply_page(idea, form)


@blueprint.post("/ideas/<int:idea_id>/reply")
@requires(Permission.REPLY_FIRST, is_open_on_own_phone=True)
@commits
def send_first_reply(idea_id: int) -> ResponseReturnValue:
    """Give the first reply. It stops the clock and tells the author."""
    actor = current_actor()
    idea = queries.idea_page(actor, idea_id)
    if not may(actor, Permission.REPLY_FIRST, team_id=idea.team.id):
        raise Forbidden(rights.WHO_REPLIES)
    form = ReplyForm()
    if "as_comment" in request.form:
        return _keep_reply_as_comment(actor, idea, form)
    if wants_change() or not form.is_sent():
        return _reply_page(idea, form)
    if kinds := kinds_to_show(form.words.data):
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="reply")
    try:
        service.reply_first(
            actor,
            idea_id=idea_id,
            kind=ReplyKind(form.kind.data),
            words=form.words.data,
            seen_version=form.version.data,
            look_again_on=form.look_again,
        )
    except RuleBroken as error:
        form.refuse(error)
        return _reply_page(idea, form)
    except Stale as error:
        return _reply_conflict(queries.idea_page(actor, idea_id), form, error)
    say(_told(idea, ReplyKind(form.kind.data)), **_next_that_waits(actor))
    return redirect(url_for("ideas.idea_page", idea_id=idea_id), 303)


def _next_that_waits(actor: Actor) -> dict[str, str]:
    """Return the way on to the next idea that waits for this person's first reply, if one does."""
    waiting = queries.waiting_for_reply(actor)
    if not waiting:
        return {}
    return {
        "link_url": url_for("ideas.reply_first", idea_id=waiting[0].id),
        "link_words": f"Reply to the next: {plural(len(waiting), 'idea waits', 'ideas wait')}",
    }


def _told(idea: IdeaPage, kind: ReplyKind) -> str:
    author = "The author" if idea.author.id is None else idea.author.first_name
    if kind is ReplyKind.NOT_NOW:
        return f"Your reply is sent. {author} can read why, and when you look again."
    return f"Your reply is sent. {author} can read it now."


def _reply_page(
    idea: IdeaPage, form: ReplyForm, *, changed: Stale | None = None
) -> ResponseReturnValue:
    status = 409 if changed else form.status
    facts = changed.facts if changed else None
    return render_template("ideas/reply_form.html", idea=idea, form=form, changed=facts), status


def _reply_conflict(idea: IdeaPage, form: ReplyForm, error: Stale) -> ResponseReturnValue:
    """Answer a reply that came second: both texts, and a way to keep one's own."""
    if idea.may.reply and idea.reply is None:
        # Something else about the idea changed: read it again, then send.
        form.version.data = idea.version
        return _reply_page(idea, form, changed=error)
    return render_template("ideas/reply_conflict.html", idea=idea, form=form), 409


def _keep_reply_as_comment(actor: Actor, idea: IdeaPage, form: ReplyForm) -> ResponseReturnValue:
    try:
        service.comment(
            actor,
            idea_id=idea.id,
            words=form.words.data or "",
            form_token=form.form_token.data,
        )
    except RuleBroken as error:
        form.refuse(error)
        return _reply_page(idea, form)
    say("Your words are added as a comment.")
    return redirect(url_for("ideas.idea_page", idea_id=idea.id, _anchor="comments"), 303)
