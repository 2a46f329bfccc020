"""What an idea's own page shows of the library: rows that join the feed of that page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import case, func, literal, or_, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.kinds import TAUGHT
from improve.ideas.page import IdeaPage
from improve.ideas.queries.learned import last_endings
from improve.ideas.queries.panels import council_asked, idea_asked, panel_row
from improve.ideas.queries.places import placed_ideas
from improve.ideas.shaping import A_COLLEAGUE
from improve.library.models import BorrowedPage, LearningPage, Spread, SustainCheck
from improve.library.queries.spread import spreads_below
from improve.library.queries.sustain import may_check
from improve.library.sustaining import Held, SustainedView, open_check
from improve.shared import clock

TEMPLATE = "library/_idea_panel.html"


def panel_rows() -> Any:
    """Return the rows: the learning page, where it came from, how far it went, looks since."""
    return union_all(
        *(
            part.subquery(f"library_{number}").select()
            for number, part in enumerate((_learning(), _came(), _taken(), _checks()))
        )
    )


def _learning() -> Any:
    last = last_endings()
    row = panel_row(
        "learning",
        id=LearningPage.id,
        kind=func.coalesce(last.c.outcome, ""),
        a=LearningPage.title,
        b=LearningPage.beware,
        c=LearningPage.use_when,
        at=LearningPage.changed_at,
        other_at=LearningPage.shared_at,
    ).join(last, last.c.id == LearningPage.idea_id)
    return row.where(
        LearningPage.idea_id == idea_asked, LearningPage.organisation_id == council_asked
    )


def _came() -> Any:
    origin = placed_ideas()
    return (
        panel_row(
            "came",
            id=Spread.id,
            a=func.coalesce(origin.c.title, BorrowedPage.title, ""),
            b=func.coalesce(origin.c.team_name, BorrowedPage.source_council, ""),
            c=Spread.adaptation,
            kind=case((Spread.parent_idea_id.is_not(None), "idea"), else_="page"),
            at=Spread.created_at,
            version=Spread.version,
            number=func.coalesce(origin.c.id, Spread.borrowed_page_id, 0),
        )
        .select_from(Spread)
        .outerjoin(origin, origin.c.id == Spread.parent_idea_id)
        .outerjoin(BorrowedPage, BorrowedPage.id == Spread.borrowed_page_id)
        .where(Spread.idea_id == idea_asked, Spread.organisation_id == council_asked)
    )


def _taken() -> Any:
    below = spreads_below(
        select(
            Spread.parent_idea_id.label("root_id"), Spread.idea_id, Spread.id.label("spread_id")
        ).where(Spread.parent_idea_id == idea_asked, Spread.organisation_id == council_asked),
        "taken_up",
    )
    seen = placed_ideas()
    count = (
        select(func.count())
        .select_from(below)
        .outerjoin(seen, seen.c.id == below.c.idea_id)
        .where(or_(below.c.idea_id.is_(None), seen.c.id.is_not(None)))
        .scalar_subquery()
    )
    return panel_row("taken", id=literal(0), number=count)


def _checks() -> Any:
    return panel_row(
        "check",
        id=SustainCheck.id,
        kind=func.coalesce(SustainCheck.answer, ""),
        a=SustainCheck.words,
        b=SustainCheck.due_on,
        c=SustainCheck.again_on,
        person_id=SustainCheck.answered_by_id,
        at=SustainCheck.answered_at,
        version=SustainCheck.version,
    ).where(SustainCheck.idea_id == idea_asked, SustainCheck.organisation_id == council_asked)


def library_panel(actor: Actor, page: IdeaPage) -> tuple[str, dict[str, Any]] | None:
    """Return the panel of an idea's page, or None where the library has nothing to say of it."""
    first = {row["part"]: row for row in reversed(page.panel_rows)}
    came, learning = first.get("came"), first.get("learning")
    taken = first["taken"]["cycle"] if "taken" in first else 0
    is_taught = page.outcome in TAUGHT
    is_own = is_own_of(actor, page)
    may_write = may(actor, Permission.WRITE_LEARNING, team_id=page.team.id, is_own=is_own)
    if learning is not None and learning["other_at"] is None and not may_write:
        learning = None  # somebody's draft
    if learning is not None and not learning["kind"]:
        learning = None  # its ending was taken back: it is read again once it ends
    if came is None and not taken and not is_taught and learning is None:
        return None
    checks = checks_in(page)
    due = due_check(page, checks)
    return TEMPLATE, {
        "came": came,
        "taken": taken,
        "learning": learning,
        "may_write": is_taught and may_write,
        "may_try": is_taught and may(actor, Permission.LOG_IDEA),
        "due": due,
        "may_check": may_check(actor, team_id=page.team.id, is_own=is_own),
        "answered": [check for check in checks if check.answer is not None][::-1],
    }


def is_own_of(actor: Actor, page: IdeaPage) -> bool:
    """Return whether the actor wrote, leads or takes part in the idea of this page."""
    return (
        page.is_author
        or bool(page.lead and page.lead.id == actor.person_id)
        or any(member.id == actor.person_id for member in page.members)
    )


def check_in(row: Mapping[str, Any], idea_id: int) -> SustainedView:
    """Return a look from a row of the feed."""
    return SustainedView(
        idea_id=idea_id,
        due_on=date.fromisoformat(row["b"]),
        answer=Held(row["kind"]) if row["kind"] else None,
        words=row["a"],
        answered_at=row["at"],
        by_name=row["name"] or A_COLLEAGUE,
        again_on=date.fromisoformat(row["c"]) if row["c"] else None,
        version=row["version"],
        id=row["id"],
    )


def checks_in(page: IdeaPage) -> list[SustainedView]:
    """Return every look at the idea of this page, the first first."""
    checks = [check_in(row, page.id) for row in page.panel_rows if row["part"] == "check"]
    return sorted(checks, key=lambda check: check.due_on)


def due_check(page: IdeaPage, checks: list[SustainedView]) -> SustainedView | None:
    """Return the look that is due of this idea today, or None."""
    if page.outcome is None or page.outcome.value != "adopted" or page.ending is None:
        return None
    if page.ending.is_from_list and not checks:
        return None
    kept_on = clock.local(page.ending.finished_at).date()
    return open_check(checks, page.id, kept_on, clock.today())


def beware_in(page: IdeaPage) -> str:
    """Return what the shared learning page of this idea says to beware of; “” without one."""
    rows = [row for row in page.panel_rows if row["part"] == "learning" and row["other_at"]]
    return str(rows[0]["b"]) if rows else ""
