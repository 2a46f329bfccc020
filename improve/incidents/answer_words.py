"""The words of an answer to whoever reported, sealed: they outlive the report's own key."""

from __future__ import annotations

from typing import Final

from improve.incidents.sealing import ANSWERS, sealer

#: Characters up to which every answer is filled, so that its length tells only a rough size.
_STEP: Final = 256


def sealed_answer(words: str, *, key: str) -> bytes:
    """Return the words of the answer ``key`` as they are kept."""
    return sealer(ANSWERS).seal(words + " " * (-len(words) % _STEP), about=key)


def words_in(sealed: bytes | None, *, key: str) -> str:
    """Return the words of the answer ``key``. Raises ``CannotOpen``; “” where there are none."""
    return sealer(ANSWERS).open(bytes(sealed), about=key).rstrip() if sealed else ""
