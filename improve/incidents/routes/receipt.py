"""Coming back by receipt: typed once, in the body of a POST; no address ever holds it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from improve.accounts.access import public
from improve.accounts.duty_numbers import TIMES, duty_number
from improve.incidents.forms.receipt import AnswerBackForm, LookUpForm
from improve.incidents.queries import receipt
from improve.incidents.queries.wording import words_for
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service import look_up as service
from improve.incidents.service.answer_back import answer_back as keep_message
from improve.incidents.wording import TEXTS, Words
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.rate_limits import (
    ANSWERED,
    count_wrong_words,
    limiter,
    nameless_client,
    nameless_network,
    wrong_words,
    wrong_words_of_network,
)

#: The status of a page that refuses what was typed.
_REFUSED = 422
_OPEN_FOR_LONG = "The page was open for more than a day. Type your words again."
_WAIT = "Much came from where you are. Wait a minute, then type your words again."


def _was_wrong(response: Response) -> bool:
    """Whether a try counts. Neither its time nor where it came from is kept in the database."""
    return response.status_code == _REFUSED


def _too_many(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait; the page stays, with the numbers to ring."""
    form = LookUpForm(formdata=None)
    form.form_errors.append("Many tries came from where you are. Wait 5 minutes and try again.")
    return _asked(form, 429)


def _too_many_messages(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait, with what was written in its box."""
    return _asked_again(AnswerBackForm(), _WAIT, 429)


@blueprint.route("/report-answer", methods=["GET", "POST"])
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
def look_up() -> ResponseReturnValue:
    """Ask for the words of a receipt, and answer with where the report is and what was said."""
    form = LookUpForm()
    if request.method == "GET" or not form.is_sent():
        return _asked(form, form.status)
    try:
        key = service.look_up(typed=form.words.data or "")
    except RuleBroken as error:
        count_wrong_words()
        form.refuse(error)
        return _asked(form, _REFUSED)
    return _report(key, AnswerBackForm(formdata=None, data={"message": form.message.data}))


@blueprint.post("/report-answer/message")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=_too_many_messages)
@commits
def answer_back() -> ResponseReturnValue:
    """Keep a message to the reviewers, and show the page again: a new address would lose it."""
    form = AnswerBackForm()
    try:
        known = service.of_pass(keys=_keys(), held=form.held.data or "")
    except NotFound:
        return _asked_again(form, _OPEN_FOR_LONG, _REFUSED)
    if form.is_sent():
        try:
            keep_message(key=known.key, message=known.message, words=form.message.data or "")
            return _report(known.key, AnswerBackForm(formdata=None), is_kept=True)
        except RuleBroken as error:
            form.refuse(error)
    return _report(known.key, form)


def _asked(form: LookUpForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "incidents/look_up.html", form=form, words=Words(TEXTS), lines=[], leave_url=LEAVE_URL
    )
    return _private(page, status)


def _asked_again(form: AnswerBackForm, why: str, status: int) -> ResponseReturnValue:
    """Ask for the receipt again, with what was written in its box."""
    asked = LookUpForm(formdata=None, data={"message": form.message.data})
    asked.form_errors.append(why)
    return _asked(asked, status)


def _report(key: str, form: AnswerBackForm, *, is_kept: bool = False) -> ResponseReturnValue:
    told = receipt.told(key)
    page = render_template(
        "incidents/receipt.html",
        told=told,
        words=words_for(told.organisation_id),
        lines=[(when, duty_number(told.duty_numbers.get(when, ""))) for when in TIMES],
        leave_url=told.leave_url,
        held=service.pass_for(keys=_keys(), key=key),
        form=form,
        is_kept=is_kept,
    )
    return _private(page, form.status)


def _private(page: str, status: int) -> ResponseReturnValue:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _keys() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.config["SEALING_KEYS"]
    return found
