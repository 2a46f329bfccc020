"""“This is the same as…”: picking the other idea, both side by side, and taking them apart."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries, rights, service
from improve.ideas.forms.one import JoinForm, PlainForm
from improve.ideas.join_views import JoinPair
from improve.ideas.page import IdeaPage
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import go_back
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/ideas/<int:idea_id>/same-as")
@requires(Permission.MOVE_IDEA)
def pick_same(idea_id: int) -> ResponseReturnValue:
    """Pick the idea that this one is the same as."""
    actor = current_actor()
    typed = (request.args.get("q") or "")[:200]
    search = queries.join_search(actor, idea_id, typed)
    _may_join(actor, search.idea.team.id)
    return render_template("ideas/pick_same.html", search=search)


@blueprint.route("/ideas/<int:idea_id>/same-as/<int:into_id>", methods=["GET", "POST"])
@requires(Permission.MOVE_IDEA)
@commits
def join_ideas(idea_id: int, into_id: int) -> ResponseReturnValue:
    """Show both ideas side by side, and join the one to the other with a sentence to its author."""
    actor, form = current_actor(), JoinForm()
    pair = queries.join_pair(actor, idea_id, into_id)
    _may_join(actor, pair.idea.team.id)
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="join")
        try:
            service.join_ideas(
                actor,
                idea_id=idea_id,
                into_id=into_id,
                words=form.words.data,
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            return _pair_page(queries.join_pair(actor, idea_id, into_id), form, changed=error)
        else:
            say("Joined. Both authors are told.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    if request.method == "GET":
        form.version.data = pair.idea.version
    return _pair_page(pair, form)


def _pair_page(
    pair: JoinPair, form: JoinForm, *, changed: Stale | None = None
) -> ResponseReturnValue:
    if changed is not None:
        # What is sent from here knows the idea as it stands.
        form.version.data = pair.idea.version
    return (
        render_template(
            "ideas/join.html", pair=pair, form=form, changed=changed.facts if changed else None
        ),
        409 if changed else form.status,
    )


@blueprint.route("/ideas/<int:idea_id>/split", methods=["GET", "POST"])
@requires(Permission.MOVE_IDEA)
@commits
def split_ideas(idea_id: int) -> ResponseReturnValue:
    """Take an idea apart again from the one it was joined to."""
    actor, form = current_actor(), PlainForm()
    if form.is_sent():
        try:
            service.split_ideas(actor, idea_id=idea_id)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Taken apart. Both ideas are as they were, and both authors are told.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    page: IdeaPage = queries.idea_page(actor, idea_id)
    if page.joined_to is not None and not page.joined_to.may_split:
        raise Forbidden(rights.WHO_SPLITS)
    return render_template("ideas/split.html", page=page, form=form), form.status


def _may_join(actor: Actor, team_id: int) -> None:
    if not rights.may_split(actor, team_id):
        raise Forbidden(rights.WHO_JOINS)
