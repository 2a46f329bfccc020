"""Forms about when a team meets, what its huddle holds, and the hour it protects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from improve.accounts.days.huddle_days import DAY_NAMES, HuddleDays
from improve.huddles.forms.closing import TimeField
from improve.huddles.kinds import CHOOSABLE_PARTS, Kept, Part
from improve.ideas.forms.fields import DayField
from improve.shared import clock
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Version, at_most, options

LENGTHS: Final = (10, 15, 20, 30)
EVERY: Final = ((1, "Every week"), (2, "Every second week"), (4, "Every fourth week"))
#: Lengths of a protected time, in minutes.
HOURS: Final = ((30, "30 minutes"), (60, "1 hour"), (90, "1 hour 30"), (120, "2 hours"))
KEPT_WORDS: Final = ((Kept.YES, "Yes"), (Kept.PARTLY, "Partly"), (Kept.NO, "No"))


class ManyField(SelectMultipleField):
    """Several of a few, each with a tick. What is not offered is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=str, validate_choice=False, **more)

    @property
    def chosen(self) -> list[str]:
        """Those ticked, in the order in which they are offered."""
        ticked = set(self.data or ())
        return [str(choice.value) for choice in self.choices if str(choice.value) in ticked]


class MeetForm(Form):
    """When a team meets."""

    version = Version("Version")
    weekdays = ManyField("Days", choices=options((n, DAY_NAMES[n]) for n in range(5)))
    at = TimeField("Time", validators=[at_most("number_or_day")])
    minutes = RadioField(
        "How long?", choices=options((n, f"{n} minutes") for n in LENGTHS), validate_choice=False
    )
    every = RadioField("How often?", choices=options(EVERY), validate_choice=False)
    from_on = DayField("First one on", validators=[at_most("number_or_day")])

    def show(self, days: HuddleDays | None, version: int) -> None:
        """Show when the team meets now; the weekend where it meets then."""
        shown = days or HuddleDays((), None, LENGTHS[1])
        self.offer(shown)
        self.version.data = version
        self.weekdays.data = [str(day) for day in shown.weekdays]
        self.at.data = f"{shown.at:%H:%M}" if shown.at else ""
        self.minutes.data, self.every.data = str(shown.minutes), str(shown.every)
        self.from_on.show(shown.from_on)

    def offer(self, days: HuddleDays | None) -> None:
        """Let what holds now be among the choices, whatever it is."""
        now = days or HuddleDays(())
        offered = {*range(5), *now.weekdays}
        self.weekdays.choices = options((n, DAY_NAMES[n]) for n in sorted(offered))
        lengths = sorted({*LENGTHS, now.minutes})
        self.minutes.choices = options((n, f"{n} minutes") for n in lengths)

    def chosen(self) -> HuddleDays:
        """Return when the team shall meet. Without a day it has none."""
        every = whole_number(self.every.data or "") or 1
        from_on: date | None = self.from_on.day
        if every > 1 and from_on is None:
            # Which of the two weeks it is must be known: the one we are in.
            from_on = clock.today()
        return HuddleDays(
            tuple(int(day) for day in self.weekdays.chosen),
            self.at.time,
            whole_number(self.minutes.data or "") or LENGTHS[1],
            every,
            from_on,
        )

    def validate_weekdays(self, _field: ManyField) -> None:
        """A time without a day says nothing."""
        if self.at.data and not self.weekdays.data:
            raise StopValidation("Choose at least one day, or take the time out.")


class PartsForm(Form):
    """Which parts a huddle has, in which order. A button moves one up or down, or saves."""

    version = Version("Version")
    order = HiddenField("Order")
    parts = ManyField("Parts", choices=options((p.value, p.value) for p in CHOOSABLE_PARTS))
    move = HiddenField("Move")

    def show(self, parts: Iterable[Part], version: int) -> None:
        """Show what holds now: chosen parts first, those left out after them."""
        kept = list(parts)
        self.version.data = version
        self.order.data = " ".join([*kept, *(p for p in CHOOSABLE_PARTS if p not in kept)])
        self.parts.data = [part.value for part in kept]

    @property
    def rows(self) -> list[tuple[Part, bool]]:
        """Every part in the order of the page, and whether it is ticked."""
        known = {part.value: part for part in CHOOSABLE_PARTS}
        order = [known[name] for name in (self.order.data or "").split() if name in known]
        order += [part for part in CHOOSABLE_PARTS if part not in order]
        ticked = set(self.parts.data or ())
        return [(part, part.value in ticked) for part in dict.fromkeys(order)]

    def chosen(self) -> list[Part]:
        """Return the ticked parts in order, one of them moved where its button was pressed."""
        way, _, name = (self.move.data or "").partition("-")
        order = [part for part, is_ticked in self.rows if is_ticked]
        at = next((n for n, part in enumerate(order) if part.value == name), None)
        to = None if at is None else at + {"up": -1, "down": 1}.get(way, 0)
        if at is not None and to is not None and 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
        return order


class HourForm(Form):
    """The time that a team protects in this fortnight."""

    version = Version("Version")
    minutes = RadioField("How long?", choices=options(HOURS), validate_choice=False)
    when_words = TextAreaField("When?", validators=[at_most("protected_time")])


class KeptForm(Form):
    """Whether the protected time of a fortnight happened."""

    version = Version("Version")
    from_on = HiddenField("Fortnight")
    kept = RadioField("Did it happen?", choices=options(KEPT_WORDS), validate_choice=False)
    in_the_way = TextAreaField("What was in the way?", validators=[at_most("reason")])

    def validate_kept(self, _field: RadioField) -> None:
        """One of the three is needed."""
        if self.answer is None:
            raise StopValidation("Choose yes, partly or no.")

    @property
    def answer(self) -> Kept | None:
        """What was chosen; None for nothing."""
        return next((kept for kept in Kept if kept.value == self.kept.data), None)

    @property
    def monday(self) -> date | None:
        """The fortnight that is answered."""
        try:
            return date.fromisoformat(self.from_on.data or "")
        except ValueError:
            return None
