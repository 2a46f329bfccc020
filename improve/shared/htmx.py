"""The few things a view needs to know about htmx."""

from __future__ import annotations

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue


def is_htmx() -> bool:
    """Return whether htmx asks for a part: not when it restores a page from history."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def announce(words: str) -> None:
    """Have ``words`` read out in the page's live region, with the part that this view answers.

    Either move the focus to a result or announce it, never both for the same text.
    """
    g.announcement = words


def part(template: str, /, status: int = 200, **context: object) -> Response:
    """Render a part; with an announcement, add the live region out of band."""
    body = render_template(template, **context)
    if g.get("announcement"):
        body += render_template("shared/_announcement.html", announcement=g.announcement)
    return make_response(body, status)


def whole(response: Response) -> Response:
    """Let htmx put this answer in place of the whole page, whatever part it asked for."""
    if is_htmx():
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def part_or_page(
    part_template: str, page_template: str, /, status: int = 200, **context: object
) -> ResponseReturnValue:
    """Render the part for htmx, else the page that includes it."""
    if is_htmx():
        return part(part_template, status, **context)
    return render_template(page_template, **context), status
