"""Colours can be read: every pair that carries words or a shape keeps its ratio, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).resolve().parents[2] / "static" / "css" / "improve.css").read_text(
    encoding="utf-8"
)
THEMES = ("light", "dark")

#: Words need 4.5:1 (WCAG 2.2, 1.4.3).
WORDS = (
    *(
        (colour, ground)
        for colour in ("ink", "ink2", "link")
        for ground in ("ground", "surface", "soft", "tint", "sunk", "tb")
    ),
    *(
        (verdict, ground)
        for verdict in ("better", "worse", "changed", "nochange")
        for ground in ("ground", "surface")
    ),
    ("better", "tb"),
    *(
        (stage, ground)
        for stage in ("ideas", "plan", "do", "study", "act", "done")
        for ground in ("ground", "surface")
    ),
    ("error", "surface"),
    ("error", "ground"),
    ("error", "error-bg"),
    ("ink", "error-bg"),
    ("ink2", "error-bg"),
    ("warn", "warn-bg"),
    ("ok", "ok-bg"),
    ("on-brand", "brand"),
    ("on-brand", "disc"),
    ("on-focus", "focus"),
    ("surface", "ink"),
)
#: Edges of what can be used, and shapes that say something, need 3:1 (1.4.11).
SHAPES = (
    ("line-strong", "ground"),
    ("line-strong", "surface"),
    ("focus", "brand"),
    ("ink", "ground"),
    ("brandline", "surface"),
    ("brandline", "ground"),
    ("error", "ground"),
)


def tokens(theme: str) -> dict[str, str]:
    """Return the plain colours of a theme by name, as the sheet states them."""
    found: dict[str, str] = {}
    block = SHEET.split("@layer tokens {", 1)[1].split("@supports", 1)[0]
    for name, value in re.findall(r"--([a-z0-9-]+):\s*([^;]+);", block):
        pair = re.fullmatch(r"light-dark\(\s*(#\w+),\s*(#\w+)\s*\)", value.strip())
        if pair:
            found[name] = pair.group(1 if theme == "light" else 2)
        elif re.fullmatch(r"#[0-9A-Fa-f]{6}", value.strip()):
            found[name] = value.strip()
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG's definition)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "ground"), WORDS)
def test_words_can_be_read(theme: str, colour: str, ground: str) -> None:
    palette = tokens(theme)
    assert ratio(palette[colour], palette[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "ground"), SHAPES)
def test_shapes_can_be_seen(theme: str, colour: str, ground: str) -> None:
    palette = tokens(theme)
    assert ratio(palette[colour], palette[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read_on_the_band_of_the_time_since_a_change(theme: str) -> None:
    palette = tokens(theme)
    band, surface = palette["band"], palette["surface"]
    share = int(band[7:9], 16) / 255
    mixed = "#" + "".join(
        f"{round(int(band[i : i + 2], 16) * share + int(surface[i : i + 2], 16) * (1 - share)):02X}"
        for i in (1, 3, 5)
    )
    for colour in ("ink", "ink2", "better", "worse", "changed", "nochange"):
        assert ratio(palette[colour], mixed) >= 4.5, colour


def test_browsers_without_light_dark_get_the_same_light_theme() -> None:
    light = tokens("light")
    old = SHEET.split("@supports not", 1)[1].split("\n  }\n", 1)[0]
    fallback = dict(re.findall(r"--([a-z0-9-]+):\s*(#\w+);", old))
    new = SHEET.split("@supports not", 1)[0]
    themed = {
        name
        for name, value in re.findall(r"--([a-z0-9-]+):\s*([^;]+);", new)
        if value.startswith("light-dark(#") and value.count("light-dark") == 1
    }
    assert {name: light.get(name, fallback[name]) for name in fallback} == fallback
    assert themed - {"shadow", "lift"} == set(fallback)
