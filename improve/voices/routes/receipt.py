"""The answer, by receipt: typed once, in the body of a POST; no address ever holds it."""

from __future__ import annotations

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts import service as accounts
from improve.accounts.access import public
from improve.accounts.routes.blueprint import client, secret
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.rate_limits import GUESSES, limiter
from improve.voices.forms.receipt import LookUpForm, PutRightForm
from improve.voices.queries import receipt
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.changed import ENDING_SAID
from improve.voices.service import look_up as service
from improve.voices.service.put_right import say_put_right

#: Under which wrong words are counted, apart from every other secret.
_TRIES = "receipt"


@blueprint.route("/answer", methods=["GET", "POST"])
@blueprint.route("/answer/<council>", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"])
@commits
def look_up(council: str | None = None) -> ResponseReturnValue:
    """Ask for the words of a receipt, and answer with where it is and what was answered."""
    name = receipt.council_name(council) if council else ""
    form = LookUpForm()
    if request.method == "GET":
        return _asked(form, council, name, 200)
    wait = accounts.code_wait_seconds(secret=secret(), client=client(), kind=_TRIES)
    if wait:
        form.form_errors.append(f"Wait {wait} seconds and try again.")
        return _asked(form, council, name, 429)
    if not form.is_sent():
        return _asked(form, council, name, form.status)
    try:
        key = service.look_up(keys=_keys(), typed=form.words.data or "", slug=council)
    except RuleBroken as error:
        accounts.note_wrong_code(secret=secret(), client=client(), kind=_TRIES)
        form.refuse(error)
        return _asked(form, council, name, 422)
    return _answer(key, PutRightForm(formdata=None))


@blueprint.post("/answer/right")
@public
@limiter.limit(GUESSES)
@commits
def put_right() -> ResponseReturnValue:
    """Keep whether we got it right, and show the page again: a new address would lose it."""
    form = PutRightForm()
    key = service.voice_of_pass(keys=_keys(), held=form.held.data or "")
    if form.is_sent():
        try:
            say_put_right(
                keys=_keys(),
                voice_key=key,
                answer_id=form.answer_id.data or 0,
                said=form.said.data or "",
                words=form.more.data or "",
            )
            return _answer(key, PutRightForm(formdata=None), is_kept=True)
        except RuleBroken as error:
            form.refuse(error)
    return _answer(key, form)


def _asked(form: LookUpForm, slug: str | None, name: str, status: int) -> ResponseReturnValue:
    page = render_template("voices/look_up.html", form=form, slug=slug, council_name=name)
    return _private(page, status)


def _answer(key: str, form: PutRightForm, *, is_kept: bool = False) -> ResponseReturnValue:
    page = render_template(
        "voices/receipt_answer.html",
        told=receipt.told(key),
        held=service.pass_for(keys=_keys(), voice_key=key),
        form=form,
        is_kept=is_kept,
        ending_words=ENDING_SAID,
    )
    return _private(page, form.status)


def _private(page: str, status: int) -> ResponseReturnValue:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _keys() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.config["SEALING_KEYS"]
    return found
