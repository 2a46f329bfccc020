"""What groups of the council's own directory give: set up by administrators, settled at sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from improve.accounts import queries, roles
from improve.accounts.actor import Actor
from improve.accounts.models import GroupRole, Membership, Person
from improve.accounts.oidc.group_roles import GroupRule, Spot, fault_of, spots_of, without_clashes
from improve.accounts.oidc.known_issuers import known_issuers
from improve.accounts.queries import GroupRoleRow, HeldSpot
from improve.accounts.roles import Permission, Role
from improve.accounts.roles_changed import RolesChanged
from improve.accounts.service.closely_held import check_may_give, tell_of_given
from improve.accounts.service.covers import end_covers_by_person, end_covers_of_person
from improve.accounts.service.found import PRODUCT_NAME
from improve.accounts.service.people import lock_administrators
from improve.shared import audit, clock, events
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken

_ONLY_ADMINISTRATORS = "Only an administrator can say what groups give."
MOST_RULES = 500
_ADMINISTERS = Spot(Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Settled:
    """What groups came to: what somebody holds now, and what could not be given beside it."""

    spots: frozenset[Spot]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Somebody whose roles a line would change, at their next sign-in."""

    person_id: int
    name: str


def settle_groups(*, organisation_id: int, person_id: int, groups: Iterable[str] | None) -> Settled:
    """Give and take what somebody's groups give, and nothing that was given by hand.

    ``groups`` is None where the provider could not name them all: then nothing new is given, and
    what no line gives any more is taken.

    Roles that clash are left out, and come back as codes. The last administrator stays one. Where
    something changed, the person's other sessions end at their next request.
    """
    if any(h.spot == _ADMINISTERS for h in queries.held_spots([person_id])[person_id]):
        # Before the person, as where roles are given by hand: of two who leave at once, one stays.
        lock_administrators(organisation_id)
    db.session.execute(
        select(Person.id).where(Person.id == person_id).order_by(Person.id).with_for_update()
    ).all()
    rules = [row.rule for row in queries.group_roles(organisation_id) if not row.is_of_closed_team]
    held = queries.held_spots([person_id])[person_id]
    by_hand = frozenset(h.spot for h in held if not h.is_by_group)
    before = frozenset(h.spot for h in held if h.is_by_group)
    themself = queries.actor_of_person(person_id)
    is_deputy = any(
        cover.deputy_id == person_id for cover in queries.covers_of_person(themself, person_id)
    )
    after, refused = without_clashes(by_hand, _given(rules, groups, before), is_deputy=is_deputy)
    if _would_be_without_administrator(organisation_id, person_id, by_hand, before, after):
        after |= {_ADMINISTERS}
    codes = tuple(sorted(spot.code for spot in refused))
    if after != before:
        _change(organisation_id, themself, before, after, by_hand)
        _settle_home(person_id, held)
    return Settled(by_hand | after, codes)


def _would_be_without_administrator(
    organisation_id: int,
    person_id: int,
    by_hand: frozenset[Spot],
    before: frozenset[Spot],
    after: frozenset[Spot],
) -> bool:
    is_taken = _ADMINISTERS in before and _ADMINISTERS not in after | by_hand
    return is_taken and queries.is_last_administrator(
        organisation_id, person_id, issuers=known_issuers()
    )


def _change(
    organisation_id: int,
    themself: Actor,
    before: frozenset[Spot],
    after: frozenset[Spot],
    by_hand: frozenset[Spot],
) -> None:
    person_id = themself.person_id
    for spot in before - after:
        db.session.execute(
            delete(Membership)
            .where(
                Membership.person_id == person_id,
                Membership.came_by == "group",
                Membership.role == spot.role.value,
                Membership.team_id.is_not_distinct_from(spot.team_id),
                Membership.service_id.is_not_distinct_from(spot.service_id),
            )
            .execution_options(synchronize_session=False)
        )
    for spot in sorted(after - before, key=lambda s: s.code):
        db.session.execute(
            insert(Membership).values(
                organisation_id=organisation_id,
                person_id=person_id,
                role=spot.role.value,
                team_id=spot.team_id,
                service_id=spot.service_id,
                is_home=False,
                came_by="group",
            )
        )
    all_now = by_hand | after
    managed = frozenset(s.team_id for s in all_now if s.role is Role.MANAGER and s.team_id)
    if {spot.role for spot in all_now} <= {Role.GUEST, Role.ADMINISTRATOR}:
        end_covers_by_person(themself, person_id)
    end_covers_of_person(themself, person_id, managed_team_ids=managed)
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(version=Person.version + 1, rights_version=Person.rights_version + 1)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        None,
        "group_roles_settled",
        "person",
        person_id,
        organisation_id=organisation_id,
        before=sorted(spot.code for spot in by_hand | before),
        after=sorted(spot.code for spot in all_now),
    )
    changed = {spot.role for spot in by_hand | before} ^ {spot.role for spot in all_now}
    events.publish(RolesChanged(organisation_id, person_id, frozenset(changed)))


