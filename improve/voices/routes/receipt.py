"""The answer, by receipt: typed once, in the body of a POST; no address ever holds it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request
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
from improve.voices.forms.receipt import LookUpForm, PutRightForm
from improve.voices.queries import receipt
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.changed import ENDING_SAID
from improve.voices.service import look_up as service
from improve.voices.service.put_right import say_put_right

#: The status of a page that refuses what was typed.
_REFUSED = 422
_OPEN_FOR_LONG = "The page was open for more than a day. Type your words again."
_WAIT = "Much came from where you are. Wait a minute, then type your words again."


def _was_wrong(response: Response) -> bool:
    """Whether a try counts. Neither its time nor where it came from is kept in the database."""
    return response.status_code == _REFUSED


def _too_many(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait; the page stays, with the numbers to ring."""
    form, council = LookUpForm(formdata=None), (request.view_args or {}).get("council")
    form.form_errors.append("Many tries came from where you are. Wait 5 minutes and try again.")
    return _asked(form, council, receipt.council_name(council) if council else "", 429)


def _too_many_answers(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait, with what was written in its box."""
    return _asked_again(PutRightForm(), _WAIT, 429)


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
    """Ask for the words of a receipt, and answer with where it is and what was answered."""
    name = receipt.council_name(council) if council else ""
    form = LookUpForm()
    if request.method == "GET":
        return _asked(form, council, name, 200)
    if not form.is_sent():
        return _asked(form, council, name, form.status)
    try:
        key = service.look_up(keys=_keys(), typed=form.words.data or "", slug=council)
    except RuleBroken as error:
        count_wrong_words()
        form.refuse(error)
        return _asked(form, council, name, _REFUSED)
    kept = {"said": form.said.data, "more": form.more.data}
    return _answer(key, PutRightForm(formdata=None, data=kept))


@blueprint.post("/answer/right")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=_too_many_answers)
@commits
def put_right() -> ResponseReturnValue:
    """Keep whether we got it right, and show the page again: a new address would lose it."""
    form = PutRightForm()
    try:
        key = service.voice_of_pass(keys=_keys(), held=form.held.data or "")
    except NotFound:
        return _asked_again(form, _OPEN_FOR_LONG, _REFUSED)
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


def _asked_again(form: PutRightForm, why: str, status: int) -> ResponseReturnValue:
    """Ask for the receipt again, with what was written in its box."""
    asked = LookUpForm(formdata=None, data={"said": form.said.data, "more": form.more.data})
    asked.form_errors.append(why)
    return _asked(asked, None, "", status)


def _answer(key: str, form: PutRightForm, *, is_kept: bool = False) -> ResponseReturnValue:
    page = render_template(
        "voices/receipt_answer.html",
        told=receipt.told(key),
        held=service.pass_for(keys=_keys(), voice_key=key),
        form=form,
        is_kept=is_kept,
        ending_words=ENDING_SAID,
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
