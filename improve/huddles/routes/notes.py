"""The end of a huddle and what stays of it: finishing, the notes, their CSV, opening it again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.queries import PersonName
from improve.accounts.roles import Permission
from improve.huddles import service
from improve.huddles.forms.closing import FinishForm
from improve.huddles.kinds import Part
from improve.huddles.queries import hours
from improve.huddles.queries import notes as queries
from improve.huddles.queries.notes import ClosingPage
from improve.huddles.routes.blueprint import blueprint
from improve.huddles.schedule import next_begins
from improve.notifications.kinds import Group
from improve.notifications.stop_links import Stop, write_stop
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.export import csv_file
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


def _stop_of(person_id: int) -> str:
    """Return the whole address at which somebody ends mails about their team."""
    secret = current_app.config["SECRET_KEY"]
    token = write_stop(secret, Stop(person_id, groups=(Group.TEAM,)))
    address: str = current_app.config["BASE_URL"] + url_for("home.stop_mail", token=token)
    return address


@blueprint.route("/teams/<slug>/huddles/<int:huddle_id>/finish", methods=["GET", "POST"])
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def finish(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Close a huddle: good news, help needed, one thank-you and the next date, all optional."""
    actor = current_actor()
    page = queries.closing_page(actor, slug, huddle_id)
    if page.is_finished and request.method == "GET":
        return _to_notes(slug, huddle_id)
    names = people.people_of_team(actor, page.team.id)
    form = FinishForm(data={"good_news": page.good_news, "help_needed": page.help_needed})
    form.offer([(person.id, person.name) for person in names], me=actor.person_id)
    _propose(form, page, names)
    stale = None
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(*form.texts()):
            return ask_to_read_again(actor, kinds, about="huddle")
        try:
            service.finish_huddle(
                actor,
                slug=slug,
                huddle_id=huddle_id,
                closing=form.closing(),
                form_token=form.form_token.data or "",
                address_of=lambda id_: (
                    current_app.config["BASE_URL"]
                    + url_for("huddles.notes", slug=slug, huddle_id=id_)
                ),
                stop_of=_stop_of,
            )
            return _to_notes(slug, huddle_id)
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            stale = error.facts["notes"]
    status = 409 if stale else form.status if request.method == "POST" else 200
    hour = next(iter(hours.hours_of_team(actor, page.team.id)), None)
    return render_template(
        "huddles/finish.html", form=form, page=page, stale=stale, hour=hour
    ), status


def _propose(form: FinishForm, page: ClosingPage, names: Sequence[PersonName]) -> None:
    """Fill in what was agreed before, else what the team's plan says, and who may drive then."""
    begins = page.next_at and clock.local(page.next_at)
    if begins is None or begins.date() < clock.today():
        begins = next_begins(page.team, clock.now())
    driver_id = page.next_driver_id
    if driver_id is None and not page.is_mailed and len(names) > 1:
        # Whoever comes after the driver in the alphabet: driving goes round without a count of it.
        ids = [person.id for person in names]
        after = ids.index(page.driver_id) + 1 if page.driver_id in ids else 0
        driver_id = ids[after % len(ids)]
    form.propose(begins, driver_id)


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>/notes")
@requires(Permission.SEE_HUDDLES, is_open_on_own_phone=True)
def notes(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Show what was decided, who does what, thanks and the next huddle, on a page to print."""
    actor = current_actor()
    shown = queries.notes(actor, slug, huddle_id)
    if shown.finished_at is None:
        return redirect(url_for("huddles.huddle", slug=slug, huddle_id=huddle_id), 303)
    may_reopen = shown.driver_id == actor.person_id and shown.may_reopen_at(clock.now())
    return render_template("huddles/notes.html", notes=shown, may_reopen=may_reopen)


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>/actions.csv")
@requires(Permission.SEE_HUDDLES)
def actions_csv(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Send the actions of one huddle as a table."""
    shown = queries.notes(current_actor(), slug, huddle_id)
    body = csv_file(
        ("What", "Who", "By", "Idea", "Ended", "Done on", "Why it was dropped"),
        [
            (a.what, a.owner, a.due_on, a.idea_title, a.ended, a.done_on, a.dropped_why)
            for a in shown.actions
        ],
    )
    answer = Response(body, mimetype="text/csv")
    on = clock.local(shown.started_at).date().isoformat()
    name = f"actions-{shown.team_slug}-{on}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/reopen")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def reopen(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Open a finished huddle again, by its driver and within a day."""
    try:
        service.reopen_huddle(current_actor(), slug=slug, huddle_id=huddle_id)
    except RuleBroken as error:
        say(error.reasons[0].words, kind="warn")
        return _to_notes(slug, huddle_id)
    say("The huddle is open again. Its notes are not mailed a second time.")
    close = url_for("huddles.part", slug=slug, huddle_id=huddle_id, part=Part.CLOSE.value)
    return redirect(close, 303)


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/resume")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def resume(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Go on with a huddle that was left open."""
    service.resume_huddle(current_actor(), slug=slug, huddle_id=huddle_id)
    return redirect(url_for("huddles.huddle", slug=slug, huddle_id=huddle_id), 303)


def _to_notes(slug: str, huddle_id: int) -> ResponseReturnValue:
    return redirect(url_for("huddles.notes", slug=slug, huddle_id=huddle_id), 303)
