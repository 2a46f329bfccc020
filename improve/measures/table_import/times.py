"""Several times of one period in one text: “12, 15, 9, 30”. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from improve.shared import limits
from improve.shared.export import export_cell
from improve.shared.parsing import NotReadable, read_number

_BETWEEN = re.compile(r"[;\s]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,12})?")


def read_times(text: str) -> tuple[float, ...]:
    """The times in a text, in its order: parted by commas, semicolons, spaces or lines.

    Refuses with `NotReadable` what `shared.parsing.read_number` refuses, percentages, times below
    0, a text longer than the limit of `raw_values`, and “1,234” alone, which could be one time
    or two.
    """
    if len(text) > limits.length("raw_values"):
        raise too_many_times()
    parts = [part.strip(",") for part in _BETWEEN.split(text.strip())]
    parts = [part for part in parts if part]
    if not parts:
        raise NotReadable("There is no number here", "Type a time, or several: 12, 15, 9.")
    is_alone = len(parts) == 1
    found: list[float] = []
    for part in parts:
        if _GROUPED.fullmatch(part):
            if is_alone:
                raise NotReadable(
                    f"“{part}” could be one time or more",
                    "Leave the comma out, or put a space after it.",
                )
            found.append(_time(part))
        else:
            found += [_time(one) for one in part.split(",") if one]
    return tuple(found)


def times_text(times: Sequence[float]) -> str:
    """The text that `read_times` reads back to the same times."""
    return ", ".join([export_cell(time) for time in times])


def middle_of(times: Sequence[float]) -> float:
    """The median: half of the times are shorter, half longer."""
    return float(median(times))


def too_many_times() -> NotReadable:
    """The refusal of more times than are kept for one period."""
    most = limits.length("raw_values")
    return NotReadable(
        f"These are more times than fit one period ({most:,} characters)",
        "Count by a shorter period, or leave some out.",
    )


def _time(text: str) -> float:
    read = read_number(text)
    if read.is_percent:
        raise NotReadable(f"“{text}” is a percentage", "Type a time, such as 12.")
    if read.value < 0:
        raise NotReadable(f"“{text}” is below 0", "A time is 0 or more.")
    return read.value
