"""What a page with a board has seen, said by its own script with each act on it."""

from __future__ import annotations

from flask import request

from improve.accounts.queries import TeamView
from improve.accounts.service import raised_here
from improve.ideas.board_news import SEEN_HEADER, Seen, seen_in


def seen_after_own(team: TeamView) -> Seen:
    """Return what the page has seen once this act of its own is counted as known to it.

    Without the script's word it is taken to have seen the board as it is now.
    """
    seen = seen_in(request.headers.get(SEEN_HEADER))
    if seen is None or seen.version > team.board_version:
        return Seen(team.board_version)
    return seen.with_own(raised_here(team.id))
