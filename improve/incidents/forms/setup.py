"""The forms by which a council makes itself ready to take reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from improve.incidents.queries.readiness import SetupView
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.parsing import NotReadable, parse_number


class ChoicesForm(Form):
    """After how many days a report is destroyed, how wide a group is, where one leaves to."""

    keep_days = StringField("Destroy a report after", [at_most("number_or_day")])
    smallest_group = StringField("A group has at least", [at_most("number_or_day")])
    leave_url = StringField("Where “Leave this page” goes", [at_most("leave_url")])
    version = Version()

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for whole numbers."""
        is_good = bool(super().validate(extra_validators))
        for field, words in (
            (self.keep_days, "Write a whole number of days."),
            (self.smallest_group, "Write a whole number of people."),
        ):
            if _whole(field.data) is None:
                field.errors = [words]
                is_good = False
        return is_good

    @property
    def choices(self) -> dict[str, Any]:
        """What the service takes; only of a form that holds."""
        return {
            "keep_days": _whole(self.keep_days.data),
            "smallest_group": _whole(self.smallest_group.data),
            "leave_url": self.leave_url.data or "",
        }

    def show(self, setup: SetupView) -> None:
        """Show what is kept."""
        self.keep_days.data = str(setup.keep_days)
        self.smallest_group.data = str(setup.smallest_group)
        self.leave_url.data = setup.leave_url
        self.version.data = setup.version


class TeamTicks(SelectMultipleField):
    """Teams, each with a tick. One that is not offered any more is left to the service to say."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, choices=[], coerce=str, validate_choice=False, **more)

    @property
    def chosen(self) -> list[int]:
        """The teams ticked."""
        found = (whole_number(text) for text in self.data or ())
        return [number for number in found if number is not None]


class GroupForm(Form):
    """A group of teams: its name, and the teams that are put into it."""

    name = StringField(
        "Name of the group",
        [Needed("Write a name, such as “Children in care, north”."), at_most("team_name")],
    )
    teams = TeamTicks("Teams")
    version = Version()

    def offer(self, teams: Iterable[tuple[int, str]]) -> None:
        """Offer (id, name) of teams that are in no open group."""
        self.teams.choices = options(teams)


class PromiseForm(Form):
    """What a leader promises."""

    words = TextAreaField(
        "We promise", [Needed("Write what you promise."), at_most("report_setup")]
    )
    version = Version()


class WordingForm(Form):
    """A text of the form in a council's own words."""

    words = TextAreaField("Your words", [at_most("report_setup")])
    version = Version()


def _whole(text: str | None) -> int | None:
    try:
        found = parse_number(text or "")
    except NotReadable:
        return None
    return int(found) if found == int(found) else None
