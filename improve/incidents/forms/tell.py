"""The form of a report: one question a page, and a trap that people do not see."""

from __future__ import annotations

from typing import Any, Final

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField

from improve.incidents import journey
from improve.incidents.journey import Said, Step
from improve.incidents.wording import Words
from improve.shared import limits
from improve.shared.forms import Form, at_most

#: Most characters of what is written.
MOST: Final = {
    Step.HAPPENED: limits.length("report_words"),
    Step.HELPED: limits.length("report_helped"),
    Step.TRY: limits.length("report_helped"),
}
MOST_CONTACT: Final = limits.length("report_contact")


class BeginForm(Form):
    """The one button before the first question."""


class AnswerForm(Form):
    """One question: a choice, ticks or words, whichever it asks for. Only that is drawn."""

    choice = RadioField(validate_choice=False)
    ticks = SelectMultipleField(validate_choice=False)
    words = TextAreaField(validators=[at_most("report_words")])
    contact = StringField(validators=[at_most("report_contact")])
    #: Nobody sees it, so whoever fills it in is a machine.
    website = StringField(validators=[at_most("voice_label")])

    def __init__(
        self, step: Step, texts: Words, allowed: frozenset[str], *, is_skipped: bool, **more: Any
    ) -> None:
        self.step, self.texts, self.allowed, self.is_skipped = step, texts, allowed, is_skipped
        super().__init__(**more)

    @property
    def answer_field(self) -> Any:
        """The field in which this question is answered."""
        if self.step in journey.WRITTEN:
            return self.words
        return self.ticks if self.step in {Step.FACTORS, Step.NOT_READERS} else self.choice

    @property
    def is_trapped(self) -> bool:
        """Whether what nobody sees was filled in."""
        return bool(self.website.data)

    def told(self) -> Said:
        """Return what was answered."""
        field = self.answer_field
        is_ticks = field is self.ticks
        return Said(
            said="" if is_ticks else str(field.data or ""),
            ticks=tuple(dict.fromkeys(field.data or ())) if is_ticks else (),
            contact=str(self.contact.data or "") if self.step is Step.CALL_BACK else "",
            is_skipped=self.is_skipped,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse no answer where one is needed, what is no choice, and what is too long."""
        if not super().validate(extra_validators):
            return False
        if self.step is Step.CHECK or self.is_skipped:
            return True
        if len(self.contact.data or "") > MOST_CONTACT:
            return self._fault(self.contact, self.texts("error.long", most=f"{MOST_CONTACT:,}"))
        most = MOST.get(self.step)
        if most is not None and len(self.words.data or "") > most:
            return self._fault(self.words, self.texts("error.long", most=f"{most:,}"))
        fault = journey.fault_in(self.step, self.told(), self.allowed)
        is_contact = fault == "error.contact"
        field = self.contact if is_contact else self.answer_field
        return self._fault(field, self.texts(fault)) if fault else True

    @staticmethod
    def _fault(field: Any, words: str) -> bool:
        field.errors = [words]
        return False
