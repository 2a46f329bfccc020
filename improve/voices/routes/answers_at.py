"""Where answers are read: whose they are, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from improve.voices.queries.receipt import AnswersOf, answers_of
from improve.voices.queries.wording import words_for
from improve.voices.routes.at_form import duty_rows, named
from improve.voices.wording import ENGLISH, LANGUAGES, TEXTS, Words


@dataclass(frozen=True, slots=True)
class AnswersAt:
    """Whose answers, where a council is named, and the words that its pages say."""

    council: AnswersOf | None
    words: Words
    #: The language that was asked for, “” where nobody did.
    chosen: str = ""

    def show(self, template: str, **more: Any) -> str:
        """Return a page of answers."""
        council = self.council
        return render_template(
            f"voices/{template}.html",
            words=self.words,
            council=council,
            council_name=council.name if council else "",
            slug=council.slug if council else None,
            duty=duty_rows(council.duty_numbers, self.words) if council else [],
            languages=LANGUAGES,
            in_language=named(self.words.language.code),
            **more,
        )


def answers_at(slug: str | None, told_in: str = ENGLISH) -> AnswersAt:
    """Return whose answers, in the language that was asked for, or else the one they told it in.

    Only in one that somebody checked there. Raises ``NotFound``.
    """
    if slug is None:
        return AnswersAt(None, Words(LANGUAGES[ENGLISH], TEXTS))
    council = answers_of(slug)
    # English is where everybody begins: it is chosen only where a request says so. What the address
    # says was just pressed; the form says how the page was read before.
    asked = request.args.get("language") or request.form.get("language") or ""
    chosen = asked if asked in council.languages else ""
    language = chosen or (told_in if told_in in council.languages else ENGLISH)
    return AnswersAt(council, words_for(council.organisation_id, language), chosen)
