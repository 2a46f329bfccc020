"""Static files: kept for ever by browsers under a mark of what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from improve.shared.packed_files import ENDINGS, PACKED, packed_body


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

    packed: dict[tuple[str, str], bytes | None] = {}

    @app.after_request
    def read_whole(response: Response) -> Response:
        # The files are small; a file that compression streams would be left open.
        if request.endpoint == "static" and response.status_code == 200:
            response.direct_passthrough = False
            body = response.get_data()
            response.close()
            response.set_data(body)
            _send_packed(response, body)
        return response

    def _send_packed(response: Response, body: bytes) -> None:
        """Send what was packed beforehand, in the smallest way that the browser takes."""
        path = Path(str(app.static_folder)) / request.view_args["filename"]  # type: ignore[index]
        if path.suffix not in PACKED:
            return
        response.vary.add("Accept-Encoding")
        for encoding in ENDINGS:
            if not request.accept_encodings.quality(encoding):
                continue
            # Looked at once: an update comes with a new process.
            key = (str(path), encoding)
            if key not in packed or app.debug:
                packed[key] = packed_body(path, encoding, body)
            if (found := packed[key]) is not None:
                response.set_data(found)
                response.headers["Content-Encoding"] = encoding
                mark, is_weak = response.get_etag()
                if mark:
                    response.set_etag(f"{mark}-{encoding}", weak=bool(is_weak))
                    response.make_conditional(request)
                return
