"""The form for children and families: one question a page, no account, no script.

Nothing here knows who asks: the one cookie holds the form's own token, and the limit on tries
counts a keyed hash that is good for a day.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from improve.accounts.access import forget_form, form_name, public
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.rate_limits import (
    ANSWERED,
    BEGUN,
    ONE_FORM,
    SENT,
    count_of_network,
    is_quiet,
    limiter,
    nameless,
    nameless_client,
)
from improve.voices import questions
from improve.voices.forms.public import MOST, ChoiceForm, QuestionForm, StartForm, WrittenForm
from improve.voices.hints import may_mean_danger
from improve.voices.queries.codes import place_of
from improve.voices.queries.setup import public_setup
from improve.voices.questions import Step
from improve.voices.routes.at_form import At, at_form, form_token, named
from improve.voices.routes.blueprint import blueprint
from improve.voices.routes.staffed import reads_help_now
from improve.voices.service import draft as service
from improve.voices.service.send import send
from improve.voices.wording import ENGLISH, LANGUAGES

#: What is counted of a network.
_BEGUN = "form begun"
_SENT = "voice sent"


def too_many(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait a minute. What was typed stays, and nothing is lost."""
    facts = request.view_args or {}
    at = at_form(str(facts.get("code", "")))
    wait, step = at.words("all.error.wait"), facts.get("step")
    if step is None or at.draft is None or at.draft.is_sent:
        return at.show("say_many", 429, text=wait)
    asked = _step(str(step))
    if asked not in questions.steps_for(at.draft.answers):
        # An old page, of a question that is not asked any more: there is nothing to keep.
        return at.show("say_many", 429, text=wait)
    form = _form(at, asked)
    form.said.errors = [wait]
    return _question(at, asked, form, 429)


def one_form() -> str:
    """Return a name for the form that somebody fills in, for counting how fast."""
    return nameless(form_token()) if form_token() else nameless_client()


#: Begun, answered and sent count together: whoever fills it in is one person.
as_one_form = limiter.shared_limit(ONE_FORM, scope="form", key_func=one_form, on_breach=too_many)


@blueprint.get("/say/<code>")
@public
def say(code: str) -> ResponseReturnValue:
    """Say whom to ring, who reads it and what they must do: before any question."""
    at = at_form(code, may_choose=True)
    if not at.setup.takes_words:
        return at.show("say_closed")
    go_on = ""
    if at.draft is not None and not at.draft.is_sent:
        go_on = questions.where_to_go_on(at.draft.answers, at.draft.skipped).value
    form = StartForm(formdata=None)
    return at.show("say_start", form=form, languages=LANGUAGES, go_on=go_on)


@blueprint.post("/say/<code>")
@public
@limiter.limit(BEGUN, key_func=nameless_client, on_breach=too_many)
@as_one_form
@commits
def begin(code: str) -> ResponseReturnValue:
    """Begin, throwing away what this browser began before."""
    at = at_form(code, may_choose=True)
    form = StartForm()
    if not at.setup.takes_words:
        return at.show("say_closed", 409)
    if not form.is_sent():
        return at.show("say_start", form.status, form=form, languages=LANGUAGES)
    language = form.language.data
    try:
        service.begin(
            token=form_name(is_new=True),
            organisation_id=at.place.organisation_id,
            code=at.code,
            is_quiet=is_quiet(_BEGUN),
            language=language if language in at.setup.languages else ENGLISH,
        )
    except service.TooMany:
        return at.show("say_many", 429)
    count_of_network(_BEGUN)
    return at.go("voices.ask", step=Step.WHO.value)


@blueprint.get("/say/<code>/<step>")
@public
def ask(code: str, step: str) -> ResponseReturnValue:
    """Ask one question, with what was answered before."""
    at, asked = at_form(code), _step(step)
    if at.draft is None:
        return at.show("say_gone")
    if at.draft.is_sent:
        return at.go("voices.thanks")
    first = questions.asked_first(asked, at.draft.answers)
    if first is not asked:
        return at.go("voices.ask", step=first.value)
    return _question(at, asked, _form(at, asked, filled=True))


@blueprint.post("/say/<code>/<step>")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=too_many)
@as_one_form
@limiter.limit(
    SENT,
    key_func=nameless_client,
    exempt_when=lambda: (request.view_args or {}).get("step") != Step.SHOW.value,
    on_breach=too_many,
)
@commits
def answer(code: str, step: str) -> ResponseReturnValue:
    """Keep an answer and go on; after the last question, send."""
    at, asked = at_form(code), _step(step)
    if at.draft is None:
        return at.show("say_gone")
    if at.draft.is_sent:
        return at.go("voices.thanks")
    if not at.setup.takes_words:
        return at.show("say_closed", 409)
    first = questions.asked_first(asked, at.draft.answers)
    if first is not asked:
        return at.go("voices.ask", step=first.value)
    form = _form(at, asked)
    is_skipped = "skip" in request.form and asked not in {Step.WHO, Step.WHOSE}
    if not is_skipped and not form.is_sent():
        return _question(at, asked, form)
    said = str(form.said.data or "")[:MOST]
    try:
        now = service.answer(
            token=form_token(), code=at.code, step=asked, said=said, is_skipped=is_skipped
        )
        if asked is Step.BETTER and not questions.has_words(now.answers):
            raise RuleBroken(at.words("all.error.nothing"))
        if asked is Step.SHOW:
            send(
                token=form_token(),
                place=at.place,
                code=at.code,
                is_trapped=form.is_trapped,
                is_quiet=is_quiet(_SENT),
            )
            count_of_network(_SENT)
            return at.go("voices.thanks")
    except service.TooMany:
        return at.show("say_many", 429)
    except service.Gone:
        return at.show("say_gone")
    except RuleBroken as error:
        return _refused(at, asked, form, error)
    if asked in questions.WRITTEN and may_mean_danger(said):
        return at.go("voices.not_safe", after=asked.value)
    following = questions.next_after(asked, now.answers) or Step.SHOW
    return at.go("voices.ask", step=following.value)


