"""The windows of an idea's cycles on its measures follow its moves."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.ideas.kinds import Stage, Way
from improve.ideas.models import Cycle, Idea
from improve.ideas.queries import door
from improve.ideas.stages import Move
from improve.measures import service as measures
from improve.shared import clock


def follow_move(
    actor: Actor, idea: Idea, cycle: Cycle | None, cycles: list[Cycle], move: Move
) -> None:
    """Open, end or take away the present cycle's windows as the move asks.

    Entering Do opens them. A small test ends when Do ends; a wide change goes on being tried
    while it is studied, so its window ends only when it is changed, stopped or withdrawn, and
    not when it is kept. A decision keeps the verdict as it stands.
    """
    if cycle is None or (cycle.started_on is None and move.to.stage is not Stage.PLAN):
        return
    number, today, judged = cycle.number, clock.today(), is_judged(cycle, cycles)
    if move.to.stage is Stage.DO and not move.to.is_back:
        open_for(actor, idea, cycle, cycles)
    elif move.to.stage is Stage.PLAN and move.to.is_back:
        measures.remove_windows(actor, idea_id=idea.id, cycle_number=number)
    elif not judged and move.way in {Way.STUDY, Way.DO}:
        if move.to.stage is Stage.DO:
            measures.reopen_window(actor, idea_id=idea.id, cycle_number=number)
        elif not move.to.is_back:
            measures.close_window(actor, idea_id=idea.id, cycle_number=number, ends_on=today)
    if move.to.decision is not None:
        measures.keep_decided(actor, idea_id=idea.id, cycle_number=number)
    if (move.way in {Way.CHANGE, Way.STOP, Way.WITHDRAW} and judged) or (
        move.way in {Way.STOP, Way.WITHDRAW} and move.from_stage is Stage.DO
    ):
        measures.close_window(actor, idea_id=idea.id, cycle_number=number, ends_on=today)


def is_judged(cycle: Cycle, cycles: list[Cycle]) -> bool:
    """Return whether a measure judges this cycle.

    It does from the first cycle whose plan says that it is wide enough to move the measure.
    """
    return cycle.is_wide or any(c.is_wide for c in cycles if c.number < cycle.number)


def open_for(actor: Actor, idea: Idea, cycle: Cycle, cycles: list[Cycle]) -> None:
    """Open the cycle's windows on the idea's measures, if it has begun."""
    for place, measure_id in door.tied_measures(idea.id).items():
        _open(actor, idea, cycle, cycles, place=place, measure_id=measure_id)


def open_beside(actor: Actor, idea: Idea, cycles: list[Cycle]) -> None:
    """Read what is watched beside from now on by the days of a wide test that is being studied.

    A small test is over when it is studied, and is not judged.
    """
    cycle = next((c for c in cycles if c.number == idea.cycle_number), None)
    measure_id = door.tied_measures(idea.id).get("beside")
    is_studied = Stage(idea.stage) in {Stage.STUDY, Stage.ACT}
    if cycle is not None and measure_id is not None and is_studied and is_judged(cycle, cycles):
        _open(actor, idea, cycle, cycles, place="beside", measure_id=measure_id)


def _open(
    actor: Actor, idea: Idea, cycle: Cycle, cycles: list[Cycle], *, place: str, measure_id: int
) -> None:
    if cycle.started_on is None:
        return
    judged = is_judged(cycle, cycles)
    measures.open_window(
        actor,
        measure_id=measure_id,
        idea_id=idea.id,
        cycle_number=cycle.number,
        place=place,
        label=f"Cycle {cycle.number}" if judged else f"Cycle {cycle.number}, small",
        starts_on=cycle.started_on,
        is_judged=judged,
    )


def follow_undo(
    actor: Actor, idea: Idea, cycle: Cycle | None, cycles: list[Cycle], *, way: Way, left: Stage
) -> None:
    """Put the windows back as they were before a move ``way`` that had led from ``left``.

    ``cycle`` is the cycle as it stands again.
    """
    if cycle is None:
        return
    number = cycle.number
    if way is Way.DO and left is Stage.PLAN:
        measures.remove_windows(actor, idea_id=idea.id, cycle_number=number)
        return
    if cycle.started_on is None:
        return
    if way is Way.PLAN and left is Stage.DO:
        open_for(actor, idea, cycle, cycles)
        return
    if way in {Way.SUGGESTED, Way.ACT} or (way is Way.STUDY and left is Stage.ACT):
        return
    is_over = left in {Stage.STUDY, Stage.ACT} and not is_judged(cycle, cycles)
    measures.reopen_window(actor, idea_id=idea.id, cycle_number=number)
    if is_over and cycle.ended_on is not None:
        measures.close_window(actor, idea_id=idea.id, cycle_number=number, ends_on=cycle.ended_on)
