"""Forms of aims, of what drives them, and of the driver that an idea hangs on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from improve.ideas.aim_views import AimChoice, AimView, HungOn
from improve.ideas.service.aims import AimDetails
from improve.shared.formatting import day_typed, whole_number
from improve.shared.forms import Form, Needed, Version, at_most, chosen_number, options
from improve.shared.parsing import NotReadable, parse_date


class AimForm(Form):
    """What good looks like: what, for whom, how much, by when; and the measure that says so."""

    statement = StringField(
        "What does good look like?",
        validators=[Needed("Say in a sentence what good looks like."), at_most("aim")],
    )
    for_whom = StringField("For whom?", validators=[at_most("aim_part")])
    how_much = StringField("How much?", validators=[at_most("aim_part")])
    by_when_on = StringField("By when?", validators=[at_most("number_or_day")])
    measure_id = SelectField("Which measure says so?", coerce=chosen_number, validate_choice=False)
    version = Version("Version")
    confirmed = HiddenField("Read again")
    by_when: date | None = None

    def offer(self, measures: Iterable[tuple[int, str]]) -> None:
        """Give the measures to choose from."""
        self.measure_id.choices = options([(0, "None yet"), *measures])

    def validate_by_when_on(self, field: Field) -> None:
        """Read the day."""
        if not field.data:
            return
        try:
            self.by_when = parse_date(
                field.data, earliest=date(2000, 1, 1), latest=date(2100, 1, 1)
            )
        except NotReadable as error:
            raise StopValidation(f"{error.words}. {error.hint}".rstrip()) from error

    def show(self, aim: AimView) -> None:
        """Show what it says now."""
        self.statement.data = aim.statement
        self.for_whom.data = aim.for_whom
        self.how_much.data = aim.how_much
        self.by_when_on.data = day_typed(aim.by_when_on)
        self.measure_id.data = aim.measure_id or 0
        self.version.data = aim.version

    @property
    def details(self) -> AimDetails:
        """What was typed, as the service takes it."""
        return AimDetails(
            statement=self.statement.data or "",
            for_whom=self.for_whom.data or "",
            how_much=self.how_much.data or "",
            by_when_on=self.by_when,
            measure_id=self.measure_id.data or None,
        )


class DriverForm(Form):
    """One thing that is thought to move an aim."""

    name = StringField(
        "What makes the difference?",
        validators=[
            Needed("Say in a few words what you think makes the difference."),
            at_most("driver"),
        ],
    )
    version = Version("Version")
    confirmed = HiddenField("Read again")


class PlaceForm(Form):
    """One place up or down; ``place`` is where it stood on the page."""

    way = HiddenField("Way")
    place = HiddenField("Place")

    @property
    def seen_place(self) -> int:
        """Where it stood, 0 for what is no place."""
        return whole_number(self.place.data) or 0


class OneButton(Form):
    """A button and nothing else."""


class DriverField(SelectField):
    """A list of drivers in groups by aim, “none” first."""

    def __init__(self, label: str, **facts: Any) -> None:
        super().__init__(label, coerce=chosen_number, validate_choice=False, **facts)
        self.choices = options([(0, "None")])

    def offer(self, aims: Iterable[AimChoice], *, now: HungOn | None = None) -> None:
        """Give the open drivers, and the one chosen now where it is closed meanwhile."""
        offered = [
            SelectChoice(
                value=str(driver.id),
                label=driver.name if driver.level == 1 else f"– {driver.name}",
                optgroup=aim.statement,
            )
            for aim in aims
            for driver in aim.drivers
        ]
        if now is not None and str(now.driver_id) not in {one.value for one in offered}:
            offered.append(
                SelectChoice(
                    value=str(now.driver_id), label=f"{now.driver} (closed)", optgroup=now.aim
                )
            )
        self.choices = [SelectChoice(value="0", label="None"), *offered]
        self.has_any = bool(offered)

    has_any = False


class HangForm(Form):
    """What an idea is meant to move."""

    driver_id = DriverField("What is it meant to move?")
    version = Version("Version")
