"""Forms about the cycles of an idea: moving it, planning a small test, after a conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from wtforms import HiddenField, SelectField, StringField

from improve.ideas.forms.aims import DriverField
from improve.ideas.forms.fields import (
    ChoiceField,
    CountChoiceField,
    DayField,
    answer_of,
    field_for,
    show_answer,
)
from improve.ideas.kinds import Stage, Way
from improve.ideas.page import MoveFormView, PlanFormView
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS, choice_words
from improve.shared import clock
from improve.shared.errors import RuleBroken
from improve.shared.formatting import day
from improve.shared.forms import Form, Version, at_most, options
from improve.shared.limits import SMALL_TEST_MOST
from improve.shared.working_days import add_working_days

#: Fields of the idea itself that a move may fill.
IDEA_ANSWERS = ("improves", "problem")
#: A small test lasts two weeks unless people say otherwise.
SMALL_TEST_DAYS = 14
#: Fields that are no question of a cycle but of the move itself.
MOVE_FIELDS = ("note", "look_again_on", "lead_id", "why_now", "main_id", "beside_id")


class AnswersForm(Form):
    """Every question that a form about a cycle may show; each page names those it shows.

    ``shown`` are the names that stood on the page, ``carried`` those whose words were typed on an
    earlier page and come along.
    """

    version = Version("Version")
    from_stage = HiddenField("From")
    back = HiddenField("Back to")
    shown = HiddenField("Shown")
    carried = HiddenField("Carried")
    in_dialog = HiddenField("In the dialog")
    confirmed = HiddenField("Read again")

    @property
    def seen_stage(self) -> Stage:
        """The stage that the person saw; an unknown one never was."""
        known = {stage.value: stage for stage in Stage}
        return known.get(self.from_stage.data or "", Stage.DONE)

    def names(self) -> tuple[str, ...]:
        """Return the questions whose answers count, each once."""
        asked = f"{self.shown.data or ''} {self.carried.data or ''}".split()
        return tuple(dict.fromkeys(n for n in asked if n in QUESTIONS and n in self._fields))

    def answers(self) -> dict[str, Any]:
        """Return the answers by name of ``questions``."""
        return {name: answer_of(self[name]) for name in self.names()}

    def texts(self) -> dict[str, str]:
        """Return the free words by field, for the hint about words that may identify someone."""
        names = [n for n in self.names() if QUESTIONS[n].kind in {"text", "line"}]
        return {name: self[name].data or "" for name in (*names, "note") if name in self._fields}

    def show_values(self, names: Iterable[str], values: Mapping[str, Any]) -> None:
        """Show what was answered before, in these fields."""
        for name in names:
            if name in self._fields and name in QUESTIONS:
                show_answer(self[name], values.get(name))

    def in_words(self, name: str) -> str:
        """Return an answer as a page reads it."""
        return in_words(name, answer_of(self[name]))

    def refuse(self, error: RuleBroken) -> None:
        """Show each reason beside its field; at the top where that field is not on the page."""
        on_page = {*(self.shown.data or "").split(), *MOVE_FIELDS, "to"}
        for reason in error.reasons:
            field = self._fields.get(reason.field or "")
            if field is None or reason.field not in on_page:
                self.form_errors.append(reason.words)
            else:
                field.errors = [*field.errors, reason.words]


def in_words(name: str, value: Any) -> str:
    """Return an answer as a page reads it: “Mostly”, “Tue 8 Dec”, “4”, “Yes”; “” for none."""
    kind = QUESTIONS[name].kind
    if value is None or value == "" or value is False:
        return ""
    if kind == "choice":
        return choice_words(name, value)
    if kind == "date":
        return day(value)
    return "Yes" if kind == "tick" else str(value)


QUESTIONS = {**CYCLE_QUESTIONS, **{name: IDEA_QUESTIONS[name] for name in IDEA_ANSWERS}}
for _name, _question in QUESTIONS.items():
    setattr(AnswersForm, _name, field_for(_question))


class MoveForm(AnswersForm):
    """Where to, and what that asks for. ``asked_for`` is the way whose fields stood on the page."""

    to = ChoiceField("Where to?", tuple((way.value, way.value) for way in Way))
    asked_for = HiddenField("Asked for")
    note = StringField("Why?", validators=[at_most("reason")])
    look_again_on = DayField("When will you look again?", validators=[at_most("number_or_day")])
    lead_id = SelectField("Who leads it?", coerce=int, choices=[], validate_choice=False)
    why_now = StringField("Why start another now?", validators=[at_most("reason")])
    show = HiddenField("Show")
    #: Sent by the script when a card was dropped on a column: nothing was asked yet.
    dropped = HiddenField("Dropped")

    @property
    def way(self) -> Way | None:
        """The chosen way, None for nothing or something unknown."""
        return Way(self.to.data) if self.to.data else None

    @property
    def has_other_fields(self) -> bool:
        """Whether another way was chosen than the one whose fields are on the page."""
        return bool(self.show.data) or self.to.data != self.asked_for.data

    def note_words(self) -> str:
        """Return the words that stay with the move."""
        said = [(self.note.data or "").strip(), (self.why_now.data or "").strip()]
        return " ".join(words for words in said if words)

    def see(self, view: MoveFormView) -> None:
        """Stand by the idea as it is now: what is sent from here on is about this version."""
        self.version.data = view.version
        self.from_stage.data = view.stage.value

    def offer(self, view: MoveFormView) -> None:
        """Give the choices of an idea and the fields of the chosen way, with earlier answers.

        Words typed for another way are carried along; nothing typed is written over.
        """
        chosen = view.chosen
        self.to.choices = options((c.way.value, c.words) for c in view.choices)
        people = ((p.id, p.name) for p in view.people)
        self.lead_id.choices = options([(0, "Nobody yet"), *people])
        typed = set(self.names()) if self.shown.data is not None else set()
        if self.lead_id.data is None:
            self.lead_id.data = view.lead_id or 0
        if chosen is None:
            return
        fields = tuple(name for name in chosen.fields if name in QUESTIONS)
        others = [n for n in typed if n not in fields and self[n].data not in (None, "", False)]
        self.to.data = self.asked_for.data = chosen.way.value
        self.shown.data = " ".join(fields)
        self.carried.data = " ".join(
            n for n in QUESTIONS if n in others and answer_of(self[n]) != view.values.get(n)
        )
        self.show.data = ""
        self.show_values([n for n in fields if n not in typed], view.values)
        self.note.label.text = chosen.note_label or "Why?"


class PlanForm(AnswersForm):
    """A small test in four lines; the rest opens when it is wide enough to move a measure."""

    families_count = CountChoiceField(
        "Families", tuple((str(n), str(n)) for n in range(1, SMALL_TEST_MOST + 1))
    )
    note = StringField("Why go on without?", validators=[at_most("reason")])
    main_id = SelectField("Which measure should move?", coerce=int, validate_choice=False)
    beside_id = SelectField("Which measure might get worse?", coerce=int, validate_choice=False)
    driver_id = DriverField("What is it meant to move?")
    #: The one that stood there when the page was opened: only another choice changes anything.
    driver_seen = HiddenField("What stood there")
    is_started = HiddenField("Start")

    def offer(self, view: PlanFormView, measures: Iterable[tuple[int, str]]) -> None:
        """Give the measures of the team, and say which questions this page asks."""
        choices = [(0, "Not chosen yet"), *measures]
        self.main_id.choices = options(choices)
        self.beside_id.choices = options(choices)
        self.version.data = view.version
        self.from_stage.data = view.stage.value
        locked = {"prediction", "expected_count", "expected_of"} if view.is_locked else set()
        self.shown.data = " ".join(n for n in PLAN_NAMES if n not in locked)

    def fill(self, view: PlanFormView) -> None:
        """Show what was written; a first plan begins with the author's own words, for two weeks.

        It ends on a working day: nobody looks at what happened on a Sunday.
        """
        self.show_values(PLAN_NAMES, view.values)
        if self.study_by_on.data == "" and not view.is_locked:
            before = clock.today() + timedelta(days=SMALL_TEST_DAYS - 1)
            self.study_by_on.show(add_working_days(before, 1))
        chosen = {m.place: m.measure_id for m in view.measures}
        self.main_id.data = chosen.get("main", 0)
        self.beside_id.data = chosen.get("beside", 0)
        self.driver_id.data = view.driver.driver_id if view.driver else 0
        self.driver_seen.data = str(self.driver_id.data)

    @property
    def is_hung_anew(self) -> bool:
        """Whether another driver was chosen than the one that stood there."""
        return bool(self.driver_id.raw_data) and str(self.driver_id.data) != self.driver_seen.data

    def measures(self) -> tuple[int | None, int | None]:
        """Return the chosen measures, main and beside."""
        return self.main_id.data or None, self.beside_id.data or None


#: What the plan page asks, in its order.
PLAN_NAMES = tuple(name for name, q in CYCLE_QUESTIONS.items() if q.stage is Stage.PLAN)


class UndoForm(Form):
    """Which move to take back."""

    move_id = Version("Move")
    back = HiddenField("Back to")
