"""What groups of the council's directory give: roles in places, beside those by hand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from improve.accounts.roles import ROLE_WORDS, TEAM_ROLES, Role, clashes

#: A guest is invited to one idea; no group makes one.
GROUP_ROLES: Final = tuple(role for role in Role if role not in {Role.GUEST, Role.WALL})


class Spot(NamedTuple):
    """One role, and where: in a team, over a service, or over the whole council."""

    role: Role
    team_id: int | None = None
    service_id: int | None = None

    @property
    def code(self) -> str:
        """How it is written down: “manager:3”, “leader”."""
        return f"{self.role.value}:{self.team_id}" if self.team_id else self.role.value


class GroupRule(NamedTuple):
    """One line of the page: a group, and the spot that it gives."""

    group: str
    spot: Spot


def spots_of(rules: Iterable[GroupRule], groups: Iterable[str]) -> frozenset[Spot]:
    """Return what somebody in these groups is given."""
    mine = frozenset(groups)
    return frozenset(rule.spot for rule in rules if rule.group in mine)


def without_clashes(
    by_hand: Iterable[Spot], given: Iterable[Spot], *, is_deputy: bool = False
) -> tuple[frozenset[Spot], frozenset[Spot]]:
    """Return what of ``given`` can stand beside what was given by hand, and what cannot.

    What an administrator gave comes first. Of two roles of groups that clash, reviewing reports is
    the one that is not given: it opens what is most confidential. A deputy of a manager is a
    manager on those days.
    """
    hand = frozenset(by_hand)
    held = {spot.role for spot in hand} | ({Role.MANAGER} if is_deputy else set())
    kept: set[Spot] = set()
    refused: set[Spot] = set()
    for spot in sorted(set(given) - hand, key=_turn):
        if clashes(frozenset(held | {spot.role})):
            refused.add(spot)
        else:
            held.add(spot.role)
            kept.add(spot)
    return frozenset(kept), frozenset(refused)


def _turn(spot: Spot) -> tuple[bool, str, int, int]:
    return (
        spot.role is Role.INCIDENT_REVIEWER,
        spot.role.value,
        spot.team_id or 0,
        spot.service_id or 0,
    )


def fault_of(role: Role, *, team_id: int | None, service_id: int | None) -> str:
    """Return in words why a group cannot give this role there; “” where it can."""
    if role not in GROUP_ROLES:
        return "Choose one of the list."
    if role in TEAM_ROLES and team_id is None:
        return "Choose the team: practitioners and managers belong to one."
    if role not in TEAM_ROLES and team_id is not None:
        return "This role reaches over the council. Choose no team."
    if service_id is not None and role is not Role.LEADER:
        return "Only a leader’s role is held over a service. Choose no service."
    return ""


def words_of_code(code: str, team_names: Mapping[int, str]) -> str:
    """Return what was written down as “manager:3” in words: “Manager in Riverside”."""
    role, _, team = code.partition(":")
    words = ROLE_WORDS[Role(role)] if role in {r.value for r in Role} else role
    name = team_names.get(int(team), "a team") if team.isdecimal() else ""
    return f"{words} in {name}" if name else words
