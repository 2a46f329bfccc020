"""What the browser loads: small, our own, and complete."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

import config

TOP = Path(__file__).resolve().parents[2]
STATIC = TOP / "static"
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))


def packed(path: Path) -> int:
    """Return the bytes of a file as sent, compressed."""
    return len(gzip.compress(path.read_bytes(), 5))


def test_sheet_is_small() -> None:
    assert packed(STATIC / "css" / "improve.css") < 12 * 1024


SCRIPT = re.compile(r"""<script\b[^>]*filename=["']js/([\w-]+\.js)["']""")


PART = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")


def scripts_of(template: Path) -> set[str]:
    """Return the scripts of ours that a template names, with all that it is made of."""
    found, seen, waiting = set[str](), set[Path](), [template]
    while waiting:
        text = (part := waiting.pop()).read_text("utf-8")
        seen.add(part)
        found |= set(SCRIPT.findall(text))
        waiting += [
            path for name in PART.findall(text) if (path := TOP / "templates" / name) not in seen
        ]
    return found


def test_own_script_of_each_page_is_small() -> None:
    """What every page loads, and with it what one of them adds, stays under 20 KB."""
    every = scripts_of(TOP / "templates" / "shared" / "_scripts.html")
    assert every == {"htmx-boot.js", "improve.js"}
    named = {template: scripts_of(template) for template in TEMPLATES}
    sizes = {path.name: path.stat().st_size for path in (STATIC / "js").glob("*.js")}
    assert set(sizes) == set().union(*named.values()), "a script that no page loads, or none there"
    for template, found in named.items():
        loaded = sum(sizes[name] for name in every | found)
        assert loaded < 20 * 1024, f"{template.name} with {sorted(found - every)}: {loaded} bytes"


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


@pytest.mark.security(26)
def test_local_htmx_is_the_file_that_the_integrity_promises() -> None:
    digest = hashlib.sha384((STATIC / "vendor" / "htmx" / "htmx.min.js").read_bytes()).digest()
    assert "sha384-" + base64.b64encode(digest).decode() == config.HTMX_INTEGRITY


def test_everything_vendored_has_its_licence() -> None:
    for folder in (STATIC / "vendor").iterdir():
        assert (folder / "LICENSE.txt").is_file(), folder.name


@pytest.mark.security(26)
def test_sheets_and_scripts_load_nothing_from_elsewhere() -> None:
    for path in [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]:
        text = path.read_text(encoding="utf-8")
        # The one address is the name of SVG's elements, which nobody asks for.
        asked = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|[\"'`(]//\w", asked), path.name
        assert "url(data:" not in text.replace(" ", ""), path.name


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    for path in TEMPLATES:
        for name in re.findall(r'\bicon\(\s*["\']([^"\']+)["\']', path.read_text("utf-8")):
            assert name in there, f"{path.name}: {name}"


@pytest.mark.security(22)
def test_templates_carry_no_style_and_no_script_of_their_own() -> None:
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert not re.search(r"<[^>{]*\sstyle\s*=", text), path.name
        assert not re.search(r"<[a-z][^>{]*\son[a-z]+\s*=", text), path.name
        assert "<style" not in text, path.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path.name


@pytest.mark.security(26)
def test_templates_do_not_name_another_host() -> None:
    for path in TEMPLATES:
        hosts = re.findall(
            r"(?:src|srcset|href|action|data)=[\"'](?:https?:)?//([^/\"']+)",
            path.read_text("utf-8"),
        )
        assert hosts == [], path.name
