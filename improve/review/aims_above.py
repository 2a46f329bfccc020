"""Aims from above: what goes on under each driver of the council, and where nothing is. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from improve.ideas.above_views import (
    AimRow,
    DriverRow,
    FinishedUnder,
    FromAbove,
    TriedNow,
    UnderDriver,
)


@dataclass(frozen=True, slots=True)
class DriverAbove:
    """A driver with the first of what is tried and what finished under it, and counts of all."""

    id: int
    name: str
    tried: tuple[TriedNow, ...]
    finished: tuple[FinishedUnder, ...]
    counts: UnderDriver
    under: tuple[DriverAbove, ...]

    @property
    def is_gap(self) -> bool:
        """Whether nobody tries anything here, nor under what hangs under it."""
        return not self.counts.tried and all(one.is_gap for one in self.under)

    @property
    def more_tried(self) -> int:
        """How many more are tried than are shown."""
        return self.counts.tried - len(self.tried)

    @property
    def more_finished(self) -> int:
        """How many more finished than are shown."""
        return self.counts.finished - len(self.finished)

    @property
    def ended(self) -> tuple[tuple[str, int], ...]:
        """Kept, changed, stopped with their counts, the same for each."""
        counts = self.counts
        return (("kept", counts.kept), ("changed", counts.changed), ("stopped", counts.stopped))


@dataclass(frozen=True, slots=True)
class AimAbove:
    """An aim with its drivers."""

    aim: AimRow
    drivers: tuple[DriverAbove, ...]

    @property
    def lowest(self) -> Iterator[DriverAbove]:
        """The drivers under which ideas are meant to hang: those with nothing under them."""
        for driver in self.drivers:
            if driver.under:
                yield from driver.under
            else:
                yield driver


@dataclass(frozen=True, slots=True)
class AimsAbove:
    """The whole page. ``gaps`` are drivers under which nobody tries anything, with their aim."""

    aims: tuple[AimAbove, ...]
    gaps: tuple[tuple[str, DriverAbove], ...]
    driver_count: int
    loose: int

    @property
    def gaps_sentence(self) -> str:
        """Return for example “3 of 8 drivers have nothing under them”, which can stand alone."""
        if not self.driver_count:
            return "No drivers are written down yet."
        if not self.gaps:
            return "Something is being tried under every driver."
        count = len(self.gaps)
        have = "has" if count == 1 else "have"
        them = "it" if count == 1 else "them"
        of_all = f"{count}\u00a0of {self.driver_count}\u00a0" if self.driver_count > 1 else "The "
        drivers = "drivers" if self.driver_count > 1 else "driver"
        return f"{of_all}{drivers} {have} nothing under {them}."


def aims_above(found: FromAbove) -> AimsAbove:
    """Return the aims in the council's order, each driver with what goes on under it.

    A driver with others under it is a gap only if all of those are; then only those are named.
    """
    tried: dict[int, list[TriedNow]] = defaultdict(list)
    for idea in found.tried:
        tried[idea.driver_id].append(idea)
    finished: dict[int, list[FinishedUnder]] = defaultdict(list)
    for cycle in found.finished:
        finished[cycle.driver_id].append(cycle)
    children: dict[int | None, list[DriverRow]] = defaultdict(list)
    tops: dict[int, list[DriverRow]] = defaultdict(list)
    open_ids = {driver.id for driver in found.drivers}
    for driver in found.drivers:
        # Whose own driver was closed stands on the first level: nothing of it is lost.
        if driver.parent_id in open_ids:
            children[driver.parent_id].append(driver)
        else:
            tops[driver.aim_id].append(driver)

    def view(driver: DriverRow) -> DriverAbove:
        return DriverAbove(
            id=driver.id,
            name=driver.name,
            tried=tuple(tried[driver.id]),
            finished=tuple(finished[driver.id]),
            counts=found.counts.get(driver.id, UnderDriver()),
            under=tuple(view(one) for one in children[driver.id]),
        )

    aims = tuple(AimAbove(aim, tuple(view(one) for one in tops[aim.id])) for aim in found.aims)
    lowest = [(aim.aim.statement, driver) for aim in aims for driver in aim.lowest]
    return AimsAbove(
        aims=aims,
        gaps=tuple((statement, driver) for statement, driver in lowest if driver.is_gap),
        driver_count=len(lowest),
        loose=found.loose,
    )
