"""The forms of privacy: shape and wording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.privacy.document_facts import FACTS
from improve.privacy.kept_kinds import KINDS
from improve.privacy.service.copies import REQUESTS
from improve.shared.forms import Form, Needed, at_most, options
from improve.shared.keeping_times import CHANGEABLE

#: Longer than what any honest form carries back.
_LONGEST_SEEN = 60_000


class _Seen(HiddenField):
    """What stood there when the form was opened, to tell whether it still does."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it; anything else counts as what never was."""
        text = valuelist[0] if valuelist else ""
        self.data = text if len(text) <= _LONGEST_SEEN else ""

    def mapping(self) -> dict[str, Any]:
        """Return it as names with values."""
        try:
            told = json.loads(self.data or "")
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class _SeenForm(Form):
    """A form of several values that another person may change meanwhile."""

    seen = _Seen()
    names: tuple[str, ...] = ()

    def show(self, now: Mapping[str, Any], *, typed: bool = False) -> None:
        """Show what holds now; with ``typed`` only note it, the person's own words stay."""
        self.seen.data = json.dumps(dict(now), sort_keys=True, ensure_ascii=False)
        if not typed:
            for name in self.names:
                self[name].data = str(now.get(name, "") or "")


class _TimesForm(_SeenForm):
    """For how many months each class is kept."""

    names = tuple(CHANGEABLE)

    @property
    def months(self) -> dict[str, int | None]:
        """The months by class; None where no whole number was typed."""
        return {name: _whole(self[name].data) for name in CHANGEABLE}


class _FactsForm(_SeenForm):
    """What the documents are filled with."""

    names = tuple(FACTS)

    @property
    def words(self) -> dict[str, str]:
        """The words by fact."""
        return {name: self[name].data or "" for name in FACTS}


def _with_fields(base: type[_SeenForm], fields: Mapping[str, Any]) -> type[Any]:
    return type(base.__name__.lstrip("_"), (base,), dict(fields))


TimesForm: type[_TimesForm] = _with_fields(
    _TimesForm,
    {
        kind.code: StringField(
            kind.title, validators=[Needed("Write the months."), at_most("number_or_day")]
        )
        for kind in KINDS
        if kind.code
    },
)
FactsForm: type[_FactsForm] = _with_fields(
    _FactsForm,
    {
        key: (TextAreaField if fact.is_long else StringField)(
            fact.label, validators=[at_most("document_fact")]
        )
        for key, fact in FACTS.items()
    },
)


class FindForm(Form):
    """Names or words that somebody asks about."""

    words = TextAreaField(
        "A name, or words that stand together",
        validators=[
            Needed("Write a name, or words that stand together."),
            at_most("subject_words"),
        ],
    )
    request = SelectField("Why you look", choices=options(REQUESTS.items()), default="access")


class CopyForm(Form):
    """The words found, carried to the button that makes a copy."""

    request = HiddenField()
    words = HiddenField(validators=[Needed("Look for the words again."), at_most("subject_words")])


class HideForm(CopyForm):
    """The same, and the thing whose texts are hidden."""

    root = HiddenField(validators=[Needed("Look for the words again."), at_most("slug")])


class EraseForm(PasswordAgainForm):
    """The one thing to say before somebody is erased."""

    names = TextAreaField(
        "Other names they had here",
        validators=[at_most("subject_words")],
    )
    is_sure = BooleanField(
        "I have read what goes and what stays, and that nobody can bring it back"
    )

    #: The button: “look” shows where these names stand, and erases nobody.
    act = HiddenField()

    @property
    def only_looks(self) -> bool:
        """Return whether nobody is erased yet."""
        return bool(self.act.data == "look")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the tick."""
        is_good = bool(super().validate(extra_validators))
        if not self.only_looks and not self.is_sure.data:
            self.is_sure.errors = [*self.is_sure.errors, "Tick this once you have read it."]
            return False
        return is_good


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 4 else None
