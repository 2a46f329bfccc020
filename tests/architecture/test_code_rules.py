"""Rules of the house that a machine can read off the code."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PYTHON = sorted(p for p in (TOP / "improve").rglob("*.py"))
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))
SCRIPTS = sorted((TOP / "static" / "js").rglob("*.js"))
LONGEST_MODULE = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def relative(path: Path) -> str:
    return str(path.relative_to(TOP))


def test_modules_stay_readable() -> None:
    long = {
        relative(p): n
        for p in PYTHON
        if "migrations" not in p.parts and (n := len(p.read_text().splitlines())) > LONGEST_MODULE
    }
    assert not long, f"over {LONGEST_MODULE} lines; split by verb: {long}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [
        relative(p) for p in PYTHON if p.stem in FORBIDDEN_NAMES or p.parent.name in FORBIDDEN_NAMES
    ]


def users_of_shared() -> dict[str, set[str]]:
    """Return who imports each module of ``shared``: capabilities, ``app``, the settings, itself."""
    shared = {path.stem for path in PYTHON if path.parent == TOP / "improve" / "shared"}
    users: dict[str, set[str]] = {name: set() for name in shared}
    for path in [*PYTHON, TOP / "config.py"]:
        user = path.relative_to(TOP).as_posix().removeprefix("improve/").split("/")[0]
        user = user.removesuffix(".py")
        for node in ast.walk(syntax(path)):
            if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("improve."):
                continue
            for name in (str(node.module), *(f"{node.module}.{one.name}" for one in node.names)):
                module = name.removeprefix("improve.shared.")
                if module in shared:
                    users[module].add(user)
    return users


def test_what_one_capability_alone_uses_stands_there() -> None:
    users = users_of_shared()
    assert len(users) > 50
    alone = {
        name: by
        for name, by in users.items()
        if len(by) == 1 and not by & {"app", "config", "shared", "docs"}
    }
    assert not alone, f"move these out of shared: {alone}"


@pytest.mark.security(1, 22)
def test_templates_never_trust_data() -> None:
    patterns = (
        r"\|\s*safe\b",
        r"\bautoescape\s+false",
        r"<[a-z][^>{]*\sstyle=",
        r"<[a-z][^>{]*\son[a-z]+=[\"']",
        r"<script(?![^>]*\bsrc=)",
    )
    assert len(TEMPLATES) > 300
    assert [
        (relative(p), one) for p in TEMPLATES for one in patterns if re.search(one, p.read_text())
    ] == []


@functools.cache
def syntax(path: Path) -> ast.Module:
    """Return a module as Python reads it."""
    return ast.parse(path.read_text())


@functools.cache
def calls(path: Path) -> tuple[str, ...]:
    """Return what a module calls, as it is written there."""
    return tuple(
        ast.unparse(node.func) for node in ast.walk(syntax(path)) if isinstance(node, ast.Call)
    )


@pytest.mark.security(1, 5, 12)
def test_code_runs_nothing_made_from_data() -> None:
    found = {relative(path): runs_from_data(syntax(path)) for path in PYTHON}
    assert not {path: those for path, those in found.items() if those}


def runs_from_data(tree: ast.Module) -> set[str]:
    """Return what a module has that runs, unpacks or trusts what it is given, however imported."""
    calls = {"eval", "exec", "compile", "system", "popen", "Markup", "from_string", "render_template_string"}  # fmt: skip
    modules = {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            # re.compile makes a pattern, and dialects compile SQL: no program.
            is_plain = called in calls or (called.rpartition(".")[2] in calls - {"compile", "exec"})
            has_shell = any(word.arg == "shell" for word in node.keywords)
            found |= {called} if is_plain or has_shell else set()
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            whence = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
            found |= {one for one in whence if one.partition(".")[0] in modules}
            if isinstance(node, ast.ImportFrom):
                found |= calls & set(names)
    return found


@pytest.mark.security(5)
@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from yaml import safe_load",
        "from markupsafe import Markup as M",
        "import os; os.popen(x)",
        "from os import system",
        "subprocess.run(x, shell=True)",
        "app.jinja_env.from_string(x)",
        "exec(x)",
    ],
)
def test_what_runs_data_is_found(code: str) -> None:
    assert runs_from_data(ast.parse(code))


@pytest.mark.security(74)
def test_secrets_never_come_from_random() -> None:
    found = [
        relative(path)
        for path in PYTHON
        for node in ast.walk(syntax(path))
        if (isinstance(node, ast.Import) and "random" in {alias.name for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module in {"random", "numpy.random"})
        or (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("uuid1"))
        # A fixed seed for invented series is the one use: nobody has to be kept from guessing.
        if "demo" not in path.parts
    ]
    assert found == []


def test_time_comes_from_the_clock() -> None:
    asks = {"datetime.now", "date.today", "datetime.utcnow", "time.time"}
    found = {
        relative(path): asks & {*calls(path)}
        for path in PYTHON
        if path.name not in {"clock.py", "logs.py"}
    }
    assert not {path: those for path, those in found.items() if those}, "use shared/clock.py"


@pytest.mark.security(54)
def test_objects_are_loaded_through_the_scoped_door() -> None:
    """Only queries and the tables' own services read rows by id, always with an organisation."""
    for path in PYTHON:
        found = [
            c
            for c in calls(path)
            if c.endswith(("db.session.get", "get_or_404", "first_or_404", "one_or_404"))
        ]
        assert not found, f"{relative(path)}: {found}"


