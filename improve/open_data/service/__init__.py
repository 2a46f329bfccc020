"""Writing tables and archives, and bringing an archive into an empty instance."""

from __future__ import annotations

from improve.open_data.service.bring_in import bring_in
from improve.open_data.service.get_tables import get_all_tables, write_table
from improve.open_data.service.make_archive import Made, export_council, make_archive

__all__ = [
    "Made",
    "bring_in",
    "export_council",
    "get_all_tables",
    "make_archive",
    "write_table",
]
