"""Files that are made for one answer and leave nothing behind."""

from __future__ import annotations

import tempfile
from typing import IO

from flask import Response, send_file


def scratch_file() -> IO[bytes]:
    """Return a file without a name: whatever happens, nothing of it stays on the disk."""
    return tempfile.TemporaryFile()


def download(file: IO[bytes], name: str, mimetype: str) -> Response:
    """Answer with a file that is gone from the disk as soon as it is sent."""
    file.seek(0)
    answer = send_file(file, mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer
