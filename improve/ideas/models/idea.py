"""Ideas, their cycles, members and measures."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.ideas.kinds import Answerer, Outcome, Source, Stage
from improve.shared import limits
from improve.shared.db import Base, UTCDateTime


def one_of(column: str, kinds: type[Stage] | type[Outcome]) -> str:
    """Return the condition that a column holds one of the kinds."""
    return f"{column} IN ({', '.join(repr(kind.value) for kind in kinds)})"


class Idea(Base):
    """A small change someone thinks would make things better.

    ``stage`` is the one stored place. ``version`` rises with every change of the idea or its
    cycles, never with a comment. ``waiting_since`` runs from logging to the first reply and is
    empty after it; ``due_to_study_on`` is the present test's study-by date while the idea is in
    Do. Both stand here so that a board counts them without reading anything else.
    """

    __tablename__ = "ideas"
    __table_args__ = (
        CheckConstraint(one_of("stage", Stage), name="stage"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        # One form of one person makes one idea. Another's token is no business of theirs.
        UniqueConstraint("author_id", "form_token"),
        CheckConstraint("(stage = 'done') = (outcome IS NOT NULL)", name="done_has_outcome"),
        CheckConstraint("(stage = 'done') = (finished_at IS NOT NULL)", name="done_has_time"),
        # The board: each column its oldest first, and its count, from the index alone.
        Index("ix_ideas_board", "team_id", "is_on_board", "stage", "stage_entered_at", "id"),
        Index("ix_ideas_finished", "team_id", "is_on_board", "finished_at", "id"),
        Index(
            "ix_ideas_waiting",
            "team_id",
            "is_on_board",
            "waiting_since",
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_ideas_waiting_all",
            "organisation_id",
            "waiting_since",
            "id",
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_ideas_blocked",
            "team_id",
            "is_on_board",
            "blocked_at",
            sqlite_where=text("blocked_at IS NOT NULL AND finished_at IS NULL"),
            postgresql_where=text("blocked_at IS NOT NULL AND finished_at IS NULL"),
        ),
        Index(
            "ix_ideas_due_to_study",
            "team_id",
            "is_on_board",
            "due_to_study_on",
            sqlite_where=text("due_to_study_on IS NOT NULL"),
            postgresql_where=text("due_to_study_on IS NOT NULL"),
        ),
        Index(
            "ix_ideas_pinned",
            "team_id",
            "pinned_at",
            sqlite_where=text("pinned_at IS NOT NULL"),
            postgresql_where=text("pinned_at IS NOT NULL"),
        ),
        Index(
            "ix_ideas_look_again",
            "team_id",
            "is_on_board",
            "look_again_on",
            sqlite_where=text("look_again_on IS NOT NULL"),
            postgresql_where=text("look_again_on IS NOT NULL"),
        ),
        Index("ix_ideas_recent", "organisation_id", "created_at", "id"),
        Index("ix_ideas_author", "author_id", "id"),
        Index("ix_ideas_author_at", "author_id", "created_at"),
        # Those whose month is not summed up: what is open, and what was finished last.
        Index("ix_ideas_finished_all", "organisation_id", "finished_at"),
        # Of the whole council: what is open in a stage, and what is due to be studied.
        Index(
            "ix_ideas_open_all",
            "organisation_id",
            "stage",
            "stage_entered_at",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "ix_ideas_due_all",
            "organisation_id",
            "due_to_study_on",
            "id",
            sqlite_where=text("due_to_study_on IS NOT NULL"),
            postgresql_where=text("due_to_study_on IS NOT NULL"),
        ),
        Index(
            "ix_ideas_driver",
            "driver_id",
            "id",
            sqlite_where=text("driver_id IS NOT NULL"),
            postgresql_where=text("driver_id IS NOT NULL"),
        ),
        Index(
            "ix_ideas_joined_to",
            "joined_to_id",
            "id",
            sqlite_where=text("joined_to_id IS NOT NULL"),
            postgresql_where=text("joined_to_id IS NOT NULL"),
        ),
        Index(
            "ix_ideas_blocked_all",
            "organisation_id",
            "blocked_at",
            "id",
            sqlite_where=text("blocked_at IS NOT NULL AND finished_at IS NULL"),
            postgresql_where=text("blocked_at IS NOT NULL AND finished_at IS NULL"),
        ),
        Index("ix_ideas_lead", "lead_id", "id"),
        # The few that an author and a coach keep between them.
        Index(
            "ix_ideas_off_board",
            "organisation_id",
            "id",
            sqlite_where=text("is_on_board IS 0"),
            postgresql_where=text("is_on_board IS false"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(limits.length("title")))
    suggestion: Mapped[str] = mapped_column(Text)
    benefit: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    improves: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(30), default=Source.OWN.value)
    #: Which child, young person, parent, carer or care leaver is in its team, as a role; or “”.
    family_in_team: Mapped[str] = mapped_column(Text, default="", server_default="")
    document_link: Mapped[str] = mapped_column(Text, default="")
    hides_name: Mapped[bool] = mapped_column(default=False)
    answerer: Mapped[str] = mapped_column(String(10), default=Answerer.MANAGER.value)
    is_on_board: Mapped[bool] = mapped_column(default=True)
    form_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: What it is meant to move in the council's picture of what good looks like.
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id"))
    #: The idea that it was found to be the same as, while it is joined to that one.
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    #: The list that it was brought in with, from before the team had this board.
    log_import_id: Mapped[int | None] = mapped_column(ForeignKey("log_imports.id"))

    stage: Mapped[str] = mapped_column(String(10), default=Stage.SUGGESTED.value)
    stage_entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    #: 0 until the idea is planned for the first time.
    cycle_number: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_to_study_on: Mapped[date | None]
    look_again_on: Mapped[date | None]

    first_reply_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    first_reply_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_reply_kind: Mapped[str | None] = mapped_column(String(15))
    first_reply_words: Mapped[str] = mapped_column(Text, default="")

    blocked_reason: Mapped[str] = mapped_column(Text, default="")
    blocked_who: Mapped[str] = mapped_column(Text, default="")
    #: At which level somebody is needed: one of ``kinds.Unblocker``, or empty.
    blocked_from: Mapped[str] = mapped_column(String(20), default="")
    blocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    blocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    #: Somebody wants to talk about it in the next huddle.
    pinned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pinned_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    #: What the card and the lists say of how it ended, copied from the last cycle.
    lesson: Mapped[str] = mapped_column(Text, default="")
    decision_why: Mapped[str] = mapped_column(Text, default="")
    adopt_anyway: Mapped[str] = mapped_column(Text, default="")


class IdeaMember(Base):
    """A person who takes part in an idea besides author and lead. Then it is theirs too."""

    __tablename__ = "idea_members"
    __table_args__ = (Index("ix_idea_members_person", "person_id", "idea_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Cycle(Base):
    """One trip through Plan, Do, Study, Act. The prediction is locked when Do begins."""

    __tablename__ = "cycles"
    __table_args__ = (
        UniqueConstraint("idea_id", "number"),
        CheckConstraint("expected_count <= expected_of", name="expected_within"),
        CheckConstraint("seen_count <= seen_of", name="seen_within"),
        CheckConstraint("decision IN ('adopt', 'adapt', 'abandon')", name="decision"),
        Index("ix_cycles_decided", "organisation_id", "decided_at", "id"),
        # Counts by decision, from the index alone.
        Index("ix_cycles_decision", "organisation_id", "decided_at", "decision", "idea_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    number: Mapped[int]

    question: Mapped[str] = mapped_column(Text, default="")
    change_to_try: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    who: Mapped[str] = mapped_column(Text, default="")
    families_count: Mapped[int | None]
    study_by_on: Mapped[date | None]
    prediction: Mapped[str] = mapped_column(Text, default="")
    expected_count: Mapped[int | None]
    expected_of: Mapped[int | None]
    how_known: Mapped[str | None] = mapped_column(String(10))
    is_wide: Mapped[bool] = mapped_column(default=False)
    might_go_wrong: Mapped[str] = mapped_column(Text, default="")
    balancing: Mapped[str] = mapped_column(Text, default="")

    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    prediction_locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    what_happened: Mapped[str] = mapped_column(Text, default="")
    as_planned: Mapped[str | None] = mapped_column(String(10))
    surprises: Mapped[str] = mapped_column(Text, default="")
    seen_count: Mapped[int | None]
    seen_of: Mapped[int | None]
    has_no_number: Mapped[bool] = mapped_column(default=False)

    prediction_held: Mapped[str | None] = mapped_column(String(10))
    learned: Mapped[str] = mapped_column(Text, default="")
    read_by_outside: Mapped[str] = mapped_column(Text, default="")

    decision: Mapped[str | None] = mapped_column(String(10))
    decision_why: Mapped[str] = mapped_column(Text, default="")
    adopt_anyway: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class IdeaMeasure(Base):
    """A measure that an idea is tied to: the main one, or one beside it that might get worse."""

    __tablename__ = "idea_measures"
    __table_args__ = (
        UniqueConstraint("idea_id", "place"),
        CheckConstraint("place IN ('main', 'beside')", name="place"),
        Index("ix_idea_measures_measure", "measure_id", "idea_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    place: Mapped[str] = mapped_column(String(6))
