"""Bring in an improvement log: paste or choose it, say what each column holds, look, confirm."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from wtforms import BooleanField, HiddenField, SelectField

from improve.ideas.log_words import ROLE_WORDS, Role
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, TableForm, options

_CELL: Final = re.compile(r"cell-([0-9]{1,7})-([0-7])")
_LONGEST_CELL: Final = 2_000


class BringInForm(TableForm):
    """Pasted rows of a log, or a file of them."""


class ColumnsForm(Form):
    """Which column holds what: a choice for each thing that a log may say."""

    has_names = BooleanField("The first row holds the names of the columns")
    idea_column = SelectField(ROLE_WORDS[Role.IDEA], validate_choice=False)
    happened_column = SelectField(ROLE_WORDS[Role.HAPPENED], validate_choice=False)
    logged_on_column = SelectField(ROLE_WORDS[Role.LOGGED_ON], validate_choice=False)
    who_column = SelectField(ROLE_WORDS[Role.WHO], validate_choice=False)
    status_column = SelectField(ROLE_WORDS[Role.STATUS], validate_choice=False)
    outcome_column = SelectField(ROLE_WORDS[Role.OUTCOME], validate_choice=False)
    lesson_column = SelectField(ROLE_WORDS[Role.LESSON], validate_choice=False)
    ended_on_column = SelectField(ROLE_WORDS[Role.ENDED_ON], validate_choice=False)

    def offer(self, names: Sequence[str]) -> None:
        """Offer the columns of the list."""
        self.places = len(names)
        columns = [(str(at), name) for at, name in enumerate(names)]
        for role in Role:
            none = [] if role is Role.IDEA else [("", "Not in the list")]
            self[f"{role.value}_column"].choices = options([*none, *columns])

    def show(self, columns: Mapping[Role, int], *, has_names: bool) -> None:
        """Show what is thought or was said."""
        self.has_names.data = has_names
        for role in Role:
            self[f"{role.value}_column"].data = str(columns[role]) if role in columns else ""

    def chosen(self) -> dict[Role, int]:
        """Return the place of each thing that the list holds."""
        found = {}
        for role in Role:
            at = whole_number(self[f"{role.value}_column"].data or "")
            if at is not None and at < self.places:
                found[role] = at
        return found


class ConfirmLogForm(Form):
    """The last step. ``take`` names rows to bring in though they are likely there already."""

    seen = HiddenField("Seen")
    leave_bad_out = BooleanField("Leave rows out")


def typed_cells(fields: Mapping[str, str]) -> dict[int, list[str]]:
    """Return the texts typed into rows, by row number, in the order of the columns."""
    found: dict[int, dict[int, str]] = {}
    for name, text in fields.items():
        if match := _CELL.fullmatch(name):
            found.setdefault(int(match[1]), {})[int(match[2])] = text[:_LONGEST_CELL]
    return {row: [cells[at] for at in sorted(cells)] for row, cells in found.items()}


def taken_rows(values: Sequence[str]) -> list[int]:
    """Return the rows ticked to be brought in all the same."""
    return [number for value in values if (number := whole_number(value)) is not None]
