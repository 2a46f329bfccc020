"""The aims of the demo council, what drives them, and the ideas that hang on each driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas.service import aims, drivers
from improve.ideas.service.aims import AimDetails


@dataclass(frozen=True)
class _Driver:
    """A driver with the ideas that are logged for it, and what stands under it."""

    key: str
    name: str
    ideas: tuple[str, ...] = ()
    under: tuple[_Driver, ...] = ()


@dataclass(frozen=True)
class _Aim:
    """An aim, the key of its measure, and in how many days it should have come about."""

    details: AimDetails
    drivers: tuple[_Driver, ...]
    measure: str | None = None
    days: int = 0


#: Who set them up: the principal social worker, who coaches.
_BY: Final = "miriam"
_AIMS: Final = (
    _Aim(
        AimDetails(
            "Every child knows what happens next, before it happens",
            for_whom="every child and young person we work with",
            how_much="nine in ten say “I understand why I have a social worker”",
        ),
        (
            _Driver(
                "who",
                "We say who we are and why we come",
                ("IDEA-036", "IDEA-021", "IDEA-024", "IDEA-033"),
            ),
            _Driver(
                "handover",
                "Changes of worker are a handover, not a gap",
                ("IDEA-018", "IDEA-011"),
            ),
            _Driver(
                "meetings",
                "Meetings fit the child’s life",
                ("IDEA-025", "IDEA-013", "IDEA-008"),
            ),
            _Driver("words", "The plan is in the child’s words", ("IDEA-003", "IDEA-016")),
        ),
        measure="understand_why",
        days=240,
    ),
    _Aim(
        AimDetails(
            "Parents hear from us before they have to ask",
            for_whom="parents and carers who ring or wait for us",
        ),
        (
            _Driver("ring", "We ring back when we said we would", ("IDEA-002", "IDEA-010")),
            _Driver(
                "surprise",
                "Nothing in a meeting is a surprise",
                under=(
                    _Driver("before", "Parents hear it from us before", ("IDEA-009",)),
                    _Driver("way", "They know where to come, and how", ("IDEA-032",)),
                ),
            ),
            _Driver("once", "Families tell us things once"),
        ),
    ),
)


def set_up_aims(council: Council) -> Mapping[int, int]:
    """Make the aims and their drivers now; return the ids of aims by their place in the list.

    A council without the person who plans them has none.
    """
    if _BY not in council.people:
        return {}
    actor = council.actor(_BY)
    made = {}
    for place, aim in enumerate(_AIMS):
        made[place] = aims.make_aim(actor, details=aim.details)
        for driver in aim.drivers:
            council.drivers[driver.key] = drivers.add_driver(
                actor, aim_id=made[place], name=driver.name
            )
            for one in driver.under:
                council.drivers[one.key] = drivers.add_driver(
                    actor,
                    aim_id=made[place],
                    name=one.name,
                    under_id=council.drivers[driver.key],
                )
    return made


def driver_of(council: Council, ref: str) -> int | None:
    """Return the driver that an idea of the demo is logged for."""
    for aim in _AIMS:
        for driver in aim.drivers:
            for one in (driver, *driver.under):
                if ref in one.ideas:
                    return council.drivers.get(one.key)
    return None


def aim_steps(council: Council, made: Mapping[int, int], timetable: Timetable) -> list[Step]:
    """Return the steps that name the measures of aims, once these are there, and their days."""

    def settle() -> None:
        for place, aim_id in made.items():
            aim = _AIMS[place]
            if aim.measure is None:
                continue
            aims.change_aim(
                council.actor(_BY),
                aim_id=aim_id,
                details=AimDetails(
                    aim.details.statement,
                    aim.details.for_whom,
                    aim.details.how_much,
                    timetable.calendar.today + timedelta(days=aim.days),
                    council.measures[aim.measure],
                ),
                seen_version=1,
            )

    return [Step(timetable.early(-20, 90), settle)]
