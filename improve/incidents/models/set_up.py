"""What must stand before a council takes reports: signatures, groups, reviewers, cover, words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class IncidentSetup(Base):
    """How one council learns from error: what was signed, and its own choices.

    ``opened_at`` is None until an administrator opened the form, which takes all of the rest.
    """

    __tablename__ = "incident_setups"
    __table_args__ = (
        CheckConstraint("keep_days BETWEEN 1 AND 365", name="keep_days"),
        CheckConstraint("smallest_group >= 20", name="smallest_group"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    #: Who signed the data protection impact assessment and the legal check, and when.
    dpia_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    dpia_on: Mapped[date | None]
    legal_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    legal_on: Mapped[date | None]
    #: Who rang the numbers of the form and was answered, when, and the numbers as they were rung.
    numbers_tried_by: Mapped[str] = mapped_column(String(limits.length("person_name")), default="")
    numbers_tried_on: Mapped[date | None]
    numbers_tried: Mapped[dict[str, str]] = mapped_column(JSON_TYPE, default=dict)
    #: The director's promise, signed by a leader with their own account.
    promise: Mapped[str] = mapped_column(Text, default="")
    promised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: Before this nobody was promised anything.
    first_opened_on: Mapped[date | None]
    #: The published schedule: after so many days from its week a report is destroyed, read or not.
    keep_days: Mapped[int] = mapped_column(default=60)
    #: What was chosen before, by the Monday from which it held no more: {“2026-11-30”: 60}.
    kept_before: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: People who could have sent it: a group of fewer is refused.
    smallest_group: Mapped[int] = mapped_column(default=20)
    #: Where “Leave this page” goes; empty: the usual page.
    leave_url: Mapped[str] = mapped_column(String(limits.length("leave_url")), default="")
    #: The fixed hour at which reviewers were last told that something waits, also if nothing did.
    reviewers_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class IncidentReviewer(Base):
    """A reviewer's training, entered by an administrator; reviewing also takes the role.

    ``entered_on``: the day it was first entered, by the clock. Only reports of that day on are
    theirs to read.
    """

    __tablename__ = "incident_reviewers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    trained_on: Mapped[date]
    trained_by: Mapped[str] = mapped_column(String(limits.length("person_name")))
    entered_on: Mapped[date]


class IncidentCover(Base):
    """From when to when a reviewer reads. A working day without any has nobody."""

    __tablename__ = "incident_covers"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="from_before_to"),
        Index("ix_incident_covers_days", "organisation_id", "to_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]


class IncidentWording(Base):
    """A text of the form as a council says it, one row a version; the newest is shown."""

    __tablename__ = "incident_wordings"
    __table_args__ = (UniqueConstraint("organisation_id", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: Which text, such as “route.lado”, see ``incidents.wording``.
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    #: Empty: the house's own words again.
    words: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class IncidentGroup(Base):
    """Teams that a report is told from, wide enough that nobody stands out."""

    __tablename__ = "incident_groups"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(limits.length("team_name")))
    #: Offered no more; its reports keep it.
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class IncidentGroupTeam(Base):
    """A team is in one open group at most: two that overlap would narrow down who could have sent.

    A group keeps its teams when it is closed, since its reports are not offered to their people.
    """

    __tablename__ = "incident_group_teams"
    __table_args__ = (Index("ix_incident_group_teams_group", "group_id"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("incident_groups.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
