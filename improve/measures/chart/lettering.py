"""How wide words are on a chart, so that none is drawn over another.

A chart is drawn on the server, where no font is loaded. The widths are those of Atkinson
Hyperlegible Next with figures of equal width; another font on a reader's machine is close enough,
since every use leaves some room.
"""

from __future__ import annotations

FONT_SIZE = 15.0

# Hundredths of the font size, rounded up, at weight 400.
_REGULAR = {
    20: "'",
    22: ",.:;",
    24: "`j|’",
    27: "il",
    30: ' \u00a0!"()f[',
    34: "t]{}r-",
    40: "/I\\“”",
    47: "yvzs",
    50: "*?cxk–",
    53: "7JaLeu",
    56: "<>^hnoTdg~",
    58: "EYbpq$PSV",
    62: "0123456789+BRZ£X=−AKC#D…",
    69: "wGHNUO",
    75: "Q&@",
    84: "Mm",
    92: "%W",
}
_WIDTHS = {letter: width for width, letters in _REGULAR.items() for letter in letters}
_OTHER = 62
_BOLD = 1.06


def text_width(words: str, *, is_bold: bool = False) -> float:
    """The width of one line of chart text in pixels, at 15 px, rather over than under."""
    hundredths = sum(_WIDTHS.get(letter, _OTHER) for letter in words)
    width = hundredths * FONT_SIZE / 100
    return width * _BOLD if is_bold else width
