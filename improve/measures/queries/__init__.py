"""Reads about measures. The actor first; their organisation is always inside.

``all_*`` take no actor: verdicts are rebuilt for whoever changed the data, and their ids have been
looked up by the caller.
"""

from __future__ import annotations

from improve.measures.queries.charts import IdeaChart, charts_of_windows
from improve.measures.queries.drafts import (
    DRAFT_LIFE,
    DraftView,
    import_draft,
    rows_of_draft,
)
from improve.measures.queries.due import DueNumber, numbers_to_add
from improve.measures.queries.huddle import HuddleNumbers, for_huddle, huddle_chart
from improve.measures.queries.kept import KeptNumbers
from improve.measures.queries.lines import (
    TakenBack,
    baseline,
    lines_of,
    middle_line,
    newest_baseline_id,
)
from improve.measures.queries.measures import (
    PAGE_SIZE,
    AdoptedMeasure,
    MeasurePage,
    adopted_measures,
    all_measures,
    answers_without_partner,
    closed_measures_of_team,
    lock_catalogue,
    lock_measures,
    locked_measure,
    measure,
    measure_choices,
    measures_by_id,
    measures_of_team,
    team_has_measure,
)
from improve.measures.queries.numbers import (
    ChangeView,
    all_observations,
    changes_of_measure,
    has_numbers,
    how_far,
    last_before,
    observation,
    observations_at,
    observations_of,
)
from improve.measures.queries.pages import MeasureCard, MeasurePageView, measure_cards, measure_page
from improve.measures.queries.windows import (
    all_windows,
    current_window_rows,
    cycle_window_rows,
    measure_names,
    window_times,
    windows_of_idea,
    windows_of_ideas,
    windows_of_measures,
)
from improve.measures.views import MeasureChoice, MeasureView, ObservationView, WindowView

__all__ = [
    "DRAFT_LIFE",
    "PAGE_SIZE",
    "AdoptedMeasure",
    "ChangeView",
    "DraftView",
    "DueNumber",
    "HuddleNumbers",
    "IdeaChart",
    "KeptNumbers",
    "MeasureCard",
    "MeasureChoice",
    "MeasurePage",
    "MeasurePageView",
    "MeasureView",
    "ObservationView",
    "TakenBack",
    "WindowView",
    "adopted_measures",
    "all_measures",
    "all_observations",
    "all_windows",
    "answers_without_partner",
    "baseline",
    "changes_of_measure",
    "charts_of_windows",
    "closed_measures_of_team",
    "current_window_rows",
    "cycle_window_rows",
    "for_huddle",
    "has_numbers",
    "how_far",
    "huddle_chart",
    "import_draft",
    "last_before",
    "lines_of",
    "lock_catalogue",
    "lock_measures",
    "locked_measure",
    "measure",
    "measure_cards",
    "measure_choices",
    "measure_names",
    "measure_page",
    "measures_by_id",
    "measures_of_team",
    "middle_line",
    "newest_baseline_id",
    "numbers_to_add",
    "observation",
    "observations_at",
    "observations_of",
    "rows_of_draft",
    "team_has_measure",
    "window_times",
    "windows_of_idea",
    "windows_of_ideas",
    "windows_of_measures",
]
