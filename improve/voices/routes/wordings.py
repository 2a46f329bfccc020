"""Administration: the words of the form, as the house or the council says them."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.reading_age import harder_than
from improve.voices.forms.setup import WordingForm
from improve.voices.queries import wording as queries
from improve.voices.routes.blueprint import blueprint
from improve.voices.service.wordings import change_words
from improve.voices.wording import ENGLISH, LANGUAGES, TEXTS

#: The parts of the page, as the names of texts begin.
PARTS: Final = {
    "all": "For everybody",
    "younger": "Younger, about 5 to 11",
    "older": "Older, about 12 to 17",
    "adult": "Adults and care leavers",
}
#: About how old somebody is whom a wording is for, as they read.
_MEANT: Final = {"younger": 7, "older": 9, "adult": 9, "all": 9}


@blueprint.get("/admin/voices/words")
@requires(Permission.SET_UP_VOICES)
def wordings() -> ResponseReturnValue:
    """List the texts of one wording in one language."""
    language = _known(request.args.get("language", ENGLISH))
    part = request.args.get("part", "")
    part = part if part in PARTS else "younger"
    actor = current_actor()
    return render_template(
        "voices/admin_wordings.html",
        words=queries.words_for(actor.organisation_id, language),
        own=queries.own_texts(actor, language),
        names=[name for name in TEXTS if name.startswith(f"{part}.")],
        english=TEXTS,
        part=part,
        parts=PARTS,
        languages=LANGUAGES,
    )


@blueprint.route("/admin/voices/words/<string:language>/<string:text>", methods=["GET", "POST"])
@requires(Permission.SET_UP_VOICES)
@commits
def wording(language: str, text: str) -> ResponseReturnValue:
    """Say a text in the council's own words, and see how it was said before."""
    if text not in TEXTS or language not in LANGUAGES:
        raise NotFound
    actor, form, status = current_actor(), WordingForm(), 200
    if form.is_sent():
        try:
            change_words(
                actor,
                language=language,
                name=text,
                words=form.words.data or "",
                seen_version=int(form.version.data),
            )
            say(_kept(language, text, form.words.data or ""))
            return redirect(
                url_for("voices.wordings", language=language, part=text.split(".", 1)[0]), 303
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    versions = queries.versions_of(actor, language, text)
    house = queries.catalogue(language)[text]
    now = (versions[0].words if versions else "") or house
    if request.method == "GET":
        form.words.data = now
    if request.method == "GET" or status == 409:
        form.version.data = versions[0].version if versions else 0
    page = render_template(
        "voices/admin_wording.html",
        form=form,
        name=text,
        language=LANGUAGES[language],
        versions=versions,
        house=house,
        english=TEXTS[text],
        now=now,
        part=PARTS[text.split(".", 1)[0]],
        is_stale=status == 409,
        harder=_harder(language, text, form.words.data or ""),
    )
    return page, status if status == 409 or request.method == "GET" else form.status


def _harder(language: str, text: str, words: str) -> tuple[int, int] | None:
    """Return how old one must be to read the words, and for how old they are; None: easy."""
    if LANGUAGES[language].lang != ENGLISH:
        return None
    return harder_than(_MEANT[text.split(".", 1)[0]], words)


def _kept(language: str, text: str, words: str) -> str:
    """Return what to say of words that were kept: also where they are hard to read."""
    harder = _harder(language, text, words)
    if harder is None:
        return "Kept. The form says it so from now on."
    return (
        f"Kept. It reads as for about {harder[0]} years, and is for about {harder[1]}: "
        "shorter words and sentences help."
    )


def _known(language: str) -> str:
    return language if language in LANGUAGES else ENGLISH
