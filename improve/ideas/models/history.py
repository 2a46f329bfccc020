"""Every move and edit of an idea, what was joined, and words kept for a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from improve.ideas.kinds import Stage
from improve.ideas.models.idea import one_of
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class StageMove(Base):
    """One move between stages, kept for ever; the review is built from these.

    ``before`` holds what an undo puts back: stage, times, ending, the cycle's dates. It holds no
    words that a person wrote.
    """

    __tablename__ = "stage_moves"
    __table_args__ = (
        Index("ix_stage_moves_idea", "idea_id", "id"),
        Index("ix_stage_moves_at", "organisation_id", "at", "idea_id"),
        CheckConstraint(one_of("from_stage", Stage), name="from_stage"),
        CheckConstraint(one_of("to_stage", Stage), name="to_stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    way: Mapped[str] = mapped_column(String(15))
    from_stage: Mapped[str] = mapped_column(String(10))
    to_stage: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    soft_missing: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list)
    cycle_number: Mapped[int]
    #: The idea's version right after this move: an undo is possible while it still stands.
    version: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class IdeaEdit(Base):
    """One changed field of an idea or of one of its cycles, with both texts.

    ``kind`` is "edit" for a person's edit, else what happened: logged, replied, blocked,
    unblocked, pinned, unpinned, lead, measures, joined (takes part), same_as (another idea was
    joined to it), split, on_board, team (names of both, the reason under the new one), hidden,
    words_out, words_back (see ``redaction``), verdict (a code changed: ``field`` holds the place
    and one of ``measures.views.VERDICT_CAUSES``, ``old`` and ``new`` the codes).
    """

    __tablename__ = "idea_edits"
    __table_args__ = (Index("ix_idea_edits_field", "idea_id", "field", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    kind: Mapped[str] = mapped_column(String(10), default="edit")
    field: Mapped[str] = mapped_column(String(30), default="")
    cycle_number: Mapped[int] = mapped_column(default=0)
    old: Mapped[str] = mapped_column(Text, default="")
    new: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The idea's version after the edit.
    version: Mapped[int]


class IdeaJoin(Base):
    """One idea found to be the same as another, and what a split takes apart again.

    ``before`` holds the idea's stage, times and ending as they were; ``added`` who came to follow
    or help the other one by it, by id. Neither holds words.
    """

    __tablename__ = "idea_joins"
    __table_args__ = (
        CheckConstraint("idea_id <> into_id", name="not_to_itself"),
        Index("ix_idea_joins_idea", "idea_id", "id"),
        Index("ix_idea_joins_into", "into_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    #: The sentence to the author.
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    added: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    split_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    split_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class KeptWords(Base):
    """Words left out of a move after a conflict, kept a day for the one who wrote them."""

    __tablename__ = "kept_words"
    __table_args__ = (Index("ix_kept_words_idea", "idea_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
