"""What every form shares: plain words for refusals, nothing typed is lost, limits stated once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from improve.shared import limits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import whole_number

#: The last ones turn the direction of what follows them: words could be read as others.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069]")


def clean(text: Any) -> Any:
    """Return ``text`` stripped, with plain line ends and without control characters.

    What is no text, such as the number of a version, comes back as it is.
    """
    if not isinstance(text, str):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).strip()


def one_line(text: Any) -> Any:
    """Return the text of a field of one line cleaned, its line ends and tabs turned into blanks.

    A browser sends none; a name with one would write lines of its own into mails to others.
    """
    text = clean(text)
    if not isinstance(text, str):
        return text
    parts = (part.strip() for part in text.replace("\t", "\n").split("\n"))
    return " ".join(part for part in parts if part)


class Form(FlaskForm):
    """Base of every form. ``refuse`` puts a service's reasons beside their fields."""

    class Meta(FlaskForm.Meta):
        """Texts are cleaned on the way in, once, for every form."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Clean text fields; passwords and files stay as they were typed."""
            kind = unbound_field.field_class
            filters = list(unbound_field.kwargs.get("filters", ()))
            if kind is StringField:
                filters.append(one_line)
            elif issubclass(kind, (TextAreaField, HiddenField)):
                filters.append(clean)
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read the fields of a form: a file only where one is asked for, and no JSON.

            Else a program could send a file, a list or a number where every check expects a text.
            """
            if formdata is not _Auto:
                return formdata
            if request.method in {"GET", "HEAD"}:
                return None
            sent: MultiDict[str, Any] = MultiDict(request.form)
            for field in form:
                if isinstance(field, FileField):
                    sent.setlist(field.name, request.files.getlist(field.name))
            return sent

    def is_sent(self) -> bool:
        """Return whether the form was sent and holds: the one question a view asks.

        A form that comes back after an ended session is filled but never counts as sent.
        """
        if g.get("is_restoring"):
            return False
        return bool(self.validate_on_submit())

    def refuse(self, error: RuleBroken) -> None:
        """Show each reason beside its field, or at the top when it belongs to none."""
        for reason in error.reasons:
            field = self._fields.get(reason.field) if reason.field else None
            if field is None:
                self.form_errors.append(reason.words)
            else:
                field.errors = [*field.errors, reason.words]

    @property
    def status(self) -> int:
        """Return the status of the page that shows this form: 422 with errors, else 200."""
        return 422 if self.errors or self.form_errors else 200


def options(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as a field offers them. Numbers are sent as text."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]


class Needed:
    """The field must hold something. ``words`` say how to put it right."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse an empty field, with this as the only error."""
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(self.words)


def at_most(name: str) -> Callable[[Any, Field], None]:
    """Return a check that a text keeps the limit called ``name`` of ``shared.limits``."""
    most = limits.length(name)

    def check(_form: Any, field: Field) -> None:
        size = len(field.data or "")
        if size > most:
            raise ValidationError(f"Use {most:,} characters or fewer. This has {size:,}.")

    check.limit = most  # type: ignore[attr-defined]
    return check


def chosen_number(value: Any) -> int:
    """Return the number that a choice carries, an id or a count; 0 for what carries none."""
    return whole_number(str(value)) or 0


class FileOrPasted(Form):
    """A file, or its text pasted; the form that asks for it names the two fields."""

    pasted: TextAreaField
    file: FileField

    @property
    def has_file(self) -> bool:
        """Whether a file was chosen."""
        return bool(self.file.data and self.file.data.filename)

    def source(self) -> tuple[str | bytes, str]:
        """Return what was sent and, for a file, its name."""
        if self.has_file:
            return self.file.data.read(limits.IMPORT_BYTES_MOST + 1), self.file.data.filename
        return self.pasted.data or "", ""


class TableForm(FileOrPasted):
    """Pasted rows, or a file. ``asks_for`` says what to do where neither came."""

    asks_for = "Paste the rows, or choose a file."

    pasted = TextAreaField("Paste the rows", validators=[at_most("pasted_rows")])
    file = FileField("Or choose a file")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two, of a kind that is read."""
        is_good = bool(super().validate(extra_validators))
        if self.has_file and not self.file.data.filename.lower().endswith(
            (".csv", ".txt", ".xlsx")
        ):
            self.file.errors = [*self.file.errors, "Choose a file that ends in .csv or .xlsx."]
            return False
        if not self.has_file and not self.pasted.data:
            self.pasted.errors = [*self.pasted.errors, self.asks_for]
            return False
        return is_good


class Version(HiddenField):
    """The version that the person saw: a whole number, or nothing that could be trusted."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else counts as a version that never was."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) < 10 else -1
