"""A chart as one picture for a slide or a report: what it is, what it shows, and its doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from improve.measures.chart.drawing import ChartDrawing
from improve.measures.chart.lettering import FONT_SIZE, text_width

WIDTH = 1280
_HEIGHT = 720  # a slide's shape; more words make it higher
_SIDE = 40.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words: its foot, size and weight, and a tone (ink, ink2 or a verdict's).

    ``label`` stands before the words, bold in the tone, where the line begins a finding.
    """

    y: float
    words: str
    size: int
    weight: int = 400
    tone: str = "ink"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its words around it; the chart stands at ``chart_x``, ``chart_y``."""

    drawing: ChartDrawing
    lines: tuple[Line, ...]
    width: int
    height: int
    left: float
    chart_x: float
    chart_y: float


def picture_of(
    drawing: ChartDrawing,
    *,
    title: str,
    facts: str = "",
    label: str = "",
    finding: str = "",
    tone: str = "nochange",
    doubt: Sequence[str] = (),
    foot: Sequence[str] = (),
) -> Picture:
    """Set the words around a drawing made at the size ``picture``.

    ``facts`` say what the numbers are, ``label`` and ``finding`` what they show (both read on),
    ``doubt`` what that leaves open, ``foot`` rules, source and day. Long words wrap: the picture
    grows, nothing is cut.
    """
    room = WIDTH - 2 * _SIDE
    lines: list[Line] = []
    y = 28.0
    for words in wrap(title, room, size=28, is_bold=True):
        y += 32
        lines.append(Line(y, words, 28, 700))
    for words in wrap(facts, room, size=17):
        y += 26
        lines.append(Line(y, words, 17, 400, "ink2"))
    y += 10
    whole = f"{label}: {finding}" if label else finding
    for index, words in enumerate(wrap(whole, room, size=20)):
        y += 28
        is_labelled = index == 0 and label and words.startswith(f"{label}:")
        text = words[len(label) + 1 :].lstrip() if is_labelled else words
        lines.append(
            Line(
                y, text, 20, 400, tone if is_labelled else "ink", f"{label}:" if is_labelled else ""
            )
        )
    chart_y = y + 18
    y = chart_y + drawing.height + 6
    for sentence in doubt:
        for words in wrap(sentence, room, size=17):
            y += 24
            lines.append(Line(y, words, 17, 400, "ink"))
    y = max(y + 10, _HEIGHT - 28.0 - 20 * sum(1 for s in foot for _ in wrap(s, room, size=15)))
    for sentence in foot:
        for words in wrap(sentence, room, size=15):
            y += 20
            lines.append(Line(y, words, 15, 400, "ink2"))
    return Picture(
        drawing,
        tuple(lines),
        WIDTH,
        max(_HEIGHT, round(y + 28)),
        _SIDE,
        (WIDTH - drawing.width) / 2,
        chart_y,
    )


def wrap(words: str, room: float, *, size: float, is_bold: bool = False) -> Iterator[str]:
    """Break words into lines of at most ``room`` pixels; a word longer than a line is broken."""
    line = ""
    for word in _short_enough(words.split(" "), room, size=size):
        longer = f"{line} {word}".strip()
        if line and _width(longer, size, is_bold=is_bold) > room:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _short_enough(words: Sequence[str], room: float, *, size: float) -> Iterator[str]:
    most = max(int(room / size), 1)
    for word in words:
        if _width(word, size, is_bold=True) <= room:
            yield word
        else:
            yield from (word[i : i + most] for i in range(0, len(word), most))


def _width(words: str, size: float, *, is_bold: bool) -> float:
    return text_width(words, is_bold=is_bold) * size / FONT_SIZE
