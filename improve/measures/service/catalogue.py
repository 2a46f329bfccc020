"""Take a ready definition, with what is read beside it, in one step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.accounts.queries import team_by_id
from improve.measures import queries
from improve.measures.catalogue import ReadyMeasure, catalogue
from improve.measures.models import Measure
from improve.measures.service.changes import note_change
from improve.measures.service.define import (
    MeasureDetails,
    check_may_define,
    edit_ties,
    new_measure,
)
from improve.shared import audit
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True)
class Adopted:
    """What a team counts now: the measure asked for, and the names of all that were added."""

    measure_id: int
    added: tuple[str, ...]


def adopt_measure(
    actor: Actor,
    *,
    team_id: int,
    key: str,
    beside: Collection[str] = (),
    is_whole_council: bool = False,
) -> Adopted:
    """Take the ready definition ``key`` for a team, or for the whole council.

    ``beside`` are keys of what the catalogue offers with it (its partner, its context); others are
    not taken. What the team or the council counts already is not added again, only tied: twice is
    harmless. A partner is shown beside, a context drawn under. Refuses with ``NotFound`` an
    unknown key or team, with ``Forbidden`` whoever may not.
    """
    team_by_id(actor, team_id)
    owner_team_id = None if is_whole_council else team_id
    check_may_define(actor, owner_team_id)
    ready = catalogue()
    if key not in ready.measures:
        raise NotFound
    entry = ready.measures[key]
    offered = ready.offered_with(entry)
    wanted = [entry, *(each for each in offered if each.key in beside)]
    queries.lock_catalogue(actor)
    taken = queries.adopted_measures(actor, team_id)
    counted = {k: a.measure_id for k, a in taken.items() if a.closed_on is None}
    added: dict[str, Measure] = {}
    for each in wanted:
        if each.key not in counted:
            measure = _add(actor, owner_team_id, each)
            added[each.key] = measure
            counted[each.key] = measure.id
    for measure in added.values():
        _tie(measure, ready.measures[measure.catalogue_key or ""], counted)
    db.session.flush()
    for each in wanted:
        if each.key not in added:
            _tie_counted(actor, each, counted)
    return Adopted(counted[key], tuple(measure.name for measure in added.values()))


def _add(actor: Actor, team_id: int | None, entry: ReadyMeasure) -> Measure:
    measure = new_measure(actor, team_id, MeasureDetails(**entry.definition))
    note_change(actor, measure.id, "adopted", facts={"key": entry.key})
    audit.record(actor, "measure.adopted", "measure", measure.id, team_id=team_id, key=entry.key)
    return measure


def _tie(measure: Measure, entry: ReadyMeasure, counted: Mapping[str, int]) -> None:
    """Tie a measure just added to its partner and context, where they are counted."""
    measure.partner_id = counted.get(entry.partner or "")
    measure.context_id = counted.get(entry.context or "")


def _tie_counted(actor: Actor, entry: ReadyMeasure, counted: Mapping[str, int]) -> None:
    """Tie a measure that was counted before, where nothing is tied to it yet."""
    edit_ties(
        actor,
        measure_id=counted[entry.key],
        partner_id=counted.get(entry.partner or ""),
        context_id=counted.get(entry.context or ""),
    )
