"""When an idea that a report led to ends, an answer is drafted for whoever reported.

It happens in the transaction of whoever moved the idea, who must not learn of it: nothing is
recorded, nobody is told, and the answer to them is the same as for any other idea.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.ideas import acts
from improve.ideas.acts import IdeaActed
from improve.ideas.kinds import Decision, Outcome, Stage
from improve.ideas.page import CycleView, IdeaPage
from improve.ideas.queries import idea_page
from improve.ideas.queries.joining import joined_into
from improve.incidents.ending_words import Came, draft_said
from improve.incidents.models import Incident, IncidentAnswer
from improve.incidents.queries.use import has_ideas_from_reports, reports_behind
from improve.incidents.service.answers import END, add_answer
from improve.redaction.texts import is_hidden
from improve.shared import contributions, events, limits
from improve.shared.db import db

_CAME: Final = {
    Outcome.ADOPTED: Came.KEPT,
    Outcome.ABANDONED: Came.STOPPED,
    Outcome.QUICK_FIX: Came.FIXED,
    Outcome.NOT_NOW: Came.NOT_NOW,
    Outcome.JOINED: Came.JOINED,
    Outcome.WITHDRAWN: Came.WITHDRAWN,
}


def follow_endings() -> None:
    """Subscribe: draft an answer when an idea that a report led to ends, or is changed at Act."""
    events.subscribe(IdeaActed, draft_at_act)
    contributions.register("ending-undone", ending_undone)


def draft_at_act(event: IdeaActed) -> None:
    """Draft an answer for each report behind the idea, or behind one that was joined to it."""
    if event.kind != "moved":
        return
    if event.stage is Stage.ACT and event.words == acts.undone_words(event.stage):
        ending_undone(event.actor, event.idea_id)
        return
    came = _CAME.get(event.outcome) if event.outcome else _again(event)
    if came is None:
        return
    council = event.actor.organisation_id
    if not has_ideas_from_reports(council):
        return
    reports = reports_behind(council, [event.idea_id, *joined_into(event.actor, event.idea_id)])
    # Also where no report is behind it: an answer that takes longer would tell whoever moved it.
    words = _words(event, came)
    if not words:
        return
    _forget(reports)
    for report in reports:
        add_answer(report, words=words, moment=END)


def ending_undone(actor: Actor, idea_id: int) -> None:
    """Take the drafts away that an ending made and nobody changed: it is true no more."""
    _forget(reports_behind(actor.organisation_id, [idea_id]))


def _words(event: IdeaActed, came: Came) -> str:
    page = idea_page(event.actor, event.idea_id)
    cycle = _cycle(page, came)
    if came is Came.AGAIN and (cycle is None or cycle.decision is not Decision.ADAPT):
        return ""
    verdict = page.verdict if came in {Came.KEPT, Came.STOPPED} else None
    values = cycle.values if cycle else {}
    return draft_said(
        came,
        verdict=f"{verdict.label}: {verdict.sentence}" if verdict else "",
        held=str(values.get("prediction_held") or ""),
        learned=_shown(page.ending.lesson if page.ending else ""),
        look_again=f"{page.look_again_on:%B %Y}" if page.look_again_on else "",
    )[: limits.length("report_answer")]


def _again(event: IdeaActed) -> Came | None:
    began = acts.moved_words(event.stage, None, cycle_number=event.cycle_number, is_new_cycle=True)
    return Came.AGAIN if event.cycle_number > 1 and event.words == began else None


def _cycle(page: IdeaPage, came: Came) -> CycleView | None:
    """Return the cycle that was decided: at “change” it is the one before the new one."""
    if came not in {Came.KEPT, Came.STOPPED, Came.AGAIN}:
        return None
    number = page.cycle_number - 1 if came is Came.AGAIN else page.cycle_number
    return next((cycle for cycle in page.cycles if cycle.number == number), None)


def _forget(reports: Sequence[Incident]) -> None:
    """Delete drafts of an ending that no reviewer has touched."""
    keys = _keys(reports)
    if not keys:
        return
    db.session.execute(
        delete(IncidentAnswer)
        .where(
            IncidentAnswer.incident_key.in_(keys),
            IncidentAnswer.moment == END,
            IncidentAnswer.given_week.is_(None),
        )
        .execution_options(synchronize_session="fetch")
    )


def _keys(reports: Iterable[Incident]) -> list[str]:
    return sorted(report.key for report in reports)


def _shown(words: str) -> str:
    return "" if is_hidden(words) else words.strip()
