"""Random ids that only their holder knows."""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> str:
    """Return what is kept of a random id."""
    return hashlib.sha256(token.encode()).hexdigest()
