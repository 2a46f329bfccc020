"""Groups of teams that reports are told from, wide enough that nobody stands out.

A group's teams only become more. Taking one out would offer reports that came before to people who
work there; for that, the group is closed and another made.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import teams
from improve.incidents.confidentiality import are_enough
from improve.incidents.models import IncidentGroup, IncidentGroupTeam
from improve.incidents.queries.groups import people_in, taken_teams
from improve.incidents.queries.reviewers import group_teams
from improve.incidents.service.setup import check_may, locked_setup
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken, Stale


def add_group(actor: Actor, *, name: str, team_ids: Iterable[int]) -> int:
    """Make a group of open teams and return its id. The same again is harmless.

    Refuses a name that another has, teams of another open group, and teams with fewer people than
    the council asks for: never fewer than 20, each counted once.
    """
    check_may(actor)
    chosen = frozenset(team_ids)
    smallest = locked_setup(actor).smallest_group
    same = _by_name(actor, name)
    if same is not None and same.closed_on is None and group_teams(same.id) == chosen:
        return same.id
    reasons = _name_reasons(name, is_taken=same is not None)
    reasons += _team_reasons(actor, chosen, smallest=smallest)
    if reasons:
        raise RuleBroken(reasons)
    row = IncidentGroup(organisation_id=actor.organisation_id, name=name)
    db.session.add(row)
    db.session.flush()
    _join(actor, row.id, chosen)
    audit.record(actor, "reports_group_added", "report_group", row.id)
    return row.id


def change_group(
    actor: Actor, *, group_id: int, name: str, more_teams: Iterable[int], seen_version: int
) -> None:
    """Give an open group another name, and add teams to it. Raises ``Stale`` and ``NotFound``.

    Refuses a name that another has, teams of another open group, and a group that is closed. The
    same again is harmless.
    """
    check_may(actor)
    locked_setup(actor)
    row = _group(actor, group_id)
    if row.closed_on is not None:
        raise RuleBroken("This group is closed. Open it again first.")
    new = frozenset(more_teams) - group_teams(group_id)
    if row.name == name and not new:
        return
    _check_version(row, seen_version)
    same = _by_name(actor, name)
    reasons = _name_reasons(name, is_taken=same is not None and same.id != group_id)
    reasons += _team_reasons(actor, new, besides=group_id) if new else []
    if reasons:
        raise RuleBroken(reasons)
    changed = [*(["name"] if row.name != name else []), *(["teams"] if new else [])]
    row.name = name
    row.version += 1
    _join(actor, group_id, new)
    audit.record(actor, "reports_group_changed", "report_group", group_id, changed=changed)


def close_group(actor: Actor, *, group_id: int) -> None:
    """Offer a group no more; its reports keep it, and are read on. Twice is harmless."""
    check_may(actor)
    locked_setup(actor)
    row = _group(actor, group_id)
    if row.closed_on is not None:
        return
    row.closed_on = clock.today()
    row.version += 1
    db.session.flush()
    audit.record(actor, "reports_group_closed", "report_group", group_id)


def open_group(actor: Actor, *, group_id: int) -> None:
    """Offer a group again. Twice is harmless.

    Refuses one with a team that is in another open group by now, and one that is not wide enough.
    """
    check_may(actor)
    smallest = locked_setup(actor).smallest_group
    row = _group(actor, group_id)
    if row.closed_on is None:
        return
    now = group_teams(group_id)
    taken = taken_teams(actor.organisation_id)
    reasons = [Reason(_in_another(taken[team])) for team in sorted(now) if team in taken][:1]
    if not are_enough(people_in(actor.organisation_id, now), smallest=smallest):
        reasons.append(Reason(_too_few(smallest)))
    if reasons:
        raise RuleBroken(reasons)
    row.closed_on = None
    row.version += 1
    db.session.flush()
    audit.record(actor, "reports_group_opened", "report_group", group_id)


def _name_reasons(name: str, *, is_taken: bool) -> list[Reason]:
    if not name:
        return [Reason("Write a name, such as “Children in care, north”.", "name")]
    if len(name) > limits.length("team_name"):
        return [Reason("Use a shorter name.", "name")]
    return [Reason("Another group has this name. Write another.", "name")] if is_taken else []


def _team_reasons(
    actor: Actor,
    chosen: frozenset[int],
    *,
    smallest: int | None = None,
    besides: int | None = None,
) -> list[Reason]:
    """Return why these teams may not be put into a group; ``smallest``: people, None: not asked."""
    if not chosen:
        return [Reason("Choose the teams.", "teams")]
    if not chosen <= {team.id for team in teams(actor)}:
        return [Reason("Choose teams that are open.", "teams")]
    taken = taken_teams(actor.organisation_id, besides=besides)
    both = sorted(team for team in chosen if team in taken)
    if both:
        return [Reason(_in_another(taken[both[0]]), "teams")]
    if smallest is not None and not are_enough(
        people_in(actor.organisation_id, chosen), smallest=smallest
    ):
        return [Reason(_too_few(smallest), "teams")]
    return []


def _in_another(name: str) -> str:
    return (
        f"A team is in the group “{name}” already. Two groups that overlap would narrow down who "
        "could have reported."
    )


def _too_few(smallest: int) -> str:
    return (
        f"These teams have fewer than {smallest} people. Add another team: in a small group "
        "somebody stands out."
    )


def _join(actor: Actor, group_id: int, team_ids: frozenset[int]) -> None:
    db.session.add_all(
        IncidentGroupTeam(team_id=team_id, group_id=group_id, organisation_id=actor.organisation_id)
        for team_id in sorted(team_ids)
    )
    db.session.flush()


def _group(actor: Actor, group_id: int) -> IncidentGroup:
    row = db.session.scalars(
        select(IncidentGroup)
        .where(IncidentGroup.organisation_id == actor.organisation_id, IncidentGroup.id == group_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    return row


def _by_name(actor: Actor, name: str) -> IncidentGroup | None:
    return db.session.scalars(
        select(IncidentGroup).where(
            IncidentGroup.organisation_id == actor.organisation_id,
            func.lower(IncidentGroup.name) == name.lower(),
        )
    ).first()


def _check_version(row: IncidentGroup, seen_version: int) -> None:
    if row.version != seen_version:
        raise Stale(what="report_group", version=row.version)
