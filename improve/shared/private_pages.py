"""Pages of families: no other page is told where somebody came from, and nothing is packed.

Packed pages that hold both a secret and what somebody typed can be guessed by their length.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

#: How their addresses begin.
_BEGIN: Final = ("/say/", "/answer", "/changed/", "/help-wanted/")


def is_private() -> bool:
    """Return whether the request is for such a page."""
    return request.path.startswith(_BEGIN)


def register(app: Flask) -> None:
    """Have such pages sent plainly, and their address told to nobody."""

    @app.before_request
    def unpacked() -> None:
        if is_private():
            request.environ.pop("HTTP_ACCEPT_ENCODING", None)

    @app.after_request
    def untold(response: Response) -> Response:
        if is_private():
            response.headers["Referrer-Policy"] = "no-referrer"
        return response
