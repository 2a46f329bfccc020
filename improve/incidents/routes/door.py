"""The two doors of a report: from inside, and by a link without sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from improve.accounts.access import current_actor, form_name
from improve.accounts.duty_numbers import TIMES, duty_number
from improve.incidents.journey import Answers
from improve.incidents.kinds import WayIn
from improve.incidents.queries.draft import Draft, found_with
from improve.incidents.queries.setup import PublicSetup, organisation_of, public_setup
from improve.incidents.queries.wording import words_for
from improve.incidents.wording import Words, routes_shown
from improve.shared import clock


@dataclass(frozen=True, slots=True)
class At:
    """Where somebody is: by which door, at which council, what it says, and the answers so far.

    ``council``: the last part of the link's address; “” inside. ``has_sent``: this form sent a
    report, and its receipt can be shown.
    """

    council: str
    setup: PublicSetup
    words: Words
    draft: Draft | None
    has_sent: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether it is the form of somebody signed in."""
        return not self.council

    @property
    def way_in(self) -> WayIn:
        """By which door it is sent."""
        return WayIn.INSIDE if self.is_inside else WayIn.LINK

    @property
    def door(self) -> str:
        """What a draft is bound to."""
        return _door(self.setup.organisation_id, self.council)

    @property
    def answers(self) -> Answers:
        """What was answered so far."""
        return self.draft.answers if self.draft else Answers()

    def url(self, page: str = "", **values: Any) -> str:
        """Return the address of a page of this form."""
        name = ("tell" if self.is_inside else "report") + (f"_{page}" if page else "")
        if not self.is_inside:
            values["council"] = self.council
        return url_for(f"incidents.{name}", **values)

    def go(self, page: str, **values: Any) -> ResponseReturnValue:
        """Go on to a page of the form."""
        return redirect(self.url(page, **values), 303)

    def show(self, template: str, status: int = 200, **more: Any) -> ResponseReturnValue:
        """Return a page of the form."""
        lines = [(when, duty_number(self.setup.duty_numbers.get(when, ""))) for when in TIMES]
        has_numbers = any(line and line.number for _, line in lines)
        page = render_template(
            f"incidents/{template}.html",
            at=self,
            words=self.words,
            setup=self.setup,
            answers=self.answers,
            door="inside" if self.is_inside else "link",
            is_known=current_user.is_authenticated,
            lines=lines,
            routes=routes_shown(self.words, has_numbers=has_numbers),
            **more,
        )
        return make_response(page, status)


def at_inside(*, is_over: bool = False) -> At:
    """Return where somebody is who is signed in. ``is_over``: no answers so far are looked for."""
    return _at(current_actor().organisation_id, "", is_over=is_over)


def at_link(council: str, *, is_over: bool = False) -> At:
    """Return where somebody is who came by a council's link. Raises ``NotFound``."""
    slug = council.strip().lower()
    return _at(organisation_of(slug), slug, is_over=is_over)


def _at(organisation_id: int, council: str, *, is_over: bool) -> At:
    setup = public_setup(organisation_id, clock.today())
    door = _door(organisation_id, council)
    found = (None, False) if is_over else found_with(form_name(), door, organisation_id)
    return At(council, setup, words_for(organisation_id), *found)


def _door(organisation_id: int, council: str) -> str:
    return f"link {council}" if council else f"inside {organisation_id}"
