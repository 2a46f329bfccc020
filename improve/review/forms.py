"""The filter of finished cycles: read from the address, so that it survives a reload."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from improve.shared import clock
from improve.shared.formatting import day_typed
from improve.shared.forms import at_most, options
from improve.shared.parsing import NotReadable, parse_date

EARLIEST = date(1900, 1, 1)


def quarter_ago() -> date:
    """Return the first day shown when nobody asked for another: about three months back."""
    return (clock.today() - timedelta(days=92)).replace(day=1)


class FilterForm(FlaskForm):
    """Team, days and decision. Sent by GET: it changes nothing and needs no token."""

    class Meta(FlaskForm.Meta):
        """No token: the address can be kept and shared."""

        csrf = False

    # An address may name a team that was renamed, or anything at all: then all are shown.
    team = SelectField("Team", choices=[], default="", validate_choice=False)
    decided_from = StringField("From", validators=[at_most("number_or_day")])
    decided_to = StringField("To", validators=[at_most("number_or_day")])
    decision = SelectField(
        "How it ended",
        choices=options(
            (("", "All endings"), ("adopt", "Kept"), ("adapt", "Changed"), ("abandon", "Stopped"))
        ),
        default="",
        validate_choice=False,
    )

    def chosen_decision(self) -> str | None:
        """Return the ending asked for; None for all, and for one that there is not."""
        known = {"adopt", "adapt", "abandon"}
        return self.decision.data if self.decision.data in known else None

    def offer_teams(self, teams: Iterable[tuple[str, str]]) -> None:
        """Let the person choose among these (address, name), or all."""
        self.team.choices = options([("", "All teams"), *teams])

    def fill_defaults(self) -> None:
        """Show the last quarter when the address asks for nothing."""
        if self.decided_from.data is None and self.decided_to.data is None:
            self.decided_from.data = day_typed(quarter_ago())
            self.decided_to.data = day_typed(clock.today())

    def validate_decided_from(self, field: StringField) -> None:
        """Read the first day; nothing typed means from the beginning."""
        self.first = self._read(field)

    def validate_decided_to(self, field: StringField) -> None:
        """Read the last day; it may not lie before the first."""
        self.last = self._read(field)
        first = getattr(self, "first", None)
        if first and self.last and self.last < first:
            raise ValidationError("This day is before the first. Choose a later one.")

    @staticmethod
    def _read(field: StringField) -> date | None:
        text = (field.data or "").strip()
        if not text:
            return None
        try:
            return parse_date(text, earliest=EARLIEST, latest=clock.today() + timedelta(days=366))
        except NotReadable as error:
            raise ValidationError(str(error)) from error
