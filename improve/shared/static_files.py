"""Static files: kept for ever by browsers under a mark of what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request


def register(app: Flask) -> None:
    """Let the address of a static file carry a mark of its content, so it may be kept for ever."""
    marks: dict[str, str] = {}

    @app.url_defaults
    def add_mark(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        if endpoint != "static" or not name or "v" in values:
            return
        if name not in marks or app.debug:
            path = Path(str(app.static_folder)) / name
            marks[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        values["v"] = marks[name]

    @app.after_request
    def read_whole(response: Response) -> Response:
        # The files are small; a file that compression streams would be left open.
        if request.endpoint == "static" and response.status_code == 200:
            response.direct_passthrough = False
            body = response.get_data()
            response.close()
            response.set_data(body)
        return response
