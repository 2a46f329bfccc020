"""What confidential reports offer to the rest, which may know nothing of them."""

from __future__ import annotations

from improve.incidents.demo.reports import demo_reports
from improve.incidents.service.destroy import tables_of_reports
from improve.incidents.service.end_training import follow_roles
from improve.incidents.service.follow_ideas import follow_endings
from improve.incidents.service.gone import gone_reports
from improve.incidents.service.months import write_received_months
from improve.incidents.service.propose import propose_waiting
from improve.incidents.service.retention import clear_reports
from improve.incidents.service.sealed_columns import hashed_columns, sealed_columns
from improve.incidents.service.tell_reviewers import tell_of_reports
from improve.shared import contributions, gone_marks, resealing, rewriting


def offer_reports() -> None:
    """Plug in deadlines, endings of ideas and of roles, counts, the demo, keys and marks."""
    clear_reports()
    follow_endings()
    follow_roles()
    contributions.register("hourly", tell_of_reports)
    contributions.register("nightly", write_received_months)
    contributions.register("nightly", propose_waiting)
    contributions.register("demo-reports", demo_reports)
    contributions.register(resealing.SEALED, sealed_columns)
    contributions.register(resealing.HASHED, hashed_columns)
    contributions.register(rewriting.CONTRIBUTION, tables_of_reports)
    contributions.register(gone_marks.CONTRIBUTION, gone_reports())
