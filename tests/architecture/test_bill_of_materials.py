"""The bill of materials: what a council installs, for its own scanner, made in each run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
#: What `requirements.txt` may hold before somebody asks whether it is still few.
MOST = 70


@pytest.mark.security(78)
def test_it_names_every_pinned_package_with_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    done = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.txt",
         "--of", "JSON", "--output-reproducible", "-o", str(file)],
        cwd=TOP, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bill = json.loads(file.read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    named = {(one["name"].lower(), one["version"]) for one in bill["components"]}
    pinned = re.findall(
        r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)",
        (TOP / "requirements.txt").read_text(),
        re.MULTILINE,
    )
    assert named == {(name.lower(), version) for name, version in pinned}
    assert 20 < len(named) < MOST
    for one in bill["components"]:
        marks = [h for place in one["externalReferences"] for h in place.get("hashes", ())]
        assert {mark["alg"] for mark in marks} == {"SHA-256"}, one["name"]


@pytest.mark.security(78)
def test_the_security_page_says_when_a_flaw_is_mended() -> None:
    page = (TOP / "improve/docs/security.md").read_text("utf-8")
    assert re.search(r"critical is mended within 7 days", page)
    assert "within 30" in page
    assert "cyclonedx_py requirements requirements.txt" in page
