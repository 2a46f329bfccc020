"""Pages of families and of reporters: no other page is told who came, and nothing is packed.

Packed pages that hold both a secret and what somebody typed can be guessed by their length.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

#: How those of reports begin, which are for staff.
_REPORTS: Final = ("/report/", "/report-answer", "/reports/tell")
#: How their addresses begin.
_BEGIN: Final = (
    "/say/",
    "/answer",
    "/changed/",
    "/help-wanted/",
    *_REPORTS,
)
#: What was learned from reports, and the form that hides one of these.
_LEARNED: Final = "/reports"
_HIDES: Final = "/reports/learned/"
#: The one that is there to be found.
_TO_BE_FOUND: Final = "/changed/"
#: Where people come back to from their council's own sign-in: around the council's short name.
_BACK: Final = ("/sign-in/", "/back")
#: How those of staff begin whose forms hold what families told, or somebody reported.
_TOLD: Final = ("/voices/", "/reports/")


def is_private() -> bool:
    """Return whether the request is for such a page."""
    return request.path.startswith(_BEGIN)


def is_of_report() -> bool:
    """Return whether the request is for a page on which staff report."""
    return request.path.startswith(_REPORTS)


def leaves_no_last_use() -> bool:
    """Return whether the request leaves the time of the session's last use as it was.

    What families are asked leaves no trace of somebody who looks in. Nor does hiding what was
    learned, and the page around it: the log says when it was done, and by nobody.
    """
    return is_private() or request.path == _LEARNED or request.path.startswith(_HIDES)


def tells_nobody_where() -> bool:
    """Return whether the request is for a page that tells nobody where somebody came from.

    The council's own sign-in sends people back with a code in the address: not even a request for
    the style sheet names it. Such a page cannot say in a form, either, that it is one of ours.
    """
    begins, ends = _BACK
    return is_private() or (request.path.startswith(begins) and request.path.endswith(ends))


def holds_what_was_told() -> bool:
    """Return whether what is sent may be told in confidence: it is put into no other page."""
    return request.path.startswith(_TOLD)


def register(app: Flask) -> None:
    """Have such pages sent plainly, their address told to nobody, and found by no search."""
    app.add_template_global(holds_what_was_told)

    @app.before_request
    def unpacked() -> None:
        if is_private():
            request.environ.pop("HTTP_ACCEPT_ENCODING", None)

    @app.after_request
    def untold(response: Response) -> Response:
        if tells_nobody_where():
            response.headers["Referrer-Policy"] = "no-referrer"
        if is_private() and not request.path.startswith(_TO_BE_FOUND):
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
