"""Making a record, changing its pieces, sharing a page for supervision."""

from __future__ import annotations

from improve.cpd import models  # noqa: F401
