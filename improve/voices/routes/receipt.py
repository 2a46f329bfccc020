"""The answer, by the code of a receipt: in the body of a POST, so that no address ever holds it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from improve.accounts.access import public
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.rate_limits import (
    ANSWERED,
    count_wrong_words,
    limiter,
    nameless_client,
    nameless_network,
    wrong_words,
    wrong_words_of_network,
)
from improve.voices.forms.receipt import RIGHT, LookUpForm, PutRightForm
from improve.voices.queries import receipt
from improve.voices.routes.answers_at import AnswersAt, answers_at
from improve.voices.routes.at_form import long_day_in
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import look_up as service
from improve.voices.service.put_right import say_put_right

#: The status of a page that refuses what was typed.
_REFUSED = 422


def _was_wrong(response: Response) -> bool:
    """Whether a try counts. Neither its time nor where it came from is kept in the database."""
    return response.status_code == _REFUSED


def _too_many(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait; the page stays, with the numbers to ring."""
    at = answers_at((request.view_args or {}).get("council"))
    form = LookUpForm(at.words, formdata=None)
    form.form_errors.append(at.words("all.answer.error_tries"))
    return _asked(at, form, 429)


def _too_many_answers(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait, with what was written in its box."""
    return _asked_again("all.answer.error_wait", 429)


@blueprint.route("/answer", methods=["GET", "POST"])
@blueprint.route("/answer/<council>", methods=["GET", "POST"])
@public
@limiter.limit(
    wrong_words,
    methods=["POST"],
    key_func=nameless_client,
    deduct_when=_was_wrong,
    on_breach=_too_many,
)
@limiter.limit(
    wrong_words_of_network,
    methods=["POST"],
    key_func=nameless_network,
    deduct_when=_was_wrong,
    on_breach=_too_many,
)
@commits
def look_up(council: str | None = None) -> ResponseReturnValue:
    """Ask for the code of a receipt, and answer with where it is and what was answered."""
    at = answers_at(council)
    form = LookUpForm(at.words)
    if request.method == "GET":
        return _asked(at, form, 200)
    if not form.is_sent():
        return _asked(at, form, form.status)
    try:
        key = service.look_up(keys=_keys(), typed=form.code.data or "", slug=council)
    except RuleBroken as error:
        count_wrong_words()
        form.refuse_in_words(error)
        return _asked(at, form, _REFUSED)
    return _answer(key, {"said": form.said.data, "more": form.more.data})


@blueprint.post("/answer/right")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=_too_many_answers)
@commits
def put_right() -> ResponseReturnValue:
    """Keep whether we got it right, and show the page again: a new address would lose it."""
    try:
        key = service.voice_of_pass(keys=_keys(), held=request.form.get("held", ""))
    except NotFound:
        return _asked_again("all.answer.error_old", _REFUSED)
    told = receipt.told(key)
    at = answers_at(told.slug, told.language)
    form = PutRightForm(at.words)
    if form.is_sent():
        try:
            say_put_right(
                keys=_keys(),
                voice_key=key,
                answer_id=form.answer_id.data or 0,
                said=form.said.data or "",
                words=form.more.data or "",
            )
            form = PutRightForm(at.words, formdata=None)
            return _shown(at, receipt.told(key), form, is_kept=True)
        except RuleBroken as error:
            form.refuse_in_words(error)
    return _shown(at, told, form)


@blueprint.post("/answer/language")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=_too_many_answers)
def answer_in_language() -> ResponseReturnValue:
    """Show the page again in the language that was chosen: no address leads back to it."""
    try:
        key = service.voice_of_pass(keys=_keys(), held=request.form.get("held", ""))
    except NotFound:
        return _asked_again("all.answer.error_old", _REFUSED)
    return _answer(key, {name: request.form.get(name) for name in ("said", "more")})


def _asked(at: AnswersAt, form: LookUpForm, status: int) -> ResponseReturnValue:
    form.language.data = at.chosen
    return _private(at.show("look_up", form=form), status)


def _asked_again(why: str, status: int) -> ResponseReturnValue:
    """Ask for the code again, in the language of the page, with what was written in its box."""
    at = answers_at(None)
    sent = PutRightForm(at.words)
    with suppress(NotFound):
        at = answers_at(sent.council.data or None)
    form = LookUpForm(
        at.words, formdata=None, data={"said": sent.said.data, "more": sent.more.data}
    )
    form.form_errors.append(at.words(why))
    return _asked(at, form, status)


def _answer(key: str, kept: dict[str, str | None]) -> ResponseReturnValue:
    """Show where a voice is, with what somebody had ``kept`` in the boxes of the page."""
    told = receipt.told(key)
    at = answers_at(told.slug, told.language)
    return _shown(at, told, PutRightForm(at.words, formdata=None, data=kept))


def _shown(
    at: AnswersAt, told: receipt.Told, form: PutRightForm, *, is_kept: bool = False
) -> ResponseReturnValue:
    page = at.show(
        "receipt_answer",
        told=told,
        held=service.pass_for(keys=_keys(), voice_key=told.key),
        form=form,
        right=RIGHT,
        is_kept=is_kept,
        day_in=partial(long_day_in, at.words),
        today=clock.today(),
    )
    return _private(page, form.status)


def _private(page: str, status: int) -> ResponseReturnValue:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _keys() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.config["SEALING_KEYS"]
    return found
