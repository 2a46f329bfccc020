"""What staff look for among the voices that they may read."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, StringField

from improve.shared.formatting import whole_number
from improve.shared.forms import Form, at_most, options
from improve.shared.query_words import words_of
from improve.voices.kinds import SPEAKER_WORDS, Speaker
from improve.voices.queries.shared import SharedFilter

GIVEN = "given"


class FindVoicesForm(Form):
    """Words, whose, about which theme; it goes with the address."""

    class Meta(Form.Meta):
        """Nothing is changed by reading."""

        csrf = False

    q = StringField("Words to look for", validators=[at_most("search")])
    whose = SelectField("Who told us", validate_choice=False)
    theme = SelectField("Theme", validate_choice=False)
    only = SelectField("Which voices", validate_choice=False)

    def offer(self, themes: Sequence[tuple[int, str]]) -> None:
        """Give the choices; what is none of them stands for all."""
        speakers = [(s.value, SPEAKER_WORDS[s]) for s in Speaker if s is not Speaker.HELPER]
        self.whose.choices = options([("", "Everybody"), *speakers])
        self.theme.choices = options([("", "Any theme"), *themes])
        self.only.choices = options([("", "All voices"), (GIVEN, "Given to my team")])
        for field in (self.whose, self.theme, self.only):
            known = {str(choice.value) for choice in field.choices or ()}
            field.data = field.data if field.data in known else ""

    @property
    def chosen(self) -> SharedFilter:
        """What is looked for."""
        return SharedFilter(
            words=words_of(self.q.data),
            theme_id=whole_number(self.theme.data or ""),
            whose=self.whose.data or "",
            is_given=self.only.data == GIVEN,
        )

    @property
    def query(self) -> dict[str, str]:
        """The address of the same list."""
        found = {"q": self.q.data, "whose": self.whose.data, "theme": self.theme.data}
        return {name: words for name, words in {**found, "only": self.only.data}.items() if words}
