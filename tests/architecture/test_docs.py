"""What is written down is there: links, files, addresses, commands and their options, settings.

Read from the README, the page for contributors, the changes, all pages of ``improve/docs`` and the files of ``deploy/``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from flask import Flask

import config
from improve.app import create_app
from tests.conftest import test_settings

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "improve/docs"
PAGES = [
    TOP / "README.md",
    TOP / "CONTRIBUTING.md",
    TOP / "CHANGELOG.md",
    *sorted(DOCS.rglob("*.md")),
]
#: What is copied onto a server.
DEPLOYED = sorted(one for one in (DOCS / "deploy").rglob("*") if one.is_file())
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
_CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
#: A command of the application, up to where a shell would begin another.
_COMMAND = re.compile(r"(?:^|[\s/`])flask(?: --app wsgi)? ([a-z][^`|&\n;#’”]*)", re.MULTILINE)
_MODULE = re.compile(r"python -m (tests[\w.]*|cyclonedx_py|pytest)")
#: An address of the site, named alone.
_ADDRESS = re.compile(r"(?:GET )?(/[a-z][\w/<>.-]*)")
_SETTING = re.compile(r"\b(?<![.\w])[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b")
_FILE = re.compile(
    r"[\w./-]*\w\.(?:py|md|css|js|json|csv|cfg|toml|txt|sh|conf|example|service|timer)"
)

#: Names in capitals that are no settings of the application: of gunicorn, systemd, the kernel,
#: Prometheus, of `upgrade.sh` and of one test, and one that a page of archives explains.
OTHER_NAMES = {
    "AF_INET", "AF_INET6", "AF_UNIX", "ALL_TABLES", "ANALYSIS_VERSION", "PROMETHEUS_MULTIPROC_DIR",
    "PR_SET_MDWE", "RUNTIME_DIRECTORY", "WEB_CONCURRENCY",
}  # fmt: skip
#: Folders of a server, and the addresses of the port for its own machine.
OF_A_SERVER = {"etc", "opt", "srv", "var", "path", "dev", "readyz", "metrics"}
#: Files that a page tells of and that are made elsewhere, such as on the reader's own machine.
MADE_ELSEWHERE = {
    "manifest.json", "learning_pages.json", "sbom.json", "sbom-sso.json",
    "sbom-build.json", "sbom-pdf.json",
    "ideas.jsonl", "owner.env", "pg_ident.conf",
}  # fmt: skip


@cache
def _tree() -> tuple[str, ...]:
    """Return every file of the project, as paths with a stroke before them."""
    left_out = {".git", ".venv", "instance", "__pycache__", ".mypy_cache", ".ruff_cache"}
    return tuple(
        f"/{path.relative_to(TOP).as_posix()}"
        for path in TOP.rglob("*")
        if not left_out & set(path.relative_to(TOP).parts) and path.is_file()
    )


def code_of(page: str) -> Iterator[str]:
    """Give what stands in a page as code: blocks, with continued lines joined, and words."""
    for block, words in _CODE.findall(page):
        yield (block or words).replace("\\\n", " ")


def missing_links(page: Path, said: str) -> list[str]:
    """Return the links of a page that lead to no file, or to no heading of it."""
    gone = []
    for to, heading in _LINK.findall(said):
        target = page.parent / to if to else page
        if not target.exists() or (heading and heading not in _headings(target)):
            gone.append(f"{to}#{heading}")
    return gone


def _headings(page: Path) -> set[str]:
    lines = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def missing_files(said: str) -> list[str]:
    """Return the files that are named as code and are nowhere in the project."""
    named = {
        word
        for code in code_of(said)
        for word in code.split()
        if _FILE.fullmatch(word) and "://" not in word and not word.startswith(("/", "."))
    }
    return sorted(
        name
        for name in named
        if Path(name).name not in MADE_ELSEWHERE
        and not any(path.endswith(f"/{name}") for path in _tree())
    )


def missing_commands(said: str, commands: dict[str, click.Command]) -> list[str]:
    """Return the commands, options and modules that are named and do not exist."""
    gone = [name for name in _MODULE.findall(said) if find_spec(name) is None]
    for words in _COMMAND.findall(said.replace("\\\n", " ")):
        gone += _unknown(words, commands)
    for code in code_of(said):
        if code.split()[0] in commands and "--" in code:
            gone += _unknown(code, commands)
    return gone


def _unknown(words: str, commands: dict[str, click.Command]) -> list[str]:
    name, *rest = shlex.split(words.rstrip(".,:)*"), posix=False)
    name = name.rstrip(".,:)*")
    if name not in commands:
        return [] if name == "command" else [name]  # “the flask command”
    known = {
        word for option in commands[name].params for word in (*option.opts, *option.secondary_opts)
    }
    asked = [word.split("=")[0] for word in rest if word.startswith("--")]
    return [f"{name} {option}" for option in asked if option not in {*known, "--help"}]


def missing_settings(said: str) -> list[str]:
    """Return the names that look like settings and are none."""
    known = {setting.name for setting in config.SETTINGS} | OTHER_NAMES
    script = (DOCS / "deploy/upgrade.sh").read_text("utf-8")
    return sorted(
        name
        for name in set(_SETTING.findall(said))
        if name not in known and f"${{{name}:" not in script
    )


def missing_addresses(said: str, rules: list[str]) -> list[str]:
    """Return the addresses that are named as code and begin no address of the site."""
    named = {
        found[1].rstrip("/")
        for code in code_of(said)
        if (found := _ADDRESS.fullmatch(code.strip()))
    }
    patterns = [re.sub(r"<[^>]+>", "[^/]+", re.escape(rule)) for rule in rules]
    return sorted(
        address
        for address in named
        if Path(address).parts[1] not in OF_A_SERVER
        and not any(rule == address or rule.startswith(f"{address}/") for rule in rules)
        and not any(re.fullmatch(pattern, address) for pattern in patterns)
    )


@pytest.fixture(scope="module")
def site() -> Flask:
    """The application, of which only the names of things are read."""
    return create_app(test_settings("sqlite:///:memory:"))


@pytest.fixture(scope="module")
def commands(site: Flask) -> dict[str, click.Command]:
    """All commands of the application, by name."""
    return dict(site.cli.commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_what_a_page_names_is_there(
    page: Path, site: Flask, commands: dict[str, click.Command]
) -> None:
    said = page.read_text("utf-8")
    assert missing_links(page, said) == []
    assert missing_files(said) == []
    assert missing_commands(said, commands) == []
    assert missing_settings(said) == []
    assert missing_addresses(said, [rule.rule for rule in site.url_map.iter_rules()]) == []


@pytest.mark.parametrize("file", DEPLOYED, ids=lambda file: file.name)
def test_what_a_file_for_servers_names_is_there(
    file: Path, commands: dict[str, click.Command]
) -> None:
    said = file.read_text("utf-8")
    assert missing_commands(said, commands) == []
    assert missing_settings(said) == []


def test_what_is_not_there_is_found(site: Flask, commands: dict[str, click.Command]) -> None:
    page = "Run `flask --app wsgi docter`, then `flask --app wsgi backup --sometimes /x`, see `no/such.py`.\n"
    assert missing_commands(page, commands) == ["docter", "backup --sometimes"]
    assert missing_files(page) == ["no/such.py"]
    assert missing_commands("`restore --maybe`, `python -m tests.nothing`", commands) == [
        "tests.nothing",
        "restore --maybe",
    ]
    assert missing_settings("`SEALING_KEYS` and `SEALING_KEY`") == ["SEALING_KEYS"]
    rules = [rule.rule for rule in site.url_map.iter_rules()]
    assert missing_addresses("`/nowhere`, `/privacy/<council>`, `/say`", rules) == ["/nowhere"]
    there = "[a](README.md) [b](README.md#run-it) [c](README.md#walk-it) [d](gone.md)"
    assert missing_links(TOP / "x.md", there) == ["README.md#walk-it", "gone.md#"]


def test_every_command_is_written_down(commands: dict[str, click.Command]) -> None:
    """What comes with Flask and its extensions is left out."""
    said = "\n".join(page.read_text("utf-8") for page in PAGES)
    own = {
        name
        for name, command in commands.items()
        if command.callback is not None and command.callback.__module__.startswith("improve.")
    }
    assert len(own) > 15
    assert {name for name in own if not re.search(rf"\b{name}\b", said)} == set()


def test_every_sheet_stands_in_the_look_by_name() -> None:
    said = (DOCS / "look.md").read_text()
    sheets = {sheet.name for sheet in (TOP / "static/css").glob("*.css")}
    assert {name for name in sheets if f"{name}`" not in said} == set()


def test_every_class_of_the_look_by_name_stands_in_its_sheet() -> None:
    def classes(text: str) -> set[str]:
        return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"[\w/]+\.(?:css|html)\b", "", text)))

    def sheet(name: str) -> set[str]:
        return classes((TOP / "static/css" / name).read_text("utf-8"))

    words, whole, _ = (DOCS / "look.md").read_text("utf-8").split("```")
    listed = re.findall(r"((?:`\w+\.css`(?:, | and )?)+)\s\(([^)]*)\)", words)
    named = [("`improve.css`", whole), *listed]
    assert len(named) > 30
    for sheets, text in named:
        there = set().union(*(sheet(name) for name in re.findall(r"`(\w+\.css)`", sheets)))
        for name in classes(text):
            # “.say-…” stands for all that begin so.
            is_there = (
                any(one.startswith(name) for one in there) if name[-1] == "-" else name in there
            )
            assert is_there, f"{sheets} .{name}"


def test_every_decision_stands_in_its_list_and_says_what_it_costs() -> None:
    listed = (DOCS / "decisions/README.md").read_text("utf-8")
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert len(pages) > 20
    for page in pages:
        said = page.read_text("utf-8")
        title = said.splitlines()[0].removeprefix("# ")
        assert f"{int(page.name[:3])}. [{title}]({page.name})" in listed.splitlines()
        parts = re.findall(r"^\*\*([\w ]+)", said, re.MULTILINE)
        assert (parts[0], parts[-1]) == ("What pressed", "Costs"), page.name
        assert set(parts) <= {"What pressed", "Looked at", "Decided", "Costs"}, page.name


def test_every_folder_stands_in_the_tree_of_the_readme() -> None:
    """Of the tests and the templates only what is no capability's own."""
    said = (TOP / "README.md").read_text("utf-8")
    tree = said.split("## How the code is laid out")[1].split("```")[1]
    capabilities = {one.name for one in (TOP / "improve").iterdir() if one.is_dir()}
    folders = {
        f"{one.name}/"
        for top in (TOP / "improve", DOCS, TOP / "tests")
        for one in top.iterdir()
        if one.is_dir() and one.name != "__pycache__"
        if top != TOP / "tests" or one.name not in capabilities
    }
    assert {name for name in folders if not re.search(rf"(?<!\w){name}", tree)} == set()
