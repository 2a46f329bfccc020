"""The mail that tells a leader that a month waits. Pure.

It names lines and teams, never words that people wrote, and how it stops.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from improve.notifications.kinds import GROUP_WORDS, Group
from improve.notifications.letters import Letter
from improve.review.month import LINE_WORDS, Line
from improve.review.month_views import MonthSheet
from improve.shared.formatting import plural

#: What the letter falls under on the settings page.
GROUP = Group.ASKED
#: Nothing that anybody said stands in a mail, so neither does whose words they are.
_HEADS = {**LINE_WORDS, Line.VOICE: "A child’s, parent’s or carer’s words"}


class MonthAddresses(Protocol):
    """Whole addresses for the links of the letter; ``home`` knows the pages."""

    def month(self) -> str:
        """Return the page of the month."""

    def settings(self) -> str:
        """Return the page where mail is chosen."""

    def stop_groups(self, person_id: int, groups: Iterable[Group]) -> str:
        """Return the page that ends mails of these groups without a sign-in."""


def write_month_letter(
    person_id: int, first_name: str, sheet: MonthSheet, *, to: MonthAddresses
) -> Letter:
    """Return the mail that says which lines of the month wait."""
    count = sheet.waiting
    said = f"This month, from you: {plural(count, 'line')} {'waits' if count == 1 else 'wait'}"
    lines = [
        f"{one.number}. {_HEADS[one.line]}{': ' + one.team_name if one.team_name else ''}"
        for one in sheet.lines
        if one.waits
    ]
    stop = to.stop_groups(person_id, [GROUP])
    parts = [
        f"Hello {first_name},",
        f"{said}.",
        "\n".join(lines),
        f"Read them, and answer what you can:\n{to.month()}",
        "You get this because you are a leader, on the first working day of a month.",
        "\n".join(
            (
                f"No more mail of “{GROUP_WORDS[GROUP]}”:\n{stop}",
                f"Choose what comes by mail, and when:\n{to.settings()}",
            )
        ),
    ]
    body = "\n\n".join(parts).replace("\u00a0", " ")
    return Letter(subject=said.replace("\u00a0", " "), body=body + "\n", stop_url=stop)
