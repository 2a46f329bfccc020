"""What is counted: surveys with their printed codes, and numbers that are written once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class VoiceSurvey(Base):
    """The same questions asked of a known group, by printed codes that are used once."""

    __tablename__ = "voice_surveys"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="opens_before_closes"),
        Index("ix_voice_surveys_organisation", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: “Everybody reviewed in November”.
    name: Mapped[str] = mapped_column(String(limits.length("voice_label")))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: How many people were asked: so many codes were printed on a sheet.
    asked: Mapped[int] = mapped_column(default=0)
    #: Which sheet of codes is good, from 1: a lost one is replaced by the next.
    sheet: Mapped[int] = mapped_column(default=1)
    #: Its numbers as they may be shown, and the day they were counted, once: None until then.
    #: {"response": 60, "ratings": [12, None, …], "not_counted": None}, None is what is not shown.
    results: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)
    counted_on: Mapped[date | None]


class VoiceSurveyCode(Base):
    """One printed code, kept as a hash; used or not, never when, by whom, or for which words."""

    __tablename__ = "voice_survey_codes"
    __table_args__ = (
        Index("ix_voice_survey_codes_survey", "survey_id", "is_used"),
        {"sqlite_with_rowid": False},
    )

    code_hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("voice_surveys.id"))
    is_used: Mapped[bool] = mapped_column(default=False)
    #: Lost before anybody used it: it works no more.
    is_void: Mapped[bool] = mapped_column(default=False)


class VoiceMeasure(Base):
    """Which measure holds a team's answers to “How was it?”, by scale. Numbers come monthly.

    Without a team it is the whole council's, which also says how far the months are counted.
    ``measure_id`` is None until a month may be shown.
    """

    __tablename__ = "voice_measures"
    __table_args__ = (UniqueConstraint("organisation_id", "team_id", "scale"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    scale: Mapped[int]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    #: The last month counted: a month is counted once, when it is over.
    counted_until_on: Mapped[date | None]


class VoiceMonth(Base):
    """What people said of the answers in a month that is over, as it may be shown: written once.

    Both numbers are None where the month is a gap.
    """

    __tablename__ = "voice_months"
    __table_args__ = (UniqueConstraint("organisation_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    #: Its first day.
    month: Mapped[date]
    #: “Yes, you got it right”, and all who said.
    put_right: Mapped[int | None]
    said: Mapped[int | None]
