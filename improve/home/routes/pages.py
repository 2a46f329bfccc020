"""Start, help and what to do about a worry."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, public, requires
from improve.accounts.duty_numbers import duty_number
from improve.accounts.roles import Permission, has_any
from improve.accounts.sessions.visits import at_home
from improve.home import help_pages
from improve.home.routes.blueprint import blueprint
from improve.home.short_words import SHORT_WORDS
from improve.ideas import queries as ideas
from improve.shared.errors import NotFound


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """Lead everybody to the page that their day begins with."""
    actor = g.actor
    if actor is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if has_any(actor, Permission.SEE_IDEAS):
        if actor.home and actor.home.team_slug:
            return redirect(url_for("ideas.board", slug=actor.home.team_slug), 303)
        if has_any(actor, Permission.ANSWER_MONTH):
            return redirect(url_for("review.month"), 303)
        return redirect(url_for("home.choose_team"), 303)
    if has_any(actor, Permission.MANAGE_PEOPLE):
        return redirect(url_for("accounts.people"), 303)
    return redirect(url_for("home.my_page"), 303)


@blueprint.get("/teams")
@requires(Permission.SEE_IDEAS)
def choose_team() -> ResponseReturnValue:
    """List the teams, A to Z, each leading to its board."""
    actor = current_actor()
    return render_template(
        "home/teams.html",
        teams=people.teams(actor),
        services=dict(people.services(actor)),
        waiting=ideas.waiting_for_reply(actor),
    )


@blueprint.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """Show what help there is; open to everyone, since who cannot sign in needs it most."""
    fits, others = help_pages.pages_for(g.actor)
    return render_template("home/help.html", fits=fits, others=others, short_words=SHORT_WORDS)


@blueprint.get("/help/families")
@public
def help_families() -> ResponseReturnValue:
    """Tell children, young people and families how their form works."""
    return render_template("home/help/families.html", page=help_pages.page_about("families"))


@blueprint.get("/help/<string:who>")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
def help_for(who: str) -> ResponseReturnValue:
    """Explain the work of one kind of person."""
    page = help_pages.page_about(who)
    if page is None:
        raise NotFound
    return render_template(f"home/help/{page.who}.html", page=page)


@blueprint.get("/safeguarding-worry")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
def safeguarding() -> ResponseReturnValue:
    """Say what to do now about a child who may not be safe. Nothing is stored."""
    # A worry that comes up while somebody looks at an example is one of their own council.
    said = people.duty_numbers(at_home())
    return render_template(
        "home/safeguarding.html",
        numbers=[
            (when, line)
            for time, when in (("day", "In the day"), ("night", "Evenings, nights and weekends"))
            if (line := duty_number(said.get(time, "")))
        ],
    )
