"""Looking at the council's example board: what is open meanwhile, and whose session it is.

Whoever looks at it acts as somebody invented, in an organisation of its own: what asks for the
actor's organisation finds nothing else. Beside the board of that organisation every page is
closed, so that nothing of their own account, of their council or for the public is reached.
"""

from __future__ import annotations

from typing import Final

from flask import abort, g, redirect, request, url_for

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.queries import LiveSession
from improve.shared import private_pages
from improve.shared.errors import Forbidden

#: Whole capabilities that are open in an example, and the pages of others.
_OPEN_PARTS: Final = frozenset({"ideas", "huddles", "measures", "example"})
_OPEN: Final = frozenset(
    {
        "static",
        "healthz",
        "home.start",
        "home.choose_team",
        "home.help_page",
        "home.help_families",
        "home.help_for",
        "home.safeguarding",
        "home.search_page",
        "accounts.sign_out",
        "accounts.stay_signed_in",
    }
)
#: Pages of the open capabilities that let somebody else in, or a file with them out.
_CLOSED: Final = frozenset(
    {
        "huddles.calendar",
        "ideas.guests",
        "ideas.invite_guest",
        "ideas.send_link_again",
        "ideas.end_guest",
    }
)
CLOSED_WORDS: Final = (
    "This is not part of the example. Go back to your own board, and open it there."
)


def is_open(endpoint: str | None) -> bool:
    """Return whether a page may be opened by somebody who looks at an example."""
    if endpoint is None or endpoint in _OPEN:
        return True
    return endpoint.partition(".")[0] in _OPEN_PARTS and endpoint not in _CLOSED


def is_visiting() -> bool:
    """Return whether whoever is signed in looks at an example."""
    live = g.get("live_session")
    return bool(live and live.is_visiting)


def keep_inside(live: LiveSession | None) -> None:
    """Let this request reach nothing but the example, where it is looked at, and leave no entry.

    Raises ``Forbidden``; from a form for families or of reports it leads back to the board.
    """
    if live is None or not live.is_visiting:
        return
    g.leaves_no_entry = True
    if is_open(request.endpoint):
        return
    if private_pages.is_private():
        # A form of families or of reports, whose pages say nothing of who is signed in.
        abort(redirect(url_for("home.start"), 303))
    raise Forbidden(CLOSED_WORDS)


def at_home() -> Actor:
    """Return whose session it is, as they are in their own council. For guarded routes only.

    What they do as themselves is noted, also while they look at an example.
    """
    if not is_visiting():
        actor: Actor = g.actor
        return actor
    g.leaves_no_entry = False
    return queries.actor_of_person(g.live_session.owner_id)
