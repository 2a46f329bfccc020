"""What is installed is all that the product needs."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


def setup() -> configparser.ConfigParser:
    read = configparser.ConfigParser()
    read.read(TOP / "setup.cfg")
    return read


def test_every_package_is_installed() -> None:
    named = set(setup()["options"]["packages"].split())
    there = {
        ".".join(p.parent.relative_to(TOP).parts) for p in (TOP / "improve").rglob("__init__.py")
    }
    assert named == there | {"improve.templates", "improve.static"}


def test_readme_shows_the_two_commands_and_the_folders() -> None:
    readme = (TOP / "README.md").read_text()
    assert "## Run it\n\n```sh\npython3 -m venv .venv" in readme
    assert "## Test it\n\n```sh\npython3 -m venv .venv" in readme
    for folder in (TOP / "improve").iterdir():
        if folder.is_dir() and (folder / "__init__.py").exists():
            assert f"  {folder.name}/" in readme, f"README does not say where {folder.name} is"


@pytest.mark.security(78)
@pytest.mark.parametrize(
    ("file", "section", "option"),
    [
        ("requirements.txt", "options", "install_requires"),
        ("requirements.txt", "options.extras_require", "server"),
        ("requirements-pdf.txt", "options.extras_require", "pdf"),
        ("requirements-sso.txt", "options.extras_require", "sso"),
    ],
)
def test_requirements_are_pinned_by_hash_and_name_no_registry(
    file: str, section: str, option: str
) -> None:
    pinned = (TOP / file).read_text()
    assert "--hash=sha256:" in pinned
    assert "index-url" not in pinned
    assert "http" not in pinned.replace("https://github.com", "")
    for line in setup()[section][option].split("\n"):
        name = line.strip().split(">")[0].split("=")[0].split(",")[0].strip()
        if name:
            assert f"\n{name.lower()}==" in "\n" + pinned.lower(), f"{name} is not pinned"


@pytest.mark.security(78)
@pytest.mark.parametrize("other", ["requirements-pdf.txt", "requirements-sso.txt"])
def test_files_of_requirements_agree(other: str) -> None:
    """They are installed one on top of the other."""
    pins = [
        dict(
            line.split(" ")[0].split("==")
            for line in (TOP / name).read_text().splitlines()
            if "==" in line
        )
        for name in ("requirements.txt", other)
    ]
    assert all(pins[0][name] == pins[1][name] for name in set(pins[0]) & set(pins[1]))


@pytest.mark.security(78)
@pytest.mark.parametrize(
    "file", ["README.md", "improve/docs/deploy/upgrade.sh", "improve/docs/deploy/Containerfile"]
)
def test_what_builds_it_is_pinned_too(file: str) -> None:
    """Without ``--no-build-isolation`` pip fetches the newest builder, and runs it as who installs."""
    steps = re.findall(r"install [^\n&]*--no-deps [^\n&`]*", (TOP / file).read_text())
    assert steps
    assert all("--no-build-isolation" in step for step in steps)
    assert "requirements-build.txt" in (TOP / file).read_text()
    asked = re.findall(r'requires = \["setuptools>=(\d+)"\]', (TOP / "pyproject.toml").read_text())
    pinned = re.findall(r"^setuptools==(\d+)", (TOP / "requirements-build.txt").read_text())
    assert int(pinned[0]) >= int(asked[0])


def test_the_tests_have_what_pictures_need() -> None:
    extras = setup()["options.extras_require"]
    assert set(extras["pdf"].split()) <= set(extras["test"].split())