@blueprint.get("/say/<code>/not-safe")
@public
def not_safe(code: str) -> ResponseReturnValue:
    """Say whom to ring now, in between, to somebody whose words may mean danger."""
    at = at_form(code)
    if at.draft is None or at.draft.is_sent:
        return at.go("voices.thanks") if at.draft else at.show("say_gone")
    after = request.args.get("after", "")
    step = Step(after) if after in questions.WRITTEN else Step.HAPPENED
    following = questions.next_after(step, at.draft.answers) or Step.SHOW
    return at.show("say_not_safe", step=step, following=following)


@blueprint.get("/say/<code>/thanks")
@public
def thanks(code: str) -> ResponseReturnValue:
    """Show the code to come back with, for an hour, and ask whether they want help."""
    at = at_form(code)
    if at.draft is None or not at.draft.is_sent:
        return at.show("say_gone")
    # Where nobody would read a wish for help now, the page shows the numbers alone.
    help_url = url_for("voices.help_me", code=at.code) if reads_help_now(at.setup) else ""
    answer_url = url_for(
        "voices.look_up", council=at.place.slug, language=named(at.words.language.code)
    )
    return at.show(
        "say_thanks",
        help_url=help_url,
        answer_url=answer_url,
        # To be typed another day, from memory or paper: without what only a link needs.
        answer_address=request.host + url_for("voices.look_up", council=at.place.slug),
    )


@blueprint.post("/say/<code>/thanks")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=too_many)
@commits
def done(code: str) -> ResponseReturnValue:
    """Forget the code to come back with, as somebody is done."""
    at = at_form(code)
    language = named(at.words.language.code)
    service.throw_away(token=form_token())
    return redirect(url_for("voices.changed", council=at.place.slug, language=language), 303)


@blueprint.get("/say/<code>/leave")
@public
def leave(code: str) -> ResponseReturnValue:
    """Delete the answers so far, drop the cookie that opens them, and go to a neutral page.

    The one address that deletes as it is opened: a link works where nothing else does, and in one
    step. Opened by something else it costs what leaving costs.
    """
    place = place_of(code, clock.today())
    url = public_setup(place.organisation_id, clock.today()).leave_url if place else LEAVE_URL
    service.leave(token=form_token())
    forget_form()
    return redirect(url, 303)


@blueprint.get("/say/<code>/how-leaving-works")
@public
def how_leaving_works(code: str) -> ResponseReturnValue:
    """Say what leaving does, and that it does not hide where somebody was."""
    return at_form(code, may_choose=True).show("say_leaving")


@blueprint.get("/say/<code>/help")
@public
def about_form(code: str) -> ResponseReturnValue:
    """Say who reads, what is kept, how to complain, and who speaks up for a child."""
    return at_form(code, may_choose=True).show("say_about")


def _step(step: str) -> Step:
    try:
        return Step(step)
    except ValueError:
        raise NotFound from None


def _form(at: At, step: Step, *, filled: bool = False) -> Any:
    """Return the form of a question; ``filled`` with what was answered before."""
    answers = at.draft.answers if at.draft else {}
    more: dict[str, Any] = {"formdata": None} if filled else {}
    put_by = at.draft.skipped.get(step) if at.draft else ""
    more["data"] = {"said": answers.get(step) or put_by}
    if step in questions.WRITTEN:
        return WrittenForm(at.words, **more)
    needed = {Step.WHO: "all.error.who", Step.WHOSE: "all.error.whose", Step.SHOW: ""}
    choices = questions.choices(step, answers)
    return ChoiceForm(at.words, choices, needed.get(step, "all.error.pick"), **more)


def _refused(at: At, asked: Step, form: QuestionForm, error: RuleBroken) -> ResponseReturnValue:
    """Show the question again with why, beside the field; what was typed stays."""
    reason = error.reasons[0]
    if reason.field == Step.BETTER.value and asked is Step.SHOW:
        asked, form = Step.BETTER, _form(at, Step.BETTER, filled=True)
    text = reason.words
    form.said.errors = [at.words(text) if text.startswith("all.") else text]
    form.website.data = ""
    return _question(at, asked, form, 422)


def _question(at: At, step: Step, form: Any, status: int | None = None) -> ResponseReturnValue:
    answers = at.draft.answers if at.draft else {}
    return at.show(
        "say_question",
        status or form.status,
        form=form,
        step=step,
        choices=questions.choices(step, answers),
        back=questions.before(step, answers),
        count=questions.place_of(step),
        is_helped=questions.is_helped(answers),
        # The last button sends: who picks nothing there does not know, and nothing is shown.
        may_skip=step not in {Step.WHO, Step.WHOSE, Step.SHOW},
    )