def test_tables_past_the_walls_come_from_one_module() -> None:
    """Who may import ``whole_tables`` stands in setup.cfg; nobody finds another way round."""
    others = {
        # Written anew under names that each capability gives.
        "improve/shared/rewriting.py",
        # Names alone: whose tables the server's rights are for, and which ones are not ours.
        "improve/commands/database_role.py",
        "improve/commands/restoring.py",
    }
    found = {
        relative(path)
        for path in PYTHON
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"tables", "sorted_tables"}
        and ast.unparse(node.value).endswith("metadata")
    }
    assert found == {"improve/shared/whole_tables.py", *others}


def test_commit_stands_in_one_place() -> None:
    """The route decorator commits; the counters of wrong tries and the mail run are the others."""
    allowed = {
        "improve/shared/db.py",
        "improve/accounts/service/factor_tries.py",
        "improve/accounts/service/provider.py",
        "improve/accounts/service/sign_in.py",
        "improve/mail/service.py",
    }
    found = {relative(p) for p in PYTHON if any(c.endswith("session.commit") for c in calls(p))}
    commands = {p for p in found if p.endswith("command.py") or "/demo/" in p or "/commands/" in p}
    assert found - commands <= allowed


@pytest.mark.security(3)
@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_scripts_put_text_not_html(path: Path) -> None:
    text = path.read_text()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "createContextualFragment",
        "srcdoc",
        "setHTML",
        "javascript:",
    ):
        assert word not in text, f"{relative(path)} uses {word}"
    # These two take in a part that the server has drawn, as htmx does.
    assert ("DOMParser" in text) == (path.name in {"mention.js", "wall.js"}), relative(path)


def test_marks_that_a_sheet_draws_are_not_read_aloud() -> None:
    """“·” and “✓” between or before words; a screen reader would say “middle dot”."""
    drawn = {
        f"{relative(sheet)}: {value.strip()}"
        for sheet in sorted((TOP / "static" / "css").glob("*.css"))
        for value in re.findall(r"\bcontent:([^;}]*[^\x00-\x7f][^;}]*)", sheet.read_text("utf-8"))
    }
    assert len(drawn) > 1
    assert {one for one in drawn if not one.endswith('/ ""')} == set()


def test_nothing_speaks_of_where_it_was_made() -> None:
    """No machine paths, no registry mirrors, no unfinished marks in what people read."""
    pattern = re.compile(r"/work/|/tmp/|\bTODO\b|\bFIXME\b|NotImplemented\b|UX_SPEC|DESIGN\.md|HOUSE\.md|SPC\.md|PRODUCT\.md")  # fmt: skip
    for folder in ("improve", "templates", "static", "tests"):
        for path in (TOP / folder).rglob("*"):
            if (
                path.suffix in {".py", ".html", ".css", ".js", ".md"}
                and "vendor" not in path.parts
                and path != Path(__file__)
            ):
                assert not pattern.search(path.read_text()), relative(path)


def test_threads_of_tests_begin_by_the_clock_of_their_test() -> None:
    """A thread has no context of its own: by the real clock it would fail on a later day."""
    begun = re.compile(
        r"\bThread\(target=(?!copy_context\(\)\.run|serve|lambda)|ThreadPoolExecutor\("
    )
    without = [
        path.name
        for path in (TOP / "tests").rglob("test_*.py")
        if begun.search(text := path.read_text("utf-8")) and "clock.moved(" not in text
    ]
    assert not without
