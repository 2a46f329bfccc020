"""The forms by which a council makes itself ready to be told something in confidence."""

from __future__ import annotations

from datetime import date

from wtforms import HiddenField, SelectField, StringField

from improve.accounts.forms.fields import Day
from improve.accounts.in_confidence.readiness import SIGNED, Ready
from improve.shared.forms import Form, Needed, Version, at_most
from improve.shared.parsing import day_words


class SignOffForm(Form):
    """Who signed what, and who rang the numbers."""

    dpia_by = StringField("Who signed the impact assessment?", [at_most("person_name")])
    dpia_on = Day("When?", [at_most("number_or_day")])
    legal_by = StringField("Who signed the legal check?", [at_most("person_name")])
    legal_on = Day("When was the legal check signed?", [at_most("number_or_day")])
    numbers_tried_by = StringField("Who rang the numbers?", [at_most("person_name")])
    numbers_tried_on = Day("When were they rung?", [at_most("number_or_day")])
    #: The numbers that were on the page: those are the ones that were rung.
    rung_day = HiddenField()
    rung_night = HiddenField()
    version = Version()

    @property
    def signed(self) -> dict[str, tuple[str, date | None]]:
        """Name and day, by what was signed."""
        return {
            name: (self[f"{name}_by"].data or "", getattr(self[f"{name}_on"], "on", None))
            for name in SIGNED
        }

    @property
    def rung(self) -> dict[str, str]:
        """The numbers that were on the page."""
        return {"day": self.rung_day.data or "", "night": self.rung_night.data or ""}

    def show(self, ready: Ready) -> None:
        """Show what is kept; who rang numbers that were changed since is asked again."""
        setup = ready.setup
        for name in SIGNED:
            on = getattr(setup, f"{name}_on")
            self[f"{name}_by"].data = getattr(setup, f"{name}_by")
            self[f"{name}_on"].data = day_words(on) if on else ""
        if ready.were_numbers_changed:
            self.numbers_tried_by.data = self.numbers_tried_on.data = ""
        self.show_numbers(ready)

    def show_numbers(self, ready: Ready) -> None:
        """Carry what is on the page now: the numbers, and the version."""
        self.rung_day.data = ready.duty_numbers["day"]
        self.rung_night.data = ready.duty_numbers["night"]
        self.version.data = ready.setup.version


class TrainingForm(Form):
    """Who was trained, when and by whom."""

    person_id = SelectField("Who?", coerce=str)
    trained_on = Day(
        "When was the training?",
        [Needed("Write the day of the training."), at_most("number_or_day")],
    )
    trained_by = StringField(
        "Who trained them?", [Needed("Write who trained them."), at_most("person_name")]
    )


class CoverForm(Form):
    """Who reads, from when to when."""

    person_id = SelectField("Who reads?", coerce=str)
    from_on = Day("First day", [Needed("Write the first day."), at_most("number_or_day")])
    to_on = Day("Last day", [Needed("Write the last day."), at_most("number_or_day")])
