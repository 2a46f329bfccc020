"""Thanks: said about an idea or only to a person, read whole by the one thanked, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName, TeamView
from improve.accounts.roles import Permission
from improve.accounts.sessions.visits import is_visiting
from improve.ideas import queries, rights, service
from improve.ideas.forms.one import ThanksForm
from improve.ideas.page import IdeaPage
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import go_back
from improve.ideas.thanks_views import THE_AUTHOR
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/ideas/<int:idea_id>/thanks", methods=["GET", "POST"])
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def thank_for_idea(idea_id: int) -> ResponseReturnValue:
    """Thank somebody about an idea; it stands there and on the person's own page."""
    actor, form = current_actor(), ThanksForm()
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            queries.card(actor, idea_id)
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="thanks")
        try:
            service.say_thanks(
                actor,
                idea_id=idea_id,
                to_id=form.chosen(),
                words=form.words.data,
                form_token=form.form_token.data or form.begin().form_token.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Said. It stands here, and on their own page.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id, _anchor="thanks"))
    page = queries.idea_page(actor, idea_id)
    _staff_only(actor)
    form.offer(_of_idea(actor, page))
    _begin(form)
    return render_template("ideas/thanks.html", page=page, team=None, form=form), form.status


@blueprint.route("/thanks", methods=["GET", "POST"])
@requires(Permission.COMMENT_ON_IDEA, is_open_on_own_phone=True)
@commits
def thank_person() -> ResponseReturnValue:
    """Thank somebody of a team: one's own, or the one that the address names."""
    actor, form = current_actor(), ThanksForm()
    _staff_only(actor)
    team = _team(actor)
    if team is None:
        return render_template("ideas/thanks_team.html", teams=people.teams(actor))
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, about="thanks")
        try:
            made = service.say_thanks(
                actor,
                team_id=team.id,
                to_id=form.chosen(),
                words=form.words.data,
                form_token=form.form_token.data or form.begin().form_token.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Said. It stands on their own page.")
            return go_back(url_for("ideas.read_thanks", thanks_id=made))
    form.offer(_others(actor, _named(people.people_of_team(actor, team.id))))
    _begin(form)
    return render_template("ideas/thanks.html", page=None, team=team, form=form), form.status


@blueprint.get("/me/thanks/<int:thanks_id>")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
def read_thanks(thanks_id: int) -> ResponseReturnValue:
    """Show a thank-you whole, with who said it and when, to print or to keep."""
    return render_template(
        "ideas/thanks_one.html", thanks=queries.one_thanks(current_actor(), thanks_id)
    )


@blueprint.post("/thanks/<int:thanks_id>/remove")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@commits
def remove_thanks(thanks_id: int) -> ResponseReturnValue:
    """Take a thank-you away; nothing is left of its words."""
    idea_id = service.remove_thanks(current_actor(), thanks_id=thanks_id)
    say("Removed. Nothing is left of it.")
    if idea_id is not None:
        return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    return go_back(url_for("home.start" if is_visiting() else "home.my_page"))


def _staff_only(actor: Actor) -> None:
    """Refuse a guest, who may comment: whom to thank is chosen from a list of people."""
    if not rights.may_thank(actor):
        raise Forbidden(rights.WHO_THANKS)


def _team(actor: Actor) -> TeamView | None:
    """Return the team whose people are offered; None where one must be chosen first."""
    slug = request.args.get("team") or (actor.home.team_slug if actor.home else None)
    if slug is None or "choose" in request.args:
        return None
    return people.team_by_slug(actor, slug)


def _begin(form: ThanksForm) -> None:
    if request.method == "GET":
        form.begin()
        form.to_id.data = request.args.get("to", "")


def _of_idea(actor: Actor, page: IdeaPage) -> list[tuple[int, str]]:
    """Return who can be thanked about an idea: its own people first, then those of the team.

    A hidden author is offered without a name, and then nobody who takes no part is; nor is
    somebody who cannot see the idea yet, or who left.
    """
    own = [page.author, *([page.lead] if page.lead else []), *page.members]
    is_hidden = page.author.id is None
    said = [] if is_hidden or not page.is_on_board else [c.author for c in page.comments]
    ids = [person.id for person in (*own, *said) if person.id is not None]
    active = people.active_people(actor, ids)
    found = [(i, active[i].name) for i in ids if i in active]
    if is_hidden:
        return [(THE_AUTHOR, "The person who had this idea"), *_others(actor, found)]
    if page.is_on_board:
        found += _named(people.people_of_team(actor, page.team.id))
    return list(_others(actor, found))


def _named(found: Iterable[PersonName]) -> list[tuple[int, str]]:
    return [(person.id, person.name) for person in found]


def _others(actor: Actor, found: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield each person once, and never the one who asks."""
    names = dict(found)
    return ((person, name) for person, name in names.items() if person != actor.person_id)
