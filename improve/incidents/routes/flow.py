"""The form of a report, as both doors open it: from inside, and by a link without sign-in.

Nothing here keeps who asks. The answers so far hang on a token in the one cookie; the limit on
tries counts a keyed hash that is good for a day; no page writes to the log, to the audit, or when
somebody was last here.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from improve.accounts.access import current_actor, forget_form, form_name, renew_form
from improve.incidents import journey
from improve.incidents.factors import FACTORS, Part
from improve.incidents.forms.tell import MOST, AnswerForm, BeginForm
from improve.incidents.journey import Step
from improve.incidents.kinds import KIND_WORDS, SAFE_WORDS, WHEN_WORDS, Safe
from improve.incidents.queries.draft import is_spent, sent_with
from improve.incidents.queries.setup import public_setup
from improve.incidents.routes.door import At, at_inside, at_link
from improve.incidents.service import draft as service
from improve.incidents.service.send import NobodyReads, send
from improve.shared import clock
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.identifiers import likely_identifiers, marked
from improve.shared.leaving_page import LEAVE_URL
from improve.shared.rate_limits import (
    ONE_REPORT,
    count_of_network,
    is_quiet,
    limiter,
    nameless,
    nameless_client,
)

#: What is counted of a network.
_BEGUN = "report begun"
_SENT = "report sent"


def too_many(_limit: RequestLimit) -> Any:
    """Ask somebody who is slowed to wait a minute. What was typed stays, and nothing is lost."""
    facts = request.view_args or {}
    council, step = str(facts.get("council", "")), facts.get("step")
    at = at_link(council) if council else at_inside()
    wait = at.words("error.wait")
    if step is None or at.draft is None:
        return at.show("tell_many", 429, text=wait)
    form = _form(at, known_step(str(step)))
    form.form_errors.append(wait)
    return _question(at, form, 429)


def one_report() -> str:
    """Return a name for the report that somebody writes, for counting how fast."""
    return nameless(form_name()) if form_name() else nameless_client()


def is_being_sent() -> bool:
    """Return whether this request sends the report."""
    return (request.view_args or {}).get("step") == Step.CHECK.value


#: Begun, answered and sent count together: whoever fills it in is one person.
as_one_report = limiter.shared_limit(
    ONE_REPORT, scope="report", key_func=one_report, on_breach=too_many
)


def start(at: At) -> ResponseReturnValue:
    """Say whom to ring, who reads it, what is promised and what can't be: before any question."""
    if not at.setup.takes_reports:
        return at.show("tell_closed")
    go_on = journey.where_to_go_on(at.answers).value if at.draft else ""
    return at.show("tell_start", form=BeginForm(formdata=None), go_on=go_on)


def begin(at: At) -> ResponseReturnValue:
    """Begin, throwing away what this browser began before."""
    form = BeginForm()
    if not at.setup.takes_reports:
        return at.show("tell_closed", 409)
    if not form.is_sent():
        return at.show("tell_start", form.status, form=form, go_on="")
    token = form_name(is_new=True)
    if sent_with(token, at.setup.organisation_id):
        # The one before was sent just now, and its receipt never seen.
        return at.go("thanks")
    if is_spent(token, at.setup.organisation_id):
        # Longer ago, by whoever sat here: nothing of theirs is found from here any more.
        token = renew_form()
    try:
        service.begin(
            token=token,
            organisation_id=at.setup.organisation_id,
            door=at.door,
            is_inside=at.is_inside,
            is_trusted=is_quiet(_BEGUN),
        )
    except service.TooMany:
        return at.show("tell_many", 429, text=at.words("many.text"))
    count_of_network(_BEGUN)
    return at.go("ask", step=Step.SAFE.value)


def ask(at: At, step: str) -> ResponseReturnValue:
    """Ask one question, with what was answered before; the last page shows all answers."""
    asked = known_step(step)
    if at.draft is None:
        return _gone(at)
    first = journey.asked_first(asked, at.answers)
    if first is not asked:
        return at.go("ask", step=first.value)
    if asked is Step.CHECK and at.draft.has_nobody:
        return at.show("tell_nobody")
    return _question(at, _form(at, asked, is_filled=True))


