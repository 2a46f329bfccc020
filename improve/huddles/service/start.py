"""Starting a huddle: its parts, and what each of them looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, people_of_team, team_by_id
from improve.accounts.service import huddle_goes_on, lock_team
from improve.huddles import rights
from improve.huddles.agenda import first_part, parts_for
from improve.huddles.kinds import Part
from improve.huddles.models import Huddle, HuddleItem
from improve.huddles.queries import door
from improve.huddles.queries.gathered import Found, gathered
from improve.huddles.schedule import next_begins
from improve.huddles.service.pace import check_here, note_here
from improve.huddles.service.rules import TOKEN_MOST
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


@dataclass(frozen=True, slots=True)
class Started:
    """The huddle that goes on; ``is_new`` is False where it went on already, or was sent twice."""

    huddle_id: int
    part: Part
    is_new: bool


def start_huddle(
    actor: Actor,
    *,
    team_id: int,
    form_token: str,
    driver_id: int | None = None,
    here_ids: Iterable[int] = (),
    others_here: int = 0,
    is_short: bool = False,
) -> Started:
    """Start a team's huddle and return it; the list of each part is taken from the board now.

    One goes on at a time: a second start answers with that one, also when both come at the same
    moment, and changes nothing. Nobody chosen to drive: whoever starts. Refuses with ``Forbidden``
    whoever may not run huddles of the team, with ``RuleBroken`` a closed team, a driver who is
    neither of the team nor asks (field driver_id), people here who are not active in the council
    (here), and others below 0 or over 200 (others_here).
    """
    team = team_by_id(actor, team_id)
    if not rights.may_run(actor, team.id):
        raise Forbidden(rights.WHO_RUNS)
    form_token = form_token[:TOKEN_MOST]
    # Of two who begin, or one who begins and one who opens the last again, one waits here.
    lock_team(team.id)
    standing = door.standing(actor, team.id)
    running = door.started_with(actor, form_token) or standing.running_id
    if running is not None:
        return _goes_on(actor, running)
    driver_id = driver_id or actor.person_id
    here = set(here_ids)
    _check(actor, team, driver_id, here, others_here)
    parts = parts_for(standing.parts, is_short=is_short)
    found = gathered(actor, team, parts, standing.last_started_at)
    part = first_part(parts, {part: len(things) for part, things in found.items()})
    now = clock.now()
    huddle = Huddle(
        organisation_id=actor.organisation_id,
        team_id=team.id,
        form_token=form_token,
        started_by_id=actor.person_id,
        started_at=now,
        driver_id=driver_id,
        planned_minutes=team.huddle_minutes,
        parts=[part.value for part in parts],
        is_short=is_short,
        part=part.value,
        part_opened_at=now,
        acted_at=now,
        next_at=next_begins(team, now),
    )
    try:
        with db.session.begin_nested():
            db.session.add(huddle)
    except IntegrityError:
        # Somebody else began at the same moment and was first, or the same form came twice.
        running = door.running_id(actor, team.id) or door.started_with(actor, form_token)
        if running is None:
            raise
        return _goes_on(actor, running)
    note_here(huddle, here, others_here)
    _write_items(huddle, found)
    audit.record(actor, "huddle_started", "huddle", huddle.id, team=team.id, short=is_short)
    huddle_goes_on(team.id, huddle.id)
    return Started(huddle.id, part, is_new=True)


def _goes_on(actor: Actor, huddle_id: int) -> Started:
    huddle = door.huddle_for_change(actor, huddle_id)
    return Started(huddle.id, Part(huddle.part), is_new=False)


def _check(actor: Actor, team: TeamView, driver_id: int, here: set[int], others_here: int) -> None:
    if team.closed_on is not None:
        raise RuleBroken("This team is closed.")
    members = {person.id for person in people_of_team(actor, team.id)}
    if driver_id not in {actor.person_id, *members}:
        # Anybody else of the council might find every button of the driver refused.
        raise RuleBroken([Reason("Choose somebody of this team.", "driver_id")])
    check_here(actor, here, others_here)


def _write_items(huddle: Huddle, found: dict[Part, list[Found]]) -> None:
    now = huddle.started_at
    items = [
        HuddleItem(
            huddle_id=huddle.id,
            part=part.value,
            position=position,
            idea_id=thing.idea_id,
            measure_id=thing.measure_id,
            action_id=thing.action_id,
            facts=thing.facts,
            settled_at=now if thing.settled_words else None,
            settled_words=thing.settled_words,
        )
        for part, things in found.items()
        for position, thing in enumerate(things)
    ]
    db.session.add_all(items)
    db.session.flush()
    first = next(
        (item for item in items if item.part == huddle.part and item.settled_at is None), None
    )
    huddle.item_id = first.id if first else None
    db.session.flush()
