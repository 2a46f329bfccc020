"""What the acts of measures mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.NUMBERS: {
            "measure.defined": "Defined a measure",
            "measure.adopted": "Took a measure from the catalogue",
            "measure.edited": "Changed a measure",
            "measure.closed": "Stopped counting a measure",
            "measure.reopened": "Counts a measure again",
            "measure.chart_chosen": "Chose a chart",
            "measure.target_set": "Set a target",
            "measure.baseline_set": "Set a baseline",
            "measure.baseline_removed": "Took a baseline back",
            "measure.line_drawn": "Drew a line where something changed",
            "measure.line_removed": "Took a line away",
            "measure.point_added": "Added a number",
            "measure.point_changed": "Put a number right",
            "measure.point_removed": "Took a number out",
            "measure.point_excluded": "Left a number out of the arithmetic",
            "measure.point_included": "Counts a number again",
            "measure.note_written": "Wrote a note on a chart",
            "measure.points_imported": "Brought numbers in",
            "measure.table_imported": "Brought a table of numbers in",
            "tally.made": "Made a tally",
            "tally.closed": "Closed a tally",
            "tally.reopened": "Opened a tally again",
            "tally.point_added": "A week of taps became a number",
            "tally.point_changed": "A week of taps was counted again",
            "tally.point_removed": "A number of taps was taken out",
            "tally.point_gap": "A week had too few taps",
            "dip_sample.made": "Made a dip sample",
            "dip_sample.read": "Read a dip sample",
            "dip_sample.settled": "Settled a dip sample",
            "dip_sample.stopped": "Stopped a dip sample",
            "dip_sample.reopened": "Opened a dip sample again",
            "dip_sample.reader_changed": "Changed a reader of a dip sample",
            "dip_sample.point_made": "A dip sample became a number",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of measures."""
    return _ACTS
