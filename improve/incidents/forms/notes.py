"""What a reviewer types for all staff: the monthly note, and that an identity came out."""

from __future__ import annotations

from wtforms import TextAreaField

from improve.accounts.forms.fields import Day
from improve.shared.forms import Form, Needed, Version, at_most


class NoteForm(Form):
    """The note of a month."""

    heard = TextAreaField("What we heard", [at_most("report_note")])
    trying = TextAreaField("What we are trying", [at_most("report_note")])
    version = Version()


class DisclosureForm(Form):
    """It came out who had reported something."""

    noticed_on = Day(
        "When was it noticed?",
        [Needed("Write the day on which it was noticed."), at_most("number_or_day")],
    )
    words = TextAreaField(
        "What was done about it?",
        [Needed("Write what was done about it."), at_most("report_setup")],
    )
