"""Where somebody is who fills in the form: the council, its words, and the answers so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from babel.dates import format_date
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import form_name
from improve.accounts.duty_numbers import duty_number
from improve.shared import clock
from improve.shared.errors import NotFound
from improve.shared.formatting import day as day_words
from improve.voices import questions
from improve.voices.queries.codes import Place, place_of
from improve.voices.queries.draft import Draft, draft_of
from improve.voices.queries.setup import PublicSetup, public_setup
from improve.voices.queries.wording import words_for
from improve.voices.wording import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A number of the council's to ring, as a row shows it."""

    number: str
    tel: str
    words: str


@dataclass(frozen=True, slots=True)
class At:
    """Where somebody is: the address, the council, what it says, and the answers so far."""

    code: str
    place: Place
    setup: PublicSetup
    words: Words
    draft: Draft | None

    @property
    def wording(self) -> str:
        """How they are asked."""
        if self.draft is not None and self.draft.wording:
            return self.draft.wording
        return questions.wording_of(self.draft.answers if self.draft else {}).value

    @property
    def in_language(self) -> str | None:
        """What an address says of the language: nothing of English, nor of what a draft knows."""
        if self.draft is None:
            return named(self.words.language.code)
        code = self.words.language.code
        return None if code == self.draft.language else code

    def show(self, template: str, status: int = 200, **more: Any) -> ResponseReturnValue:
        """Return a page of the form."""
        more = {"go_on": "", "text": self.words("all.many.text"), **more}
        page = render_template(
            f"voices/{template}.html",
            place=self.place,
            setup=self.setup,
            words=self.words,
            wording=self.wording,
            draft=self.draft,
            code=self.code,
            leave_code=self.code,
            in_language=self.in_language,
            answers_in=named(self.words.language.code),
            council_name=self.setup.council_name,
            duty=duty_rows(self.setup.duty_numbers, self.words),
            day_in=partial(day_in, self.words),
            **more,
        )
        return make_response(page, status)

    def go(self, endpoint: str, **values: Any) -> ResponseReturnValue:
        """Go on to a page of the form."""
        return redirect(url_for(endpoint, code=self.code, **values), 303)


def day_in(words: Words, day: date) -> str:
    """Return a day as a language writes it, short: “Tue 1 Dec”."""
    return day_words(day) if words.lang == ENGLISH else format_date(day, "EEE d MMM", words.lang)


def long_day_in(words: Words, day: date) -> str:
    """Return a day as a language writes it, with its year: “1 December 2026”."""
    return format_date(day, "d MMMM y", words.lang)


def duty_rows(duty_numbers: Mapping[str, str], words: Words) -> list[DutyRow]:
    """Return the council's own numbers, by day and by night, that a telephone takes."""
    rows = []
    for when in ("day", "night"):
        line = duty_number(duty_numbers.get(when, ""))
        if line is not None and line.number:
            rows.append(DutyRow(line.number, line.digits, words(f"all.danger.{when}")))
    return rows


def named(language: str) -> str | None:
    """Return what an address says of a language: nothing of English."""
    return None if language == ENGLISH else language


def at_form(code: str, *, may_choose: bool = False) -> At:
    """Return where somebody is. Raises ``NotFound`` for an address that never was.

    ``may_choose``: around the questions the language that is asked for wins. A draft keeps its own
    until it is begun again.
    """
    place = place_of(code, clock.today())
    if place is None:
        raise NotFound
    code = code.strip().lower()
    setup = public_setup(place.organisation_id, clock.today())
    found = draft_of(form_token(), code)
    asked = request.values.get("language") if may_choose or found is None else None
    language = asked or (found.language if found else ENGLISH)
    if language not in setup.languages:
        language = ENGLISH
    return At(code, place, setup, words_for(place.organisation_id, language), found)


def form_token() -> str:
    """Return what names the answers so far, and alone opens them; “” before any form.

    To a stranger it is the form's own token, to somebody signed in a mark beside their session:
    both are in the one cookie, and go with “Leave this page”.
    """
    return form_name()
