"""What drives an aim: adding, naming, ordering, closing; and hanging an idea on it."""

from __future__ import annotations

from typing import Final

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.aim_views import DRIVERS_MOST
from improve.ideas.models import Aim, Driver
from improve.ideas.queries import aims as queries
from improve.ideas.queries import door
from improve.ideas.service.aims import Way, check_may_plan, find_aim, moved
from improve.ideas.service.freshness import shown_name
from improve.ideas.service.record import finish, note_edit
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

#: The name of the field in an idea's history.
HUNG_FIELD: Final = "driver_id"


def add_driver(actor: Actor, *, aim_id: int, name: str, under_id: int | None = None) -> int:
    """Add what is thought to move an open aim, last in its place; return its id.

    ``under_id`` hangs it under a driver of the first level. The same name sent twice is one driver.
    Refuses a closed aim, a thirteenth open driver, a third level.
    """
    check_may_plan(actor)
    name = _checked(name)
    aim = _open_aim(actor, aim_id)
    drivers = queries.drivers_for_change(actor, aim_id)
    standing = [one for one in drivers if one.closed_on is None]
    if under_id is not None:
        parent = next((one for one in standing if one.id == under_id), None)
        if parent is None:
            raise NotFound
        if parent.level != 1:
            raise RuleBroken("Two levels are enough: choose one that stands under the aim itself.")
    beside = [one for one in standing if one.parent_id == under_id]
    same = next((one for one in beside if one.name == name), None)
    if same is not None:
        return same.id
    _check_room(len(standing))
    driver = Driver(
        organisation_id=actor.organisation_id,
        aim_id=aim.id,
        parent_id=under_id,
        level=1 if under_id is None else 2,
        position=max((one.position for one in drivers), default=0) + 1,
        name=name,
        version=1,
        created_at=clock.now(),
    )
    db.session.add(driver)
    db.session.flush()
    audit.record(actor, "driver_added", "driver", driver.id, aim=aim.id)
    return driver.id


def rename_driver(actor: Actor, *, driver_id: int, name: str, seen_version: int) -> None:
    """Put a driver in other words. Raises ``Stale`` with ``theirs`` and ``version``."""
    check_may_plan(actor)
    name = _checked(name)
    _, driver = _find(actor, driver_id)
    if driver.name == name:
        return
    if seen_version != driver.version:
        raise Stale(theirs=driver.name, version=driver.version)
    driver.name = name
    driver.version += 1
    db.session.flush()
    audit.record(actor, "driver_renamed", "driver", driver.id)


def move_driver(actor: Actor, *, driver_id: int, way: Way, seen_place: int) -> bool:
    """Move an open driver one place among those beside it; see ``aims.move_aim``."""
    check_may_plan(actor)
    drivers, driver = _find(actor, driver_id)
    beside = [one for one in drivers if one.parent_id == driver.parent_id]
    if not moved(beside, driver, way, seen_place):
        return False
    db.session.flush()
    audit.record(actor, "driver_moved", "driver", driver.id, way=way)
    return True


def close_driver(actor: Actor, *, driver_id: int) -> None:
    """Close a driver and those under it: they are offered no more. Their ideas stay on them."""
    check_may_plan(actor)
    drivers, driver = _find(actor, driver_id)
    if driver.closed_on is not None:
        return
    today = clock.today()
    for one in drivers:
        if one.closed_on is None and driver.id in {one.id, one.parent_id}:
            one.closed_on = today
            one.version += 1
    db.session.flush()
    audit.record(actor, "driver_closed", "driver", driver.id)


def open_driver_again(actor: Actor, *, driver_id: int) -> None:
    """Open a closed driver again, last in its place, unless what it hangs under is closed."""
    check_may_plan(actor)
    drivers, driver = _find(actor, driver_id)
    if driver.closed_on is None:
        return
    _open_aim(actor, driver.aim_id)
    parent = next((one for one in drivers if one.id == driver.parent_id), None)
    if parent is not None and parent.closed_on is not None:
        raise RuleBroken(f"Open “{parent.name}” again first: this stands under it.")
    _check_room(sum(1 for one in drivers if one.closed_on is None))
    driver.closed_on = None
    driver.position = max(one.position for one in drivers) + 1
    driver.version += 1
    db.session.flush()
    audit.record(actor, "driver_opened_again", "driver", driver.id)


def hang_idea(
    actor: Actor,
    *,
    idea_id: int,
    driver_id: int | None,
    seen_version: int | None = None,
    is_checked: bool = True,
) -> int:
    """Say what an idea is meant to move: an open driver, or none. The same again is nothing.

    Returns the version for what the same form changes next: what a colleague wrote meanwhile is
    still newer than it.

    Unless ``is_checked`` is False it raises ``Stale`` (facts ``by, theirs, mine, version``) when
    somebody else chose another since ``seen_version``. Refuses a closed driver; one that it hangs
    on already may stay.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    seen = idea.version if seen_version is None else seen_version
    if driver_id == idea.driver_id:
        return seen
    wanted = queries.driver_named(actor, driver_id)
    if driver_id is not None and (wanted is None or wanted.is_closed):
        raise RuleBroken([Reason("Choose one of those in the list.", HUNG_FIELD)])
    before = queries.driver_named(actor, idea.driver_id)
    if is_checked and seen_version is not None and seen_version < idea.version:
        edits = door.edits_of_others(actor, idea.id, fields=[HUNG_FIELD], since=seen_version)
        if edits:
            raise Stale(
                by=shown_name(actor, standing, edits[0].by_id),
                theirs=before.driver if before else "",
                mine=wanted.driver if wanted else "",
                version=idea.version,
            )
    note_edit(
        actor,
        idea,
        version=idea.version + 1,
        kind="driver",
        field=HUNG_FIELD,
        old=before.driver if before else "",
        new=wanted.driver if wanted else "",
    )
    is_newest = seen == idea.version
    idea.driver_id = driver_id
    idea.version += 1
    db.session.flush()
    finish(actor, idea, "idea_hung_on_driver", driver=driver_id)
    return idea.version if is_newest else seen


def _find(actor: Actor, driver_id: int) -> tuple[list[Driver], Driver]:
    """Return the drivers of one aim, to be changed, and this one. Raises ``NotFound``."""
    aim_id = queries.aim_of_driver(actor, driver_id)
    find_aim(actor, aim_id)
    drivers = queries.drivers_for_change(actor, aim_id)
    return drivers, next(one for one in drivers if one.id == driver_id)


def _open_aim(actor: Actor, aim_id: int) -> Aim:
    _, aim = find_aim(actor, aim_id)
    if aim.closed_on is not None:
        raise RuleBroken("This aim is closed. Open it again first.")
    return aim


def _check_room(count: int) -> None:
    if count >= DRIVERS_MOST:
        raise RuleBroken(
            f"There are {DRIVERS_MOST} already, as many as fit on a page. Close one first."
        )


def _checked(name: str) -> str:
    name, most = " ".join(name.split()), limits.length("driver")
    if not name:
        raise RuleBroken(
            [Reason("Say in a few words what you think makes the difference.", "name")]
        )
    if len(name) > most:
        raise RuleBroken([Reason(f"Use {most} characters or fewer.", "name")])
    return name
