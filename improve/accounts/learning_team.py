"""The name of the one account that is nobody's: no person signs in as it. Pure."""

from __future__ import annotations

from typing import Final

#: Whoever proposes what came out of a practice week, a survey, or a report read by its reviewers.
#: No-break spaces keep the three words together where a board shows a first name.
LEARNING_TEAM: Final = "The\u00a0learning\u00a0team"
LEARNING_TEAM_TITLE: Final = "Coaches and reviewers together"
