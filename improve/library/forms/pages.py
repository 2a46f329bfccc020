"""Forms of learning pages: looking for them, writing one, letting the public read it."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from improve.ideas.kinds import Outcome
from improve.library.learning import ENDING_SHORT, TEXT_FIELDS, PageWords
from improve.library.views import ENDING_FILTERS, LibraryFilter
from improve.measures.spc.words import LABELS
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.query_words import words_of

#: How the filter by place names what comes from elsewhere, and what teams picked for leaders.
STORIES, BORROWED = "stories", "borrowed"


class FindPagesForm(Form):
    """What somebody looks for in the library; it goes with the address."""

    class Meta(Form.Meta):
        """Nothing is changed by reading."""

        csrf = False

    q = StringField("Words to look for", validators=[at_most("search")])
    ending = SelectField("How it ended", validate_choice=False)
    says = SelectField("What the numbers say", validate_choice=False)
    team = SelectField("Team", validate_choice=False)
    only = SelectField("Which pages", validate_choice=False)

    def offer(self, teams: Sequence[tuple[int, str]]) -> None:
        """Give the choices; what is none of them stands for all."""
        endings = [(one.value, ENDING_SHORT[one]) for one in ENDING_FILTERS]
        self.ending.choices = options([("", "Any ending"), *endings])
        self.says.choices = options([("", "Anything"), *LABELS.items()])
        self.team.choices = options([("", "Every team"), *teams])
        self.only.choices = options(
            [
                ("", "All pages"),
                (STORIES, "Stories for leaders"),
                (BORROWED, "From other councils"),
            ]
        )
        for field in (self.ending, self.says, self.team, self.only):
            known = {str(choice.value) for choice in field.choices or ()}
            field.data = field.data if field.data in known else ""

    @property
    def chosen(self) -> LibraryFilter:
        """What is looked for."""
        return LibraryFilter(
            words=words_of(self.q.data),
            ending=Outcome(self.ending.data) if self.ending.data else None,
            verdict=self.says.data or "",
            team_id=whole_number(self.team.data or ""),
            stories=self.only.data == STORIES,
            borrowed=self.only.data == BORROWED,
        )

    @property
    def query(self) -> dict[str, str]:
        """What goes into the address of another page of the list, empty fields left out."""
        named = {f.name: f.data for f in (self.q, self.ending, self.says, self.team, self.only)}
        return {name: value for name, value in named.items() if value}


class PageForm(Form):
    """A learning page. Texts are asked for by the service, since a draft may lack them."""

    version = Version("Version")
    confirmed = HiddenField("Read again")
    title = StringField("Title", validators=[at_most("title")])
    was_hard = TextAreaField("What was hard?", validators=[at_most("learning_text")])
    tried = TextAreaField("What did you try?", validators=[at_most("learning_text")])
    happened = TextAreaField("What happened?", validators=[at_most("learning_text")])
    changed_for_child = TextAreaField(
        "What changed for a child or a family?", validators=[at_most("learning_text")]
    )
    use_when = TextAreaField("Use this when", validators=[at_most("learning_text")])
    beware = TextAreaField("Beware", validators=[at_most("learning_text")])
    did_not_work = TextAreaField("What did not work", validators=[at_most("learning_text")])
    is_story = BooleanField("Show it to leaders as a story")

    def show(self, words: PageWords, version: int) -> None:
        """Fill in what stands there, or what the idea lends."""
        for name in ("title", *TEXT_FIELDS, "is_story"):
            self[name].data = getattr(words, name)
        self.version.data = version

    def words(self) -> PageWords:
        """Return what was written."""
        return PageWords(
            title=self.title.data or "",
            **{name: self[name].data or "" for name in TEXT_FIELDS},
            is_story=bool(self.is_story.data),
        )


class PublishForm(Form):
    """The decision to let everybody read a page."""

    version = Version("Version")
    why = TextAreaField(
        "Why should the public read it?",
        validators=[Needed("Write why the public should read it."), at_most("reason")],
    )
    is_looked_at = BooleanField("I have looked at these, and nobody can be known by them")
