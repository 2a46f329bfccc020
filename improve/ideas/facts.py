"""From what is written in an idea to the facts that the gate asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from improve.ideas.needs import Readiness
from improve.shared import clock


def readiness_of(
    values: Mapping[str, Any],
    *,
    is_replied: bool,
    has_lead: bool,
    has_measure: bool,
    has_reason: bool = False,
    has_look_again: bool = False,
    today: date | None = None,
) -> Readiness:
    """Return the facts that follow from the fields of an idea and its present cycle.

    ``values`` by name of ``questions``; a name that is not there counts as empty. What only the
    measures know (definition, points) counts as met when a measure is tied, and is asked by the
    service that moves.
    """

    def has(name: str) -> bool:
        value = values.get(name)
        return value is not None and value != "" and value is not False

    study_by_on = values.get("study_by_on")
    on = today or clock.today()
    return Readiness(
        is_replied=is_replied,
        has_lead=has_lead,
        has_improves=has("improves") or has("benefit"),
        is_small_test=not values.get("is_wide"),
        has_change_to_try=has("change_to_try"),
        has_scope=has("scope") or has("who") or has("families_count"),
        has_prediction=has("prediction"),
        has_study_by=has("study_by_on"),
        has_measure=has_measure,
        has_tally=has("how_known"),
        has_definition=has_measure,
        has_baseline=has_measure,
        has_balancing=has("balancing"),
        has_what_happened=has("what_happened"),
        is_as_planned_answered=has("as_planned"),
        has_number=has("seen_count")
        or has("has_no_number")
        or (has_measure and bool(values.get("is_wide"))),
        study_by_on=study_by_on,
        is_study_day_reached=study_by_on is None or study_by_on <= on,
        is_prediction_answered=has("prediction_held"),
        has_learned=has("learned"),
        is_read_by_outside=has("read_by_outside"),
        has_decision_why=has("decision_why"),
        has_adopt_anyway=has("adopt_anyway"),
        has_reason=has_reason,
        has_look_again=has_look_again,
        has_what_changed=has("what_happened"),
    )
