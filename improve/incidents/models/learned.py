"""What is left of reports: words others may read, factors, answers, notes, numbers by month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from improve.incidents.models.told import KEY
from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class IncidentLearning(Base):
    """What two reviewers settled of a report, or of several of one event, as they signed it off.

    ``shareable`` is empty where only the theme is told. Nothing else points here: the idea that
    it led to knows nothing of it.
    """

    __tablename__ = "incident_learnings"
    __table_args__ = (
        Index("ix_incident_learnings_weeks", "organisation_id", "week", "key"),
        Index("ix_incident_learnings_shown", "organisation_id", "shown_month", "key"),
        Index("ix_incident_learnings_idea", "idea_id"),
        Index("ix_incident_learnings_proposed", "propose_after", "proposed_week"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: The week of the (first) report, for the reviewers and for days between; never shown.
    week: Mapped[date]
    #: The Monday of the week of the sign-off.
    settled_week: Mapped[date]
    shareable: Mapped[str] = mapped_column(Text, default="")
    #: What was changed, by rule alone: {"n", "rule"}; nothing of the original.
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON_TYPE, default=list)
    #: One line for a theme, where the story itself is not told or beside it.
    theme: Mapped[str] = mapped_column(Text, default="")
    #: A learning note in fresh words; empty: none.
    note: Mapped[str] = mapped_column(Text, default="")
    #: Of ``incidents.kinds.Kind``, and codes of ``incidents.factors``, as both agreed.
    kind: Mapped[str] = mapped_column(String(20))
    factors: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list)
    #: How far two codings apart agreed, 0 to 1; None where one person coded.
    agreement: Mapped[float | None] = mapped_column(Float)
    #: From this month's first day all staff may read it; None: not to be read.
    shown_month: Mapped[date | None]
    #: Somebody said that it may identify someone: nobody but reviewers reads it since.
    is_hidden: Mapped[bool] = mapped_column(default=False)
    #: An idea in fresh words, until it is proposed: {"text", "benefit", "team_id"}.
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)
    propose_after: Mapped[date | None]
    proposed_week: Mapped[date | None]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    version: Mapped[int] = mapped_column(default=1)


class IncidentProposal(Base):
    """An idea that a coach gave to the learning team, until it is proposed; then the row is gone.

    It goes out in the same batch as what reports led to, so that an idea of the learning team says
    nothing of where it came from.
    """

    __tablename__ = "incident_proposals"
    __table_args__ = (
        Index("ix_incident_proposals_organisation", "organisation_id", "key"),
        UniqueConstraint("given_by_id", "form_token"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: {"text", "benefit", "team_id"}.
    proposal: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE)
    #: The Monday of its batch; None: its team was closed.
    propose_after: Mapped[date | None]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    #: A form sent twice gives one.
    form_token: Mapped[str] = mapped_column(String(64))


class IncidentAnswer(Base):
    """An answer to whoever reported, read by receipt; sealed, since it may say what was meant.

    A draft (``given_week`` None) waits for a reviewer, such as the one an idea's end asks for.
    """

    __tablename__ = "incident_answers"
    __table_args__ = (
        Index("ix_incident_answers_incident", "incident_key"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(KEY), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    incident_key: Mapped[str] = mapped_column(ForeignKey("incidents.key", ondelete="CASCADE"))
    #: now, end: as soon as there is something to say, and when the idea has ended.
    moment: Mapped[str] = mapped_column(String(10), default="now")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_week: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class IncidentAlert(Base):
    """A hazard told at once to whoever owns the system concerned; it names nobody and no report."""

    __tablename__ = "incident_alerts"
    __table_args__ = (Index("ix_incident_alerts_organisation", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: Who was told, as a role: “Owner of the case system”.
    told: Mapped[str] = mapped_column(String(limits.length("person_name")))
    email: Mapped[str] = mapped_column(String(limits.length("email")))
    words: Mapped[str] = mapped_column(Text)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sent_on: Mapped[date]


class IncidentNote(Base):
    """The monthly note to all staff: what we heard, what we are trying."""

    __tablename__ = "incident_notes"
    __table_args__ = (UniqueConstraint("organisation_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: Its first day.
    month: Mapped[date]
    heard: Mapped[str] = mapped_column(Text, default="")
    trying: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class IncidentMonth(Base):
    """About how many reports came in a month, written once, when it was over.

    ``received`` is empty for 1 to 4, else rounded down to fives: from an exact number, those of
    one kind that a chart shows for the month could be taken, and a small number would be left.
    """

    __tablename__ = "incident_months"
    __table_args__ = (
        CheckConstraint("received >= 0 AND received / 5 * 5 = received", name="received"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    received: Mapped[int | None]


class IncidentDisclosure(Base):
    """It came out who had reported something: counted, so that nought is honest."""

    __tablename__ = "incident_disclosures"
    __table_args__ = (
        Index("ix_incident_disclosures_organisation", "organisation_id", "noticed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    noticed_on: Mapped[date]
    #: What was done about it; never who, never what.
    words: Mapped[str] = mapped_column(Text)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
