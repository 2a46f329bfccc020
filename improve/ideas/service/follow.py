"""What ideas do when a measure's verdicts were rewritten."""

from __future__ import annotations


def follow_measures() -> None:
    """Subscribe: raise the boards of the ideas concerned, note a changed verdict in history."""
    raise NotImplementedError