def _settle_home(person_id: int, held: list[HeldSpot]) -> None:
    """Have one of their teams be home, where none is: the one that was, or the first."""
    home = next((h.spot.team_id for h in held if h.is_home), None)
    now = {h.spot.team_id for h in queries.held_spots([person_id])[person_id] if h.spot.team_id}
    chosen = home if home in now else min((t for t in now if t), default=None)
    db.session.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.team_id.is_not(None))
        .values(is_home=Membership.team_id == chosen)
        .execution_options(synchronize_session=False)
    )


def who_would_change(
    actor: Actor,
    *,
    group: str,
    role: Role,
    team_id: int | None,
    service_id: int | None,
) -> list[Change]:
    """Return who of those known would be given something by a line that is to be added, A to Z.

    Refuses what ``add_group_role`` refuses. Writes nothing.
    """
    rule = _checked(actor, group, role, team_id, service_id)
    people = [p for p in queries.directory_people(actor) if p.groups and group in p.groups]
    held = queries.held_spots(p.id for p in people)
    return [Change(p.id, p.name) for p in people if rule.spot not in {h.spot for h in held[p.id]}]


def who_would_lose(actor: Actor, *, rule_id: int) -> tuple[GroupRoleRow, list[Change]]:
    """Return a line, and who of those known would lose something without it, A to Z."""
    row = _row(actor, rule_id)
    others = [r.rule for r in queries.group_roles(actor.organisation_id) if r.id != rule_id]
    people = [
        p for p in queries.directory_people(actor) if p.groups is None or row.group_name in p.groups
    ]
    held = queries.held_spots(p.id for p in people)
    spot = row.rule.spot
    return row, [
        Change(p.id, p.name)
        for p in people
        if any(h.spot == spot and h.is_by_group for h in held[p.id])
        and spot not in _given(others, p.groups, frozenset({spot}))
    ]


def _given(
    rules: list[GroupRule], groups: Iterable[str] | None, before: frozenset[Spot]
) -> frozenset[Spot]:
    """Return what the lines give somebody who held ``before`` by them.

    Where the provider named no groups, since they are too many: what they had stays for as long as
    some line gives it, and no more comes.
    """
    if groups is None:
        return before & {rule.spot for rule in rules}
    return spots_of(rules, groups)


def add_group_role(
    actor: Actor,
    *,
    group: str,
    label: str,
    role: Role,
    team_id: int | None,
    service_id: int | None,
    session_id: int = 0,
    password: str = "",
    site_name: str = PRODUCT_NAME,
) -> None:
    """Have a group give a role from the next sign-in of each on. The same line again is harmless.

    Refuses a team's role without a team, others with one, places not of the council, and a closely
    held role without the actor's own password.
    """
    rule = _checked(actor, group, role, team_id, service_id)
    known = queries.group_roles(actor.organisation_id)
    if rule in {row.rule for row in known}:
        return
    if len(known) >= MOST_RULES:
        raise RuleBroken(f"Up to {MOST_RULES} lines can stand here. Take some out first.")
    check_may_give(actor, {role}, session_id=session_id, password=password)
    made = GroupRole(
        organisation_id=actor.organisation_id,
        group_name=group,
        label=label,
        role=role.value,
        team_id=team_id,
        service_id=service_id,
        made_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "group_role_added", "group_role", made.id, gives=rule.spot.code)
    group_words = f"everybody in the group {label or group}"
    tell_of_given(actor, {role}, names=[group_words], to_ids=set(), site_name=site_name)


def remove_group_role(actor: Actor, *, rule_id: int) -> None:
    """Have a group give this no more: those who hold it by this line alone lose it at once."""
    row, losses = who_would_lose(actor, rule_id=rule_id)
    db.session.execute(
        delete(GroupRole)
        .where(GroupRole.id == rule_id, GroupRole.organisation_id == actor.organisation_id)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "group_role_removed", "group_role", rule_id, gave=row.rule.spot.code)
    known = {person.id: person.groups for person in queries.directory_people(actor)}
    for person_id in sorted(one.person_id for one in losses):
        settle_groups(
            organisation_id=actor.organisation_id, person_id=person_id, groups=known[person_id]
        )


def _row(actor: Actor, rule_id: int) -> GroupRoleRow:
    _may_set_up(actor)
    for row in queries.group_roles(actor.organisation_id):
        if row.id == rule_id:
            return row
    raise NotFound


def _checked(
    actor: Actor, group: str, role: Role, team_id: int | None, service_id: int | None
) -> GroupRule:
    _may_set_up(actor)
    words = fault_of(role, team_id=team_id, service_id=service_id)
    if words:
        field = "service" if service_id is not None and team_id is None else "team"
        raise RuleBroken([Reason(words, field)])
    if team_id is not None and team_id not in {team.id for team in queries.teams(actor)}:
        raise RuleBroken([Reason("Choose a team from the list.", "team")])
    if service_id is not None and service_id not in {s[0] for s in queries.services(actor)}:
        raise RuleBroken([Reason("Choose a service from the list.", "service")])
    return GroupRule(group, Spot(role, team_id, service_id))


def _may_set_up(actor: Actor) -> None:
    if not roles.may(actor, Permission.MANAGE_PEOPLE):
        raise Forbidden(_ONLY_ADMINISTRATORS)
