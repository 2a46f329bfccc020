"""The form that says whom to ring about a child."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import (
    HiddenField,
    StringField,
)

from improve.shared.forms import Form, at_most


class DutyNumbersForm(Form):
    """Whom to ring about a child: a line for the day and one for the night."""

    day = StringField("In the day", [at_most("duty_number")])
    night = StringField("Evenings, nights and weekends", [at_most("duty_number")])
    #: The lines as they stood when the form was opened.
    seen_day = HiddenField()
    seen_night = HiddenField()

    def show(self, now: Mapping[str, str], *, typed: bool) -> None:
        """Show what holds now; ``typed``: keep what somebody typed and only note what holds."""
        for time in ("day", "night"):
            getattr(self, f"seen_{time}").data = now.get(time, "")
            if not typed:
                getattr(self, time).data = now.get(time, "")

    @property
    def words(self) -> dict[str, str]:
        """Return the lines typed."""
        return {"day": self.day.data or "", "night": self.night.data or ""}

    @property
    def seen(self) -> dict[str, str]:
        """Return the lines that were shown."""
        return {"day": self.seen_day.data or "", "night": self.seen_night.data or ""}
