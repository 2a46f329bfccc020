"""The file of what was erased: kept elsewhere, without words, and read after a restore.

A backup from before an erasure still holds what was erased. So each erasure is noted twice: in the
database, and as one line in ERASED_FILE, which no restore takes back. A line holds ids, codes,
counts and keyed marks; who finds the file learns that something was erased, and when.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from improve.shared.db import db

#: Kind of contribution: offers are ``ErasesAgain``.
CONTRIBUTION: Final = "erase-again"
_AFTER_COMMIT: Final = "erasures to note in the file"
#: Hexadecimal digits of a mark: 96 bits.
_MARK: Final = 24
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure as it is noted. ``facts`` are ids, codes, counts and marks, never words."""

    key: str
    organisation_id: int
    kind: str
    object_id: str
    erased_on: date
    facts: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Return it as one line of the file."""
        return json.dumps(
            {
                "key": self.key,
                "organisation_id": self.organisation_id,
                "kind": self.kind,
                "object_id": self.object_id,
                "erased_on": self.erased_on.isoformat(),
                "facts": self.facts,
            },
            sort_keys=True,
        )


@dataclass(frozen=True, slots=True)
class ErasesAgain:
    """How one kind is erased again: True where something stood there and is gone now.

    ``erase`` writes in the present transaction, and never commits.
    """

    kind: str
    erase: Callable[[Erased], bool]

    def __call__(self, erased: Erased) -> bool:
        """Erase it again."""
        return self.erase(erased)


def mark_of(*parts: object) -> str:
    """Return a keyed mark of what is erased, by which it is known again and says nothing else."""
    key = hmac.new(current_app.config["SECRET_KEY"].encode(), b"erased", hashlib.sha256).digest()
    words = "\0".join(str(part) for part in parts)
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:_MARK]


def write_after_commit(erased: Erased) -> None:
    """Have the line written once the present transaction has committed."""
    db.session().info.setdefault(_AFTER_COMMIT, []).append(erased)


def write(noted: list[Erased]) -> bool:
    """Write these lines now, to the disk and not only to the system's memory.

    False where no file is set, or it cannot be written: that is logged, the nightly run does it.
    """
    path = file_path()
    if path is None or not noted:
        return False
    try:
        # Nobody else on the machine need know that something was erased.
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as file:
            file.write("".join(one.line() + "\n" for one in noted))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        _log.exception("ERASED_FILE cannot be written; the nightly run tries again")
        return False
    return True


def read() -> list[Erased]:
    """Return what the file names, each once, in its order. A line cut short by a crash is left."""
    path = file_path()
    if path is None or not path.exists():
        return []
    found: dict[str, Erased] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        erased = _read_line(line)
        if erased is not None:
            found.setdefault(erased.key, erased)
    return list(found.values())


def file_path() -> Path | None:
    """Return where the file is, or None where none is set."""
    named = current_app.config.get("ERASED_FILE", "")
    return Path(named) if named else None


def _read_line(line: str) -> Erased | None:
    try:
        told = json.loads(line)
        return Erased(
            key=str(told["key"]),
            organisation_id=int(told["organisation_id"]),
            kind=str(told["kind"]),
            object_id=str(told["object_id"]),
            erased_on=date.fromisoformat(told["erased_on"]),
            facts=dict(told["facts"]),
        )
    except (ValueError, KeyError, TypeError):
        if line.strip():
            _log.warning("a line of ERASED_FILE cannot be read")
        return None


@event.listens_for(Session, "after_commit")
def _write_lines(session: Session) -> None:
    if not session.in_nested_transaction():
        write(session.info.pop(_AFTER_COMMIT, []))


@event.listens_for(Session, "after_rollback")
def _write_nothing(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_AFTER_COMMIT, None)
