"""Administration: the list of people, and one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.people import RolesForm, roles_form
from improve.accounts.forms.team_life import hand_over_form
from improve.accounts.roles import CLOSELY_HELD_ROLES, ROLE_WORDS, TEAM_ROLES, Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.accounts.sessions.session_times import device_ends_at, lacks_proof
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.formatting import page_number, plural, whole_number
from improve.shared.forms import clean

#: Nobody types more than this to find a colleague.
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class _NamedTeam:
    id: int
    name: str


@blueprint.get("/admin/people")
@requires(Permission.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    """List the council's people, A to Z, fifty a page, found by name, team or address."""
    actor = current_actor()
    search = clean(request.args.get("q", ""))[:LONGEST_SEARCH]
    team = request.args.get("team", "")
    are_closed = request.args.get("accounts") == "closed"
    teams = queries.teams(actor)
    listed = queries.people_page(
        actor,
        search=search,
        team_id=whole_number(team),
        are_closed=are_closed,
        page=page_number(request.args.get("page")),
    )
    return render_template(
        "accounts/people.html",
        listed=listed,
        steps=queries.setting_up(actor),
        teams=teams,
        search=search,
        team=team,
        are_closed=are_closed,
        role_words=ROLE_WORDS,
    )


@blueprint.get("/admin/people/<int:person_id>")
@requires(Permission.MANAGE_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    """Show one person: what they may act as, and what can be done for them."""
    shown = queries.person_view(current_actor(), person_id)
    return _person_page(shown, _form_for(shown))


def _form_for(shown: queries.PersonView) -> RolesForm:
    """Return the form of a person's roles; teams that were closed meanwhile stay choosable."""
    teams = [_NamedTeam(team.id, team.name) for team in queries.teams(current_actor())]
    known = {team.id for team in teams}
    by_hand = [
        held.spot for held in queries.held_spots([shown.id])[shown.id] if not held.is_by_group
    ]
    for place in shown.places:
        if place.team_id and place.team_id not in known and place.team_name:
            teams.append(_NamedTeam(place.team_id, place.team_name))
            known.add(place.team_id)
    in_teams = {
        spot.team_id: spot.role
        for spot in sorted(by_hand, key=lambda s: list(ROLE_WORDS).index(s.role))
        if spot.team_id and spot.role in TEAM_ROLES
    }
    return roles_form(
        teams,
        in_teams=in_teams,
        across=[spot.role for spot in by_hand if spot.team_id is None],
        home_team_id=next((place.team_id for place in shown.places if place.is_home), None),
        version=shown.version,
    )


def _person_page(
    shown: queries.PersonView, form: RolesForm, *, status: int = 200, is_stale: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "accounts/person.html",
        person_shown=shown,
        form=form,
        is_stale=is_stale,
        role_words=ROLE_WORDS,
        is_me=shown.id == current_actor().person_id,
        given=queries.spots_by_group(current_actor(), shown.id),
        devices=_devices(shown),
        # Asked for as soon as it is known that it is needed: once they were chosen.
        asks_proof=bool(CLOSELY_HELD_ROLES & form.chosen_across - set(shown.roles)),
        proof=own_proof(),
    )
    return page, status


def _devices(shown: queries.PersonView) -> list[queries.DeviceView]:
    """Return where a person is signed in: not where the time is over or the code is missing."""
    listed, at = queries.devices_of_person(current_actor(), shown.id), clock.now()
    has_factor, is_demo = shown.factor_since is not None, current_app.config["IS_DEMO"]
    return [
        device
        for device in listed
        if device_ends_at(shown.roles, device) > at
        and not lacks_proof(
            device.factor, roles=shown.roles, has_factor=has_factor, is_demo=is_demo
        )
    ]


@blueprint.post("/admin/people/<int:person_id>/roles")
@requires(Permission.MANAGE_PEOPLE)
@commits
def change_roles(person_id: int) -> ResponseReturnValue:
    """Set what a person may act as. They sign in again."""
    actor = current_actor()
    shown = queries.person_view(actor, person_id)
    form = _form_for(shown)
    if not form.is_sent():
        return _person_page(shown, form, status=form.status)
    if form.password.data and must_wait(form):
        return _person_page(shown, form, status=429)
    try:
        with password_given(form):
            service.change_roles(
                actor,
                person_id=person_id,
                in_teams=form.in_teams,
                across=form.chosen_across,
                home_team_id=form.home_team_id,
                seen_version=form.version.data,
                session_id=g.live_session.id,
                password=form.password.data or "",
                site_name=current_app.config["SITE_NAME"],
            )
    except Stale:
        form.version.data = shown.version
        return _person_page(shown, form, status=409, is_stale=True)
    if form.status != 200:
        return _person_page(shown, form, status=form.status)
    if person_id != actor.person_id:
        say(f"{shown.name} may now act as chosen. They sign in again.")
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@blueprint.route("/admin/people/<int:person_id>/close", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@commits
def close_account(person_id: int) -> ResponseReturnValue:
    """Say what closing an account takes and leaves, and who takes on what is led; then do it."""
    actor = current_actor()
    shown = queries.person_view(actor, person_id)
    if not shown.is_active:
        return redirect(url_for("accounts.person", person_id=person_id), 303)
    held = service.held_by(actor, person_id)
    people_of, managers = queries.people_of_teams(actor, {thing.team_id for thing in held})
    others = {
        team_id: [one for one in there if one.id != person_id]
        for team_id, there in people_of.items()
    }
    managing = {team_id: who for team_id, who in managers.items() if who != person_id}
    form = hand_over_form(held, others, managing)
    if form.is_sent():
        try:
            given = service.close_and_hand_over(actor, person_id=person_id, to=form.to)
            over = f" {plural(given, 'thing')} handed over." if given else ""
            say(f"{shown.name}’s account is closed.{over}")
            return redirect(url_for("accounts.person", person_id=person_id), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    page = render_template("accounts/close_account.html", person_shown=shown, form=form, held=held)
    return page, status


@blueprint.post("/admin/people/<int:person_id>/open")
@requires(Permission.MANAGE_PEOPLE)
@commits
def open_account(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    return _act_on(person_id, service.enable_person, "{name}’s account is open again.")


@blueprint.post("/admin/people/<int:person_id>/end-sessions")
@requires(Permission.MANAGE_PEOPLE)
@commits
def end_sessions(person_id: int) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    return _act_on(person_id, service.end_sessions_of, "{name} is signed out everywhere.")


def _act_on(person_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    actor = current_actor()
    shown = queries.person_view(actor, person_id)
    if ButtonForm().is_sent():
        act(actor, person_id=person_id)
        say(said.format(name=shown.name))
    return redirect(url_for("accounts.person", person_id=person_id), 303)
