"""Patterns of reports in safe numbers, for coaches, leaders and reviewers."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.incidents.days_between import HEAD
from improve.incidents.kinds import KIND_WORDS
from improve.incidents.pattern_rows import (
    CSV_HEAD,
    csv_rows,
    lot_words,
    pair_rows,
    received_rows,
)
from improve.incidents.patterns import LOT
from improve.incidents.queries.learned import disclosed
from improve.incidents.queries.patterns import patterns
from improve.incidents.queries.wording import words_for
from improve.incidents.routes.blueprint import blueprint
from improve.shared.export import csv_file


@blueprint.get("/reports/patterns")
@requires(Permission.SEE_REPORT_PATTERNS)
def pattern_page() -> ResponseReturnValue:
    """Show kinds, conditions and pairs by lot, days between reports, and where to test next."""
    actor = current_actor()
    found = patterns(actor)
    return render_template(
        "incidents/patterns.html",
        found=found,
        fewest=LOT,
        kind_words=KIND_WORDS,
        lot_words=lot_words,
        pair_rows=pair_rows(found.lots),
        received_rows=received_rows(found.received),
        chart_head=HEAD,
        disclosed=disclosed(actor),
        text=words_for(actor.organisation_id),
    )


@blueprint.get("/reports/patterns.csv")
@requires(Permission.SEE_REPORT_PATTERNS)
def pattern_file() -> ResponseReturnValue:
    """Give the same numbers as a file, and no other."""
    answer = Response(csv_file(CSV_HEAD, csv_rows(patterns(current_actor()))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=patterns-of-reports.csv"
    return answer
