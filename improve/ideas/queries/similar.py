"""Ideas like words that somebody types, so that one thing is not tried twice unawares."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Select, select, union

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas.kinds import STAGE_WORDS, Outcome, Stage
from improve.ideas.listing import SimilarIdea
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.shaping import age_of
from improve.ideas.usual_days import clock_in
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import days
from improve.shared.query_words import fold, words_of
from improve.shared.search import How, newest_holding

#: From how many characters on similar ideas are looked for, and how many are shown.
SIMILAR_FROM, SIMILAR_MOST = 12, 3
#: Ideas that hold one of the words are compared, the newest first, and so many stopped ones
#: besides, whose lesson is the first thing to read, however long ago it was.
SIMILAR_AMONG, STOPPED_AMONG = 400, 100
#: Words looked for: the longest say most.
_LOOKED_FOR: Final = 8
#: Ideas found when somebody looks for one by its words.
FOUND_MOST: Final = 20
_COMMON: Final = frozenset(
    """
    a an and are as at be been before but by can could do each for from had has have how i
    if in into is it its more my no not of on one or our out so that the their them then
    there they this to up us was we were what when where who will with would you your
    families family child children team
    """.split()  # noqa: SIM905 - a paragraph reads better than a list
)
#: What goes on elsewhere, or was taken back by its author, is nothing to support.
_GONE: Final = (Outcome.WITHDRAWN.value, Outcome.JOINED.value)


def similar_ideas(
    actor: Actor, text: str, *, besides: Collection[int] = (), most: int = SIMILAR_MOST
) -> list[SimilarIdea]:
    """Return up to three ideas that share words with ``text``, from 12 characters on.

    Of those the actor may see, the likest first. A stopped one brings its lesson.
    """
    wanted = _words(text)
    if len(text.strip()) < SIMILAR_FROM or not wanted:
        return []
    looked_for = sorted(wanted, key=lambda word: (-len(word), word))[:_LOOKED_FOR]
    holding = union(
        _holding(actor, looked_for, "any", SIMILAR_AMONG).subquery("newest").select(),
        _holding(
            actor,
            looked_for,
            "any",
            STOPPED_AMONG,
            Idea.outcome == Outcome.ABANDONED.value,
            among=_finished_last(actor),
        )
        .subquery("stopped")
        .select(),
    ).subquery("holding")
    rows = db.session.execute(
        _listed().join(holding, holding.c.id == Idea.id).order_by(Idea.id.desc())
    ).all()
    scored = []
    for row in rows:
        score = 0.0 if row.id in besides else _likeness(wanted, row.title, row.suggestion)
        if score:
            scored.append((score, row))
    scored.sort(key=lambda pair: -pair[0])
    return [_shape(row, actor) for row in _with_a_stopped_one([row for _, row in scored], most)]


def _with_a_stopped_one(found: list[Any], most: int) -> list[Any]:
    """Return the likest, the likest of the stopped ones among them: its lesson saves the most."""
    chosen = found[:most]
    stopped = next((row for row in found if row.outcome == Outcome.ABANDONED.value), None)
    if stopped is not None and stopped not in chosen:
        chosen[-1] = stopped
    return chosen


def ideas_holding(actor: Actor, typed: str, *, besides: Collection[int]) -> list[SimilarIdea]:
    """Return up to twenty ideas that hold all the words, the newest first; or that one by number.

    Of those the actor may see, that are on a board.
    """
    words = words_of(typed)
    if not words:
        return []
    on_board = (Idea.is_on_board, Idea.id.not_in(sorted(besides)))
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    chosen = _holding(actor, words, "all", FOUND_MOST, *on_board).subquery("holding")
    rows = db.session.execute(
        _listed()
        .where(
            (Idea.id.in_(select(chosen.c.id))) | (Idea.id == number),
            door.visible(actor),
            *on_board,
        )
        .order_by(Idea.id.desc())
        .limit(FOUND_MOST)
    )
    return [_shape(row, actor) for row in rows]


def _holding(
    actor: Actor, words: Sequence[str], how: How, most: int, *also: Any, among: Any = None
) -> Any:
    """Return the ids of the newest ideas with these words that the actor may see."""
    return newest_holding(
        "ideas",
        words,
        organisation_id=actor.organisation_id,
        rows=Idea.__table__,
        door=(
            door.visible(actor),
            Idea.outcome.is_(None) | Idea.outcome.not_in(_GONE),
            *also,
        ),
        how=how,
        most=most,
        among=among,
    )


def _finished_last(actor: Actor) -> Select[int, bool]:
    """Return the ids of ideas that are over, the last finished first, and which were stopped."""
    return (
        select(Idea.id, (Idea.outcome == Outcome.ABANDONED.value).label("fits"))
        .where(Idea.organisation_id == actor.organisation_id, Idea.finished_at.is_not(None))
        .order_by(Idea.finished_at.desc())
    )


def _listed() -> Select[Any]:
    team = team_names()
    return select(
        Idea.id,
        Idea.title,
        Idea.suggestion,
        Idea.stage,
        Idea.stage_entered_at,
        Idea.outcome,
        Idea.cycle_number,
        Idea.lesson,
        team.c.name.label("team_name"),
        team.c.working_days.label("team_working_days"),
        team.c.pauses.label("team_pauses"),
        team.c.usual_days.label("team_usual_days"),
    ).join(team, team.c.id == Idea.team_id)


def _shape(row: Any, actor: Actor) -> SimilarIdea:
    stage, stage_clock = Stage(row.stage), clock_in(row._mapping, actor)
    return SimilarIdea(
        id=row.id,
        title=row.title,
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        outcome=Outcome(row.outcome) if row.outcome else None,
        cycle_number=row.cycle_number,
        age_words=days(age_of(row.stage_entered_at, clock.today(), stage_clock)),
        team_name=row.team_name,
        lesson=row.lesson if row.outcome else "",
    )


def _words(text: str) -> frozenset[str]:
    """Return the telling words of a text, cut to their first six letters, so that endings match."""
    found = re.findall(r"[^\W\d_]{3,40}", fold(text[:2000]))
    return frozenset(_without_s(word)[:6] for word in found if word not in _COMMON)


def _without_s(word: str) -> str:
    """Return “visit” for “visits”; words such as “process” stay."""
    is_plural = len(word) > 4 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _likeness(wanted: frozenset[str], title: str, suggestion: str) -> float:
    """Return how alike two texts are: 0 unless two words, or most of a short one, are shared."""
    in_title = wanted & _words(title)
    shared = wanted & (_words(suggestion) | in_title)
    if len(shared) < min(2, len(wanted)):
        return 0.0
    return len(shared) / len(wanted) + len(in_title) / (2 * len(wanted))
