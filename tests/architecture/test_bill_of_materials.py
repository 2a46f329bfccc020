"""The bill of materials: what a council installs, for its own scanner, made in each run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
#: How many packages each file may hold before somebody asks whether they are still few.
MOST = {
    "requirements.txt": 70,
    "requirements-build.txt": 2,
    "requirements-sso.txt": 20,
    "requirements-pdf.txt": 20,
}


@pytest.mark.security(78)
def test_every_file_of_requirements_has_one() -> None:
    assert {file.name for file in TOP.glob("requirements*.txt")} == set(MOST)


@pytest.mark.security(78)
@pytest.mark.parametrize("requirements", MOST)
def test_it_names_every_pinned_package_with_its_hashes(requirements: str, tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    done = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements", requirements,
         "--of", "JSON", "--output-reproducible", "-o", str(file)],
        cwd=TOP, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bill = json.loads(file.read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    named = {(one["name"].lower(), one["version"]) for one in bill["components"]}
    pinned = re.findall(
        r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)",
        (TOP / requirements).read_text(),
        re.MULTILINE,
    )
    assert named == {(name.lower(), version) for name, version in pinned}
    assert 0 < len(named) < MOST[requirements]
    for one in bill["components"]:
        marks = [h for place in one["externalReferences"] for h in place.get("hashes", ())]
        assert {mark["alg"] for mark in marks} == {"SHA-256"}, one["name"]


@pytest.mark.security(78)
@pytest.mark.parametrize("requirements", MOST)
def test_the_security_page_says_how_each_is_made(requirements: str) -> None:
    page = (TOP / "improve/docs/security.md").read_text("utf-8")
    assert f"cyclonedx_py requirements {requirements} --of JSON" in page
