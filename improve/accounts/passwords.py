"""Passwords: what is accepted, how they are kept, and checking one in even time."""

from __future__ import annotations

import re
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from improve.shared import limits
from improve.shared.errors import Reason, RuleBroken

_NOT_LETTERS = re.compile(r"[^a-z]{1,128}")
#: The shortest part of a name that makes a password guessable.
_SHORTEST_NAME_PART = 4

_hasher = PasswordHasher()


def configure(*, time_cost: int, memory_cost: int, parallelism: int) -> None:
    """Set the cost of a hash; ``memory_cost`` in KiB. Kept hashes are renewed at sign-in."""
    global _hasher  # noqa: PLW0603 - one cost for the whole process, set once at start
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)
    _dummy_hash.cache_clear()


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return _hasher.hash("a password that nobody has")


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def check_acceptable(password: str, *, names: tuple[str, ...], field: str = "password") -> None:
    """Raise ``RuleBroken`` unless the password is long enough and hard to guess.

    ``names`` are the person's, the organisation's and the product's. Any character counts, and
    nothing is cut or trimmed.
    """
    reasons: list[str] = []
    if len(password) < limits.PASSWORD_SHORTEST:
        reasons.append(
            f"Use {limits.PASSWORD_SHORTEST} characters or more. "
            "Three or four words that have nothing to do with each other work well."
        )
    elif len(password) > limits.PASSWORD_LONGEST:
        reasons.append(f"Use {limits.PASSWORD_LONGEST} characters or fewer.")
    else:
        lowered = password.lower()
        letters = _NOT_LETTERS.sub("", lowered)
        if lowered in _common_passwords() or letters in _common_passwords():
            reasons.append("This password is one of the most often used. Choose another.")
        elif len(set(lowered)) < 5:
            reasons.append("This password repeats a few characters. Choose another.")
        elif _is_built_from(letters, names):
            reasons.append("This password is built from a name that others know. Choose another.")
    if reasons:
        raise RuleBroken([Reason(words, field) for words in reasons])


def _is_built_from(letters: str, names: tuple[str, ...]) -> bool:
    """Return whether little is left once the known names are taken out."""
    rest = letters
    for name in names:
        for part in re.split(r"[^a-z]{1,20}", name.lower()):
            if len(part) >= _SHORTEST_NAME_PART:
                rest = rest.replace(part, "")
    return rest != letters and len(rest) < _SHORTEST_NAME_PART * 2


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    return _hasher.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Return whether the password is the kept one; takes as long when there is none."""
    stand_in = _dummy_hash()  # made before, so that the first try of a process is no slower
    try:
        _hasher.verify(kept or stand_in, password[: limits.PASSWORD_LONGEST * 4])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def needs_renewal(kept: str) -> bool:
    """Return whether the hash was made at a lower cost than is set now."""
    return _hasher.check_needs_rehash(kept)
