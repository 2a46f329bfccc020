"""Reading one voice: the question of danger first and in sight on every page of it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.duty_numbers import DutyNumber, duty_number
from improve.accounts.roles import Permission
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.voices.forms.desk import AgreedForm, ComplaintForm, StepForm
from improve.voices.kinds import StepKind
from improve.voices.queries.answers import used_of
from improve.voices.queries.reading import complaint_words, reading_of
from improve.voices.reading import STEP_WORDS, Step
from improve.voices.routes.blueprint import blueprint
from improve.voices.service.danger import lock_for_danger, say_no_danger
from improve.voices.service.replies import read_reply
from improve.voices.service.routes import (
    NOBODY_TO_REACH,
    keep_complaint,
    lock_for_allegation,
    say_not_about_staff,
    say_not_complaint,
)

#: What a reader did, as the page says it after a name.
DONE = {
    StepKind.OPENED: "opened it",
    StepKind.DANGER_NO: "said nobody could be in danger",
    StepKind.DANGER_YES: "rang duty and locked it",
    StepKind.STAFF_NO: "said it is no allegation about a member of staff",
    StepKind.STAFF_YES: "told the designated officer and locked it",
    StepKind.COMPLAINT_NO: "said it is no complaint",
    StepKind.COMPLAINT_YES: "kept it as a complaint",
    StepKind.ENGLISH: "put it into English",
    StepKind.WORDS_SETTLED: "settled what others may read",
    StepKind.WORDS_REOPENED: "took the settled words back to change them",
    StepKind.SECOND_READER: "asked another reader: could their own worker tell?",
    StepKind.THEME_CHOSEN: "put it under a theme",
    StepKind.THEME_ONLY: "kept the theme only",
    StepKind.THANKS_PASSED_ON: "passed the thanks on",
    StepKind.IDEA_STARTED: "started an idea",
    StepKind.IDEA_LINKED: "linked an idea",
    StepKind.GIVEN_TO_TEAM: "gave the words to a team",
    StepKind.PASSED_ON: "passed it to the other reader",
    StepKind.HIDDEN: "hid the words: they may identify someone",
    StepKind.SHOWN_AGAIN: "looked again and showed the words",
    StepKind.ANSWERED: "answered",
    StepKind.SET_ASIDE: "set it aside",
    StepKind.REPLY_READ: "read what they said of our answer",
}


@blueprint.get("/voices/desk/<key>")
@requires(Permission.READ_VOICES)
def reading(key: str) -> ResponseReturnValue:
    """Show what somebody wrote to the reader who opened it, and the next question."""
    return reading_page(key)


@blueprint.post("/voices/desk/<key>/no-danger")
@requires(Permission.READ_VOICES)
@commits
def no_danger(key: str) -> ResponseReturnValue:
    """Say that nobody seems to be in danger."""
    form = StepForm()
    if form.is_sent():
        say_no_danger(current_actor(), key=key, seen_version=form.version.data)
    return redirect(url_for("voices.reading", key=key), 303)


@blueprint.route("/voices/desk/<key>/danger", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def danger(key: str) -> ResponseReturnValue:
    """Show the duty numbers, and lock a voice away with what was agreed with duty."""
    form = AgreedForm()
    if form.is_sent():
        try:
            lock_for_danger(current_actor(), key=key, agreed=form.agreed.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("voices.reading", key=key), 303)
    return _lock_page("voices/reading_danger.html", key, form)


@blueprint.route("/voices/desk/<key>/staff", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def staff(key: str) -> ResponseReturnValue:
    """Lock a voice away with what was agreed with the designated officer."""
    form = AgreedForm()
    if form.is_sent():
        try:
            lock_for_allegation(current_actor(), key=key, agreed=form.agreed.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("voices.reading", key=key), 303)
    return _lock_page("voices/reading_staff.html", key, form)


@blueprint.post("/voices/desk/<key>/not-staff")
@requires(Permission.READ_VOICES)
@commits
def not_staff(key: str) -> ResponseReturnValue:
    """Say that it is no allegation about a member of staff."""
    form = StepForm()
    if form.is_sent():
        say_not_about_staff(current_actor(), key=key, seen_version=form.version.data)
    return redirect(url_for("voices.reading", key=key), 303)


@blueprint.post("/voices/desk/<key>/not-complaint")
@requires(Permission.READ_VOICES)
@commits
def not_complaint(key: str) -> ResponseReturnValue:
    """Say that it is no complaint."""
    form = StepForm()
    if form.is_sent():
        say_not_complaint(current_actor(), key=key, seen_version=form.version.data)
    return redirect(url_for("voices.reading", key=key), 303)


@blueprint.route("/voices/desk/<key>/complaint", methods=["GET", "POST"])
@requires(Permission.READ_VOICES)
@commits
def complaint(key: str) -> ResponseReturnValue:
    """Keep that it may be a complaint, and who was told of it."""
    actor, form = current_actor(), ComplaintForm()
    is_stale = False
    if form.is_sent():
        try:
            nobody = NOBODY_TO_REACH if form.can_reach.data == "no" else ""
            agreed = f"{nobody} {form.agreed.data or ''}".strip()
            keep_complaint(actor, key=key, agreed=agreed, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            return redirect(url_for("voices.reading", key=key), 303)
    voice = reading_of(actor, key)
    if request.method == "GET" or is_stale:
        form.version.data = voice.version
    page = render_template(
        "voices/reading_complaint.html",
        voice=voice,
        form=form,
        is_stale=is_stale,
        council=complaint_words(actor),
        numbers=numbers(),
    )
    return page, 409 if is_stale else form.status


@blueprint.post("/voices/desk/<key>/reply")
@requires(Permission.READ_VOICES)
@commits
def reply_read(key: str) -> ResponseReturnValue:
    """Say that what they said of our answer was read, and shows nobody in danger."""
    form = StepForm()
    if form.is_sent():
        read_reply(current_actor(), key=key, reply_key=form.answer.data or "")
    return redirect(url_for("voices.reading", key=key), 303)


def numbers() -> list[tuple[str, DutyNumber]]:
    """Return whom to ring, by day and by night, with the number to tap on."""
    said = people.duty_numbers(current_actor())
    times = (("day", "In the day"), ("night", "Evenings, nights and weekends"))
    return [(when, line) for time, when in times if (line := duty_number(said.get(time, "")))]


def reading_page(key: str, **more: object) -> ResponseReturnValue:
    """Return the page of a voice; ``more`` is what a refused form adds to it."""
    voice = reading_of(current_actor(), key)
    form = more.get("form")
    page = render_template(
        "voices/reading.html",
        voice=voice,
        numbers=numbers(),
        steps=Step,
        step_words=STEP_WORDS,
        done=DONE,
        used=used_of(current_actor(), key) if voice.is_mine and voice.is_settled else None,
        **more,
    )
    return page, 200 if form is None else form.status  # type: ignore[attr-defined]


def _lock_page(template: str, key: str, form: AgreedForm) -> ResponseReturnValue:
    voice = reading_of(current_actor(), key)
    page = render_template(template, voice=voice, form=form, numbers=numbers())
    return page, form.status
