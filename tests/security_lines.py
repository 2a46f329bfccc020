"""Which tests show each line of the security page, read off their marks.

``python -m tests.security_lines`` writes the third column of ``improve/docs/security.md``; a test
compares it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
PAGE = TOP / "improve/docs/security.md"
LINES = range(1, 87)
#: More tests of one file than this, and the file is named alone.
MOST_NAMED = 3
_ROW = re.compile(r"^\| (\d+) \| (.*?) \| (.*?) ?\| (.*?) \|$", re.MULTILINE)


def marked() -> dict[int, dict[str, list[str]]]:
    """Return for each line the tests that bear its number, by file, in their order there."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((TOP / "tests").rglob("test_*.py")):
        source = path.read_text("utf-8")
        if "mark.security" not in source:
            continue
        name = path.relative_to(TOP / "tests").as_posix()
        tree = ast.parse(source)
        whole = [n for node in tree.body if isinstance(node, ast.Assign) for n in _of_file(node)]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                own = [n for mark in node.decorator_list for n in _numbers(mark)]
                for number in dict.fromkeys([*whole, *own]):
                    found[number][name].append(node.name)
    return found


def _of_file(node: ast.Assign) -> Iterator[int]:
    if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets):
        for mark in ast.walk(node.value):
            yield from _numbers(mark)


def _numbers(mark: ast.AST) -> Iterator[int]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.security":
        for argument in mark.args:
            assert isinstance(argument, ast.Constant), ast.unparse(mark)
            assert isinstance(argument.value, int), ast.unparse(mark)
            yield argument.value


def shown(by_file: dict[str, list[str]]) -> str:
    """Return the tests of one line as its row names them."""
    said = []
    for name, tests in sorted(by_file.items()):
        few = f": {', '.join(tests)}" if len(tests) <= MOST_NAMED else ""
        said.append(f"`{name}`{few}")
    return "; ".join(said)


def written(page: str) -> str:
    """Return the page with the third column as the marks have it now."""
    found = marked()

    def row(match: re.Match[str]) -> str:
        tests = shown(found.get(int(match[1]), {}))
        return (
            f"| {match[1]} | {match[2]} | {tests} | {match[4]} |"
            if tests
            else (f"| {match[1]} | {match[2]} | | {match[4]} |")
        )

    return _ROW.sub(row, page)


def rows(page: str) -> dict[int, tuple[str, str, str]]:
    """Return what each line says: what holds, the tests, the state."""
    return {int(m[1]): (m[2], m[3], m[4]) for m in _ROW.finditer(page)}


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    missing = [n for n in LINES if n not in marked()]
    sys.exit(f"Lines that no test shows: {missing}" if missing else None)
