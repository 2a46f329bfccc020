"""What ``flask doctor`` looks at: each capability offers checks, and the command gathers them.

A check looks, and changes nothing. It answers in plain words for whoever runs the server, names
what to do where something is not as it should be, and never holds a secret: no key, no password,
no address with one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import OperationalError, ProgrammingError

from improve.shared import contributions
from improve.shared.database_facts import revision_of, words_of_database
from improve.shared.db import db

#: Kind of contribution: offers return lists of ``Finding``.
CONTRIBUTION: Final = "checkup"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    ``is_wrong``: something does not work, or is not safe. ``advice``: what to do about it. A
    finding with advice that is not wrong is worth a look; one without is as it should be.
    """

    is_wrong: bool
    words: str
    advice: str = ""


def checks(look: Callable[[], list[Finding]]) -> None:
    """Offer a check: it is called in an application context, within a transaction that reads."""
    contributions.register(CONTRIBUTION, look)


def findings() -> list[Finding]:
    """Return what all that was offered found, in the order of registration.

    A check that raises is itself a finding: the kind of the error, without its words. A database
    that does not answer is one finding, whatever was asked of it; that its tables are not made is
    for the check of the database to say.
    """
    found: list[Finding] = []
    unanswered = ""
    for look in contributions.gather(CONTRIBUTION):
        try:
            found += look()
        except (OperationalError, ProgrammingError) as error:
            db.session.rollback()
            if _has_tables():
                unanswered = unanswered or words_of_database(error)
        except Exception as error:  # one check that cannot be done stops no other
            name = getattr(look, "__name__", "a check").removeprefix("look_at_").replace("_", " ")
            name = name[:1].upper() + name[1:]
            found.append(
                Finding(
                    True,
                    f"{name} could not be looked at ({type(error).__name__})",
                    "See what the other findings say of the database and the settings.",
                )
            )
    if unanswered:
        found.append(
            Finding(
                True,
                f"The database does not answer what is asked of it: {unanswered}",
                "See whether it runs (systemctl status postgresql), whether DATABASE_URL names it, "
                "and whether its tables are made.",
            )
        )
    return found


def _has_tables() -> bool:
    """Return whether tables of ours are there; True where the database does not say."""
    try:
        return bool(revision_of(db.session.connection()))
    except OperationalError:
        return True
    finally:
        db.session.rollback()
