"""Tests with a real browser wait for what they read.

After a click a page may be the old one, the new one, or a new one without its words yet. What looks
once therefore fails now and then, on a busy machine first. ``expect`` and ``Person`` look until it
has come; they and ``Keyboard`` are the only ones that may look once, after they waited.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "browser"
#: A test of this folder, not what waits for it.
TESTS = sorted(FOLDER.glob("test_*.py"))
#: What looks once, and what waits for it instead.
INSTEAD = {
    **dict.fromkeys(
        ("inner_text", "text_content", "inner_html", "all_inner_texts", "all_text_contents"),
        "expect(…).to_have_text(…), person.sees(…), or person.reads(…) for a value",
    ),
    **dict.fromkeys(("is_visible", "is_hidden"), "expect(…).to_be_visible() or .to_be_hidden()"),
    **dict.fromkeys(
        ("is_enabled", "is_disabled", "is_editable", "is_checked"),
        "expect(…).to_be_enabled(), .to_be_editable() or .to_be_checked()",
    ),
    **dict.fromkeys(("evaluate", "evaluate_all", "evaluate_handle"), "person.measures(…)"),
    **dict.fromkeys(
        ("wait_for_load_state", "expect_navigation", "wait_for_event"),
        "person.goes(…), person.sends(…) or expect(page).to_have_url(…)",
    ),
    **dict.fromkeys(
        ("query_selector", "query_selector_all", "element_handle", "element_handles"),
        "page.locator(…)",
    ),
    "content": "person.holds(…) or person.never_holds(…)",
    "title": "expect(page).to_have_title(…)",
    "input_value": "expect(…).to_have_value(…)",
    "get_attribute": "expect(…).to_have_attribute(…)",
    "bounding_box": "person.box(…)",
    "wait_for_timeout": "an expectation of what the time is given for",
    "wait_for_selector": "expect(page.locator(…)).to_be_visible()",
    "wait_for_function": "person.until(…)",
}
#: These are names of Playwright’s only when nothing is given to them.
INSTEAD_OF_BARE = {
    "count": "expect(…).to_have_count(…), or person.has(…) where a test goes two ways",
    "all": "expect(…).to_have_count(…), then .nth(…)",
}
#: The least that anything is waited for, in milliseconds.
LEAST = 15_000


def faults_in(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that look once, with what to write instead."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, is_bare = node.func.attr, not (node.args or node.keywords)
            instead = INSTEAD.get(name) or (INSTEAD_OF_BARE.get(name) if is_bare else None)
            if instead:
                yield node.lineno, f"{name}() looks once: use {instead}"
        if isinstance(node, ast.Attribute) and node.attr == "url" and _ends_in_page(node.value):
            yield node.lineno, "page.url looks once: use expect(page).to_have_url(…) or person.path"
        if isinstance(node, ast.keyword) and node.arg == "timeout":
            for given in ast.walk(node.value):
                if isinstance(given, ast.Constant) and given.value and given.value < LEAST:
                    yield node.lineno, f"less than {LEAST} ms is short for a busy machine"


def _ends_in_page(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "page"


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_a_browser_test_waits_for_what_it_reads(path: Path) -> None:
    found = [f"{path.name}:{line}: {fault}" for line, fault in faults_in(path.read_text())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        'assert "Saved" in sam.page.locator("body").inner_text()',
        'said = page.get_by_role("main").text_content()',
        'assert page.locator("li").count() == 2',
        "assert sam.page.url.endswith('/board')",
        "page.wait_for_timeout(300)",
        "expect(page.locator('h1')).to_be_visible(timeout=1000)",
    ],
)
def test_what_looks_once_is_found(line: str) -> None:
    assert list(faults_in(line))


@pytest.mark.parametrize(
    "line",
    [
        'sam.sees("Saved")',
        'expect(page.locator("li")).to_have_count(2)',
        "assert [1, 2].count(1) == 1",
        "expect(page.locator('h1')).to_be_visible(timeout=60_000)",
        "assert site.url",
    ],
)
def test_what_waits_is_left_alone(line: str) -> None:
    assert not list(faults_in(line))


def test_there_is_something_to_read() -> None:
    assert len(TESTS) > 15
