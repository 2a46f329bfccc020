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
    than its period. ``partner_id`` names the measure that this one is shown beside,
    ``context_id`` the one drawn under it: what was going on at the time. A rate is shown per so
    many (``per``: 1,000 nights). ``target`` is somebody's hope (``target_by`` says whose), never
    what the chart is judged by. ``standard`` is how many days it should take at most, where
    several times are recorded each period. ``catalogue_key`` names the ready definition that it
    was taken from.
    """

    __tablename__ = "measures"
    __table_args__ = (
        Index("ix_measures_organisation_team", "organisation_id", "team_id", "id"),
        CheckConstraint("kind IN ('outcome', 'process', 'balancing', 'context')", name="kind"),
        CheckConstraint(
            "recorded IN ('proportion', 'rate', 'count', 'value', 'times', "
            "'days_between', 'cases_between')",
            name="recorded",
        ),
        CheckConstraint("better_when IN ('higher', 'lower', 'neither')", name="better_when"),
        CheckConstraint(
            "frequency IN ('day', 'week', 'month', 'quarter', 'year')", name="frequency"
        ),
        CheckConstraint(
            "chart IN ('run', 'i', 'mr', 'p', 'pp', 'u', 'up', 'c', 'g', 't', 'xbar')",
            name="chart",
        ),
        CheckConstraint("lookback_days > 0", name="lookback_above_zero"),
        CheckConstraint("per > 0", name="per_above_zero"),
        CheckConstraint("standard > 0", name="standard_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(limits.length("measure_name")))
    kind: Mapped[str] = mapped_column(String(10))
    recorded: Mapped[str] = mapped_column(String(13))
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
    chart: Mapped[str | None] = mapped_column(String(4))
    per: Mapped[float] = mapped_column(default=1.0)
    target: Mapped[float | None]
    target_by: Mapped[str] = mapped_column(String(limits.length("source")), default="")
    standard: Mapped[float | None]
    catalogue_key: Mapped[str | None] = mapped_column(String(40))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True)
    context_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    lookback_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    closed_on: Mapped[date | None]


class Observation(Base):
    """One recorded value of a measure: a number, or a top line and a bottom line.

    ``raw_values`` are the several times of a period, whose median ``value`` is. A point with an
    ``excluded_reason`` is drawn but does not count for middle line, limits and verdict.
    """

    __tablename__ = "observations"
    __table_args__ = (
        UniqueConstraint("measure_id", "period_start"),
        CheckConstraint("(value IS NULL) <> (numerator IS NULL)", name="value_or_pair"),
        CheckConstraint("(numerator IS NULL) = (denominator IS NULL)", name="pair_whole"),
        CheckConstraint("denominator > 0", name="denominator_above_zero"),
        CheckConstraint("numerator >= 0", name="numerator_not_below_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    period_start: Mapped[date]
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    raw_values: Mapped[list[float] | None] = mapped_column(JSON_TYPE)
    note: Mapped[str] = mapped_column(String(limits.length("point_note")), default="")
    excluded_reason: Mapped[str] = mapped_column(String(limits.length("reason")), default="")
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
    old_raw_values: Mapped[list[float] | None] = mapped_column(JSON_TYPE)
    new_value: Mapped[float | None]
    new_numerator: Mapped[float | None]
    new_denominator: Mapped[float | None]
    new_raw_values: Mapped[list[float] | None] = mapped_column(JSON_TYPE)
    reason: Mapped[str] = mapped_column(String(limits.length("reason")))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MeasureChange(Base):
    """What a person did to a measure, other than to its numbers: its history.

    ``kind`` is one of ``views.CHANGE_KINDS``; ``facts`` hold plain values (codes, days, names),
    never the words of another field than the ``reason``.
    """

    __tablename__ = "measure_changes"
    __table_args__ = (Index("ix_measure_changes_measure", "measure_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    kind: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    reason: Mapped[str] = mapped_column(String(limits.length("reason")), default="")
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Baseline(Base):
    """The points a person chose to count as usual: for one idea's tests, or for the measure.

    Both days belong to it. Taken back, not deleted; one is in force for each measure and idea.
    Ideas stand above measures: their id is a plain number.
    """

    __tablename__ = "baselines"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_baselines_measure", "measure_id", "idea_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    idea_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(limits.length("reason")))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_reason: Mapped[str] = mapped_column(String(limits.length("reason")), default="")


class MiddleLine(Base):
    """A new middle line from a day on, drawn by a person who said why. The old one stays drawn.

    ``answers`` are Wheeler's four questions: is it really different, do we know why, do we want
    it, do we expect it to last. Taken back, not deleted.
    """

    __tablename__ = "middle_lines"
    __table_args__ = (
        Index("ix_middle_lines_measure", "measure_id", "starts_on", "id"),
        Index(
            "uq_middle_lines_in_force",
            "measure_id",
            "starts_on",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    starts_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(limits.length("reason")))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_reason: Mapped[str] = mapped_column(String(limits.length("reason")), default="")


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


class Tally(Base):
    """A question that staff answer with one tap after a visit; a week's taps become a point.

    ``answers`` is ``yes_no`` (a share of the answers) or ``how_many`` (a count).
    """

    __tablename__ = "tallies"
    __table_args__ = (
        CheckConstraint("answers IN ('yes_no', 'how_many')", name="answers"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_tallies_team", "organisation_id", "team_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"), index=True)
    idea_id: Mapped[int | None] = mapped_column(index=True)
    question: Mapped[str] = mapped_column(String(limits.length("question")))
    answers: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class TallyTap(Base):
    """One tap: which week, which answer. Never who, never at what time.

    The key is made by the phone (or the page), so that a tap sent twice counts once.
    """

    __tablename__ = "tally_taps"
    # Without row ids, so that a file of the database does not say in which order taps came.
    __table_args__ = (
        Index("ix_tally_taps_week", "tally_id", "week_on"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tally_id: Mapped[int] = mapped_column(ForeignKey("tallies.id"))
    week_on: Mapped[date]
    answer: Mapped[int]
    is_undone: Mapped[bool] = mapped_column(default=False)


class TallyWeek(Base):
    """What the taps of a week were when they last became a point of the measure.

    Where the point reads differently since, a person changed it: it is then left alone.
    """

    __tablename__ = "tally_weeks"

    tally_id: Mapped[int] = mapped_column(ForeignKey("tallies.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    # A count stands on the top line alone.
    numerator: Mapped[float]
    denominator: Mapped[float | None]


class DipSample(Base):
    """A short list of yes/no questions asked of *n* records by two readers apart.

    Records are numbered 1 to ``record_count``; nothing says which records they were.
    """

    __tablename__ = "dip_samples"
    __table_args__ = (
        CheckConstraint("record_count > 0", name="some_records"),
        Index("ix_dip_samples_team", "organisation_id", "team_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True)
    title: Mapped[str] = mapped_column(String(limits.length("title")))
    questions: Mapped[list[str]] = mapped_column(JSON_TYPE)
    measured_question: Mapped[int] = mapped_column(default=1)
    record_count: Mapped[int]
    practice_week_on: Mapped[date]
    first_reader_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    second_reader_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class DipAnswer(Base):
    """One answer of a dip sample: by the first reader, the second, or agreed by both (3)."""

    __tablename__ = "dip_answers"
    __table_args__ = (
        CheckConstraint("reader IN (1, 2, 3)", name="reader"),
        CheckConstraint("answer IN ('yes', 'no', 'not_known')", name="answer"),
    )

    dip_sample_id: Mapped[int] = mapped_column(ForeignKey("dip_samples.id"), primary_key=True)
    reader: Mapped[int] = mapped_column(primary_key=True)
    record_number: Mapped[int] = mapped_column(primary_key=True)
    question_number: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(String(9))
