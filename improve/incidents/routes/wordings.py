"""Administration: the words of the form, as the house or the council says them."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.setup import WordingForm
from improve.incidents.queries import wording as queries
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service.wordings import change_words
from improve.incidents.wording import TEXTS
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.reading_age import harder_than

#: The parts of the page in order: how each is called, and how the names of its texts begin.
PARTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "routes": ("Other routes", ("route", "about")),
    "start": ("The first page", ("danger", "start")),
    "doors": ("Confidential, anonymous", ("inside", "link")),
    "questions": ("The questions", ()),
    "end": (
        "Checking, sending, leaving",
        ("check", "nobody", "closed", "gone", "many", "thanks", "leaving"),
    ),
    "after": ("What was learned", ("learned",)),
    "errors": ("When something is missing", ("error",)),
}
#: School grade 9 is read at about this age: easy for whoever is tired and worried.
_MEANT: Final = 14
#: What begins otherwise belongs to a question.
_REST: Final = "questions"


def part_of(name: str) -> str:
    """Return the part of the page on which a text stands."""
    begins = name.split(".", 1)[0]
    return next((part for part, (_, heads) in PARTS.items() if begins in heads), _REST)


@blueprint.get("/admin/reports/words")
@requires(Permission.SET_UP_REPORTS)
def wordings() -> ResponseReturnValue:
    """List the texts of one part of the form."""
    part = request.args.get("part", "")
    part = part if part in PARTS else next(iter(PARTS))
    here = current_actor().organisation_id
    own = {name: view for name, view in queries.newest(here).items() if view.words}
    return render_template(
        "incidents/admin_wordings.html",
        texts=[
            (name, own[name].words if name in own else words, own.get(name))
            for name, words in TEXTS.items()
            if part_of(name) == part
        ],
        part=part,
        parts={name: words for name, (words, _) in PARTS.items()},
    )


@blueprint.route("/admin/reports/words/<string:text>", methods=["GET", "POST"])
@requires(Permission.SET_UP_REPORTS)
@commits
def wording(text: str) -> ResponseReturnValue:
    """Say a text in the council's own words, and see how it was said before."""
    if text not in TEXTS:
        raise NotFound
    actor, form, status = current_actor(), WordingForm(), 200
    if form.is_sent():
        try:
            change_words(
                actor,
                name=text,
                words=form.words.data or "",
                seen_version=int(form.version.data),
            )
            say(_kept(form.words.data or ""))
            return redirect(url_for("incidents.wordings", part=part_of(text)), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    versions = queries.versions_of(actor.organisation_id, text)
    house = TEXTS[text]
    now = (versions[0].words if versions else "") or house
    if request.method == "GET":
        form.words.data = now
    if request.method == "GET" or status == 409:
        form.version.data = versions[0].version if versions else 0
    page = render_template(
        "incidents/admin_wording.html",
        form=form,
        name=text,
        versions=versions,
        house=house,
        now=now,
        part=part_of(text),
        part_words=PARTS[part_of(text)][0],
        is_stale=status == 409,
        harder=harder_than(_MEANT, form.words.data or ""),
    )
    return page, status if status == 409 or request.method == "GET" else form.status


def _kept(words: str) -> str:
    """Return what to say of words that were kept: also where they are hard to read."""
    if harder_than(_MEANT, words) is None:
        return "Kept. The form says it so from now on."
    return "Kept. It is hard to read: shorter words and sentences help."
