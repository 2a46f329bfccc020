"""A chart's SVG as PNG, its page as PDF: the extra ``pdf``, used where it is installed.

Nothing here is imported before a file is asked for: the PDF library takes seconds to load and
needs Pango from the system. Where either is missing, only SVG is offered.

The fonts are the site's own (SIL Open Font License, beside them), weights 400 and 650 of both
vendored files as plain TrueType, because neither library reads weights from a variable font.
"""

from __future__ import annotations

import ctypes
import importlib.util
import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

PNG_SCALE = 2
FONTS = (
    "vendor/fonts/atkinson-hyperlegible-next-400.ttf",
    "vendor/fonts/atkinson-hyperlegible-next-650.ttf",
)
FAMILY = "Atkinson Hyperlegible Next"
SHEET = "css/picture.css"
#: Pango by the names that systems give it; the first that loads will do.
_PANGO = ("libpango-1.0.so.0", "libpango-1.0-0", "libpango-1.0-0.dll", "libpango-1.0.dylib")


class CannotMake(Exception):
    """The library for this kind of file is not installed on this server."""


def formats() -> tuple[str, ...]:
    """The kinds of file that this server can make, the simplest first."""
    found = ["svg"]
    if _has_module("resvg_py"):
        found.append("png")
    if _has_module("weasyprint") and _has_pango():
        found.append("pdf")
    return tuple(found)


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


@lru_cache(maxsize=1)
def _has_pango() -> bool:
    for name in _PANGO:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def png_of(svg: str, static: Path) -> bytes:
    """The picture in twice its size, in the site's own font. Raises ``CannotMake``."""
    if not _has_module("resvg_py"):
        raise CannotMake("png")
    import resvg_py

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=PNG_SCALE,
        font_files=[str(static / name) for name in FONTS],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )


def pdf_of(page: str, static: Path) -> bytes:
    """A page as tagged PDF (PDF/UA-1). It may load nothing but the site's own sheet and fonts.

    Raises ``CannotMake`` where the library, or Pango under it, is missing.
    """
    return _written([page], static, SHEET)


def one_page_pdf_of(pages: Iterable[str], static: Path, sheet: str) -> bytes:
    """The first of these drafts that takes one page, as tagged PDF; the last if none does.

    Drafts say the same in smaller and smaller type. Raises ``CannotMake``.
    """
    return _written(pages, static, sheet)


def _written(pages: Iterable[str], static: Path, name: str) -> bytes:
    if "pdf" not in formats():
        raise CannotMake("pdf")
    try:
        with warnings.catch_warnings():
            # it warns where HarfBuzz-Subset is missing, and embeds fonts another way
            warnings.simplefilter("ignore", DeprecationWarning)
            from weasyprint import CSS, HTML
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
    except OSError as missing:  # another library under it than Pango
        raise CannotMake("pdf") from missing

    allowed = {(static / name).as_uri() for name in FONTS}

    class OwnFiles(URLFetcher):
        """Fetches the fonts, and refuses every other address."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if url not in allowed:
                raise ValueError(f"not fetched: {url}")
            return super().fetch(url, headers)

    fonts = FontConfiguration()
    fetcher = OwnFiles(allowed_protocols=["file"])
    sheet = CSS(
        string=(static / name).read_text(encoding="utf-8"),
        base_url=(static / name).as_uri(),
        font_config=fonts,
        url_fetcher=fetcher,
    )
    made: Any = None
    for page in pages:
        document = HTML(string=page, url_fetcher=fetcher)
        made = document.render(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
        if len(made.pages) == 1:
            break
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1"))
