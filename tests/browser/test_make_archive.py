"""An administrator takes the archive of the council with them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Site
from tests.factories import PASSWORD

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]


def test_make_an_archive_by_hand(site: Site, people: People, tmp_path: Path) -> None:
    admin = people(width=1280)
    page = admin.page
    admin.sign_in("robin.elm@larchdale.example")
    admin.open("/admin/archive")
    expect(page.get_by_role("heading", name="Keep it like the database itself")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Make the archive").click()
    file = tmp_path / "archive.zip"
    coming.value.save_as(file)
    assert coming.value.suggested_filename.startswith("larchdale-council-archive-")
    with zipfile.ZipFile(file) as packed:
        assert json.loads(packed.read("manifest.json"))["council"]["name"] == "Larchdale Council"
    # The page stands as it was: who goes on from here has lost nothing.
    expect(page.get_by_role("button", name="Make the archive")).to_be_enabled()
    admin.open("/open-data")
    with page.expect_download() as coming:
        page.locator("#aims").get_by_role("link").click()
    assert coming.value.suggested_filename == "aims.csv"
