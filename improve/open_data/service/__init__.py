"""Making an archive of a council, and bringing one into an empty instance."""

from __future__ import annotations
