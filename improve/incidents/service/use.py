"""What comes of a report that was signed off: words for staff, or an idea in fresh words."""

from __future__ import annotations

from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.queries import team_by_id
from improve.ideas.queries.similar import ideas_holding
from improve.incidents.kinds import State, StepKind
from improve.incidents.learning_days import batch_after, shown_month_of
from improve.incidents.models import IncidentLearning
from improve.incidents.queries.use import learning_for_change
from improve.incidents.service.one import Ended, check_seen, ended_for_review, record
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.quoting import quotes

NOTHING_KEPT = "Nothing of this report is kept to learn from."
_HAS_IDEA = "It led to an idea already."
_SAME_WORDS = (
    "This says it as what staff may read does. Say what could be tried in fresh words, so that "
    "nobody can put the two together."
)


def keep_learning(
    actor: Actor, *, key: str, theme: str, note: str, is_shown: bool, seen_version: int | None
) -> None:
    """Keep a theme and a learning note, and say whether staff may read what was learned.

    They read it from a month's first day on, two weeks from now at least: nobody can tell from it
    when the report was signed off. Twice is harmless.
    """
    ended, row = _settled(actor, key)
    theme, note = theme.strip(), note.strip()
    if (theme, note, is_shown) == (row.theme, row.note, row.shown_month is not None):
        return
    check_seen(ended, seen_version)
    _check(("theme", theme, "report_theme"), ("note", note, "report_note"))
    if is_shown and not (theme or note or row.shareable):
        raise RuleBroken([Reason("Write a theme or a note: there is nothing to read.", "theme")])
    row.theme, row.note = theme, note
    if not is_shown:
        row.shown_month = None
    elif row.shown_month is None:
        row.shown_month = shown_month_of(clock.today())
    _used(actor, ended, row)


def write_idea(
    actor: Actor, *, key: str, text: str, benefit: str, team_id: int, seen_version: int | None
) -> None:
    """Keep an idea in fresh words until the next batch, which is two weeks away at least.

    Then the learning team proposes it, see ``service.propose``. Written again, it keeps its batch.
    It may say nothing as what staff may read says it. Twice is harmless.
    """
    ended, row = _settled(actor, key)
    words: dict[str, Any] = {"text": text.strip(), "benefit": benefit.strip(), "team_id": team_id}
    if row.proposal == words and row.propose_after is not None:
        return
    check_seen(ended, seen_version)
    if row.idea_id is not None:
        raise RuleBroken(_HAS_IDEA)
    check_idea(actor, text=words["text"], benefit=words["benefit"], team_id=team_id)
    if quotes(f"{text}\n{benefit}", (row.shareable, row.theme, row.note)):
        raise RuleBroken([Reason(_SAME_WORDS, "text")])
    row.proposal = words
    row.propose_after = row.propose_after or batch_after(clock.today())
    _used(actor, ended, row)


def take_idea_back(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Take an idea back that waits for its batch. Twice is harmless; refuses once it went out."""
    ended, row = _settled(actor, key)
    if row.idea_id is not None:
        raise RuleBroken(_HAS_IDEA)
    if row.proposal is None:
        return
    check_seen(ended, seen_version)
    row.proposal, row.propose_after = None, None
    _used(actor, ended, row)


def link_idea(actor: Actor, *, key: str, idea_id: int, seen_version: int | None) -> None:
    """Say that an idea of a board answers this report: its end asks for an answer.

    Kept on this side alone: the idea knows nothing of it. Twice is harmless.
    """
    ended, row = _settled(actor, key)
    if row.idea_id == idea_id:
        return
    check_seen(ended, seen_version)
    if row.proposed_week is not None:
        raise RuleBroken(_HAS_IDEA)
    if idea_id not in {idea.id for idea in ideas_holding(actor, str(idea_id), besides=())}:
        words = "There is no idea of this number on a board of your council."
        raise RuleBroken([Reason(words, "number")])
    row.idea_id, row.proposal, row.propose_after = idea_id, None, None
    _used(actor, ended, row)


def check_idea(actor: Actor, *, text: str, benefit: str, team_id: int) -> None:
    """Refuse an idea that could not be logged when its batch comes."""
    reasons = [] if text else [Reason("Write what could be tried.", "text")]
    reasons += _too_long(("text", text, "idea_text"), ("benefit", benefit, "benefit"))
    if reasons:
        raise RuleBroken(reasons)
    if team_by_id(actor, team_id).closed_on is not None:
        raise RuleBroken([Reason("This team is closed. Choose another.", "team_id")])


def _settled(actor: Actor, key: str) -> tuple[Ended, IncidentLearning]:
    """Return a report that was signed off, and what is kept of it, both held until the end.

    One that was joined to another is followed there alone: ``NotFound``.
    """
    ended = ended_for_review(actor, key, for_change=True)
    if ended.incident.joined_into is not None:
        raise NotFound
    row = learning_for_change(actor, ended.incident.learning_key)
    if row is None or ended.incident.state != State.SIGNED_OFF:
        raise RuleBroken(NOTHING_KEPT)
    return ended, row


def _used(actor: Actor, ended: Ended, row: IncidentLearning) -> None:
    row.version += 1
    db.session.flush()
    record(ended, actor, StepKind.USED)


def _check(*texts: tuple[str, str, str]) -> None:
    if reasons := _too_long(*texts):
        raise RuleBroken(reasons)


def _too_long(*texts: tuple[str, str, str]) -> list[Reason]:
    return [
        Reason(f"Use {limits.length(limit):,} characters or fewer.", field)
        for field, words, limit in texts
        if len(words) > limits.length(limit)
    ]
