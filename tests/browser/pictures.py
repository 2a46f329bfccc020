"""The pictures of the README, taken from the running demo: ``python -m tests.browser.pictures``."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from improve.app import create_app
from improve.demo import load_demo
from improve.migrations import upgrade_database
from tests.browser.conftest import chromium_file
from tests.conftest import test_settings

FOLDER = Path(__file__).resolve().parents[2] / "improve" / "docs" / "pictures"


def main() -> int:
    """Load the demo into a file of its own, look at it, keep the pictures."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        settings = {**test_settings(f"sqlite:///{folder}/demo.sqlite3"), "IS_DEMO": True}
        app = create_app({**settings, "HTMX_URL": ""})
        upgrade_database(app)
        demo = load_demo(app)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        ideas, measures = demo.council.ideas, demo.council.measures
        wanted = [
            ("board", "Tess", "/teams/safeguarding-and-court/board", 1440),
            ("idea", "Tess", f"/ideas/{ideas['IDEA-001']}", 1440),
            ("measure", "Tess", f"/measures/{measures['cp_visits_on_time']}", 1440),
            ("log-phone", "Ines", "/log", 390),
        ]
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium_file(), args=["--no-sandbox"])
            for name, who, path, width in wanted:
                page = browser.new_page(
                    viewport={"width": width, "height": 900 if width > 700 else 844}
                )
                page.goto(f"{base}/sign-in")
                page.get_by_role("button", name=re.compile(who)).first.click()
                page.goto(base + path, wait_until="networkidle")
                page.screenshot(path=str(FOLDER / f"{name}.png"), full_page=name == "idea")
                page.close()
            browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
