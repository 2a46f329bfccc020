"""The blueprint of privacy, and the answer that several of its pages give: a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import IO

from flask import Blueprint, Response, send_file

from improve.accounts.access import current_actor
from improve.shared import clock

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
    # Without a name: whatever happens, nothing of it stays. Sending it closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = send_file(
        file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{name}-{clock.today():%Y-%m-%d}.zip",
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
