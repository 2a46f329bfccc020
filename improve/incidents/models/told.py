"""What somebody reported, sealed, and what its reviewers did with it.

No row that a reporter makes names a person, an address, a session or a device; none has a time, a
day or a number in order. A random key, the week and the group of teams are all that stands open.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import Base, UTCDateTime

#: Characters of a random key: 128 bits as ``secrets.token_urlsafe(16)`` writes them.
KEY = 22


class IncidentDraft(Base):
    """Answers so far, sealed, by the hash of the form's token. Gone on sending or after a day."""

    __tablename__ = "incident_drafts"
    __table_args__ = (
        Index("ix_incident_drafts_day", "began_on", "organisation_id"),
        {"sqlite_with_rowid": False},
    )

    token_hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    began_on: Mapped[date]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Incident(Base):
    """What somebody reported. It has a key of its own; without that nobody can open it.

    ``state``: of ``incidents.kinds.State``. Of a report that was joined to another
    (``joined_into``) the other one is read on; both are destroyed together.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_desk", "organisation_id", "state", "week", "key"),
        Index("ix_incidents_joined", "joined_into"),
        Index("ix_incidents_learning", "learning_key"),
        CheckConstraint("frozen_by_id <> frozen_also_by_id", name="frozen_by_two"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: The Monday of the week in which it came.
    week: Mapped[date]
    group_id: Mapped[int] = mapped_column(ForeignKey("incident_groups.id"))
    #: Its own key, sealed under ``SEALING_KEY``; None once it was destroyed.
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Under its own key: what the desk needs before anybody opens it, see ``incidents.sealing``.
    sealed_head: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Under its own key: what happened, the factors, what helped, what they would try.
    sealed_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Under its own key: what the reviewers make of it, as long as it may identify someone.
    sealed_work: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Once it, or one that was read with it, was destroyed: who never goes on with it, see
    #: ``incidents.barred``.
    sealed_barred: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The words to come back with, kept as a hash under the sealing key.
    receipt_hash: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    joined_into: Mapped[str | None] = mapped_column(ForeignKey("incidents.key"))
    #: Held until it can be joined with another: too few could have sent it.
    is_held: Mapped[bool] = mapped_column(default=False)
    #: So rare an event that its story is not told: theme only.
    is_strict: Mapped[bool] = mapped_column(default=False)
    #: By what route it was sent out of this scheme, of ``incidents.kinds.Route``; “” if it was not.
    route: Mapped[str] = mapped_column(String(20), default="")
    #: A lawful order: kept as it is by two people, see ``incidents.keeping``.
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    frozen_also_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: Who asked to end that; it goes on until another has agreed.
    thawed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: The Monday of the week in which it was destroyed, by sign-off or by the schedule.
    ended_week: Mapped[date | None]
    #: What others may read and learn of it, once it was signed off.
    learning_key: Mapped[str | None] = mapped_column(ForeignKey("incident_learnings.key"))
    version: Mapped[int] = mapped_column(default=1)


class IncidentContact(Base):
    """How somebody may be called back, sealed apart: what leads here stands in the sealed head."""

    __tablename__ = "incident_contacts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IncidentMessage(Base):
    """One message between a reviewer and the reporter, sealed under the report's own key.

    The words carry their own day and order. ``is_read``: of the reporter's, by a reviewer.
    """

    __tablename__ = "incident_messages"
    __table_args__ = (
        Index("ix_incident_messages_incident", "incident_key"),
        CheckConstraint("by IN ('reporter', 'reviewer')", name="by"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    incident_key: Mapped[str] = mapped_column(ForeignKey("incidents.key", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(10))
    is_read: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IncidentReading(Base):
    """What one reviewer is to a report: first or second reader, or one who may know it.

    ``sealed_coding``: under the report's own key, what they coded, apart from each other.
    """

    __tablename__ = "incident_readings"
    __table_args__ = (
        Index("ix_incident_readings_reviewer", "reviewer_id"),
        CheckConstraint("position IN ('first', 'second', 'none')", name="position"),
        {"sqlite_with_rowid": False},
    )

    incident_key: Mapped[str] = mapped_column(
        ForeignKey("incidents.key", ondelete="CASCADE"), primary_key=True
    )
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[str] = mapped_column(String(10))
    #: “I may know this”: it is offered to them no more.
    may_know: Mapped[bool] = mapped_column(default=False)
    is_coded: Mapped[bool] = mapped_column(default=False)
    sealed_coding: Mapped[bytes | None] = mapped_column(LargeBinary)


class IncidentStep(Base):
    """What a reviewer did with a report, of ``incidents.kinds.StepKind``: shown to reviewers.

    No words: what was said of a report is destroyed with it.
    """

    __tablename__ = "incident_steps"
    __table_args__ = (
        Index("ix_incident_steps_incident", "incident_key", "id"),
        Index("ix_incident_steps_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    incident_key: Mapped[str] = mapped_column(ForeignKey("incidents.key", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
