"""The texts of ideas, as redaction reads and writes them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.accounts.service import raise_board_version
from improve.ideas.models import (
    CoachRequest,
    Comment,
    Cycle,
    Idea,
    IdeaEdit,
    IdeaJoin,
    KeptWords,
    StageMove,
    Thanks,
)
from improve.ideas.queries import door
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS, Question
from improve.ideas.service.record import note_edit
from improve.notifications.kinds import Subject
from improve.redaction.service.outside import LINK_ENDS, mails_with, notices_of, put_outside
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import NotFound

#: What the history keeps words under, and the text of the idea that they are a version of.
_EDITS: Final = {
    "edit": "",
    "replied": "first_reply_words",
    "blocked": "blocked_reason",
    "team": "",
    "brought_in": "",
}
#: What a finished idea's card shows, and the answer of its last cycle that it is a copy of.
_COPIES: Final = {
    "lesson": "learned",
    "decision_why": "decision_why",
    "adopt_anyway": "adopt_anyway",
}


def _written(questions: Any) -> dict[str, Question]:
    return {name: q for name, q in questions.items() if q.kind in {"text", "line"}}


def _label(question: Question) -> str:
    return question.label.rstrip("?")


_IDEA_LIMITS: Final = {
    **{name: limits.length(q.limit) for name, q in _written(IDEA_QUESTIONS).items() if q.limit},
    "first_reply_words": limits.length("reply"),
    "blocked_reason": limits.length("reason"),
    "blocked_who": limits.length("reason"),
    **{name: limits.length("decision_why") for name in _COPIES},
}
_CYCLE_LIMITS: Final = {
    name: limits.length(q.limit) for name, q in _written(CYCLE_QUESTIONS).items() if q.limit
}
IDEAS: Final = Table(
    "idea",
    Idea,
    {
        **{name: _label(q) for name, q in _written(IDEA_QUESTIONS).items()},
        "first_reply_words": "The first reply",
        "blocked_reason": "What is in the way",
        "blocked_who": "Who can help",
        **dict.fromkeys(_COPIES, "What it ended with"),
    },
    _IDEA_LIMITS,
)
CYCLES: Final = Table(
    "cycle", Cycle, {n: _label(q) for n, q in _written(CYCLE_QUESTIONS).items()}, _CYCLE_LIMITS
)
COMMENTS: Final = Table(
    "comment", Comment, {"words": "A comment"}, {"words": limits.length("comment")}, "author_id"
)
THANKS: Final = Table(
    "thanks", Thanks, {"words": "A thank-you"}, {"words": limits.length("thanks")}, "from_id"
)
MOVES: Final = Table(
    "move", StageMove, {"note": "The note of a move"}, {"note": limits.length("comment")}, "by_id"
)
EDITS: Final = Table(
    "edit",
    IdeaEdit,
    {"old": "An earlier version", "new": "An earlier version"},
    {},
    "by_id",
    is_shown=False,
)
TEAM_REASONS: Final = Table(
    "edit", IdeaEdit, {"new": "Why it changed teams"}, {"new": limits.length("comment")}, "by_id"
)
KEPT: Final = Table("kept", KeptWords, {"words": "Words somebody kept"}, {}, "person_id", False)
ASKS: Final = Table(
    "coach_request",
    CoachRequest,
    {"words": "What a coach was asked", "answer": "A coach’s answer"},
    dict.fromkeys(("words", "answer"), limits.length("comment")),
    "by_id",
)
JOINS: Final = Table(
    "join",
    IdeaJoin,
    {"words": "Why ideas were joined"},
    {"words": limits.length("comment")},
    "by_id",
)
_BY_KIND: Final = {
    t.kind: t for t in (IDEAS, CYCLES, COMMENTS, THANKS, MOVES, EDITS, KEPT, ASKS, JOINS)
}


class IdeaTexts:
    """Everything written on ideas, and thank-yous about no idea."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the idea of a text that the actor may read. Raises ``NotFound``."""
        table = _BY_KIND.get(name.kind)
        if table is None:
            return None
        if table is IDEAS:
            return Root(RootKind.IDEA, _visible(actor, name.subject_id).id)
        model: Any = table.model
        row = db.session.execute(
            select(model).where(
                model.id == name.subject_id, model.organisation_id == actor.organisation_id
            )
        ).scalar_one_or_none()
        if row is None:
            raise NotFound
        if row.idea_id is None:
            # Said in a huddle, it is for its readers to name as well: see the texts of huddles.
            return Root(RootKind.THANKS, row.id) if _is_party(actor, row) else None
        return Root(RootKind.IDEA, _visible(actor, row.idea_id).id)

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return the idea's title."""
        reads_all = settles and may(actor, Permission.REMOVE_WORDS)
        if root.kind is RootKind.THANKS:
            row = _thanks_alone(actor, root.id)
            if row is None or not (reads_all or _is_party(actor, row)):
                raise NotFound
            return "A thank-you"
        if root.kind is not RootKind.IDEA:
            return None
        # Whoever settles hidden words may not see an idea that is not on its board.
        return str((_loaded if reads_all else _visible)(actor, root.id).title)

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return every text of an idea, with its history, notices and mails that wait."""
        if root.kind is RootKind.THANKS:
            return held_in((THANKS, Thanks.id == root.id))
        if root.kind is not RootKind.IDEA:
            return []
        idea = _loaded(actor, root.id)
        cycles = {row.number: row.id for row in _cycles(idea.id)}
        edits = _edits(idea.id)
        found = _by_writer(held_in(*_shown_parts(idea.id)), idea, edits, cycles)
        found += _versions(idea, edits, cycles)
        found += _kept(idea, cycles)
        thanks = [h.name.subject_id for h in found if h.name.kind == "thanks"]
        found += notices_of(actor, Subject.IDEA, [idea.id], title_of="idea")
        found += notices_of(actor, Subject.THANKS, thanks)
        links = [f"/ideas/{idea.id}"] + [f"/me/thanks/{row}" for row in thanks]
        return found + mails_with([f"{link}{end}" for link in links for end in LINK_ENDS])

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts that a reader can name, in one statement. Who wrote them is left out."""
        if root.kind is RootKind.THANKS:
            return held_in((THANKS, Thanks.id == root.id))
        if root.kind is not RootKind.IDEA:
            return []
        # A guest is invited to the one idea, not to those that were joined to it.
        sees_joined = may(actor, Permission.SEE_IDEAS)
        parts = _shown_parts(root.id, with_joined=sees_joined)
        return [held for held in held_in(*parts) if _is_named(held.name)]

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write one text anew."""
        del actor
        if put_outside(held.name, words):
            return
        put_into(_BY_KIND[held.name.kind], held.name, words)

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Leave a line in the history, make open forms grow stale and boards look again."""
        if root.kind is not RootKind.IDEA:
            return
        # A number more than what somebody writes at this moment, never the same one.
        idea = _loaded(actor, root.id, is_locked=True)
        idea.version += 1
        db.session.flush()
        note_edit(
            actor,
            idea,
            version=idea.version,
            kind=act,
            field=name.field.partition("/")[0],
            new=left,
        )
        db.session.flush()
        raise_board_version(idea.team_id)


