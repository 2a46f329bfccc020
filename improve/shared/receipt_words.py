"""The words of a receipt: three plain words and four digits, to come back with. Pure.

“blue otter lamp 4827” has 1,024³ × 10,000 forms, 43 bits: with tries slowed, nobody guesses one.
A confidential report has eight words, 80 bits: nobody guesses it by trying the hashes, either.
The words of the list are easily spelled, kind, and none sounds like another.
"""

from __future__ import annotations

import re
import secrets
from importlib import resources
from typing import Final

from improve.shared import limits

#: In alphabetical order; a receipt that was given holds whatever stood here on that day.
WORDS: Final[tuple[str, ...]] = tuple(
    resources.files(__package__ or "improve.shared")
    .joinpath("receipt_words.txt")
    .read_text(encoding="utf-8")
    .split()
)
_KNOWN: Final = frozenset(WORDS)
_HOW_MANY: Final = 3
_DIGITS: Final = 4
_HOW_MANY_LONG: Final = 8
#: 1,024 words: ten bits each, so that eight take ten bytes.
_BITS: Final = 10
_BYTES_LONG: Final = 10
#: What somebody may type between the words, or nothing at all before the digits.
_PARTS: Final = re.compile(r"[a-z]+|[0-9]+")
#: Longest that is looked at: more is no receipt.
LONGEST: Final = limits.length("receipt")
LONGEST_LONG: Final = limits.length("report_receipt")


def new() -> str:
    """Return a fresh receipt, such as “blue otter lamp 4827”."""
    words = [secrets.choice(WORDS) for _ in range(_HOW_MANY)]
    return " ".join([*words, f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"])


def normalise(typed: str) -> str | None:
    """Return what somebody typed as ``new`` writes it, or None if it can be no receipt.

    Capital letters, hyphens, dots, other spaces and digits typed apart make no difference.
    """
    if len(typed) > LONGEST:
        return None
    parts = _PARTS.findall(typed.lower())
    words = [part for part in parts if part.isalpha()]
    digits = "".join(part for part in parts if part.isdigit())
    in_order = parts[: len(words)] == words
    if not in_order or len(words) != _HOW_MANY or len(digits) != _DIGITS:
        return None
    return " ".join([*words, digits]) if _KNOWN.issuperset(words) else None


def new_long() -> str:
    """Return a fresh receipt of eight words, for a confidential report."""
    return " ".join(secrets.choice(WORDS) for _ in range(_HOW_MANY_LONG))


def long_from(secret: bytes) -> str:
    """Return the receipt of eight words that follows from a secret of at least ten bytes.

    ``new_long`` makes one that follows from nothing.
    """
    number = int.from_bytes(secret[:_BYTES_LONG])
    return " ".join(
        WORDS[number >> (_BITS * place) & (len(WORDS) - 1)] for place in range(_HOW_MANY_LONG)
    )


def normalise_long(typed: str) -> str | None:
    """Return what somebody typed as ``new_long`` writes it, or None if it can be no such receipt.

    Capital letters, numbers before the words, hyphens, dots and other spaces make no difference.
    """
    if len(typed) > LONGEST_LONG:
        return None
    words = [part for part in _PARTS.findall(typed.lower()) if part.isalpha()]
    is_one = len(words) == _HOW_MANY_LONG and _KNOWN.issuperset(words)
    return " ".join(words) if is_one else None
