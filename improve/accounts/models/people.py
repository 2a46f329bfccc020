"""People, and what they may act as."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class Person(Base):
    """A person with an account. History keeps their name after they leave."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_organisation_name", "organisation_id", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(limits.length("person_name")))
    email: Mapped[str] = mapped_column(String(limits.length("email")), unique=True)
    job_title: Mapped[str] = mapped_column(String(limits.length("job_title")), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    ends_on: Mapped[date | None]
    rights_version: Mapped[int] = mapped_column(default=1)
    theme: Mapped[str] = mapped_column(String(10), default="")
    #: How they like pages: “list” or “” (board); “large”, “largest” or “”; “wide” or “”.
    board_view: Mapped[str] = mapped_column(String(10), default="")
    text_size: Mapped[str] = mapped_column(String(10), default="")
    spacing: Mapped[str] = mapped_column(String(10), default="")
    #: Weekdays they work, such as “0,1,2”; empty: those of their home team.
    working_days: Mapped[str] = mapped_column(String(20), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Membership(Base):
    """A role held by a person: in a team, over a service, or over the organisation."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("ix_memberships_team_role", "team_id", "role", "person_id"),
        UniqueConstraint("person_id", "role", "team_id", "service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    is_home: Mapped[bool] = mapped_column(default=False)
    #: “group” when a group of the council's own directory gave it, and may take it; else “”.
    came_by: Mapped[str] = mapped_column(String(10), default="")


class Identity(Base):
    """Who somebody is to the council's own sign-in: issuer and subject, never the address alone.

    ``groups``: those it named at the last sign-in; None where it could not name them all.
    ``refused``: roles, as “manager:3”, that their groups would give and that clash with others.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    groups: Mapped[list[str] | None] = mapped_column(JSON_TYPE)
    refused: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list)
    #: An administrator entered the key: it opens no role that is closely held.
    is_entered: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GroupRole(Base):
    """A role that a group of the council's directory gives, in a team, a service or over all."""

    __tablename__ = "group_roles"
    __table_args__ = (Index("ix_group_roles_organisation", "organisation_id", "group_name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: As the provider names it in its claim: an id with Microsoft Entra, a name elsewhere.
    group_name: Mapped[str] = mapped_column(String(limits.length("group_name")))
    label: Mapped[str] = mapped_column(String(limits.length("group_label")), default="")
    role: Mapped[str] = mapped_column(String(30))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
