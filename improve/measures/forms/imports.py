"""Bring a table of numbers in: paste or choose it, pick a series, look, confirm."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField

from improve.measures.service.import_tables import WideChoices
from improve.shared.forms import Form, Needed, TableForm, at_most, options


class ImportForm(TableForm):
    """Pasted numbers, or a file of them."""

    asks_for = "Paste rows with a date and a number, or choose a file."


class PickForm(Form):
    """Which series to take from a wide official file."""

    pick_column = SelectField("Column with the names of places", validate_choice=False)
    pick_value = StringField(
        "Place", validators=[Needed("Say whose numbers to take."), at_most("place_name")]
    )
    column = SelectField("Numbers from", validate_choice=False)
    column_of = SelectField("Out of", validate_choice=False)

    def offer(self, wide: WideChoices, heads: tuple[str, ...], period: str) -> None:
        """Offer the file's columns, and of the months or years only what the measure counts by."""
        self.pick_column.choices = options((name, name) for name in wide.pick_columns)
        numbers = [(name, name) for name in wide.number_columns]
        if len(heads) == 2:
            self.column.label.text = f"{heads[0]}: which column?"
            self.column_of.label.text = f"{heads[1]}: which column?"
            numbers = [("", "Choose a column"), *numbers]
        elif wide.has_months and period != "year":
            months = [("", "The columns for each month")]
            numbers = months if period == "month" else months + numbers
        self.column.choices = self.column_of.choices = options(numbers)

    def place(self) -> tuple[str, str]:
        """Return (column, name) of the place; a list sends both in one, as la_name=Coventry."""
        said = self.pick_value.data or ""
        column, sign, name = said.partition("=")
        if self.pick_column.data or not sign:
            return self.pick_column.data or "", said
        return column, name

    def columns(self) -> list[str]:
        """Return the columns chosen; none means the months."""
        chosen = [self.column.data or "", self.column_of.data or ""]
        return [name for name in chosen if name]


class ConfirmForm(Form):
    """The last step of an import."""

    seen = HiddenField("Seen")
    replace = RadioField(
        "For numbers that are there already",
        choices=options(
            (("replace", "Put the new ones in their place"), ("keep", "Keep what is there"))
        ),
        default="replace",
    )
    reason = StringField("Why do they change?", validators=[at_most("reason")])
    leave_bad_out = BooleanField("Leave rows out")
    source = StringField("Where the numbers come from", validators=[at_most("source")])
    licence = StringField("Under which licence", validators=[at_most("source")])
