"""Making an archive of a council, and bringing one into an empty instance."""

from __future__ import annotations

from improve.open_data.service.bring_in import bring_in
from improve.open_data.service.make_archive import Made, export_council, make_archive

__all__ = ["Made", "bring_in", "export_council", "make_archive"]
