"""Setting up teams and services, and what a manager may change of the own team."""

from __future__ import annotations

from sqlalchemy import select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.models import Service, Team
from improve.accounts.roles import Permission
from improve.accounts.service import found
from improve.accounts.told import PeopleTold
from improve.shared import audit, events, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale


def set_up_team(
    actor: Actor,
    *,
    name: str,
    aim: str,
    service_id: int | None,
    wip: tuple[int, int, int],
) -> str:
    """Make a team and return its slug. Refuses a name that another team of the council has."""
    _is_administrator(actor)
    _check_service(actor, service_id)
    _check_wip(wip)
    team_id = found.add_team(
        organisation_id=actor.organisation_id,
        name=name,
        aim=aim,
        service_id=service_id,
        wip=wip,
        actor=actor,
    )
    return queries.team_by_id(actor, team_id).slug


def change_team(
    actor: Actor,
    *,
    slug: str,
    seen_version: int,
    aim: str,
    wip: tuple[int, int, int],
    name: str | None = None,
    service_id: int | None = None,
) -> None:
    """Change a team. A manager changes aim and limits of the own team; ``name`` and
    ``service_id`` count for administrators only. The address of the board stays as it is.

    Raises ``Stale`` when somebody changed it meanwhile.
    """
    team = queries.team_by_slug(actor, slug)
    if not roles.may(actor, Permission.MANAGE_TEAMS, team_id=team.id):
        raise Forbidden("Only this team’s manager or an administrator can change this.")
    _check_wip(wip)
    values: dict[str, object] = {
        "aim": aim,
        "wip_plan": wip[0],
        "wip_do": wip[1],
        "wip_study": wip[2],
    }
    if may_set_up_teams(actor):
        _check_service(actor, service_id)
        if name and name != team.name:
            _check_name(actor, name, team.id)
            values["name"] = name
        values["service_id"] = service_id
    changed = db.session.execute(
        update(Team)
        .where(
            Team.id == team.id,
            Team.organisation_id == actor.organisation_id,
            Team.version == seen_version,
        )
        .values(version=Team.version + 1, board_version=Team.board_version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(what="team", slug=slug)
    audit.record(actor, "team_changed", "team", team.id, fields=sorted(values))
    if "name" in values:
        members = [person.id for person in queries.people_of_team(actor, team.id)]
        facts = {"title": name, "slug": slug, "by": actor.first_name, "change": "renamed"}
        events.publish(PeopleTold(actor, members, "team_changed", team.id, facts))


def set_up_service(actor: Actor, *, name: str) -> int:
    """Make a service and return its id. Refuses a name that is taken."""
    _is_administrator(actor)
    taken = db.session.execute(
        select(Service.id).where(
            Service.organisation_id == actor.organisation_id, Service.name == name
        )
    ).first()
    if taken:
        raise RuleBroken([Reason(f"There is already a service called {name}.", "name")])
    service_id = found.add_service(organisation_id=actor.organisation_id, name=name)
    audit.record(actor, "service_added", "service", service_id)
    return service_id


def rename_service(actor: Actor, *, service_id: int, name: str) -> None:
    """Give a service another name. Refuses one that is taken."""
    _is_administrator(actor)
    _check_service(actor, service_id)
    taken = db.session.execute(
        select(Service.id).where(
            Service.organisation_id == actor.organisation_id,
            Service.name == name,
            Service.id != service_id,
        )
    ).first()
    if taken:
        raise RuleBroken([Reason(f"There is already a service called {name}.", "name")])
    db.session.execute(
        update(Service)
        .where(Service.id == service_id, Service.organisation_id == actor.organisation_id)
        .values(name=name)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "service_renamed", "service", service_id)


def may_set_up_teams(actor: Actor) -> bool:
    """Return whether the actor may make and rename teams, not only tend their own."""
    return roles.may(actor, Permission.MANAGE_TEAMS)


def _is_administrator(actor: Actor) -> None:
    if not may_set_up_teams(actor):
        raise Forbidden("Only an administrator can set up teams and services.")


def _check_service(actor: Actor, service_id: int | None) -> None:
    if service_id is not None and service_id not in dict(queries.services(actor)):
        raise NotFound


def _check_name(actor: Actor, name: str, team_id: int) -> None:
    taken = db.session.execute(
        select(Team.id).where(
            Team.organisation_id == actor.organisation_id, Team.name == name, Team.id != team_id
        )
    ).first()
    if taken:
        raise RuleBroken([Reason(f"There is already a team called {name}.", "name")])


def _check_wip(wip: tuple[int, int, int]) -> None:
    fields = ("wip_plan", "wip_do", "wip_study")
    reasons = [
        Reason(f"Use a whole number from 1 to {limits.COUNT_MOST}.", field)
        for field, count in zip(fields, wip, strict=True)
        if not 1 <= count <= limits.COUNT_MOST
    ]
    if reasons:
        raise RuleBroken(reasons)
