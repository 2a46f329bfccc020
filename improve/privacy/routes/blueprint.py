"""The blueprint of privacy, and the answer that several of its pages give: a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from flask import Blueprint, Response

from improve.accounts.access import current_actor
from improve.shared import clock
from improve.shared.downloads import download, scratch_file

blueprint = Blueprint("privacy", __name__)
#: Copies made by one person: each is drawn from every table.
COPIES = "20 per hour"


def by_person() -> str:
    """Return by whom copies are counted."""
    return f"copies of {current_actor().person_id}"


def zip_answer(write: Callable[[IO[bytes]], object], name: str) -> Response:
    """Answer with a packed file that ``write`` fills. It is gone from the disk once it is sent.

    Its name says nothing of whom it is about.
    """
    file = scratch_file()
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    return download(file, f"{name}-{clock.today():%Y-%m-%d}.zip", "application/zip")