def answer(at: At, step: str) -> ResponseReturnValue:
    """Keep an answer and go on; on the last page, send."""
    asked = known_step(step)
    if at.draft is None:
        return _gone(at)
    if not at.setup.takes_reports:
        return at.show("tell_closed", 409)
    first = journey.asked_first(asked, at.answers)
    if first is not asked:
        return at.go("ask", step=first.value)
    form = _form(at, asked)
    if not form.is_sent():
        return _question(at, form)
    if asked is Step.CHECK:
        return _send(at, form)
    try:
        now = service.answer(token=form_name(), door=at.door, step=asked, told=form.told())
    except service.Gone:
        return _gone(at)
    following = journey.next_after(asked, now.answers)
    if asked in journey.ABOUT_READERS and now.has_nobody:
        return at.go("ask", step=Step.CHECK.value) if following is Step.CHECK else at.go("nobody")
    if asked is Step.SAFE and now.answers.safe == Safe.NO:
        return at.go("not_safe")
    if asked in journey.WRITTEN and likely_identifiers(form.told().said):
        return at.go("read_again", after=asked.value)
    return at.go("ask", step=following.value)


def _send(at: At, form: AnswerForm) -> ResponseReturnValue:
    try:
        send(
            token=form_name(),
            door=at.door,
            way_in=at.way_in,
            setup=at.setup,
            is_trapped=form.is_trapped,
            is_trusted=is_quiet(_SENT),
        )
    except service.TooMany:
        return at.show("tell_many", 429, text=at.words("many.text"))
    except service.Gone:
        return _gone(at)
    except NobodyReads:
        return at.show("tell_nobody", 409)
    except RuleBroken as error:
        return _refused(at, form, error)
    count_of_network(_SENT)
    return at.go("thanks")


def _refused(at: At, form: AnswerForm, error: RuleBroken) -> ResponseReturnValue:
    """Show the question that a report can't be sent with, and why; a page at the end stays."""
    reason = error.reasons[0]
    step = Step(reason.field) if reason.field else Step.CHECK
    words = at.words(reason.words)
    form = _form(at, step, is_filled=True)
    if step is Step.CHECK:
        form.form_errors.append(words)
    else:
        form.answer_field.errors = [words]
    return _question(at, form, 422)


def not_safe(at: At) -> ResponseReturnValue:
    """Say whom to ring now, in between, where a child may not be safe yet."""
    if at.draft is None:
        return _gone(at)
    following = journey.next_after(Step.SAFE, at.answers)
    return at.show("tell_not_safe", following=following.value)


def read_again(at: At) -> ResponseReturnValue:
    """Show what may point to someone in words just written, to be read once more: no stop."""
    after = request.args.get("after", "")
    if at.draft is None:
        return _gone(at)
    step = Step(after) if after in journey.WRITTEN else Step.HAPPENED
    text = journey.said_to(step, at.answers).said
    following = journey.next_after(step, at.answers)
    return at.show(
        "tell_read_again",
        step=step.value,
        pieces=marked(text),
        kinds=likely_identifiers(text),
        following=following.value,
    )


def nobody(at: At) -> ResponseReturnValue:
    """Say that nobody is left to read, so that nobody writes on for nobody."""
    return at.show("tell_nobody") if at.draft else _gone(at)


def thanks(at: At) -> ResponseReturnValue:
    """Show the eight words once: with this answer the browser forgets what led to them."""
    receipt = sent_with(form_name(), at.setup.organisation_id)
    if receipt is None:
        return at.show("tell_gone")
    forget_form()
    return at.show("tell_thanks", receipt=receipt)


def leave(organisation_id: int | None) -> ResponseReturnValue:
    """Delete the answers so far, drop what opens them, and go to a neutral page.

    It deletes as it is opened: a link works where nothing else does, and in one step.
    """
    url = public_setup(organisation_id, clock.today()).leave_url if organisation_id else LEAVE_URL
    service.leave(token=form_name())
    forget_form()
    return redirect(url, 303)


def leaving(at: At) -> ResponseReturnValue:
    """Say what leaving does, and that it does not hide where somebody was."""
    return at.show("tell_leaving")


def about(at: At) -> ResponseReturnValue:
    """Say where what is not for this goes."""
    return at.show("tell_about")


