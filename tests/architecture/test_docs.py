"""What is written down leads somewhere, and names every sheet and every decision."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "improve/docs"
PAGES = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_links_of_the_docs_lead_somewhere(page: Path) -> None:
    gone = [to for to in _LINK.findall(page.read_text()) if not (page.parent / to).exists()]
    assert gone == []


def test_every_sheet_stands_in_the_look_by_name() -> None:
    said = (DOCS / "look.md").read_text()
    sheets = {sheet.name for sheet in (TOP / "static/css").glob("*.css")}
    assert {name for name in sheets if f"{name}`" not in said} == set()


def test_every_decision_stands_in_its_list() -> None:
    said = (DOCS / "decisions/README.md").read_text()
    pages = {page.name for page in (DOCS / "decisions").glob("[0-9]*.md")}
    assert {name for name in pages if f"({name})" not in said} == set()
