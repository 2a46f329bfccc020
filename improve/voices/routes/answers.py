"""Answering a voice, and drafting an answer for a reader to give out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.formatting import page_number, whole_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change
from improve.voices.answer_rules import said_for
from improve.voices.forms.answers import ENDINGS, AnswerForm
from improve.voices.kinds import MayShow
from improve.voices.languages import name_of
from improve.voices.queries import answers as queries
from improve.voices.queries.reading import Reading, reading_of
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.reading import numbers
from improve.voices.service.answer import give_answer
from improve.voices.service.draft_answer import draft_answer

THANKS = "Thank you for telling us."


@blueprint.route("/voices/desk/<key>/answer", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def give(key: str) -> ResponseReturnValue:
    """Answer the person, and everybody where it may be shown; from a draft, if one is chosen."""
    actor, form = current_actor(), AnswerForm()
    used = queries.used_of(actor, key)
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        # How to complain holds numbers and addresses, which are nobody’s.
        texts = (form.texts[0].replace(used.complaints, ""), *form.texts[1:])
        if kinds := kinds_to_show(*texts):
            return ask_to_read_again(actor, kinds, about="answer to a voice")
        try:
            give_answer(
                actor,
                key=key,
                answer=form.answer,
                seen_version=form.version.data,
                draft_id=form.draft_id.data,
                draft_version=form.draft_version.data if form.draft_id.data else None,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("The answer is given. They read it with their code.")
            return redirect(url_for("voices.reading", key=key), 303)
    voice, kept = reading_of(actor, key), queries.answers_of(actor, key)
    chosen = _chosen(kept, form.draft_id.data if form.is_submitted() else _asked())
    if chosen is None and request.method == "GET" and _asked() is not None:
        raise NotFound
    if request.method == "GET":
        _begin(form, voice, used, chosen)
    if is_stale:
        form.version.data = voice.version
        form.draft_id.data = chosen.id if chosen else None
        form.draft_version.data = chosen.version if chosen else 0
    page = render_template(
        "voices/answer.html",
        voice=voice,
        used=used,
        form=form,
        given=[one for one in kept if one.given_on],
        drafts=[one for one in kept if not one.given_on],
        chosen=chosen,
        theirs=(chosen or next(iter(kept), None)) if is_stale else None,
        is_stale=is_stale,
        endings=dict(ENDINGS),
        numbers=numbers(),
        their_language=name_of(voice.language),
    )
    return page, 409 if is_stale else form.status


@blueprint.get("/voices/drafts")
@requires(Permission.DRAFT_ANSWER)
def drafts() -> ResponseReturnValue:
    """List what waits for an answer, for managers and coaches who draft one."""
    found = queries.voices_to_draft(current_actor(), page_number(request.args.get("page")))
    return render_template("voices/drafts.html", found=found)


@blueprint.route("/voices/drafts/<key>", methods=["GET", "POST"])
@requires(Permission.DRAFT_ANSWER)
@commits
def draft(key: str) -> ResponseReturnValue:
    """Draft an answer from settled words; a reader looks at it and gives it out."""
    actor, form = current_actor(), AnswerForm()
    voice = queries.voice_to_draft(actor, key)
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        texts = (form.texts[0].replace(voice.complaints, ""), *form.texts[1:])
        if kinds := kinds_to_show(*texts):
            return ask_to_read_again(actor, kinds, about="draft of an answer")
        try:
            draft_answer(actor, key=key, answer=form.answer, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("The draft is kept. A reader looks at it before anything is given out.")
            return redirect(url_for("voices.drafts"), 303)
    mine = queries.my_draft_view(actor, key)
    if request.method == "GET":
        _begin_draft(form, voice, mine)
    if is_stale or request.method == "GET":
        form.version.data = mine.version if mine else 0
    page = render_template(
        "voices/use_draft.html",
        voice=voice,
        form=form,
        mine=mine,
        is_stale=is_stale,
        theirs=mine if is_stale else None,
        endings=dict(ENDINGS),
        their_language=name_of(voice.language),
    )
    return page, 409 if is_stale else form.status


def _asked() -> int | None:
    return whole_number(request.args.get("draft"))


def _chosen(
    kept: tuple[queries.AnswerView, ...], draft_id: int | None
) -> queries.AnswerView | None:
    """Return the draft that was asked for; None for one that was given out, or is gone."""
    return next((one for one in kept if one.id == draft_id and one.given_on is None), None)


def _begin(
    form: AnswerForm,
    voice: Reading,
    used: queries.Used,
    chosen: queries.AnswerView | None,
) -> None:
    form.version.data = voice.version
    if chosen is not None:
        form.show(chosen)
        form.draft_id.data, form.draft_version.data = chosen.id, chosen.version
    else:
        form.words.data = THANKS
        form.said.data = said_for(
            may_quote=voice.may_show == MayShow.YES.value and not used.by_helper,
            shareable=voice.shareable,
            topic=used.topic,
        )
    _choose_language(form, voice.language)
    _add_complaints(form, used.complaints)


def _begin_draft(form: AnswerForm, voice: queries.ToDraft, mine: queries.AnswerView | None) -> None:
    if mine is not None:
        form.show(mine)
        _choose_language(form, voice.language)
        return
    _choose_language(form, voice.language)
    form.words.data = THANKS
    form.said.data = said_for(
        may_quote=voice.may_show and not voice.by_helper,
        shareable=voice.words,
        topic=voice.topic,
    )
    _add_complaints(form, voice.complaints)


def _choose_language(form: AnswerForm, language: str) -> None:
    form.own_language.data = form.own_language.data or (language if name_of(language) else "")


def _add_complaints(form: AnswerForm, complaints: str) -> None:
    words = form.words.data or ""
    if complaints and complaints not in words:
        form.words.data = f"{words}\n\n{complaints}"
