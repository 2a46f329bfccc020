"""What was erased on request."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import JSON_TYPE, Base


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
