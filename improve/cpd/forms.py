"""Forms of one's own record and of a page for supervision."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from improve.cpd.document import PieceView, SupervisionView
from improve.cpd.kinds import FIELD_WORDS, KIND_WORDS, SUPERVISION_WORDS, TEXT_FIELDS, PieceKind
from improve.cpd.service import PieceWords
from improve.ideas.forms.fields import DayField
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options


class _Once(Form):
    """A form that makes one thing, however often it is sent."""

    form_token = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_token.data = self.form_token.data or secrets.token_urlsafe(24)


class CyclesField(SelectMultipleField):
    """Cycles to tick. What is not offered is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=str, validate_choice=False, **more)
        self.choices: list[SelectChoice] = []

    def offer(self, cycles: Iterable[tuple[int, str]], *, ticked: bool) -> None:
        """Offer cycles as (id, words)."""
        self.choices = options(cycles)
        if ticked:
            self.data = [str(choice.value) for choice in self.choices]

    @property
    def ids(self) -> list[int]:
        """The ids that were ticked."""
        return [number for text in self.data or () if (number := whole_number(text)) is not None]


class DaysForm(Form):
    """From which day to which; sent with the address, so without a token."""

    class Meta(Form.Meta):
        """Nothing is changed by reading."""

        csrf = False

    from_on = DayField("From", validators=[at_most("number_or_day")])
    to_on = DayField("To", validators=[at_most("number_or_day")])

    def days(self, usual: tuple[date, date]) -> tuple[date, date]:
        """Return the days asked for, each as usual where none is given or readable."""
        is_good = self.validate()
        first = (self.from_on.day if is_good or not self.from_on.errors else None) or usual[0]
        last = (self.to_on.day if is_good or not self.to_on.errors else None) or usual[1]
        if last < first:
            self.to_on.errors = [*self.to_on.errors, "This is before the first day."]
            first, last = usual
        if not self.from_on.errors:
            self.from_on.show(first)
        if not self.to_on.errors:
            self.to_on.show(last)
        return first, last


class MakeRecordForm(_Once):
    """A record of these days, from these cycles."""

    first_on = HiddenField("From", validators=[at_most("number_or_day")])
    last_on = HiddenField("To", validators=[at_most("number_or_day")])
    cycles = CyclesField("What to put in")

    def day(self, name: str) -> date | None:
        """Return one of the two days, None for what is no day."""
        try:
            return date.fromisoformat(self[name].data or "")
        except ValueError:
            return None


class AddCyclesForm(Form):
    """More cycles for a record that is there."""

    cycles = CyclesField("What to put in")

    def validate_cycles(self, field: CyclesField) -> None:
        """One at least."""
        if not field.ids:
            raise StopValidation("Tick at least one.")


class PieceForm(_Once):
    """One piece of learning."""

    version = Version("Version")
    kind = SelectField(
        FIELD_WORDS["kind"],
        choices=options((kind.value, words) for kind, words in KIND_WORDS.items()),
        default=PieceKind.TRAINING.value,
        validate_choice=False,
    )
    activity = StringField(
        FIELD_WORDS["activity"],
        validators=[Needed("Say in a few words what you did."), at_most("cpd_activity")],
    )
    done_on = DayField(FIELD_WORDS["done_on"], validators=[at_most("number_or_day")])
    why = TextAreaField(FIELD_WORDS["why"], validators=[at_most("cpd_text")])
    learned = TextAreaField(FIELD_WORDS["learned"], validators=[at_most("cpd_text")])
    effect = TextAreaField(FIELD_WORDS["effect"], validators=[at_most("cpd_text")])
    evidence = TextAreaField(FIELD_WORDS["evidence"], validators=[at_most("cpd_text")])
    peer = TextAreaField(FIELD_WORDS["peer"], validators=[at_most("cpd_text")])
    reflection = TextAreaField(FIELD_WORDS["reflection"], validators=[at_most("cpd_text")])

    def validate_kind(self, field: SelectField) -> None:
        """Refuse a kind that is not offered."""
        if field.data not in {kind.value for kind in PieceKind}:
            raise StopValidation("Choose the type of activity.")

    def validate_done_on(self, field: DayField) -> None:
        """Ask for the day."""
        if field.day is None:
            raise StopValidation("Say when it was. The month’s first day is enough.")

    def show(self, piece: PieceView) -> None:
        """Show a piece as it stands."""
        self.version.data = piece.version
        self.kind.data, self.activity.data = piece.kind, piece.activity
        self.done_on.show(piece.done_on)
        for name in TEXT_FIELDS:
            self[name].data = getattr(piece, name)

    def words(self) -> PieceWords:
        """Return what was typed."""
        return PieceWords(
            kind=PieceKind(self.kind.data),
            activity=self.activity.data or "",
            done_on=self.done_on.day,
            texts={name: self[name].data or "" for name in TEXT_FIELDS},
        )

    @property
    def texts(self) -> list[str]:
        """Every text, to look for what may identify somebody."""
        return [self.activity.data or "", *(self[name].data or "" for name in TEXT_FIELDS)]


class MakePageForm(_Once):
    """A new page for supervision."""


class SupervisionForm(Form):
    """The words of a page for supervision."""

    version = Version("Version")
    ideas = TextAreaField(SUPERVISION_WORDS["ideas"], validators=[at_most("cpd_text")])
    learned = TextAreaField(SUPERVISION_WORDS["learned"], validators=[at_most("cpd_text")])
    in_the_way = TextAreaField(SUPERVISION_WORDS["in_the_way"], validators=[at_most("cpd_text")])
    asks = TextAreaField(SUPERVISION_WORDS["asks"], validators=[at_most("cpd_text")])

    def show(self, page: SupervisionView) -> None:
        """Show a page as it stands."""
        self.version.data = page.version
        for name in SUPERVISION_WORDS:
            self[name].data = getattr(page, name)

    def texts(self) -> dict[str, str]:
        """Return what was typed, by field."""
        return {name: self[name].data or "" for name in SUPERVISION_WORDS}


class ShareForm(Form):
    """Who may read a page."""

    with_id = SelectField("Who may read it?", validate_choice=False)

    def offer(self, groups: Iterable[tuple[str, list[tuple[int, str]]]]) -> None:
        """Offer people in groups, each with its heading; a person once, in the first of them."""
        seen: set[int] = set()
        offered: dict[str, list[Any]] = {"Nobody": options([("", "Choose a person")])}
        for heading, people in groups:
            fresh = [(i, name) for i, name in people if i not in seen]
            seen |= {i for i, _ in fresh}
            if fresh:
                offered[heading] = options(fresh)
        self.with_id.choices = offered

    def chosen(self) -> int | None:
        """Return who was chosen, None for nobody."""
        return whole_number(self.with_id.data or "")
