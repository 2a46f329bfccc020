"""What a reviewer sends from the desk: where a report belongs, a hazard, kind and factors."""

from __future__ import annotations

from typing import Final

from wtforms import BooleanField, RadioField, StringField, TextAreaField

from improve.accounts.forms.fields import Ticks
from improve.incidents.factors import FACTORS
from improve.incidents.kinds import KIND_WORDS, ROUTE_WORDS
from improve.shared.forms import Form, Version, at_most, options

FACTOR_HINTS: Final = {factor.code: factor.prompt for factor in FACTORS}


class StepForm(Form):
    """One button, on the state that was seen."""

    version = Version()


class RouteForm(Form):
    """Which other route a report is for, and who was told."""

    route = RadioField(
        "Where does it belong?",
        choices=options((route.value, words) for route, words in ROUTE_WORDS.items()),
        validate_choice=False,
    )
    told = TextAreaField("Whom did you tell, and when?", validators=[at_most("report_message")])


class PassOnForm(Form):
    """That the other route has all of it."""

    has_all = BooleanField("They have all that is written here, or need no more of it")


class AlertForm(Form):
    """What the owner of a system is told."""

    told = StringField("Who looks after the system", validators=[at_most("person_name")])
    email = StringField("Their e-mail address", validators=[at_most("email")])
    words = TextAreaField("What is the hazard?", validators=[at_most("report_message")])


class FactorsForm(Form):
    """Kind and factors: what one reader makes of a report, or what both agree on."""

    version = Version()
    kind = RadioField(
        "What kind of thing was it?",
        choices=options((kind.value, words) for kind, words in KIND_WORDS.items()),
        validate_choice=False,
    )
    factors = Ticks(
        "What made it more likely?",
        choices=options((factor.code, factor.name) for factor in FACTORS),
        validate_choice=False,
    )
