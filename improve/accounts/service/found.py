"""Founding: an organisation, its teams, its people and what they may act as."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select, update

from improve.accounts import passwords, roles
from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Organisation, Person, Service, Team
from improve.accounts.roles import Role
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken

PRODUCT_NAME = "improve"


def slug_of(name: str) -> str:
    """Return a name as it stands in an address: lower case, hyphens, plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]{1,200}", "-", plain.lower()).strip("-")
    return slug[: limits.length("slug")].rstrip("-") or "team"


def found_organisation(*, name: str) -> int:
    """Make an organisation and return its id. Refuses a name that is taken."""
    slug = slug_of(name)
    if db.session.execute(select(Organisation.id).where(Organisation.slug == slug)).first():
        raise RuleBroken([Reason(f"There is already an organisation called {name}.", "name")])
    organisation = Organisation(name=name, slug=slug, created_at=clock.now())
    db.session.add(organisation)
    db.session.flush()
    audit.record(
        None,
        "organisation_founded",
        "organisation",
        organisation.id,
        organisation_id=organisation.id,
    )
    return organisation.id


def find_organisation(*, name: str) -> int | None:
    """Return the id of the organisation with this name, or None."""
    return db.session.execute(
        select(Organisation.id).where(Organisation.slug == slug_of(name))
    ).scalar()


def add_service(*, organisation_id: int, name: str) -> int:
    """Make a service and return its id, or the id of the one with that name."""
    found = db.session.execute(
        select(Service.id).where(Service.organisation_id == organisation_id, Service.name == name)
    ).scalar()
    if found:
        return found
    service = Service(organisation_id=organisation_id, name=name)
    db.session.add(service)
    db.session.flush()
    return service.id


def add_team(
    *,
    organisation_id: int,
    name: str,
    aim: str = "",
    service_id: int | None = None,
    wip: tuple[int, int, int] = (4, 3, 4),
    slug: str | None = None,
    actor: Actor | None = None,
) -> int:
    """Make a team and return its id. ``wip`` is advice for Plan, Do and Study.

    Refuses a name that another team of the organisation has.
    """
    slug = slug or slug_of(name)
    names = {
        row.slug: row.name
        for row in db.session.execute(
            select(Team.slug, Team.name).where(Team.organisation_id == organisation_id)
        )
    }
    if name in names.values() or slug_of(names.get(slug, "")) == slug:
        raise RuleBroken([Reason(f"There is already a team called {name}.", "name")])
    # A team that was given another name keeps its address: posters hold it.
    slug = next(s for s in (slug, *(f"{slug[:50]}-{n}" for n in range(2, 999))) if s not in names)
    team = Team(
        organisation_id=organisation_id,
        service_id=service_id,
        name=name,
        slug=slug,
        aim=aim,
        wip_plan=wip[0],
        wip_do=wip[1],
        wip_study=wip[2],
        created_at=clock.now(),
    )
    db.session.add(team)
    db.session.flush()
    audit.record(actor, "team_added", "team", team.id, organisation_id=organisation_id)
    return team.id


def register_person(
    *,
    organisation_id: int,
    name: str,
    email: str,
    job_title: str = "",
    password: str | None = None,
    actor: Actor | None = None,
) -> int:
    """Make an account and return its id. Without a password it waits for an invitation.

    Refuses an address that is in use and a password that is easy to guess.
    """
    email = email.strip().lower()
    if db.session.execute(select(Person.id).where(Person.email == email)).first():
        raise RuleBroken([Reason("This address cannot be used here.", "email")])
    password_hash = None
    if password is not None:
        organisation = db.session.execute(
            select(Organisation.name).where(Organisation.id == organisation_id)
        ).scalar_one()
        passwords.check_acceptable(password, names=(name, email, organisation, PRODUCT_NAME))
        password_hash = passwords.hash_password(password)
    person = Person(
        organisation_id=organisation_id,
        name=name,
        email=email,
        job_title=job_title,
        password_hash=password_hash,
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "person_added", "person", person.id, organisation_id=organisation_id)
    return person.id


def grant_role(
    *,
    organisation_id: int,
    person_id: int,
    role: Role,
    team_id: int | None = None,
    service_id: int | None = None,
    is_home: bool = False,
) -> None:
    """Let a person act as ``role`` there; nothing happens if they already may.

    Refuses roles that cannot be held together. Their sessions end at the next request.
    """
    mine = Membership.person_id == person_id
    held = db.session.execute(
        select(Membership.role, Membership.team_id, Membership.service_id).where(mine)
    ).all()
    if (role.value, team_id, service_id) in [tuple(row) for row in held]:
        # Where a group gave it, it is given by hand from now on, and stays when they leave it.
        db.session.execute(
            update(Membership)
            .where(
                mine,
                Membership.role == role.value,
                Membership.team_id.is_not_distinct_from(team_id),
                Membership.service_id.is_not_distinct_from(service_id),
            )
            .values(came_by="")
            .execution_options(synchronize_session=False)
        )
        return
    clash = roles.clashes(frozenset({Role(row.role) for row in held} | {role}))
    if clash:
        raise RuleBroken([Reason(clash, "roles")])
    db.session.add(
        Membership(
            organisation_id=organisation_id,
            person_id=person_id,
            role=role.value,
            team_id=team_id,
            service_id=service_id,
            is_home=is_home,
        )
    )
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(rights_version=Person.rights_version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    audit.record(
        None,
        "role_granted",
        "person",
        person_id,
        organisation_id=organisation_id,
        role=role.value,
        team_id=team_id,
    )
