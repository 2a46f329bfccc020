"""The filter of finished work, read from the address, and what leaders and readers send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from improve.accounts.queries import TeamView
from improve.ideas.aim_views import AimChoice
from improve.ideas.kinds import SOURCE_WORDS, Decision, Source
from improve.ideas.listing import VERDICT_KINDS, FinishedFilter
from improve.review.finished_address import kept_in
from improve.review.periods import OWN_DAYS, PERIOD_WORDS, USUAL, days_of
from improve.review.row_words import ENDINGS, FROM_WORDS
from improve.review.summary import Asked
from improve.shared import clock
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.parsing import NotReadable, parse_date

EARLIEST = date(1900, 1, 1)
#: An aim is a whole sentence: in a list of choices its beginning says which.
_AIM_SHOWN = 80


class FilterForm(FlaskForm):
    """Which finished cycles. Sent by GET: it changes nothing and needs no token.

    An address may name a team that was renamed, or anything at all: then all are shown, and the
    choice says so.
    """

    class Meta(FlaskForm.Meta):
        """No token: the address can be kept and shared."""

        csrf = False

    when = SelectField("When", choices=options(PERIOD_WORDS.items()), validate_choice=False)
    decided_from = StringField("From", validators=[at_most("number_or_day")])
    decided_to = StringField("To", validators=[at_most("number_or_day")])
    service = SelectField("Service", choices=[], validate_choice=False)
    team = SelectField("Team", choices=[], validate_choice=False)
    aim = SelectField("Aim", choices=[], validate_choice=False)
    driver = SelectField("Driver", choices=[], validate_choice=False)
    source = SelectField(
        "Came from", choices=options([("", "Anywhere"), *SOURCE_WORDS.items()]), default=""
    )
    decision = SelectField(
        "How it ended",
        choices=options(
            [
                ("", "Kept, changed, stopped"),
                *((made.value, words.capitalize()) for made, words in ENDINGS.items()),
            ]
        ),
        validate_choice=False,
    )
    says = SelectField(
        "What the chart says now",
        choices=options(
            [("", "Anything"), *((k, words) for k, (words, _) in VERDICT_KINDS.items())]
        ),
        validate_choice=False,
    )
    unread = BooleanField("Only those I have not read")

    def offer(
        self,
        teams: Sequence[TeamView],
        services: Sequence[tuple[int, str]],
        aims: Sequence[AimChoice],
    ) -> None:
        """Let the person choose among these, and show all where the address asks for no such."""
        self._teams = {team.slug: team for team in teams}
        self._services = {str(service_id): name for service_id, name in services}
        self._aims = {str(aim.id): aim.statement for aim in aims}
        self._drivers = {str(one.id): one.name for aim in aims for one in aim.drivers}
        self.service.choices = options([("", "All services"), *services])
        self.team.choices = options([("", "All teams"), *((t.slug, t.name) for t in teams)])
        self.aim.choices = options(
            [("", "All aims"), *((aim.id, _short(aim.statement)) for aim in aims)]
        )
        self.driver.choices = options(
            [("", "All drivers"), *((one.id, one.name) for aim in aims for one in aim.drivers)]
        )
        kept = kept_in({name: str(field.data or "") for name, field in self._fields.items()})
        for field in (self.service, self.team, self.aim, self.driver, *self._kinds()):
            value = kept.get(field.name, "")
            known = {choice.value for choice in field.choices}
            field.data = value if value in known else ""
        self._choose_period(kept.get("when", ""))

    def validate_decided_from(self, field: StringField) -> None:
        """Read the first day; nothing typed means from the beginning."""
        self.first: date | None = self._read(field)
        self.last: date | None = None
        if self.when.data != OWN_DAYS:
            self.first, self.last = days_of(self.when.data, clock.today())

    def validate_decided_to(self, field: StringField) -> None:
        """Read the last day; it may not lie before the first."""
        if self.when.data == OWN_DAYS:
            self.last = self._read(field)
        first = getattr(self, "first", None)
        if first and self.last and self.last < first:
            raise ValidationError("This day is before the first. Choose a later one.")

    @property
    def chosen_team(self) -> TeamView | None:
        """The team that was chosen."""
        return self._teams.get(self.team.data)

    def chosen(self) -> FinishedFilter:
        """Return what was chosen. The form must have been validated."""
        team = self.chosen_team
        return FinishedFilter(
            team_id=team.id if team else None,
            service_id=_number(self.service.data),
            aim_id=_number(self.aim.data),
            driver_id=_number(self.driver.data),
            source=Source(self.source.data) if self.source.data else None,
            decided_from=self.first,
            decided_to=self.last,
            decision=Decision(self.decision.data) if self.decision.data else None,
            verdict=self.says.data,
        )

    def asked(self) -> Asked:
        """Return the same in words."""
        team = self.chosen_team
        made = Decision(self.decision.data) if self.decision.data else None
        source = Source(self.source.data) if self.source.data else None
        return Asked(
            first=self.first,
            last=self.last,
            where=team.name if team else self._services.get(self.service.data, ""),
            aim=_short(self._aims.get(self.aim.data, "")),
            driver=self._drivers.get(self.driver.data, ""),
            source=FROM_WORDS.get(source, "staff’s own ideas") if source else "",
            ending=ENDINGS[made] if made else "",
            verdict=VERDICT_KINDS[self.says.data][0] if self.says.data else "",
            is_unread=bool(self.unread.data),
        )

    @property
    def narrows_list(self) -> bool:
        """Whether anything but the days leaves cycles out."""
        return any(field.data for field in (self.service, self.aim, self.decision, *self._more()))

    @property
    def is_narrow(self) -> bool:
        """Whether there is anything to clear."""
        return self.narrows_list or self.when.data != USUAL

    @property
    def narrows_more(self) -> bool:
        """Whether something is chosen that stands under “More”."""
        return any(field.data for field in self._more()) or self.when.data == OWN_DAYS

    def _more(self) -> tuple[SelectField | BooleanField, ...]:
        return (self.team, self.driver, self.source, self.says, self.unread)

    def _kinds(self) -> tuple[SelectField, ...]:
        return (self.source, self.decision, self.says)

    def _choose_period(self, when: str) -> None:
        has_days = bool(self.decided_from.data or self.decided_to.data)
        if when not in PERIOD_WORDS:
            # An address from before the quick periods names its days alone.
            when = OWN_DAYS if has_days else USUAL
        # Days that somebody typed hold, whatever the choice beside them says.
        self.when.data = OWN_DAYS if has_days else when

    @staticmethod
    def _read(field: StringField) -> date | None:
        text = (field.data or "").strip()
        if not text:
            return None
        try:
            return parse_date(text, earliest=EARLIEST, latest=clock.today() + timedelta(days=366))
        except NotReadable as error:
            raise ValidationError(str(error)) from error


class WhoseForm(FlaskForm):
    """Of whom “How we work” tells: a service or a team, by GET."""

    class Meta(FlaskForm.Meta):
        """No token: the address can be kept and shared."""

        csrf = False

    service = SelectField("Service", choices=[], validate_choice=False)
    team = SelectField("Team", choices=[], validate_choice=False)

    def offer(self, teams: Sequence[TeamView], services: Sequence[tuple[int, str]]) -> None:
        """Let the person choose among these, and show all where the address asks for no such."""
        self._teams = {team.slug: team for team in teams}
        self._services = {str(service_id): name for service_id, name in services}
        self.service.choices = options([("", "All services"), *services])
        self.team.choices = options([("", "All teams"), *((t.slug, t.name) for t in teams)])
        self.service.data = self.service.data if self.service.data in self._services else ""
        self.team.data = self.team.data if self.team.data in self._teams else ""

    @property
    def chosen_team(self) -> TeamView | None:
        """The team that was chosen; it goes before a service."""
        return self._teams.get(self.team.data)

    @property
    def chosen_service(self) -> tuple[int, str] | None:
        """The id and name of the service that was chosen."""
        name = self._services.get(self.service.data)
        return (int(self.service.data), name) if name and not self.team.data else None


class ReadForm(Form):
    """A word to the people of a finished cycle. ``quick`` only ticks and asks for nothing."""

    words = TextAreaField("A word to them", validators=[at_most("read_words")])
    seen_version = Version(default=0)
    back = HiddenField("Where from")
    quick = HiddenField("Only the tick")
    confirmed = HiddenField("Read again")


class SavedForm(Form):
    """The name of a saved review. ``query`` is what it keeps; a new name leaves it out."""

    name = StringField("Name", validators=[Needed("Give this view a name."), at_most("view_name")])
    query = HiddenField("What it shows")
    confirmed = HiddenField("Read again")


def _short(statement: str) -> str:
    return statement if len(statement) <= _AIM_SHOWN else statement[: _AIM_SHOWN - 1].rstrip() + "…"


def _number(text: str) -> int | None:
    return int(text) if text else None
