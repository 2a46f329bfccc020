"""What people say in a huddle: a decision, an action, thanks, and what made it hard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation

from improve.huddles.forms.fields import NumberField, PersonField, TokenForm
from improve.ideas.forms.coach import LevelField
from improve.ideas.forms.fields import DayField
from improve.ideas.forms.log import ReplyForm
from improve.shared.errors import Reason, RuleBroken
from improve.shared.formatting import whole_number
from improve.shared.forms import Needed, at_most, options

#: How a choice says that the person, or the day, is another than those offered.
OTHER: Final = "other"
#: As many people stand as pills; the others are in the list behind “Someone else”.
PILLS_MOST: Final = 6


class BackForm(TokenForm):
    """A form that stands on the driver's page or on a phone, and leads back to where it stood.

    ``at`` is “add” where it was sent from the page for phones. Several of these stand on one page,
    so their fields' ids begin with ``key``.
    """

    key = "say"
    #: What services call a field, and its name here: no two on the page have the same.
    renamed: ClassVar[Mapping[str, str]] = {}
    item = NumberField("Item")
    part = HiddenField("Part")
    at = HiddenField("Page")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = f"{self.key}-{field.name}"

    def refuse(self, error: RuleBroken) -> None:
        """Show each reason beside its field, by the field's name here."""
        super().refuse(
            RuleBroken(
                [Reason(r.words, self.renamed.get(r.field or "", r.field)) for r in error.reasons]
            )
        )

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What somebody wrote, each with its label, so that it can be kept."""
        written = (f for f in self if f.type in {"TextAreaField", "StringField"} and f.data)
        return [(field.label.text, field.data) for field in written]

    def stand_at(self, *, item: int | None, part: str, at: str = "") -> None:
        """Say where a fresh form stands."""
        self.item.data, self.part.data, self.at.data = item, part, at


class DecisionForm(BackForm):
    """One line under “What we decided”."""

    key = "decision"
    renamed: ClassVar = {"words": "decision"}
    decision = TextAreaField(
        "What did we decide?",
        validators=[Needed("Write what was decided, in one line."), at_most("decision")],
    )


class KeepGoingForm(BackForm):
    """Go on with a test until another day."""

    key = "keep"
    renamed: ClassVar = {"words": "keep_words"}
    study_on = DayField(
        "Study it on", validators=[Needed("Say on which day."), at_most("number_or_day")]
    )
    keep_words = TextAreaField("A few words for the notes", validators=[at_most("decision")])


class BlockForm(BackForm):
    """Why an idea cannot go on, and who can help."""

    key = "blocked"
    reason = StringField(
        "What is in the way?", validators=[Needed("Say what is in the way."), at_most("reason")]
    )
    who = StringField(
        "Who can help?",
        validators=[Needed("Say who can help. A role is enough."), at_most("reason")],
    )
    level = LevelField("At which level?")


class ReplyHereForm(BackForm, ReplyForm):
    """The first reply, written in the huddle."""

    key = "reply"


class ActionForm(BackForm):
    """What will be done, by whom, by when."""

    key = "action"
    renamed: ClassVar = {"owner_id": "who", "due_on": "by"}
    what = TextAreaField(
        "What will be done?", validators=[Needed("Write what will be done."), at_most("action")]
    )
    who = PersonField("Who?")
    someone = SelectField("Someone else", coerce=str, validate_choice=False)
    by = RadioField("By when?", choices=[], validate_choice=False)
    other_day = DayField("Another day", validators=[at_most("number_or_day")])

    days: dict[str, date]

    def offer(
        self, people: Iterable[tuple[int, str]], days: Iterable[tuple[date, str]], *, me: int
    ) -> None:
        """Give the people, oneself first, and the days that are usual."""
        people = sorted(people, key=lambda one: one[0] != me)
        named = [(id_, "Me" if id_ == me else name.split(" ", 1)[0]) for id_, name in people]
        # A first name that two people have says nothing: then the whole name.
        firsts = [name for _, name in named]
        named = [
            (id_, full if firsts.count(short) > 1 else short)
            for (id_, short), (_, full) in zip(named, people, strict=True)
        ]
        pills, rest = named[:PILLS_MOST], people[PILLS_MOST:]
        if len(rest) == 1:
            pills, rest = named, []
        self.who.choices = options([*pills, *([(OTHER, "Someone else")] if rest else [])])
        self.someone.choices = options([("", "Choose a person"), *rest])
        self.days = {}
        offered = []
        for on, words in days:
            self.days[on.isoformat()] = on
            offered.append((on.isoformat(), words))
        self.by.choices = options([*offered, (OTHER, "Another day")])

    def validate_who(self, field: Any) -> None:
        """Refuse an action that is nobody's."""
        if self.owner_id is None:
            raise StopValidation("Choose who will do it.")
        del field

    def validate_by(self, field: Any) -> None:
        """Refuse an action without a day."""
        if field.data != OTHER and field.data not in self.days:
            raise StopValidation("Choose by when.")

    def validate_other_day(self, field: Any) -> None:
        """Ask for the day where it is another one."""
        if self.by.data == OTHER and not field.errors and field.day is None:
            raise StopValidation("Say by which day, for example 27/11/2026.")

    @property
    def owner_id(self) -> int | None:
        """Whoever will do it, of those offered."""
        chosen = self.someone.data if self.who.data == OTHER else self.who.data
        offered = {str(c.value) for c in (*self.who.choices, *self.someone.choices)} - {OTHER}
        return whole_number(chosen) if chosen and chosen in offered else None

    @property
    def due_on(self) -> date | None:
        """The day it is to be done by."""
        if self.by.data == OTHER:
            return self.other_day.day
        return self.days.get(self.by.data or "")


class ThanksForm(BackForm):
    """A sentence from one person to another."""

    key = "thanks"
    renamed: ClassVar = {"words": "thanks_words", "to_id": "to"}
    to = SelectField("Who do you thank?", coerce=str, validate_choice=False)
    thanks_words = TextAreaField(
        "What for?", validators=[Needed("Write what you thank them for."), at_most("thanks")]
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people who may be thanked."""
        self.to.choices = options([("", "Choose a person"), *people])

    def validate_to(self, field: Any) -> None:
        """Refuse thanks to nobody."""
        if self.to_id is None:
            raise StopValidation("Choose who you thank.")
        del field

    @property
    def to_id(self) -> int | None:
        """Whoever is thanked, of those offered."""
        offered = {str(choice.value) for choice in self.to.choices}
        return whole_number(self.to.data) if self.to.data in offered else None


class HardForm(BackForm):
    """What made the right thing hard: a condition, never a person."""

    key = "hard"
    renamed: ClassVar = {"words": "hard_words"}
    condition = RadioField("What was it?", choices=[], validate_choice=False)
    hard_words = TextAreaField("A few words about it", validators=[at_most("hard_thing")])

    def offer(self, conditions: Iterable[tuple[str, str]]) -> None:
        """Give the conditions."""
        self.condition.choices = options(conditions)

    def validate_condition(self, field: Any) -> None:
        """Refuse none."""
        if field.data not in {str(choice.value) for choice in field.choices}:
            raise StopValidation("Choose the one that comes nearest.")


class AfterForm(BackForm):
    """A missing item of an idea's gate becomes an action, to do after the huddle."""

    key = "after"
    need = HiddenField("What is missing")


class TapsForm(BackForm):
    """This week's taps become a point of their measure."""

    key = "taps"
    tally_id = NumberField("Tally")
