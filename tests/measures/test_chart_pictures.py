"""A measure's chart as SVG, PNG and PDF: who may have it, what is in it, and where it can't be."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from improve.measures import picture_files, service
from improve.measures.picture_files import FONTS, PNG_SCALE, formats
from improve.shared.db import db
from tests.factories import Cast, idea_in, make_measure
from tests.pages import Visitor

Visit = Callable[..., Visitor]
ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
KINDS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
#: What a Debian or Ubuntu machine needs for PDF.
PANGO_COMMAND = "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
STEADY = [(40 + n % 5, 52) for n in range(16)]
BETTER = [(49 + n % 3, 52) for n in range(9)]


@pytest.fixture
def with_pdf() -> None:
    """Pango makes PDF pages; without it these tests are left out, and CI fails."""
    if "pdf" in formats():
        return
    words = f"No Pango found, so tests of PDF files are left out: {PANGO_COMMAND}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture
def measure_id(app: Flask, cast: Cast) -> int:
    """Visits on time: sixteen weeks as usual, then nine better."""
    with app.app_context():
        made = make_measure(
            cast,
            name="Visits: “on time” & seen",
            numbers=[*STEADY, *BETTER],
            source="Case system, drawn on Mondays",
            licence="Open Government Licence",
        )
        db.session.commit()
    return made


@pytest.fixture
def ask(visit: Visit, cast: Cast, measure_id: int) -> Iterator[Callable[..., TestResponse]]:
    """``ask("svg", "by=3")``: the file, as a practitioner gets it."""
    visitor = visit(cast.practitioner)
    given: list[TestResponse] = []

    def get(kind: str, query: str = "") -> TestResponse:
        given.append(visitor.client.get(f"/measures/{measure_id}/chart.{kind}?{query}"))
        return given[-1]

    yield get
    for answer in given:
        answer.close()


def words_of(answer: TestResponse) -> str:
    return " ".join(ElementTree.fromstring(answer.data).itertext())  # noqa: S314  our own output


def test_each_file_has_its_kind_and_its_name(
    ask: Callable[..., TestResponse], with_pdf: None
) -> None:
    for kind, mimetype in KINDS.items():
        answer = ask(kind)
        assert answer.status_code == 200
        assert answer.mimetype == mimetype
        assert (
            answer.headers["Content-Disposition"]
            == f'attachment; filename="visits-on-time-seen-chart.{kind}"'
        )
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_who_may_not_see_measures_gets_no_picture(
    visit: Visit, cast: Cast, measure_id: int, kind: str
) -> None:
    path = f"/measures/{measure_id}/chart.{kind}"
    for person, status in (
        (cast.outsider, 404),
        (cast.administrator, 403),
        (cast.coach, 200),
    ):
        with visit(person).client.get(path) as answer:
            assert answer.status_code == status
    with visit().client.get(path) as answer:
        assert answer.status_code == 303
    with visit(cast.coach).client.get("/measures/987654/chart.svg") as answer:
        assert answer.status_code == 404


def test_the_svg_says_what_it_shows_and_stands_alone(ask: Callable[..., TestResponse]) -> None:
    answer = ask("svg", "since=27/04/2026")
    svg = ElementTree.fromstring(answer.data)  # noqa: S314
    title, finding = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "Visits: “on time” & seen"
    assert finding is not None
    assert (finding.text or "").startswith("Improvement: the last 9 points")
    said = words_of(answer)
    for part in (
        "Improvement:",
        "steady measures would show this by chance",
        "A day chosen after seeing the points",
        "Making Data Count rules",
        "16 points before",
        "Source: Case system, drawn on Mondays. Open Government Licence.",
        "24\u00a0Nov\u00a02026",
        "usual before",
    ):
        assert part in said, part
    assert b"href" not in answer.data
    assert b"<style" not in answer.data


def test_without_a_test_the_picture_says_the_pattern(ask: Callable[..., TestResponse]) -> None:
    said = words_of(ask("svg"))
    assert "Improvement" not in said
    assert "% of visits that fell due" in said


def test_another_chart_is_drawn_only_where_it_fits(ask: Callable[..., TestResponse]) -> None:
    own = words_of(ask("svg"))
    assert "on a p" in own
    assert "Anhøj rules on a run chart" in words_of(ask("svg", "chart=run"))
    for odd in ("g", "mr", "../x", "pdf"):
        assert words_of(ask("svg", f"chart={odd}")) == own
    assert words_of(ask("svg", "by=987654&since=nonsense")) == own


def test_a_hope_is_on_the_picture_when_asked_for(
    app: Flask, cast: Cast, visit: Visit, measure_id: int
) -> None:
    with app.app_context():
        db.session.execute(db.text("update measures set target = 90, target_by = 'The inspectors'"))
        db.session.commit()
    visitor = visit(cast.leader)
    said = []
    for query in ("", "?hope=1"):
        with visitor.client.get(f"/measures/{measure_id}/chart.svg{query}") as answer:
            said.append(words_of(answer))
    assert "hope: 90%" not in said[0]
    assert "The inspectors’ hope: 90%" in said[1]


def test_a_picture_is_read_by_the_test_that_the_address_names(
    app: Flask, cast: Cast, ask: Callable[..., TestResponse], measure_id: int
) -> None:
    with app.app_context():
        for cycle, starts_on in ((1, date(2026, 3, 2)), (2, date(2026, 4, 27))):
            service.open_window(
                cast.actor("coach"),
                measure_id=measure_id,
                idea_id=idea_in(cast, "do"),
                cycle_number=1,
                place="main",
                label=f"Change {cycle}",
                starts_on=starts_on,
                is_judged=True,
            )
        db.session.commit()
    newest = words_of(ask("svg"))
    assert "Change 2" in newest
    with app.app_context():
        first = min(db.session.execute(db.text("select id from test_windows")).scalars())
    older = words_of(ask("svg", f"by={first}"))
    assert "Change 1" in older
    assert "Change 2" not in older


def test_the_png_is_twice_the_size_in_a_real_font(
    app: Flask, ask: Callable[..., TestResponse]
) -> None:
    png = ask("png").data
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    assert (width, height) == (1280 * PNG_SCALE, 720 * PNG_SCALE)
    with app.app_context():
        static = Path(str(app.static_folder))
    drawn = picture_files.png_of(_words_svg("Atkinson Hyperlegible Next"), static)
    blank = picture_files.png_of(_words_svg("Atkinson Hyperlegible Next", ""), static)
    bold = picture_files.png_of(_words_svg("Atkinson Hyperlegible Next", weight=700), static)
    assert drawn not in (blank, bold)


def _words_svg(family: str, words: str = "81% usual", weight: int = 400) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20">'
        f'<text y="15" font-size="15" font-family="{family}" font-weight="{weight}">{words}</text>'
        "</svg>"
    )


def test_the_fonts_are_there_with_their_licence() -> None:
    for name in FONTS:
        data = (ROOT / "static" / name).read_bytes()
        assert data[:4] == b"\x00\x01\x00\x00"  # TrueType, which both libraries read
    licence = (ROOT / "static" / "vendor" / "fonts" / "LICENSE.txt").read_text()
    assert "SIL Open Font License" in licence


def test_the_pdf_is_tagged_and_has_the_doubt_and_the_numbers(
    ask: Callable[..., TestResponse], with_pdf: None
) -> None:
    pdf = ask("pdf", "since=27/04/2026").data
    assert pdf.startswith(b"%PDF-")
    inside = b"".join(_streams(pdf)) + pdf
    assert b"pdfuaid" in inside  # says that it is PDF/UA
    assert b"/MarkInfo" in inside
    assert b"/StructTreeRoot" in inside
    assert b"/Lang (en-GB)" in inside
    assert re.search(rb"/Alt ?[(<]", inside)  # the chart's words for who cannot see it
    assert b"/TH" in inside
    assert b"/H1" in inside
    assert b"FontFile2" in inside
    assert b"/JavaScript" not in inside


def _streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found.group(1))
        except zlib.error:
            yield b""


def test_a_pdf_fetches_nothing_that_is_not_its_own(app: Flask, with_pdf: None) -> None:
    """Not a file of this machine, nor an address elsewhere, whatever stands in the page."""
    static = Path(str(app.static_folder))
    plain = picture_files.pdf_of("<html lang=en><title>x</title><p>Words</p></html>", static)
    secret = ROOT / "README.md"
    page = (
        "<html lang=en><title>x</title><p>Words</p>"
        f'<link rel="attachment" href="{secret.as_uri()}">'
        f'<img alt="" src="{(ROOT / "static" / "favicon.svg").as_uri()}">'
        '<img alt="" src="http://127.0.0.1:9/x.png"></html>'
    )
    tried = picture_files.pdf_of(page, static)
    assert b"EmbeddedFile" not in tried
    assert abs(len(tried) - len(plain)) < 2000


def test_long_series_are_cut_to_what_is_drawn(
    app: Flask, cast: Cast, visit: Visit, with_pdf: None
) -> None:
    with app.app_context():
        made = make_measure(
            cast,
            recorded="value",
            unit="days",
            numbers=[float(n % 23) for n in range(600)],
            first_on=date(2010, 1, 4),
        )
        db.session.commit()
    visitor = visit(cast.leader)
    with visitor.client.get(f"/measures/{made}/chart.svg") as answer:
        assert "The newest 520 of 600 points are drawn." in words_of(answer)
        assert len(answer.data) < 120_000
    with visitor.client.get(f"/measures/{made}/chart.pdf") as answer:
        assert answer.status_code == 200


# ---------------------------------------------------------------- a server without the libraries


def test_without_the_libraries_a_plain_page_says_so(
    ask: Callable[..., TestResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = picture_files._has_module
    monkeypatch.setattr(
        picture_files,
        "_has_module",
        lambda name: name not in {"resvg_py", "weasyprint"} and there(name),
    )
    assert formats() == ("svg",)
    for kind in ("png", "pdf"):
        answer = ask(kind)
        assert answer.status_code == 404
        page = answer.get_data(as_text=True)
        assert f"This server cannot make {kind.upper()} files" in page
        assert "/chart.svg" in page
        assert f"/chart.{kind}" not in page
    assert ask("svg").status_code == 200


def test_without_pango_there_is_no_pdf_but_png(
    ask: Callable[..., TestResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_files, "_has_pango", lambda: False)
    assert formats() == ("svg", "png")
    assert ask("pdf").status_code == 404
    assert ask("png").status_code == 200


def test_a_broken_drawing_is_an_error_and_no_blank_picture() -> None:
    with pytest.raises(ValueError):
        picture_files.png_of("<svg", ROOT / "static")


def test_the_font_files_are_read_by_the_pdf_too(app: Flask, with_pdf: None) -> None:
    static = Path(str(app.static_folder))
    page = "<html lang=en><title>x</title><p>Words <b>and more</b></p></html>"
    pdf = picture_files.pdf_of(page, static)
    assert b"Atkinson" in b"".join(_streams(pdf)) + pdf