def known_step(step: str) -> Step:
    """Return the question of an address. Raises ``NotFound``."""
    try:
        return Step(step)
    except ValueError:
        raise NotFound from None


def _gone(at: At) -> ResponseReturnValue:
    """Say that no answers are left here; where they were sent, show the receipt of that.

    Somebody who tapped twice, or went back, would think that it is lost, and send it again.
    """
    # With a draft as this request began, it was sent or deleted meanwhile.
    if at.has_sent or (at.draft and sent_with(form_name(), at.setup.organisation_id)):
        return at.go("thanks")
    return at.show("tell_gone")


def _choices(at: At, step: Step) -> list[tuple[str, str]]:
    """Return (value, words) of what may be chosen."""
    plain: dict[Step, list[tuple[str, str]]] = {
        Step.SAFE: [(value.value, words) for value, words in SAFE_WORDS.items()],
        Step.KIND: [(value.value, words) for value, words in KIND_WORDS.items()],
        Step.WHEN: [(value.value, words) for value, words in WHEN_WORDS.items()],
        Step.GROUP: [(str(group_id), name) for group_id, name in at.setup.groups],
        Step.NOT_READERS: [(str(person_id), name) for person_id, name in at.setup.reviewers],
        Step.CALL_BACK: [
            (journey.NO, at.words("call_back.no")),
            (journey.YES, at.words("call_back.yes")),
        ],
    }
    return plain.get(step, [])


def _form(at: At, step: Step, *, is_filled: bool = False) -> AnswerForm:
    """Return the form of a question; ``is_filled`` with what was answered before."""
    own = frozenset(value for value, _ in _choices(at, step))
    allowed = own | frozenset(journey.fixed_choices(step))
    is_skipped = "skip" in request.form and step in journey.MAY_SKIP and not is_filled
    told = journey.said_to(step, at.answers)
    data = {
        "choice": told.said or None,
        "ticks": list(told.ticks),
        "words": told.said,
        "contact": told.contact,
    }
    more: dict[str, Any] = {"formdata": None, "data": data} if is_filled else {}
    return AnswerForm(step, at.words, allowed, is_skipped=is_skipped, **more)


def _question(at: At, form: AnswerForm, status: int | None = None) -> ResponseReturnValue:
    form.website.data = ""
    step = form.step
    asked = {
        "form": form,
        "step": step.value,
        "text": step.value.replace("-", "_"),
        "choices": _choices(at, step),
        "parts": [(part, [f for f in FACTORS if f.part is part]) for part in Part],
        "back": journey.before(step),
        "count": journey.place_of(step),
        "is_apart": step in journey.COUNTED_APART,
        "may_skip": step in journey.MAY_SKIP,
        "most": MOST.get(step),
        "smallest": at.setup.smallest_group,
        "is_reviewer": step is Step.NOT_READERS and _is_reviewer(at),
    }
    template = "tell_check" if step is Step.CHECK else "tell_question"
    shown = {"summary": _summary(at)} if step is Step.CHECK else {}
    return at.show(template, status or form.status, **asked, **shown)


def _is_reviewer(at: At) -> bool:
    """Return whether somebody signed in reviews reports; said to them on the page, kept nowhere."""
    return at.is_inside and current_actor().person_id in dict(at.setup.reviewers)


def _summary(at: At) -> list[tuple[str, str, list[str]]]:
    """Return (question, the address that changes it, the answer in lines), as it will be sent."""
    names = {factor.code: factor.name for factor in FACTORS}
    found = []
    for step in journey.STEPS[:-1]:
        told = journey.said_to(step, at.answers)
        chosen = dict(_choices(at, step))
        if step is Step.FACTORS:
            lines = [names.get(code, at.words("factors.not_sure")) for code in told.ticks]
        elif step is Step.NOT_READERS:
            lines = [chosen[one] for one in told.ticks if one in chosen]
            lines = lines or [at.words("check.nobody")]
        elif step is Step.CALL_BACK and told.said == journey.YES:
            lines = [told.contact]
        else:
            lines = [chosen.get(told.said, told.said)]
        shown = [line for line in lines if line] or [at.words("check.skipped")]
        name = step.value.replace("-", "_")
        found.append((at.words(f"{name}.question"), at.url("ask", step=step.value), shown))
    return found
