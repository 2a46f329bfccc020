"""Forms for what people decide about a chart: baseline, middle line, points, picture, hope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField

from improve.measures.forms.numbers import short_period
from improve.measures.views import MeasureView, ObservationView
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.parsing import NotReadable, read_number

#: The value that stands for the measure read by itself, where ideas are offered.
BY_ITSELF = "0"


class PickForm(Form):
    """Points to look at: sent with GET, nothing is saved by it."""

    class Meta(Form.Meta):
        """It changes nothing."""

        csrf = False

    idea = SelectField("For what", validate_choice=False)
    first = SelectField("First point", validate_choice=False)
    last = SelectField("Last point", validate_choice=False)

    def offer(
        self,
        ideas: Sequence[tuple[int, str]],
        points: Sequence[ObservationView],
        measure: MeasureView,
    ) -> None:
        """Give the ideas and the points to choose from, the newest point first."""
        self.idea.choices = options(
            [*((str(i), name) for i, name in ideas), (BY_ITSELF, "The measure by itself")]
        )
        periods = [(o.period_start.isoformat(), _named(o, measure)) for o in reversed(points)]
        self.first.choices = options(periods)
        self.last.choices = options(periods)


def _named(point: ObservationView, measure: MeasureView) -> str:
    left_out = ", left out" if point.is_excluded else ""
    return f"{short_period(point.period_start, measure)}: {point.words(measure)}{left_out}"


def iso_day(text: str | None) -> date | None:
    """The day that a field carries, or None for anything else."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


class ReasonForm(Form):
    """A decision that needs no more than a few words, and what the person saw."""

    seen = HiddenField("Seen")
    reason = StringField("Why?", validators=[Needed("Say in a few words why."), at_most("reason")])


class BaselineForm(ReasonForm):
    """The points looked at, to be used from now on."""

    idea = HiddenField("For what")
    first = HiddenField("First point")
    last = HiddenField("Last point")


class MiddleLineForm(ReasonForm):
    """A new middle line with Wheeler's four questions."""

    first = HiddenField("First point")
    is_different = BooleanField("It is really different, not the usual ups and downs")
    know_why = BooleanField("We know why it changed")
    will_last = BooleanField("We expect it to last")
    want_it = BooleanField("It is what we want")


class ChartForm(Form):
    """Which chart, and why not the usual one."""

    chart = RadioField("Chart", validate_choice=False)
    reason = StringField("Why not the usual one?", validators=[at_most("reason")])
    version = Version("Version")


class HopeForm(Form):
    """A value hoped for, and whose hope it is. An empty value takes the hope away."""

    target = StringField("Value hoped for", validators=[at_most("number_or_day")])
    target_by = StringField("Whose hope", validators=[at_most("source")])
    version = Version("Version")

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the number; say beside it what cannot be read."""
        is_good = bool(super().validate(extra_validators))
        self.value: float | None = None
        if self.target.data:
            try:
                self.value = read_number(self.target.data).value
            except NotReadable as unread:
                words = f"{unread.words.rstrip('.?')}. {unread.hint}".strip()
                self.target.errors = [*self.target.errors, words]
                is_good = False
        return is_good
