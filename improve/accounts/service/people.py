"""What administrators do with accounts: roles, closing, opening again, links, sessions."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.learning_team import LEARNING_TEAM
from improve.accounts.models import Membership, Person
from improve.accounts.oidc.group_roles import spots_of
from improve.accounts.oidc.known_issuers import known_issuers
from improve.accounts.queries import PersonView
from improve.accounts.roles import TEAM_ROLES, Permission, Role
from improve.accounts.roles_changed import RolesChanged
from improve.accounts.service.closely_held import check_may_give, tell_of_given
from improve.accounts.service.covers import end_covers_by_person, end_covers_of_person
from improve.accounts.service.found import PRODUCT_NAME
from improve.accounts.service.links import INVITATION, end_links
from improve.accounts.service.sign_in import end_all_sessions, end_session
from improve.shared import audit, events
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

NOBODYS = "This account is nobody’s: ideas are proposed in its name. It stays closed, as it is."
LAST_ADMINISTRATOR = "This is the last administrator. Make somebody else an administrator first."


@dataclass(frozen=True)
class _Held:
    role: Role
    team_id: int | None


@dataclass(frozen=True)
class _HeldNow:
    """What somebody holds: by hand, by a group, and what their groups would give anyway."""

    by_hand: frozenset[_Held]
    by_group: frozenset[_Held]
    given: frozenset[_Held]


def managed_person(actor: Actor, person_id: int) -> PersonView:
    """Return a person for whoever manages people. Raises ``Forbidden`` to others, ``NotFound``."""
    if not roles.may(actor, Permission.MANAGE_PEOPLE):
        raise Forbidden("Only an administrator can do this.")
    return queries.person_view(actor, person_id)


def change_roles(
    actor: Actor,
    *,
    person_id: int,
    in_teams: Mapping[int, Role],
    across: frozenset[Role],
    home_team_id: int | None,
    seen_version: int,
    session_id: int = 0,
    password: str = "",
    site_name: str = PRODUCT_NAME,
) -> None:
    """Set what is given to a person by hand: one role in each of some teams, others across.

    What a group of the directory gave stays, and is only taken in the directory. Given by hand as
    well, it stays when they leave the group. Refuses roles that clash, none at all, taking the
    last administrator away, and a closely held role that was not given to them by hand before,
    without the actor's own password. Raises ``Stale`` when somebody changed them meanwhile. The
    person's sessions end.
    """
    person = managed_person(actor, person_id)
    _check_somebodys(person)
    lock_administrators(actor.organisation_id)
    wanted = {_Held(role, team_id) for team_id, role in in_teams.items()}
    wanted |= {_Held(role, None) for role in across}
    held = _held_now(actor, person_id)
    _check(actor, person, wanted, by_group=held.by_group)
    _settle_covers(actor, person_id, wanted | held.by_group)
    given = {h.role for h in wanted} - {h.role for h in held.by_hand}
    check_may_give(actor, given, session_id=session_id, password=password)
    _claim_version(actor, person_id, seen_version)
    if set(person.roles) == {Role.GUEST} and Role.GUEST not in {h.role for h in wanted}:
        _stop_being_guest(person_id)
    _give_by_hand(actor, person_id, wanted, held)
    theirs = sorted({h.team_id for h in wanted | held.by_group if h.team_id})
    home = home_team_id if home_team_id in theirs else next(iter(theirs), None)
    db.session.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.team_id.is_not(None))
        .values(is_home=Membership.team_id == home)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        actor,
        "roles_changed",
        "person",
        person_id,
        before=_codes(held.by_hand | held.by_group),
        after=_codes(wanted | held.by_group),
    )
    _say_changed(actor, person_id, held.by_hand | held.by_group, wanted | held.by_group)
    tell_of_given(actor, given, names=[person.name], to_ids={person_id}, site_name=site_name)


def _say_changed(actor: Actor, person_id: int, before: Set[_Held], after: Set[_Held]) -> None:
    changed = frozenset(h.role for h in before) ^ frozenset(h.role for h in after)
    events.publish(RolesChanged(actor.organisation_id, person_id, changed))


def _stop_being_guest(person_id: int) -> None:
    """Let the account of somebody who joins the council end no more with their invitations.

    A link that a manager made for a guest opens no account of a colleague either.
    """
    end_links(person_id, INVITATION)
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(ends_on=None)
        .execution_options(synchronize_session=False)
    )


def _held_now(actor: Actor, person_id: int) -> _HeldNow:
    held = queries.held_spots([person_id])[person_id]
    # A leader's role over a service is no other role here.
    by_hand = {_Held(h.spot.role, h.spot.team_id) for h in held if not h.is_by_group}
    by_group = {_Held(h.spot.role, h.spot.team_id) for h in held if h.is_by_group}
    rules = [row.rule for row in queries.group_roles(actor.organisation_id)]
    given = spots_of(rules, queries.groups_of_person(actor, person_id))
    plain = {_Held(s.role, s.team_id) for s in given if s.service_id is None}
    return _HeldNow(frozenset(by_hand), frozenset(by_group), frozenset(plain))


def _give_by_hand(actor: Actor, person_id: int, wanted: set[_Held], held: _HeldNow) -> None:
    for gone in held.by_hand - wanted:
        if gone in held.given and _set_came_by(person_id, gone, "group"):
            continue
        db.session.execute(
            delete(Membership)
            .where(*_rows_of(person_id, gone), Membership.came_by != "group")
            .execution_options(synchronize_session=False)
        )
    for added in wanted - held.by_hand:
        if _set_came_by(person_id, added, ""):
            continue
        db.session.add(
            Membership(
                organisation_id=actor.organisation_id,
                person_id=person_id,
                role=added.role.value,
                team_id=added.team_id,
            )
        )
    db.session.flush()


def _rows_of(person_id: int, held: _Held) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.person_id == person_id,
        Membership.role == held.role.value,
        Membership.team_id.is_not_distinct_from(held.team_id),
    )


def _set_came_by(person_id: int, held: _Held, came_by: str) -> bool:
    """Say of a role that is held whether a group gave it; return whether it is held."""
    changed = db.session.execute(
        update(Membership)
        .where(*_rows_of(person_id, held), Membership.service_id.is_(None))
        .values(came_by=came_by)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _check_somebodys(person: PersonView) -> None:
    """Refuse to open, or to change, the account in whose name the nightly run proposes ideas."""
    if person.name == LEARNING_TEAM and not person.is_active and not person.has_way_in:
        raise RuleBroken(NOBODYS)


def _check(
    actor: Actor, person: PersonView, wanted: set[_Held], *, by_group: frozenset[_Held]
) -> None:
    if not wanted | by_group:
        raise RuleBroken([Reason("Choose what they may act as.", "across")])
    clash = roles.clashes(frozenset(held.role for held in wanted))
    if clash:
        raise RuleBroken([Reason(clash, "across")])
    clash = roles.clashes(frozenset(held.role for held in wanted | by_group))
    if clash:
        words = f"{clash} The council’s directory gives them one of the two: change it there first."
        raise RuleBroken([Reason(words, "across")])
    known = {team.id for team in queries.teams(actor)} | {
        place.team_id for place in person.places if place.team_id
    }
    for held in wanted:
        if (held.role in TEAM_ROLES) != (held.team_id is not None):
            raise RuleBroken([Reason("Choose a team for each role that is held in one.", "across")])
        if held.team_id is not None and held.team_id not in known:
            raise RuleBroken([Reason("Choose teams from the list.", "across")])
    stays = any(held.role is Role.ADMINISTRATOR for held in wanted | by_group)
    if not stays and _is_last(actor, person):
        raise RuleBroken([Reason(LAST_ADMINISTRATOR, "across")])


def _is_last(actor: Actor, person: PersonView) -> bool:
    return queries.is_last_administrator(
        actor.organisation_id, person.id, issuers=known_issuers(), here_id=actor.person_id
    )


def _settle_covers(actor: Actor, person_id: int, wanted: Set[_Held]) -> None:
    """Refuse a reviewer who stands in for a manager; end covers that have lost their ground."""
    covering = [c for c in queries.covers_of_person(actor, person_id) if c.deputy_id == person_id]
    roles_held = frozenset(held.role for held in wanted)
    clash = roles.clashes(roles_held | {Role.MANAGER})
    if covering and Role.INCIDENT_REVIEWER in roles_held and clash:
        words = f"{clash} They are a deputy in {covering[0].team_name}: end that first."
        raise RuleBroken([Reason(words, "across")])
    if roles_held <= {Role.GUEST, Role.ADMINISTRATOR}:
        end_covers_by_person(actor, person_id)
    managing = frozenset(h.team_id for h in wanted if h.role is Role.MANAGER and h.team_id)
    end_covers_of_person(actor, person_id, managed_team_ids=managing)


def _codes(held: Set[_Held]) -> list[str]:
    return sorted(f"{h.role.value}:{h.team_id}" if h.team_id else h.role.value for h in held)


def _claim_version(actor: Actor, person_id: int, seen_version: int) -> None:
    changed = db.session.execute(
        update(Person)
        .where(
            Person.id == person_id,
            Person.organisation_id == actor.organisation_id,
            Person.version == seen_version,
        )
        .values(version=Person.version + 1, rights_version=Person.rights_version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(what="roles", person_id=person_id)


def lock_administrators(organisation_id: int) -> None:
    """Let two administrators who remove each other do so one after the other, not both."""
    db.session.execute(
        select(Membership.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == Role.ADMINISTRATOR.value,
        )
        .order_by(Membership.id)
        .with_for_update()
    ).all()


def disable_person(actor: Actor, *, person_id: int) -> None:
    """Close an account: sessions and links end at once, the name stays in what they did.

    Refuses one's own account and the last administrator's. Again is harmless.
    """
    person = managed_person(actor, person_id)
    if person.id == actor.person_id:
        raise RuleBroken("Somebody else has to close your account.")
    lock_administrators(actor.organisation_id)
    if person.is_active and _is_last(actor, person):
        raise RuleBroken(LAST_ADMINISTRATOR)
    if not person.is_active:
        return
    set_active(person_id, is_active=False)
    end_links(person_id)
    end_all_sessions(person_id)
    end_covers_by_person(actor, person_id)
    end_covers_of_person(actor, person_id)
    audit.record(actor, "account_closed", "person", person_id)


def enable_person(actor: Actor, *, person_id: int) -> None:
    """Open a closed account again, with the roles it had. Again is harmless.

    Refuses the learning team's, which is nobody's.
    """
    person = managed_person(actor, person_id)
    if person.is_active:
        return
    _check_somebodys(person)
    set_active(person_id, is_active=True)
    audit.record(actor, "account_opened", "person", person_id)


def set_active(person_id: int, *, is_active: bool) -> None:
    """Open or close an account, and have their pages asked anew what they may do."""
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            is_active=is_active,
            version=Person.version + 1,
            rights_version=Person.rights_version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def end_sessions_of(actor: Actor, *, person_id: int) -> None:
    """Sign a person out everywhere, such as after a lost phone."""
    managed_person(actor, person_id)
    end_all_sessions(person_id)
    audit.record(actor, "sessions_ended", "person", person_id)


def end_device_of(actor: Actor, *, person_id: int, session_id: int) -> None:
    """Sign one device of a person out; nothing happens where it is signed out already."""
    managed_person(actor, person_id)
    if session_id in {device.id for device in queries.devices_of_person(actor, person_id)}:
        end_session(person_id, session_id)
        audit.record(actor, "device_ended", "person", person_id)
