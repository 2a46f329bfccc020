"""The numbers of a measure as a file that goes straight back in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.measures import queries
from improve.measures.number_words import number_words
from improve.measures.routes.blueprint import blueprint
from improve.measures.table_import import times_text
from improve.measures.views import MeasureView, ObservationView
from improve.shared.export import Cell, csv_file


@blueprint.get("/measures/<int:measure_id>/data.csv")
@requires(Permission.SEE_MEASURES)
def download(measure_id: int) -> ResponseReturnValue:
    """Give a measure's numbers as a file that can be pasted straight back in."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    observations = queries.observations_of(actor, [measure_id])[measure_id]
    name = re.sub(r"[^a-z0-9]+", "-", measure.name.lower()).strip("-")[:60] or "measure"
    return Response(
        csv_file(*rows_of(measure, observations)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def rows_of(
    measure: MeasureView, observations: Sequence[ObservationView]
) -> tuple[list[str], list[list[Cell]]]:
    """Return the names and rows of the file, in the words that an import knows."""
    header = ["date", *number_words(measure).file_names, "note", "left out because"]
    return header, [
        [o.period_start, *_numbers(measure, o), o.note, o.excluded_reason] for o in observations
    ]


def _numbers(measure: MeasureView, o: ObservationView) -> list[Cell]:
    if measure.is_pair:
        return [o.numerator, o.denominator]
    if o.raw_values:
        return [times_text(o.raw_values)]
    return [o.value]
