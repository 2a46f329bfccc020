"""What people and other capabilities do to measures. Nothing here commits.

Ideas open and close the windows of their cycles here; every verdict is computed in the
transaction that changes data or dates, and ``VerdictsRewritten`` tells who shows it.
"""

from __future__ import annotations

from improve.measures.service.catalogue import Adopted, adopt_measure
from improve.measures.service.define import (
    MeasureDetails,
    WithoutPartner,
    close_measure,
    define_measure,
    details_of,
    edit_measure,
    reopen_measure,
)
from improve.measures.service.due import NumberToAdd, numbers_to_add
from improve.measures.service.imports import (
    Imported,
    Preview,
    WideChoices,
    confirm_import,
    correct_import,
    pick_series,
    preview_import,
    purge_drafts,
    start_import,
)
from improve.measures.service.many_points import add_points
from improve.measures.service.point_rows import NewPoint
from improve.measures.service.points import (
    AlreadyThere,
    SavedPoint,
    add_point,
    change_point,
    note_point,
    remove_point,
)
from improve.measures.service.tallies import (
    SettledWeek,
    TallyDetails,
    close_tally,
    idea_name,
    make_tally,
    reopen_tally,
    settle_ended_weeks,
    settle_tally,
    tap,
    undo_tap,
)
from improve.measures.service.verdicts import (
    VerdictChange,
    VerdictsRewritten,
    count_of_earlier_rules,
    recompute,
    recompute_all,
)
from improve.measures.service.windows import (
    close_window,
    keep_decided,
    open_window,
    remove_windows,
    reopen_window,
)

__all__ = [
    "Adopted",
    "AlreadyThere",
    "Imported",
    "MeasureDetails",
    "NewPoint",
    "NumberToAdd",
    "Preview",
    "SavedPoint",
    "SettledWeek",
    "TallyDetails",
    "VerdictChange",
    "VerdictsRewritten",
    "WideChoices",
    "WithoutPartner",
    "add_point",
    "add_points",
    "adopt_measure",
    "change_point",
    "close_measure",
    "close_tally",
    "close_window",
    "confirm_import",
    "correct_import",
    "count_of_earlier_rules",
    "define_measure",
    "details_of",
    "edit_measure",
    "idea_name",
    "keep_decided",
    "make_tally",
    "note_point",
    "numbers_to_add",
    "open_window",
    "pick_series",
    "preview_import",
    "purge_drafts",
    "recompute",
    "recompute_all",
    "remove_point",
    "remove_windows",
    "reopen_measure",
    "reopen_tally",
    "reopen_window",
    "settle_ended_weeks",
    "settle_tally",
    "start_import",
    "tap",
    "undo_tap",
]
