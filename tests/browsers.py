"""Where this machine has a Chromium, for the tests that drive one."""

from __future__ import annotations

import shutil

#: The best first. The shell is the same browser without its own tabs and bars: for each context of
#: a test those cost four times what the page costs.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


#: What to do where there is none.
INSTALL = "sudo apt install chromium-headless-shell fonts-liberation"


def browser_file() -> str:
    """Return the path of the best that is there. Raises ``FileNotFoundError``."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError(f"No Chromium found: {INSTALL}")
    return found
