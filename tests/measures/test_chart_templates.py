"""What templates make of drawings: well-formed, obedient to the content policy, readable."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader

from improve.measures.chart import draw_spark, draw_views, picture_of
from improve.measures.chart.lettering import text_width
from improve.measures.chart.shapes import outline
from improve.measures.chart.sizes import PHONE_SMALL
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.marks import Assurance, AssuranceCode, Variation, VariationCode
from improve.measures.spc.series import Observed
from improve.measures.spc.special import special_points
from improve.shared.formatting import day_year, number
from tests.measures.chart_series import (
    NOTES,
    ODD_SERIES,
    ROOT,
    SIZES,
    WINDOWS,
    improved,
    phased,
    week,
)


@pytest.fixture(scope="module")
def templates() -> Environment:
    found = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    found.filters |= {"day_year": day_year, "number": number}
    return found


def rendered(templates: Environment, name: str, macro: str, *arguments: object) -> str:
    return str(getattr(templates.get_template(f"measures/{name}").module, macro)(*arguments))


@pytest.mark.parametrize("name", sorted(set(ODD_SERIES) - {"520 points"}))
def test_every_svg_is_well_formed_and_obeys_the_content_policy(
    templates: Environment, name: str
) -> None:
    views = draw_views(
        ODD_SERIES[name](),
        "measure",
        title="Visits <on> time & “seen”",
        finding="Improvement: & more.",
        tone="better",
        windows=WINDOWS,
        notes=NOTES,
        to_come=2,
    )
    page = rendered(templates, "_chart.html", "chart", views, "chart-7")
    tree = ElementTree.fromstring(page)  # noqa: S314  our own output
    assert "style" not in {attribute for node in tree.iter() for attribute in node.attrib}
    assert not [node for node in tree.iter() if node.tag.endswith("style")]
    ids = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids))
    for svg in tree:
        assert svg.attrib["role"] == "img"
        for named in svg.attrib["aria-labelledby"].split():
            assert named in ids
        assert svg[0].text == "Visits <on> time & “seen”"


def test_sparkline_and_pips_are_well_formed(templates: Environment) -> None:
    spark = draw_spark({"before": [5, 6, 7], "after": [8, 9], "centre": 6, "code": "improvement"})
    drawn = ElementTree.fromstring(rendered(templates, "_spark.html", "spark", spark))  # noqa: S314
    assert drawn.attrib["aria-hidden"] == "true"
    assert rendered(templates, "_spark.html", "spark", None).strip() == ""
    pips = ElementTree.fromstring(rendered(templates, "_pips.html", "pips", 5, 6, 6, 6))  # noqa: S314
    expected, saw = pips.iter("svg")
    assert expected.attrib["aria-label"] == "5\u00a0of\u00a06"
    assert [dot.attrib["class"] for dot in expected] == ["pip-outline"] * 5 + ["pip-rest"]
    assert {dot.attrib["class"] for dot in saw} == {"pip-filled"}
    many = rendered(templates, "_pips.html", "pips", None, None, 40, 60)
    assert "40\u00a0of\u00a060" in many
    assert "Expected" not in many
    assert rendered(templates, "_pips.html", "pips", None, None, None, None).strip() == ""


def test_the_sheet_shows_every_width_and_starts_with_the_smallest() -> None:
    sheet = (ROOT / "static" / "css" / "charts.css").read_text(encoding="utf-8")
    widths = {size.width for size in SIZES.values()}
    for width in widths:
        assert re.search(rf"\.chart-w{width}\b[^{{}}]*\{{ display: block", sheet)
        if width != PHONE_SMALL.width:
            assert f"(min-width: {width}px)" in sheet
    assert "style" not in sheet.split("@layer", 1)[1]


def _luminance(rgb: tuple[float, float, float]) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _rgba(colour: str) -> tuple[float, float, float, float]:
    digits = colour.lstrip("#")
    values = [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]
    return values[0], values[1], values[2], values[3] if len(values) == 4 else 1.0


def _over(top: str, under: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue, alpha = _rgba(top)
    mixed = [a * alpha + b * (1 - alpha) for a, b in zip((red, green, blue), under, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _ratio(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_and_shapes_are_readable_on_the_shaded_time_too(theme: int) -> None:
    sheet = (ROOT / "static" / "css" / "improve.css").read_text(encoding="utf-8")

    def token(name: str) -> str:
        found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", sheet)
        assert found, name
        return found.group(theme + 1)

    surface = _rgba(token("surface"))[:3]
    band = _over(token("band"), surface)
    hatched = _over(token("hatch"), band)
    for words in ("ink", "ink2"):
        for ground in (surface, band, hatched):
            assert _ratio(_rgba(token(words))[:3], ground) >= 4.5, words
    for tone in ("better", "worse", "changed", "nochange"):
        assert _ratio(_rgba(token(tone))[:3], surface) >= 4.5, tone
        for ground in (band, hatched):
            assert _ratio(_rgba(token(tone))[:3], ground) >= 3, tone
    for shape in ("line-strong", "brandline"):
        for ground in (surface, band):
            assert _ratio(_rgba(token(shape))[:3], ground) >= 3, shape


# ---------------------------------------------------------------- marks and points in words


@pytest.mark.parametrize(
    ("code", "tone", "letter"),
    [
        ("common_cause", "nochange", ""),
        ("improvement_high", "better", "H"),
        ("improvement_low", "better", "L"),
        ("concern_high", "worse", "H"),
        ("concern_low", "worse", "L"),
        ("neutral_high", "changed", "H"),
        ("neutral_low", "changed", "L"),
    ],
)
def test_variation_is_a_shape_a_letter_and_words(
    templates: Environment, code: VariationCode, tone: str, letter: str
) -> None:
    page = rendered(templates, "_marks.html", "marks", Variation(code, "In <plain> words."))
    (mark,) = ElementTree.fromstring(page)  # noqa: S314  our own output
    assert mark.attrib["class"] == f"mark tone-{tone}"
    svg, words = mark
    assert svg.attrib["aria-hidden"] == "true"
    assert words.text == "In <plain> words."
    assert "".join(svg.itertext()).strip() == letter


@pytest.mark.parametrize(
    ("code", "tone", "letter"),
    [("pass", "better", "P"), ("fail", "worse", "F"), ("inconsistent", "nochange", "?")],
)
def test_assurance_is_another_shape(
    templates: Environment, code: AssuranceCode, tone: str, letter: str
) -> None:
    variation = Variation("common_cause", "The usual.")
    page = rendered(templates, "_marks.html", "marks", variation, Assurance(code, "It will."))
    _first, mark = ElementTree.fromstring(page)  # noqa: S314
    assert mark.attrib["class"] == f"mark tone-{tone}"
    assert "".join(mark[0].itertext()).strip() == letter
    assert not [node for node in mark[0] if node.tag == "circle"]
    assert [node for node in mark[0] if node.tag == "rect"]


def test_nothing_to_mark_is_no_list(templates: Environment) -> None:
    assert rendered(templates, "_marks.html", "marks", None).strip() == ""
    assert rendered(templates, "_special_points.html", "special_points", ()).strip() == ""


def test_each_special_point_has_an_address_and_the_shape_of_the_chart(
    templates: Environment,
) -> None:
    analysis = improved()
    points = special_points(analysis, "up", period="week")
    page = rendered(templates, "_special_points.html", "special_points", points, "%")
    rows = list(ElementTree.fromstring(page))  # noqa: S314
    assert len(rows) == len(points)
    for row, point in zip(rows, points, strict=True):
        assert row.attrib["id"] == f"point-{point.x.isoformat()}"
        assert row.attrib["class"] == f"tone-{point.direction}"
        (link,) = row.iter("a")
        assert link.attrib["href"] == f"#point-{point.x.isoformat()}"
        assert "".join(row[1].itertext()) == point.words


def test_a_point_left_out_is_crossed_out_in_words_too(templates: Environment) -> None:
    rows = [Observed(week(i), 20.0 + i % 4, is_excluded=i == 5) for i in range(20)]
    points = special_points(analyse_series(rows, chart="i", unit="days"), "down")
    reasons = {week(5): "Snow closed the office."}
    page = rendered(templates, "_special_points.html", "special_points", points, "days", reasons)
    (row,) = ElementTree.fromstring(page)  # noqa: S314
    assert [node.tag for node in row[0][0]] == ["circle", "path"]
    assert "left out" in "".join(row.itertext())
    assert "Snow closed the office." in "".join(row.itertext())


# ---------------------------------------------------------------- the picture for a slide


@pytest.mark.parametrize("name", sorted(set(ODD_SERIES) - {"520 points"}))
def test_a_picture_stands_alone(templates: Environment, name: str) -> None:
    analysis = ODD_SERIES[name]()
    (drawing,) = draw_views(analysis, "picture", tone="better", windows=WINDOWS).drawings
    picture = picture_of(
        drawing,
        title="Visits <on> time & “seen” " * 9,
        facts="Riverside. Weekly. % of visits",
        label="Improvement",
        finding="the last 9 points are better. " * 12,
        tone="better",
        doubt=("About 2 in 100 would show this. " * 9,),
        foot=("Making Data Count rules", "Source: " + "x" * 400),
    )
    page = templates.get_template("measures/picture.svg").render(
        picture=picture, title="Visits <on> time", finding="Improvement: so & so."
    )
    svg = ElementTree.fromstring(page)  # noqa: S314
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert int(svg.attrib["width"]) == 1280
    assert "sans-serif" in svg.attrib["font-family"]
    assert [svg[0].text, svg[1].text] == ["Visits <on> time", "Improvement: so & so."]
    names = {attribute for node in svg.iter() for attribute in node.attrib}
    assert not names & {"style", "paint-order", "href"}
    for line in picture.lines:
        whole = f"{line.label} {line.words}"
        assert text_width(whole) * line.size / 15 <= 1280 - 40 + 8, whole
        assert 0 < line.y < picture.height
    feet = [line.y for line in picture.lines]
    assert feet == sorted(feet)
    assert all(b - a >= 20 for a, b in pairwise(feet))


def test_a_short_picture_has_the_shape_of_a_slide() -> None:
    (drawing,) = draw_views(improved(), "picture").drawings
    picture = picture_of(drawing, title="Visits on time", finding="Fine.", foot=("Rules", "Source"))
    assert (picture.width, picture.height) == (1280, 720)


# ---------------------------------------------------------------- colours that attributes hold


def test_attributes_hold_the_light_colours_of_the_theme(templates: Environment) -> None:
    """Where no sheet is read, as on a slide, the same contrast must hold."""
    sheet = (ROOT / "static" / "css" / "improve.css").read_text(encoding="utf-8")
    light = {
        name: value.upper()[:7]
        for name, value in re.findall(r"--([\w-]+): light-dark\((#\w+),", sheet)
    }
    tones = templates.get_template("measures/_chart.html").module.TONES  # type: ignore[attr-defined]
    assert tones == {tone: light[tone] for tone in ("better", "worse", "changed", "nochange")}
    views = draw_views(phased(12, 9), "picture", target=10.0, notes=NOTES, windows=WINDOWS)
    page = rendered(templates, "_chart.html", "chart_parts", views.drawings[0], "c", True)
    used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", page))
    assert used <= {colour.upper() for colour in light.values()}


@pytest.mark.parametrize("colour", ["#4A5761", "#59646E", "#005EA8", "#A84B00", "#4B1D7D"])
def test_words_of_pictures_are_readable_on_white(colour: str) -> None:
    assert _ratio(_rgba(colour)[:3], (1.0, 1.0, 1.0)) >= 4.5


def test_greyscale_tells_shapes_apart_by_form() -> None:
    """The three tones may look alike without colour, so no two share an outline."""
    forms = {outline(tone, 0, 0, 10) for tone in ("better", "worse", "changed")}
    assert len(forms) == 3
