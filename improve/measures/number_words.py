"""What the numbers of each kind of measure are called on forms, tables and files. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from improve.measures.views import MeasureView


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The words for a measure's numbers.

    ``heads`` name the one or two numbers typed; ``result`` what is shown of them (nothing where it
    is the number itself). ``row_hint`` says what a pasted row holds, ``hint`` what to know when
    typing one, ``file_names`` the columns of a file, ``example`` two rows of one.
    """

    heads: tuple[str, ...]
    result: str
    row_hint: str
    hint: str
    file_names: tuple[str, ...]
    example: tuple[str, ...]


def number_words(measure: MeasureView) -> NumberWords:
    """Return the words for a measure's numbers."""
    top, unit = measure.top_name, measure.unit
    if measure.recorded == "proportion":
        return NumberWords(
            (top or "How many", measure.bottom_name or "Out of"),
            "Share",
            ", then how many, then out of how many",
            "",
            ("numerator", "denominator"),
            ("02/03/2026,42,51", "09/03/2026,40,50"),
        )
    if measure.recorded == "rate":
        per = f"Per {measure.per:,.0f}" if measure.per != 1 else "Rate"
        return NumberWords(
            (top or "How many", measure.bottom_name or "For how many"),
            per,
            ", then how many, then for how many",
            "",
            ("numerator", "denominator"),
            ("02/03/2026,7,2310", "09/03/2026,4,2296.5"),
        )
    if measure.recorded == "times":
        return NumberWords(
            (top or "Times",),
            "Middle one",
            ", then the times: all in one cell, or one in each row",
            "All of them, in any order: 12, 15, 9, 30. The middle one is shown.",
            ("times",),
            ('02/03/2026,"12, 15, 9, 30"', "09/03/2026,11", "09/03/2026,20"),
        )
    if measure.recorded == "days_between":
        return NumberWords(
            ("Days since the one before",),
            "",
            " of each event. The days between them are worked out",
            "Leave it empty: it is worked out from the event before.",
            ("days",),
            ("02/03/2026,", "09/05/2026,68"),
        )
    if measure.recorded == "cases_between":
        return NumberWords(
            (top or "Cases since the one before",),
            "",
            " of the event, then how many cases there were since the one before",
            "",
            ("cases",),
            ("02/03/2026,42", "09/05/2026,23"),
        )
    return NumberWords(
        (top or (unit[:1].upper() + unit[1:]) or "Number",),
        "",
        ", then the number",
        "",
        ("value",),
        ("02/03/2026,42", "09/03/2026,40"),
    )
