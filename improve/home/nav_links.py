"""The links in the header of every signed-in page, for whoever reads it."""

from __future__ import annotations

from flask import url_for

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any, may
from improve.accounts.sessions.visits import is_visiting


def nav_links(actor: Actor) -> list[dict[str, str]]:
    """Return the links of the header that the actor may follow: key, label, icon and address."""
    links: list[dict[str, str]] = []

    def add(key: str, label: str, icon: str, url: str) -> None:
        links.append({"key": key, "label": label, "icon": icon, "url": url})

    if has_any(actor, Permission.SEE_IDEAS):
        slug = actor.home.team_slug if actor.home else None
        board = url_for("ideas.board", slug=slug) if slug else url_for("home.choose_team")
        add("board", "Board", "layout-board", board)
        if slug and may(actor, Permission.SEE_HUDDLES, team_id=actor.home_team_id):
            add("huddle", "Huddle", "users", url_for("huddles.past", slug=slug))
        measures = (
            url_for("measures.team_measures", slug=slug) if slug else url_for("measures.all_teams")
        )
        add("measures", "Measures", "chart-line", measures)
    if is_visiting():
        return links
    if has_any(actor, Permission.SEE_IDEAS):
        page = "month" if has_any(actor, Permission.SEE_MONTH) else "finished_cycles"
        add("review", "Review", "list-check", url_for(f"review.{page}"))
    if has_any(actor, Permission.SEE_VOICES):
        page = "desk" if has_any(actor, Permission.READ_VOICES) else "shared"
        add("voices", "Voices", "message", url_for(f"voices.{page}"))
    if has_any(actor, Permission.SEE_REPORT_LEARNING):
        page = "desk" if has_any(actor, Permission.REVIEW_REPORTS) else "learned"
        add("reports", "Reports", "shield", url_for(f"incidents.{page}"))
    if has_any(actor, Permission.MANAGE_PEOPLE):
        add("admin", "Administration", "settings", url_for("accounts.people"))
    return links
