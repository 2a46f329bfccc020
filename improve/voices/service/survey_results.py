"""The numbers of a survey, counted once when it is over and read.

Were they counted anew each time, a voice that is locked later would take its rating with it, and
two days put side by side would tell how a locked child answered.
"""

from __future__ import annotations

from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.suppression import Count
from improve.voices.queries.survey_results import numbers_of, surveys_to_count


def count_closed_surveys() -> int:
    """Count the surveys that are over for 28 days, in every council; return how many.

    For the nightly run. Only what may be shown is kept, and nothing changes it afterwards.
    """
    surveys = surveys_to_count()
    for survey in surveys:
        numbers = numbers_of(survey)
        survey.results = {
            "response": numbers.response,
            "ratings": [_kept(n) for n in numbers.ratings],
            "not_counted": _kept(numbers.not_counted),
        }
        survey.counted_on = clock.today()
        audit.record(
            None,
            "voices.survey_counted",
            "voice_survey",
            survey.id,
            organisation_id=survey.organisation_id,
        )
    db.session.flush()
    return len(surveys)


def _kept(count: Count) -> int | None:
    return count if isinstance(count, int) else None
