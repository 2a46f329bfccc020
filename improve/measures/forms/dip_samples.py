"""Set a dip sample up, answer one record, settle differences, have somebody else read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from improve.accounts.queries import PersonName
from improve.measures.dip_counts import ANSWER_WORDS, QUESTIONS_MOST, RECORDS_MOST
from improve.measures.service.dip_samples import SampleDetails
from improve.measures.tally_counts import week_of
from improve.measures.views import MeasureChoice
from improve.shared import clock, limits
from improve.shared.formatting import day_typed, whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.parsing import NotReadable, parse_date

BETTER = (("higher", "Yes"), ("lower", "No"), ("neither", "Neither"))
NO_MEASURE = -1
_AGREED = re.compile(r"agreed-([0-9]{1,2})-([0-9])")


class NewSampleForm(Form):
    """What is read, by whom, and what it becomes a point of."""

    title = StringField("Title", validators=[Needed("Give it a title."), at_most("title")])
    questions = TextAreaField(
        "Questions", validators=[Needed("Write a question."), at_most("questions")]
    )
    record_count = StringField(
        "How many records?", validators=[Needed("Give a number."), at_most("number_or_day")]
    )
    practice_week = StringField(
        "Practice week", validators=[Needed("Give a day."), at_most("number_or_day")]
    )
    first_reader = SelectField("First reader", coerce=int)
    second_reader = SelectField("Second reader", coerce=int)
    measured_question = SelectField(
        "Which question becomes the point?",
        coerce=int,
        choices=options((n, f"Question {n}") for n in range(1, QUESTIONS_MOST + 1)),
        default=1,
    )
    measure_id = SelectField("It becomes a point of", coerce=int)
    better_when = RadioField("Which answer is better?", choices=options(BETTER), default="higher")

    def offer(self, *, readers: Sequence[PersonName], measures: Iterable[MeasureChoice]) -> None:
        """Give the people and the measures to choose from."""
        self.first_reader.choices = options((p.id, p.name) for p in readers)
        self.second_reader.choices = options((p.id, p.name) for p in readers)
        if self.second_reader.data is None and len(readers) > 1:
            self.second_reader.data = readers[1].id
        first = [(0, "A new measure, by month"), (NO_MEASURE, "No chart: only to learn from")]
        self.measure_id.choices = options([*first, *((m.id, m.name) for m in measures)])
        if self.measure_id.data is None:
            self.measure_id.data = 0
        if self.practice_week.data is None:
            self.practice_week.data = day_typed(week_of(clock.today()))

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the questions, the number and the week."""
        is_good = bool(super().validate(extra_validators))
        self._count = whole_number((self.record_count.data or "").strip())
        if self.record_count.data and (not self._count or self._count > RECORDS_MOST):
            words = f"Give a whole number from 1 to {RECORDS_MOST}."
            self.record_count.errors = [*self.record_count.errors, words]
            is_good = False
        self._week: date | None = None
        if self.practice_week.data:
            today = clock.today()
            try:
                self._week = parse_date(
                    self.practice_week.data,
                    earliest=today - timedelta(days=366),
                    latest=today + timedelta(days=183),
                )
            except NotReadable as unread:
                words = f"{unread.words.rstrip('.?')}. {unread.hint}".strip()
                self.practice_week.errors = [*self.practice_week.errors, words]
                is_good = False
        most = limits.length("question")
        longest = max((len(line) for line in self._lines()), default=0)
        if len(self._lines()) > QUESTIONS_MOST:
            words = f"Write {QUESTIONS_MOST} questions at most. There are {len(self._lines())}."
        elif longest > most:
            words = f"Use {most} characters or fewer for each. One has {longest}."
        else:
            return is_good
        self.questions.errors = [*self.questions.errors, words]
        return False

    def _lines(self) -> list[str]:
        lines = [line.strip() for line in (self.questions.data or "").split("\n")]
        return [line for line in lines if line]

    def details(self) -> SampleDetails:
        """Return what was typed; only after the form held."""
        assert self._week is not None  # noqa: S101 - validate has read it
        measure_id = self.measure_id.data
        return SampleDetails(
            title=self.title.data or "",
            questions=self._lines(),
            record_count=self._count or 0,
            practice_week_on=self._week,
            first_reader_id=self.first_reader.data,
            second_reader_id=self.second_reader.data,
            measured_question=self.measured_question.data,
            measure_id=None if measure_id == NO_MEASURE else measure_id,
            better_when=self.better_when.data,
        )


class RecordForm(Form):
    """One record: an answer to each question."""

    record = HiddenField("Record")
    q1 = RadioField("1", choices=options(ANSWER_WORDS.items()), validate_choice=False)
    q2 = RadioField("2", choices=options(ANSWER_WORDS.items()), validate_choice=False)
    q3 = RadioField("3", choices=options(ANSWER_WORDS.items()), validate_choice=False)
    q4 = RadioField("4", choices=options(ANSWER_WORDS.items()), validate_choice=False)
    q5 = RadioField("5", choices=options(ANSWER_WORDS.items()), validate_choice=False)
    q6 = RadioField("6", choices=options(ANSWER_WORDS.items()), validate_choice=False)

    def ask(self, questions: Sequence[str]) -> None:
        """Ask these questions and no others."""
        for number in range(1, QUESTIONS_MOST + 1):
            if number > len(questions):
                del self[f"q{number}"]
            else:
                self[f"q{number}"].label.text = questions[number - 1]

    def fill(self, answers: Mapping[int, str]) -> None:
        """Show what was answered before."""
        for number, answer in answers.items():
            self[f"q{number}"].data = answer

    def asked(self) -> list[Any]:
        """Return the fields of the questions, in order."""
        return [self[name] for name in self._fields if name.startswith("q")]

    def answers(self) -> dict[int, str]:
        """Return what was chosen, by question."""
        return {int(f.name[1:]): f.data for f in self.asked() if f.data}


class SettleForm(Form):
    """What the two readers agreed; its fields stand in the page's own list of differences."""

    @staticmethod
    def agreed(sent: Mapping[str, str]) -> dict[tuple[int, int], str]:
        """Return the answers sent, by (record, question)."""
        return {
            (int(match[1]), int(match[2])): text
            for name, text in sent.items()
            if (match := _AGREED.fullmatch(name))
        }


class ChangeReaderForm(Form):
    """Somebody else reads in a reader's place."""

    version = Version("Version")
    reader = RadioField("Whose place?", coerce=int, validate_choice=False)
    person_id = SelectField("Who reads instead?", coerce=int, validate_choice=False)

    def offer(self, *, places: Iterable[tuple[int, str]], people: Iterable[PersonName]) -> None:
        """Give the two places and the people to choose from."""
        self.reader.choices = options(places)
        self.person_id.choices = options((p.id, p.name) for p in people)
