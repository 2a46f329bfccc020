"""Help, one page for each kind of person: which there are, and whose comes first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: its part of the address, and whose work it is.

    ``title``: ``{site_name}`` in it stands for the name of the place.
    """

    who: str
    title: str
    lead: str
    icon: str
    needs: Permission | None


HELP_PAGES: Final = (
    HelpPage("ideas", "I log ideas", "Say what should change, and try it small.", "bulb",
             Permission.LOG_IDEA),
    HelpPage("team", "I manage a team", "The first reply, the huddle, moving ideas.", "users",
             Permission.REPLY_FIRST),
    HelpPage("coach", "I coach", "Measures, charts and tests that stay small.", "lifebuoy",
             Permission.SEE_COACHING),
    HelpPage("month", "I lead", "Your month, and what only you can move.", "list-check",
             Permission.SEE_MONTH),
    HelpPage("voices", "I read voices", "What children and families tell, and their answer.",
             "message", Permission.READ_VOICES),
    HelpPage("reports", "I review reports", "Conditions, never people; then it is destroyed.",
             "shield-lock", Permission.REVIEW_REPORTS),
    HelpPage("running", "I run {site_name}", "People, teams, and forms that open when ready.",
             "settings", Permission.MANAGE_PEOPLE),
    HelpPage("in-confidence", "I report in confidence", "Tell what went wrong, or nearly did.",
             "shield", Permission.TELL_REPORT),
    HelpPage("installing", "I install it", "One command to look, one page to install.", "download",
             Permission.MANAGE_PEOPLE),
    HelpPage("families", "Children, young people and families",
             "How the form works, and what happens then.", "message-circle", None),
)  # fmt: skip


def page_about(who: str) -> HelpPage | None:
    """Return the page for this kind of person, or None."""
    return next((page for page in HELP_PAGES if page.who == who), None)


def pages_for(actor: Actor | None) -> tuple[list[HelpPage], list[HelpPage]]:
    """Return the pages that fit what the actor does, and those of others that they may read."""
    if actor is None:
        return [page for page in HELP_PAGES if page.needs is None], []
    fits = [page for page in HELP_PAGES if page.needs and has_any(actor, page.needs)]
    if not has_any(actor, Permission.SEE_IDEAS) and not fits:
        return [page for page in HELP_PAGES if page.needs is None], []
    return fits, [page for page in HELP_PAGES if page not in fits]
