"""Walls: a screen in a team's room. Made and ended by people; shown and coloured by the screen."""

from __future__ import annotations

from flask import (
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from improve.accounts import access, queries, service
from improve.accounts.access import current_actor, public, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.walls import CodeForm, WallForm, WallThemeForm
from improve.accounts.queries import HeldWall, TeamView
from improve.accounts.roles import Permission, may
from improve.accounts.routes.blueprint import blueprint, client, secret
from improve.accounts.routes.password_again import wait_words
from improve.accounts.routes.signing_in import leave_session, was_refused
from improve.accounts.sessions import capture, walls
from improve.shared import clock, contributions
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken
from improve.shared.rate_limits import GUESSES, limiter

# ---- the screen


@blueprint.get("/wall")
@public
def wall() -> ResponseReturnValue:
    """Show what this screen's team looks at now; to a screen that is no wall, ask for its code."""
    held = walls.look_for_wall(session)
    if held is None:
        return _code_page(CodeForm(formdata=None))
    answer = make_response(_shown(held))
    if answer.status_code == 200:
        walls.give_wall(answer, walls.token_here())
    return answer


def _shown(held: HeldWall) -> ResponseReturnValue:
    """Return the page of whoever has something to show: a higher capability goes first."""
    team = queries.team_by_slug(held.actor, held.team_slug)
    for offer in reversed(contributions.gather("wall")):
        answer: ResponseReturnValue | None = offer(held.actor, team)
        if answer is not None:
            return answer
    abort(404)


@blueprint.post("/wall")
@public
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def begin_wall() -> ResponseReturnValue:
    """Make this screen the wall that the code was made for.

    Nobody stays signed in on it, and nobody's capture pass stays: what is logged in a room is not
    theirs.
    """
    form = CodeForm()
    if not form.is_sent():
        return _code_page(form), 422
    wait = service.code_wait_seconds(secret=secret(), client=client())
    if wait:
        form.refuse(RuleBroken(wait_words(wait)))
        return _code_page(form), 429
    try:
        begun = service.begin_wall(
            secret=secret(), code=form.code.data or "", replaces=walls.token_here()
        )
    except RuleBroken as error:
        service.note_wrong_code(secret=secret(), client=client())
        form.refuse(error)
        return _code_page(form), 422
    if g.actor is not None or g.half_session is not None:
        leave_session()
        access.close_door()
    service.leave_capture_pass(token=capture.token_here())
    answer = make_response(redirect(url_for("accounts.wall"), 303))
    if capture.token_here():
        capture.take_pass(answer)
    walls.give_wall(answer, begun.token)
    return answer


@blueprint.get("/wall/<string:code>")
@public
def wall_with_code(code: str) -> ResponseReturnValue:
    """Ask for one press: mail programs open links to look at them, and a code works once."""
    form = CodeForm(formdata=None, data={"code": service.tidy_code(code)[: service.CODE_LENGTH]})
    return _code_page(form, is_ready=True)


def _code_page(form: CodeForm, *, is_ready: bool = False) -> str:
    held = None if g.actor is not None else capture.pass_here()
    return render_template(
        "accounts/wall_code.html",
        form=form,
        is_ready=is_ready and not form.errors,
        is_over=walls.is_over(),
        signed_in=g.actor,
        pass_of=held.actor if held is not None else None,
    )


@blueprint.post("/wall/colours")
@requires(Permission.SEE_WALL, wall=True)
@commits
def wall_colours() -> ResponseReturnValue:
    """Draw this screen dark or light from now on."""
    form, held = WallThemeForm(), walls.look_for_wall(session)
    if held is None:
        abort(404)
    if form.is_sent():
        service.choose_wall_theme(wall_id=held.id, is_dark=form.is_dark)
    return redirect(url_for("accounts.wall"), 303)


# ---- those who make and end them


@blueprint.route("/teams/<slug>/walls", methods=["GET", "POST"])
@requires(Permission.PLAN_HUDDLES)
@commits
def team_walls(slug: str) -> ResponseReturnValue:
    """List a team's wall screens, and make one. Its code is on this answer and kept nowhere."""
    actor = current_actor()
    team = _team_to_tend(slug)
    form = WallForm()
    made = None
    if form.is_sent():
        try:
            made = service.make_wall(
                actor, secret=secret(), team_id=team.id, name=form.name.data or ""
            )
            form = WallForm(formdata=None)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    page = render_template(
        "accounts/walls.html",
        team=team,
        form=form,
        made=made,
        walls=queries.walls_of_team(actor, team.id, clock.now()),
        base_url=current_app.config["BASE_URL"],
    )
    return page, status


@blueprint.route("/teams/<slug>/walls/<int:wall_id>/end", methods=["GET", "POST"])
@requires(Permission.PLAN_HUDDLES)
@commits
def end_wall(slug: str, wall_id: int) -> ResponseReturnValue:
    """Ask once, then sign a wall screen out."""
    actor = current_actor()
    team = _team_to_tend(slug)
    shown = queries.wall(actor, team.id, wall_id)
    form = ButtonForm()
    if form.is_sent():
        service.end_wall(actor, team_id=team.id, wall_id=wall_id)
        say(f"{shown.name} is signed out. It shows nothing of the team any more.")
        return redirect(url_for("accounts.team_walls", slug=slug), 303)
    return render_template("accounts/end_wall.html", team=team, wall=shown)


def _team_to_tend(slug: str) -> TeamView:
    actor = current_actor()
    team = queries.team_by_slug(actor, slug)
    if not may(actor, Permission.PLAN_HUDDLES, team_id=team.id):
        raise Forbidden(service.NOT_YOURS)
    return team