def idea_texts() -> IdeaTexts:
    """Return the source of the texts of ideas."""
    return IdeaTexts()


def thanks_part(thanks_ids: Any) -> tuple[Table, Any]:
    """Return the texts of the thank-yous that a select names, as a part of ``held_in``."""
    return THANKS, Thanks.id.in_(thanks_ids)


def put_thanks(held: Held, words: str) -> bool:
    """Write the text of a thank-you; False for a text of another kind."""
    if held.name.kind != THANKS.kind:
        return False
    put_into(THANKS, held.name, words)
    return True


def _thanks_alone(actor: Actor, thanks_id: int) -> Any:
    """Return a thank-you about no idea, or None."""
    return db.session.execute(
        select(Thanks.from_id, Thanks.to_id).where(
            Thanks.id == thanks_id,
            Thanks.organisation_id == actor.organisation_id,
            Thanks.idea_id.is_(None),
            Thanks.removed_at.is_(None),
        )
    ).one_or_none()


def _is_party(actor: Actor, thanks: Any) -> bool:
    """Return whether somebody said a thank-you or was thanked: nobody else reads it."""
    return actor.person_id in {thanks.from_id, thanks.to_id}


def _shown_parts(idea_id: int, *, with_joined: bool = True) -> list[Any]:
    joined = IdeaJoin.idea_id == idea_id
    if with_joined:
        joined = or_(joined, IdeaJoin.into_id == idea_id)
    return [
        (IDEAS, Idea.id == idea_id),
        (CYCLES, Cycle.idea_id == idea_id),
        (COMMENTS, Comment.idea_id == idea_id),
        (THANKS, Thanks.idea_id == idea_id),
        (MOVES, StageMove.idea_id == idea_id),
        (ASKS, CoachRequest.idea_id == idea_id),
        (JOINS, joined),
        (TEAM_REASONS, _of_kind(idea_id, "team")),
    ]


