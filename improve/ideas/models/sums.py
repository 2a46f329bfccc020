"""Sums kept of what is over, so that a page need not go through it all again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import JSON_TYPE, Base


class FlowMonth(Base):
    """What a council's ideas that were finished in one month went through (``ideas.flow_months``).

    Triggers delete the row with any change to one of those ideas, to its moves or its cycles
    (``migrations.flow_months``), so that a row that stands is right; the nightly run makes it anew.
    """

    __tablename__ = "flow_months"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    #: The month in UTC, such as “2026-09”: compared with moments as they are kept.
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    #: The way of counting and the clocks by which days were told apart.
    counted_by: Mapped[str] = mapped_column(String(80))
    #: The last day that any sum is about, as an ordinal.
    newest_on: Mapped[int]
    sums: Mapped[list[Any]] = mapped_column(JSON_TYPE)
