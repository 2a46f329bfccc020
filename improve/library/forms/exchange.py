"""Pages for other councils and from them: choose, bring in, confirm, and trust a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from improve.shared.forms import FileOrPasted, Form, Needed, Version, at_most, options

_ASKS_FOR: Final = "Choose the file, or paste what is in it."


class TickList(SelectMultipleField):
    """A list of which each line can be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ChoosePagesForm(Form):
    """Which public pages go out; all of them to begin with."""

    pages = TickList("Pages", validate_choice=False)

    def offer(self, pages: Sequence[tuple[str, str]]) -> None:
        """Offer (key, title) of public pages."""
        self.pages.choices = options(pages)


class BringPagesInForm(FileOrPasted):
    """A file from another council, or its text."""

    file = FileField("The file")
    pasted = TextAreaField("Or paste what is in it", validators=[at_most("pasted_rows")])

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for one of the two."""
        is_good = bool(super().validate(extra_validators))
        if not self.has_file and not self.pasted.data:
            self.file.errors = [*self.file.errors, _ASKS_FOR]
            return False
        return is_good


class ConfirmPagesForm(Form):
    """The last step: which pages, and that an unknown signature is known to be unknown."""

    seen = HiddenField("Seen")
    pages = TickList("Pages", validate_choice=False)
    is_unknown_taken = BooleanField("Bring them in, though nobody here has compared this signature")


class TrustForm(Form):
    """A council's key, and the digits that somebody there read out."""

    name = StringField("Council", validators=[at_most("organisation_name")])
    key = TextAreaField(
        "Their key, or what is in their key.json",
        validators=[Needed("Paste their key, or what is in their key.json."), at_most("reply")],
    )
    read_out = StringField(
        "The 40 digits that they read out to you",
        validators=[Needed("Type the digits that they read out to you."), at_most("place_name")],
    )
    how_compared = TextAreaField(
        "How did you compare them?",
        validators=[Needed("Write how you compared the digits, and with whom."), at_most("reason")],
    )


class EndTrustForm(Form):
    """One button, for the council as it was seen."""

    version = Version("Version")