def _is_named(name: Name) -> bool:
    """Return whether a reader can name it: not what a finished idea copies from its last cycle."""
    return name.kind != "idea" or name.field not in _COPIES


def _visible(actor: Actor, idea_id: int) -> Any:
    row = db.session.execute(
        select(Idea.id, Idea.title).where(Idea.id == idea_id, door.visible(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _loaded(actor: Actor, idea_id: int, *, is_locked: bool = False) -> Idea:
    # Without the door: whoever asks came through it, or settles hidden words.
    found = select(Idea).where(Idea.id == idea_id, Idea.organisation_id == actor.organisation_id)
    if is_locked:
        found = found.with_for_update(key_share=True)
    idea = db.session.execute(found.execution_options(populate_existing=True)).scalar_one_or_none()
    if idea is None:
        raise NotFound
    return idea


def _cycles(idea_id: int) -> Any:
    return db.session.execute(
        select(Cycle.id, Cycle.number).where(Cycle.idea_id == idea_id).order_by(Cycle.number)
    )


def _of_kind(idea_id: int, kind: str) -> Any:
    return (IdeaEdit.idea_id == idea_id) & (IdeaEdit.kind == kind)


def _edits(idea_id: int) -> dict[int, Any]:
    rows = db.session.execute(
        select(IdeaEdit.id, IdeaEdit.kind, IdeaEdit.field, IdeaEdit.cycle_number, IdeaEdit.by_id)
        .where(IdeaEdit.idea_id == idea_id, IdeaEdit.kind.in_(_EDITS))
        .order_by(IdeaEdit.id)
    )
    return {row.id: row for row in rows}


def _name_of(idea: Idea, field: str, cycle_id: int | None) -> Name | None:
    if field in CYCLE_QUESTIONS:
        return Name("cycle", cycle_id, field) if cycle_id is not None else None
    return Name("idea", idea.id, field) if field in IDEAS.fields else None


def _by_writer(
    found: list[Held], idea: Idea, edits: dict[int, Any], cycles: dict[int, int]
) -> list[Held]:
    """Say who wrote each text last: from the history, else the idea's author."""
    writers: dict[Name | None, int] = {}
    for edit in edits.values():
        if edit.kind == "edit" and edit.by_id is not None:
            writers[_name_of(idea, edit.field, cycles.get(edit.cycle_number))] = edit.by_id
    reply, blocked = idea.first_reply_by_id, idea.blocked_by_id
    special = {"first_reply_words": reply, "blocked_reason": blocked, "blocked_who": blocked}
    last = cycles.get(idea.cycle_number)
    return [
        Held(
            name=held.name,
            label=held.label,
            words=held.words,
            most=held.most,
            author_id=special.get(held.name.field) or writers.get(held.name) or idea.author_id,
            version_of=_copied(held.name, last),
            is_shown=_is_named(held.name),
        )
        if held.name.kind in {"idea", "cycle"}
        else held
        for held in found
    ]


def _copied(name: Name, cycle_id: int | None) -> Name | None:
    if name.kind != "idea" or name.field not in _COPIES or cycle_id is None:
        return None
    return Name("cycle", cycle_id, _COPIES[name.field])


def _versions(idea: Idea, edits: dict[int, Any], cycles: dict[int, int]) -> list[Held]:
    """Return what history keeps: the texts that stood before and after each edit."""
    found = []
    for held in held_in((EDITS, (IdeaEdit.idea_id == idea.id) & IdeaEdit.kind.in_(_EDITS))):
        edit = edits[held.name.subject_id]
        if edit.kind == "team":
            continue
        field = _EDITS[edit.kind] or edit.field
        question = CYCLE_QUESTIONS.get(field)
        if question is not None and question.kind not in {"text", "line"}:
            continue
        of = _name_of(idea, field, cycles.get(edit.cycle_number))
        found.append(
            Held(held.name, held.label, held.words, held.most, held.author_id, of, is_shown=False)
        )
    return found


def _kept(idea: Idea, cycles: dict[int, int]) -> list[Held]:
    present = cycles.get(idea.cycle_number)
    return [
        Held(
            held.name,
            held.label,
            held.words,
            held.most,
            held.author_id,
            _name_of(idea, held.name.field.rpartition("/")[2], present),
            is_shown=False,
        )
        for held in held_in((KEPT, KeptWords.idea_id == idea.id))
    ]
