"""Measures, what was recorded of them, and the tests of change judged on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class Measure(Base):
    """A number counted the same way every time: of one team, or of the whole council.

    The operational definition says what is on the top line (or what is counted), what on the
    bottom line and what is left out. ``chart`` is a person's choice; None lets the kind of what
    is recorded choose. ``lookback_days`` is how far back one point looks, where that is longer
    than its period. ``partner_id`` names the measure that this one is shown beside.
    """

    __tablename__ = "measures"
    __table_args__ = (
        Index("ix_measures_organisation_team", "organisation_id", "team_id", "id"),
        CheckConstraint("kind IN ('outcome', 'process', 'balancing', 'context')", name="kind"),
        CheckConstraint("recorded IN ('proportion', 'count', 'value')", name="recorded"),
        CheckConstraint("better_when IN ('higher', 'lower', 'neither')", name="better_when"),
        CheckConstraint(
            "frequency IN ('day', 'week', 'month', 'quarter', 'year')", name="frequency"
        ),
        CheckConstraint("chart IN ('run', 'i', 'p', 'c')", name="chart"),
        CheckConstraint("lookback_days > 0", name="lookback_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(limits.length("measure_name")))
    kind: Mapped[str] = mapped_column(String(10))
    recorded: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(limits.length("unit")), default="")
    better_when: Mapped[str] = mapped_column(String(7))
    frequency: Mapped[str] = mapped_column(String(7))
    # The short names stand over columns and fields, the definitions are sentences.
    top_name: Mapped[str] = mapped_column(String(limits.length("unit")), default="")
    bottom_name: Mapped[str] = mapped_column(String(limits.length("unit")), default="")
    numerator: Mapped[str] = mapped_column(String(limits.length("definition")), default="")
    denominator: Mapped[str] = mapped_column(String(limits.length("definition")), default="")
    left_out: Mapped[str] = mapped_column(String(limits.length("definition")), default="")
    source: Mapped[str] = mapped_column(String(limits.length("source")), default="")
    licence: Mapped[str] = mapped_column(String(limits.length("source")), default="")
    caution: Mapped[str] = mapped_column(String(limits.length("definition")), default="")
    chart: Mapped[str | None] = mapped_column(String(3))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    lookback_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    closed_on: Mapped[date | None]


class Observation(Base):
    """One recorded value of a measure: a number, or a top line and a bottom line."""

    __tablename__ = "observations"
    __table_args__ = (
        UniqueConstraint("measure_id", "period_start"),
        CheckConstraint("(value IS NULL) <> (numerator IS NULL)", name="value_or_pair"),
        CheckConstraint("(numerator IS NULL) = (denominator IS NULL)", name="pair_whole"),
        CheckConstraint("denominator > 0", name="denominator_above_zero"),
        CheckConstraint("numerator >= 0 AND numerator <= denominator", name="numerator_within"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    period_start: Mapped[date]
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    note: Mapped[str] = mapped_column(String(limits.length("point_note")), default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ObservationChange(Base):
    """A number that was replaced or taken out after it was entered: by whom and why."""

    __tablename__ = "observation_changes"
    __table_args__ = (Index("ix_observation_changes_measure", "measure_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    period_start: Mapped[date]
    old_value: Mapped[float | None]
    old_numerator: Mapped[float | None]
    old_denominator: Mapped[float | None]
    new_value: Mapped[float | None]
    new_numerator: Mapped[float | None]
    new_denominator: Mapped[float | None]
    reason: Mapped[str] = mapped_column(String(limits.length("reason")))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TestWindow(Base):
    """The time that one cycle of an idea was tried, on one measure, and what the chart says of it.

    ``verdict_*``, ``spark`` and ``analysis_version`` are computed in the transaction that changes
    data or dates, never typed; a small test is not judged and has no code. ``decided_*`` is what
    the verdict was when the decision was taken: written once. ``is_current`` marks the window of
    the idea's newest cycle in each place. Ideas stand above measures: their id is a plain number.
    """

    __test__ = False  # the name begins like a test class of pytest; it is none
    __tablename__ = "test_windows"
    __table_args__ = (
        UniqueConstraint("idea_id", "cycle_number", "place"),
        CheckConstraint("place IN ('main', 'beside')", name="place"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_test_windows_measure", "measure_id", "starts_on", "id"),
        Index(
            "uq_test_windows_current",
            "idea_id",
            "place",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    idea_id: Mapped[int]
    cycle_number: Mapped[int]
    place: Mapped[str] = mapped_column(String(6))
    label: Mapped[str] = mapped_column(String(limits.length("window_label")))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    is_judged: Mapped[bool]
    is_current: Mapped[bool] = mapped_column(default=False)
    verdict_code: Mapped[str | None] = mapped_column(String(30))
    verdict_facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    spark: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    analysis_version: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_code: Mapped[str | None] = mapped_column(String(30))
    decided_facts: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)
    decided_on: Mapped[date | None]


class ImportDraft(Base):
    """A table between its preview and its confirmation: one person's, gone after a day."""

    __tablename__ = "import_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(100), default="")
    #: {"header": [...] or null, "rows": [[number, cell, …], …], "pick": {...}, "columns": [...]}
    content: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
