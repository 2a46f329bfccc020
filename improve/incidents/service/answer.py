"""Answering whoever reported, when the report itself is gone: they read it by receipt."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.incidents.answer_words import sealed_answer
from improve.incidents.kinds import StepKind
from improve.incidents.learning_days import week_of
from improve.incidents.queries.use import answers_of, draft_for_change, has_ended
from improve.incidents.service.answers import END, NOW, add_answer
from improve.incidents.service.one import check_seen, ended_for_review, record
from improve.shared import clock, limits
from improve.shared.errors import NotFound, Reason, RuleBroken, Stale


def give_answer(
    actor: Actor, *, key: str, words: str, seen_version: int | None, draft: str = ""
) -> None:
    """Give whoever reported an answer, this week. The same one sent twice is given once.

    ``draft``: the key of the draft that becomes it. Where the idea has ended it is the answer at
    its end. Raises ``Stale`` where another reviewer was quicker, and ``NotFound`` for one that was
    joined to another: its receipt reads the answers of that.
    """
    ended = ended_for_review(actor, key, for_change=True)
    if ended.incident.joined_into is not None:
        raise NotFound
    incident, words = ended.incident, words.strip()
    week = week_of(clock.today())
    if any(one.week == week and one.words == words for one in answers_of(actor, key)):
        return
    check_seen(ended, seen_version)
    _check(words)
    if draft:
        row = draft_for_change(actor, key, draft)
        if row is None:
            raise Stale(version=incident.version)
        row.sealed, row.given_week = sealed_answer(words, key=row.key), week
        row.version += 1
    else:
        is_end = has_ended(actor, incident.learning_key)
        add_answer(incident, words=words, moment=END if is_end else NOW, given_week=week)
    record(ended, actor, StepKind.ANSWERED)


def _check(words: str) -> None:
    most = limits.length("report_answer")
    if not words:
        raise RuleBroken([Reason("Write the answer.", "words")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
