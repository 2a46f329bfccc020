"""Organisations, services, teams, people, what they may act as, their sessions and walls."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class Organisation(Base):
    """One council. Everything belongs to exactly one."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(limits.length("organisation_name")))
    slug: Mapped[str] = mapped_column(String(limits.length("slug")), unique=True)
    #: Days beside weekends and bank holidays on which the council is closed, as “2026-12-29”.
    closing_days: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list)
    #: What is usual in a stage until a team knows its own: {"plan": 28, …} in days; empty: the
    #: starting norms of ``ideas.kinds``.
    starting_days: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: Whom to ring about a child, {"day": …, "night": …} in words with the number; empty: not said.
    duty_numbers: Mapped[dict[str, str]] = mapped_column(JSON_TYPE, default=dict)
    #: How long each class of data is kept, {"ideas": 72, …} in months; empty: as the product says.
    retention: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: What the privacy notice, DPIA, records and accessibility statement are filled with.
    document_facts: Mapped[dict[str, str]] = mapped_column(JSON_TYPE, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Service(Base):
    """A group of teams with a leader, such as a front door or a care service."""

    __tablename__ = "services"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(limits.length("team_name")))


class Team(Base):
    """A team with a board. ``board_version`` rises with every change that its board shows."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("wip_plan > 0 AND wip_do > 0 AND wip_study > 0", name="wip_above_zero"),
        CheckConstraint("huddle_minutes > 0 AND huddle_every > 0", name="huddle_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    name: Mapped[str] = mapped_column(String(limits.length("team_name")))
    slug: Mapped[str] = mapped_column(String(limits.length("slug")))
    aim: Mapped[str] = mapped_column(String(limits.length("aim")), default="")
    # Advice, not a wall: a move over the limit is named and still works.
    wip_plan: Mapped[int] = mapped_column(default=4)
    wip_do: Mapped[int] = mapped_column(default=3)
    wip_study: Mapped[int] = mapped_column(default=4)
    board_version: Mapped[int] = mapped_column(default=0)
    #: When the team meets, read by ``huddle_days``: weekdays such as “1,3” (Monday is 0), a time
    #: such as “09:30”, how long in minutes, and every how many weeks, counted from a day.
    huddle_days: Mapped[str] = mapped_column(String(20), default="")
    huddle_at: Mapped[str] = mapped_column(String(5), default="")
    huddle_minutes: Mapped[int] = mapped_column(default=15)
    huddle_every: Mapped[int] = mapped_column(default=1)
    huddle_from_on: Mapped[date | None]
    #: When the last huddle agreed to meet next, at midnight where only the day is agreed. It comes
    #: before the days above until it is past.
    huddle_next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The huddle that is going on. A plain number: huddles stand above teams.
    huddle_id: Mapped[int | None]
    #: Weekdays the team works, such as “0,1,2,3,4” (Monday is 0); empty: Monday to Friday.
    working_days: Mapped[str] = mapped_column(String(20), default="")
    #: What is usual in a stage here, {"plan": 18, …} in days: the 85th percentile of what the team
    #: finished. Empty until it has finished ten.
    usual_days: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: Busy times as [first day, last day]: clocks are paused. One that goes on has its last day.
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON_TYPE, default=list)
    #: The busy time that goes on now, copied from ``busy_periods`` for pages that only name it.
    busy_since_on: Mapped[date | None]
    busy_until_on: Mapped[date | None]
    busy_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    closed_on: Mapped[date | None]
    #: The team that took over its ideas and measures when it was closed.
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


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


class BusyPeriod(Base):
    """A busy time of a team: since when, why, and what it asks of leaders.

    It ends by itself on ``ends_on``. Making it longer takes a leader's answer: a new row then
    follows the one that it ``renews``. One that the council set for all its teams stands once in
    each of them, with the same ``round_key``.
    """

    __tablename__ = "busy_periods"
    __table_args__ = (
        Index("ix_busy_periods_team", "team_id", "id"),
        Index("ix_busy_periods_organisation", "organisation_id", "ends_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    why: Mapped[str] = mapped_column(Text)
    asks: Mapped[str] = mapped_column(Text, default="")
    started_on: Mapped[date]
    ends_on: Mapped[date]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("busy_periods.id"))
    round_key: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class Cover(Base):
    """A deputy for a manager, from a day to a day: rights, clocks and reminders go to them."""

    __tablename__ = "covers"
    __table_args__ = (
        CheckConstraint("person_id <> deputy_id", name="not_by_oneself"),
        CheckConstraint("from_on <= to_on", name="from_before_to"),
        Index("ix_covers_deputy", "deputy_id", "to_on"),
        Index("ix_covers_team", "team_id", "to_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CalendarFeed(Base):
    """A secret address that a calendar asks for a person's dates. Only its hash is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AuthSession(Base):
    """A signed-in device. Only a hash of its id is kept."""

    __tablename__ = "auth_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(60), default="")
    is_own_device: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the password was last given on this device.
    password_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rights_version: Mapped[int]
    #: How it was proved beside a password: “code”, “recovery”, “provider”, “demo”; “”: not at all.
    factor: Mapped[str] = mapped_column(String(10), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What the last act said, for the page that it leads to: {"id", "kind", "words", …}.
    message: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)


class CapturePass(Base):
    """A phone that may log ideas and tap tallies for a person without signing in.

    Only a hash of its id is kept, and no use of it.
    """

    __tablename__ = "capture_passes"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    #: Its forms are good with this pass alone.
    csrf_token: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WallDevice(Base):
    """A screen that shows one team's board and huddle: reads, and no more, until it is ended.

    It is begun with a short code that works once and soon. Of code and id only hashes are kept.
    """

    __tablename__ = "wall_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(limits.length("device_name")))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: Its one form, light or dark, is good with this screen alone.
    csrf_token: Mapped[str] = mapped_column(String(64))
    is_dark: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OneTimeLink(Base):
    """An invitation or a password reset: used once, soon, and known only by its hash."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)


class AttemptCounter(Base):
    """Wrong tries for one account or one client, by a keyed hash: no address is kept."""

    __tablename__ = "attempt_counters"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SecondFactor(Base):
    """What makes the six digits of an authenticator app. Sealed; counts once confirmed."""

    __tablename__ = "second_factors"

    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    sealed: Mapped[bytes | None]
    #: One that is being set up, with the session that began it. Another phone's takes the place of
    #: the one above only when a code of it was typed.
    waiting: Mapped[bytes | None]
    #: The step of 30 seconds whose code was used last: none works twice.
    last_step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A code on paper for a lost phone: works once, and only its hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


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


class Erasure(Base):
    """Something that was erased on request, and stays erased after a restore. Holds no words."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_organisation", "organisation_id", "erased_on", "key"),)

    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(80))
    #: Ids, codes and counts, never words.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    erased_on: Mapped[date]
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
