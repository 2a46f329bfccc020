"""Records of continuing professional development and pages for supervision."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import Base, UTCDateTime


class CpdRecord(Base):
    """A person's record over some months. Nobody else reads it."""

    __tablename__ = "cpd_records"
    __table_args__ = (
        UniqueConstraint("person_id", "form_token"),
        Index("ix_cpd_records_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    form_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class CpdPiece(Base):
    """One piece of learning: what was done, what was learned, and the person's own reflection.

    Drafted from a cycle, then the person's own words: changing the idea changes nothing here.
    """

    __tablename__ = "cpd_pieces"
    __table_args__ = (
        UniqueConstraint("record_id", "cycle_id"),
        UniqueConstraint("record_id", "form_token"),
        Index("ix_cpd_pieces_record", "record_id", "done_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("cpd_records.id"))
    #: Empty for a piece that did not come from a cycle.
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    kind: Mapped[str] = mapped_column(String(20))
    activity: Mapped[str] = mapped_column(String(limits.length("cpd_activity")))
    done_on: Mapped[date]
    why: Mapped[str] = mapped_column(Text, default="")
    learned: Mapped[str] = mapped_column(Text, default="")
    effect: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    peer: Mapped[str] = mapped_column(Text, default="")
    reflection: Mapped[str] = mapped_column(Text, default="")
    form_token: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)


class SupervisionPage(Base):
    """One page to bring to supervision, made by its owner; shared only when they say so."""

    __tablename__ = "supervision_pages"
    __table_args__ = (
        UniqueConstraint("person_id", "form_token"),
        Index("ix_supervision_pages_person", "person_id", "id"),
        Index("ix_supervision_pages_shared", "shared_with_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form_token: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date]
    ideas: Mapped[str] = mapped_column(Text, default="")
    learned: Mapped[str] = mapped_column(Text, default="")
    in_the_way: Mapped[str] = mapped_column(Text, default="")
    asks: Mapped[str] = mapped_column(Text, default="")
    shared_with_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
