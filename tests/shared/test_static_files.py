"""What the browser loads: small, our own, and complete."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import config

TOP = Path(__file__).resolve().parents[2]
STATIC = TOP / "static"
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))


def packed(path: Path) -> int:
    """Return the bytes of a file as sent, compressed."""
    return len(gzip.compress(path.read_bytes(), 5))


def test_sheet_is_small() -> None:
    assert packed(STATIC / "css" / "improve.css") < 12 * 1024


def test_own_script_is_small() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "js").glob("*.js")) < 20 * 1024


def test_first_visit_is_at_most_200_kilobytes() -> None:
    loaded = [
        *(STATIC / "css").glob("*.css"),
        *(STATIC / "js").glob("*.js"),
        STATIC / "icons.svg",
        STATIC / "vendor" / "htmx" / "htmx.min.js",
    ]
    fonts = sum(p.stat().st_size for p in (STATIC / "vendor" / "fonts").glob("*.woff2"))
    # 20 KB are the page itself.
    assert sum(packed(path) for path in loaded) + fonts + 20 * 1024 < 200 * 1024


def test_local_htmx_is_the_file_that_the_integrity_promises() -> None:
    digest = hashlib.sha384((STATIC / "vendor" / "htmx" / "htmx.min.js").read_bytes()).digest()
    assert "sha384-" + base64.b64encode(digest).decode() == config.HTMX_INTEGRITY


def test_everything_vendored_has_its_licence() -> None:
    for folder in (STATIC / "vendor").iterdir():
        assert (folder / "LICENSE.txt").is_file(), folder.name


def test_sheets_and_scripts_load_nothing_from_elsewhere() -> None:
    for path in [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import|src\s*=)\s*[\"']?https?:", text), path.name
        assert "url(data:" not in text.replace(" ", ""), path.name


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    for path in TEMPLATES:
        for name in re.findall(r'\bicon\(\s*["\']([^"\']+)["\']', path.read_text("utf-8")):
            assert name in there, f"{path.name}: {name}"


def test_templates_carry_no_style_and_no_script_of_their_own() -> None:
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert not re.search(r"<[^>{]*\sstyle\s*=", text), path.name
        assert not re.search(r"<[a-z][^>{]*\son[a-z]+\s*=", text), path.name
        assert "<style" not in text, path.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path.name


def test_templates_do_not_name_another_host() -> None:
    for path in TEMPLATES:
        hosts = re.findall(r"(?:src|href)=[\"']https?://([^/\"']+)", path.read_text("utf-8"))
        assert hosts == [], path.name
