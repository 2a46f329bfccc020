"""The blueprint of privacy, and the answer that several of its pages give: a file."""

from __future__ import annotations

import tempfile
from typing import IO

from flask import Blueprint, Response, send_file

from improve.shared import clock

blueprint = Blueprint("privacy", __name__)


def scratch_file() -> IO[bytes]:
    """Return a file without a name: whatever happens, nothing of it stays on the disk."""
    return tempfile.TemporaryFile()


def zip_answer(file: IO[bytes], name: str) -> Response:
    """Answer with a packed file that is gone from the disk as soon as it is sent.

    Its name says nothing of whom it is about.
    """
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
