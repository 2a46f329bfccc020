"""What others may read: put into English, edited, compared with what came, settled."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.marked_changes import RULE_WORDS
from improve.voices.forms.desk import EnglishForm, SettleForm, WordsForm
from improve.voices.queries.reading import reading_of
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.reading import numbers
from improve.voices.service.hide import hide_words
from improve.voices.service.words import (
    ask_second_reader,
    put_into_english,
    settle_words,
    write_words,
)


@blueprint.route("/voices/desk/<key>/english", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def english(key: str) -> ResponseReturnValue:
    """Put what somebody wrote into English, beside the original."""
    actor, form = current_actor(), EnglishForm()
    if form.is_sent():
        words = form.english.data or ""
        try:
            put_into_english(actor, key=key, english=words, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            return _meanwhile("voices.english", key, "english", words)
        else:
            return redirect(url_for("voices.reading", key=key), 303)
    voice = reading_of(actor, key)
    if request.method == "GET":
        form.english.data, form.version.data = voice.english, voice.version
    page = render_template("voices/reading_english.html", voice=voice, form=form, numbers=numbers())
    return page, form.status


@blueprint.route("/voices/desk/<key>/words", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def words(key: str) -> ResponseReturnValue:
    """Write what others may read, starting from what came; then compare the two."""
    actor, form = current_actor(), WordsForm()
    if form.is_sent():
        typed = form.words.data or ""
        try:
            write_words(actor, key=key, words=typed, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            return _meanwhile("voices.words", key, "words", typed)
        else:
            return redirect(url_for("voices.compare", key=key), 303)
    voice = reading_of(actor, key)
    if request.method == "GET":
        form.words.data, form.version.data = voice.shareable or voice.original, voice.version
    page = render_template("voices/reading_words.html", voice=voice, form=form, numbers=numbers())
    return page, form.status


@blueprint.route("/voices/desk/<key>/compare", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def compare(key: str) -> ResponseReturnValue:
    """Show both texts side by side, say why for each change, and let others read the words."""
    actor, form = current_actor(), SettleForm()
    rules = request.form.getlist("rule")
    is_stale = False
    if form.is_sent():
        try:
            if form.ask.data:
                ask_second_reader(actor, key=key, rules=rules, seen_version=form.version.data)
                say("It is on the desk for another reader.")
                return redirect(url_for("voices.desk"), 303)
            settle_words(
                actor,
                key=key,
                rules=rules,
                could_tell=form.could_tell.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("It is settled. Nothing more of what they wrote is shown to anybody else.")
            return redirect(url_for("voices.reading", key=key), 303)
    voice = reading_of(actor, key)
    if request.method == "GET" or is_stale:
        form.version.data = voice.version
    page = render_template(
        "voices/reading_compare.html",
        voice=voice,
        form=form,
        is_stale=is_stale,
        chosen=rules,
        rule_words=RULE_WORDS,
        numbers=numbers(),
    )
    return page, 409 if is_stale else form.status


@blueprint.post("/voices/<key>/hide")
@requires(Permission.SEE_VOICES)
@commits
def hide(key: str) -> ResponseReturnValue:
    """Hide words that may identify someone, at once, until a reader has looked again."""
    if ButtonForm().is_sent():
        hide_words(current_actor(), key=key)
        say("Hidden. A reader looks at it before anybody else sees it again.")
    return redirect(url_for("voices.shared"), 303)


def _meanwhile(endpoint: str, key: str, field: str, typed: str) -> ResponseReturnValue:
    """Answer with both texts: what the other reader saved, and what this one typed."""
    voice = reading_of(current_actor(), key)
    theirs = voice.english if field == "english" else voice.shareable
    page = render_template(
        "voices/reading_meanwhile.html",
        voice=voice,
        field=field,
        typed=typed,
        theirs=theirs,
        action=url_for(endpoint, key=key),
    )
    return page, 409
