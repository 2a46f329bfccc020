"""The form of one's own settings."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from improve.accounts.days.huddle_days import DAY_NAMES
from improve.accounts.service.settings import Settings
from improve.notifications.kinds import GROUP_WORDS, PACE_WORDS, Group, Pace
from improve.shared.forms import Form, options

_UNKNOWN = "Choose one of the list."


class DaysField(SelectMultipleField):
    """Days of the week, each with a tick; what is no day is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=str, validate_choice=False, **more)

    @property
    def days(self) -> frozenset[int]:
        """The days ticked; Monday is 0."""
        return frozenset(int(day) for day in self.data or [] if day in set("0123456"))


def _pace(group: Group) -> SelectField:
    return SelectField(
        GROUP_WORDS[group],
        choices=options((pace.value, words) for pace, words in PACE_WORDS.items()),
    )


def _choice(label: str, *pairs: tuple[str, str]) -> RadioField:
    return RadioField(label, choices=options(pairs), invalid_choice_message=_UNKNOWN)


class SettingsForm(Form):
    """Mail by group, how pages look, and the days somebody works."""

    mail_replies = _pace(Group.REPLIES)
    mail_mentions = _pace(Group.MENTIONS)
    mail_followed = _pace(Group.FOLLOWED)
    mail_asked = _pace(Group.ASKED)
    mail_team = _pace(Group.TEAM)
    board_view = _choice("A board opens as", ("", "Columns"), ("list", "A list"))
    theme = _choice("Colours", ("", "As this device"), ("light", "Light"), ("dark", "Dark"))
    text_size = _choice("Size of text", ("", "Usual"), ("large", "Large"), ("largest", "Largest"))
    spacing = _choice("Space between letters and lines", ("", "Usual"), ("wide", "Wide"))
    weekdays = DaysField("Days I work", choices=options(enumerate(DAY_NAMES)))

    @property
    def mail_fields(self) -> list[Any]:
        """The fields of mail, in the order of the page."""
        return [self[f"mail_{group.value}"] for group in Group]

    @property
    def paces(self) -> dict[Group, Pace]:
        """How soon mail tells of each group, as chosen."""
        return {group: Pace(self[f"mail_{group.value}"].data) for group in Group}

    @property
    def settings(self) -> Settings:
        """The rest, as chosen."""
        return Settings(
            theme=self.theme.data or "",
            board_view=self.board_view.data or "",
            text_size=self.text_size.data or "",
            spacing=self.spacing.data or "",
            weekdays=self.weekdays.days,
        )
