"""What people do in and around a huddle: one module a verb, all named here."""

from __future__ import annotations

import improve.huddles.models  # noqa: F401 - so that the tables are known
