"""The page of one idea: what it is, what its numbers say, and what people say and change there."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.accounts.sessions.visits import is_visiting
from improve.ideas import queries, service
from improve.ideas.chart_panel import chart_panel, overlapped, verdicts_of_cycles
from improve.ideas.forms.cycles import in_words
from improve.ideas.forms.one import (
    BlockedForm,
    CommentForm,
    EditForm,
    LeadForm,
    MeasuresForm,
    PlainForm,
    edit_form_for,
)
from improve.ideas.kinds import Way
from improve.ideas.page import IdeaPage, PersonRef
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS, Question
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import came_from, go_back
from improve.measures import queries as measures
from improve.measures.chart import table_rows
from improve.shared import clock, contributions
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.htmx import announce, is_htmx, part, part_or_page
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

QUESTIONS = {**CYCLE_QUESTIONS, **IDEA_QUESTIONS}
#: Which lines of history a person may ask for alone.
HISTORY_KINDS = {
    "moves": frozenset({"move", "undone", "logged", "reply"}),
    "edits": frozenset({"edit"}),
    "verdicts": frozenset({"verdict"}),
}


@blueprint.get("/ideas/<int:idea_id>")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def idea_page(idea_id: int) -> ResponseReturnValue:
    """Show one idea with its charts, cycles and comments."""
    return show_idea(current_actor(), idea_id, CommentForm(formdata=None).begin())


def show_idea(
    actor: Actor, idea_id: int, form: CommentForm, status: int = 200
) -> ResponseReturnValue:
    """Answer with the idea's page, and the comment form as it was filled in."""
    page = queries.idea_page(actor, idea_id)
    tied = {m.place: m.measure_id for m in page.measures}
    charts = measures.charts_of_windows(actor, page.windows, tied)
    others = queries.other_tests(actor, idea_id, overlapped([c.reading for c in charts]))
    return (
        render_template(
            "ideas/idea.html",
            page=page,
            panels=[
                chart_panel(
                    c.place,
                    c.reading,
                    c.window,
                    others=others,
                    context=c.context,
                    history=page.history,
                )
                for c in charts
            ],
            cycle_verdicts=verdicts_of_cycles(page.windows),
            table_rows=table_rows,
            next_url=_next_url(page),
            may_make_tally=may(actor, Permission.DEFINE_MEASURE, team_id=page.team.id),
            form=form,
            today=clock.today(),
            offered=_offered(actor, page),
            answerers=_answerers(actor, page),
        ),
        status,
    )


def _answerers(actor: Actor, page: IdeaPage) -> tuple[PersonRef, ...]:
    """Return who gives an idea its first reply, while that is no blame: up to the day it is due.

    A guest is told no more names, and nobody answers themselves.
    """
    is_late = page.reply_due_on is not None and page.reply_due_on < clock.today()
    if page.reply or not page.reply_words or page.is_for_guest or is_late:
        return ()
    found = queries.answerers(actor, page.team.id, page.answerer)
    return tuple(person for person in found if person.id != page.author.id)


def _offered(actor: Actor, page: IdeaPage) -> list[tuple[str, dict[str, Any]]]:
    """Return the panels that capabilities above offer: a template and what it is told.

    Each offer is called with the actor and the page, and says None where it has nothing to show.
    A guest, or who looks at an example, sees none of them: they lead off this page. What an offer
    reads, it best adds to ``page.panel_rows``, see ``queries.panels``; one statement of its own at
    most.
    """
    if page.is_for_guest or is_visiting():
        return []
    found = (offer(actor, page) for offer in contributions.gather("idea-panels"))
    return [panel for panel in found if panel is not None]


#: What someone who may write but not move fills in instead.
WRITES = {Way.STUDY: "what_happened", Way.ACT: "learned"}


def _next_url(page: IdeaPage) -> str:
    """Return where the next step is done: the reply, the plan, the move form, or a field."""
    way = page.next_step.way
    if page.may.reply and page.reply is None:
        return url_for("ideas.reply_first", idea_id=page.id)
    if way is None:
        return ""
    if way in {Way.PLAN, Way.DO}:
        return url_for("ideas.plan_small_test", idea_id=page.id) if page.may.plan else ""
    if page.may.move or page.may.decide:
        return url_for("ideas.move_idea", idea_id=page.id, to=way.value)
    if way in WRITES and page.may.edit:
        return url_for("ideas.edit_field", idea_id=page.id, field=WRITES[way])
    return ""


@blueprint.get("/ideas/<int:idea_id>/history")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def history(idea_id: int) -> ResponseReturnValue:
    """List what happened to an idea, the newest first; all, moves, edits or verdicts."""
    actor = current_actor()
    page = queries.idea_page(actor, idea_id)
    show = request.args.get("show", "all")
    wanted = HISTORY_KINDS.get(show)
    lines = queries.history(actor, idea_id)
    return render_template(
        "ideas/history.html",
        page=page,
        show=show if wanted else "all",
        lines=[line for line in lines if wanted is None or line.kind in wanted],
    )


# ---- one field


@blueprint.get("/ideas/<int:idea_id>/edit/<field>")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
def edit_field(idea_id: int, field: str) -> ResponseReturnValue:
    """Show one field to change: in its place, else on a page."""
    question = _question(field)
    page = queries.idea_page(current_actor(), idea_id)
    if not page.may.edit:
        raise Forbidden("The people of this team and coaches can change this idea.")
    form = edit_form_for(question, is_empty=True)
    form.show(_value(page, field))
    form.version.data = page.version
    return _field_page(page, question, form)


@blueprint.post("/ideas/<int:idea_id>/edit/<field>")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def save_field(idea_id: int, field: str) -> ResponseReturnValue:
    """Save one field, unless a colleague changed the same one meanwhile."""
    actor, question = current_actor(), _question(field)
    form = edit_form_for(question)
    if wants_change() or not form.is_sent():
        return _field_page(queries.idea_page(actor, idea_id), question, form, form.status)
    if question.kind in {"text", "line"} and (kinds := kinds_to_show(form.value.data)):
        queries.card(actor, idea_id)
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about=field)
    try:
        service.edit_field(
            actor,
            idea_id=idea_id,
            field=field,
            value=form.answer(),
            seen_version=form.version.data,
        )
    except RuleBroken as error:
        form.refuse_at_field(error)
        return _field_page(queries.idea_page(actor, idea_id), question, form, 422)
    except Stale as error:
        return _field_conflict(queries.idea_page(actor, idea_id), question, form, error)
    if is_htmx():
        announce("Saved.")
        page = queries.idea_page(actor, idea_id)
        return part("ideas/_field.html", page=page, question=question, is_saved=True)
    say("Saved.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


def _question(field: str) -> Question:
    question = QUESTIONS.get(field)
    if question is None:
        raise NotFound
    return question


def _value(page: IdeaPage, field: str) -> object:
    if field in IDEA_QUESTIONS:
        return getattr(page, field)
    if page.cycle is None:
        raise NotFound
    return page.cycle.values.get(field)


def _field_page(
    page: IdeaPage, question: Question, form: EditForm, status: int = 200
) -> ResponseReturnValue:
    return part_or_page(
        "ideas/_edit_field.html",
        "ideas/edit_field.html",
        status,
        page=page,
        question=question,
        form=form,
    )


def _field_conflict(
    page: IdeaPage, question: Question, form: EditForm, error: Stale
) -> ResponseReturnValue:
    """Show both texts. What is sent from here knows the colleague's."""
    form.version.data = error.facts["version"]
    theirs = error.facts.get("theirs")
    return part_or_page(
        "ideas/_edit_conflict.html",
        "ideas/edit_conflict.html",
        409,
        page=page,
        question=question,
        form=form,
        facts=error.facts,
        theirs=in_words(question.name, theirs) if question.name in CYCLE_QUESTIONS else theirs,
    )


# ---- blocked, lead, measures, taking part


@blueprint.route("/ideas/<int:idea_id>/blocked", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def mark_blocked(idea_id: int) -> ResponseReturnValue:
    """Say that an idea cannot go on, why, and who can help."""
    actor, form = current_actor(), BlockedForm()
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.reason.data, form.who.data):
            queries.card(actor, idea_id)
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="blocked")
        try:
            service.mark_blocked(
                actor,
                idea_id=idea_id,
                reason=form.reason.data,
                who=form.who.data,
                level=form.level.level,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Marked as blocked. It shows on the board, with who can help.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    page = queries.idea_page(actor, idea_id)
    if request.method == "GET" and page.blocked:
        form.reason.data, form.who.data = page.blocked.reason, page.blocked.who
        form.level.data = page.blocked.level or form.level.default
    return render_template("ideas/blocked.html", page=page, form=form), form.status


@blueprint.post("/ideas/<int:idea_id>/unblock")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def unblock(idea_id: int) -> ResponseReturnValue:
    """Say that it can go on again."""
    service.unblock(current_actor(), idea_id=idea_id)
    say("It can go on again.")
    return go_back(_back_to(idea_id))


@blueprint.route("/ideas/<int:idea_id>/lead", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def choose_lead(idea_id: int) -> ResponseReturnValue:
    """Choose who leads the idea."""
    actor, form = current_actor(), LeadForm()
    page = queries.idea_page(actor, idea_id)
    form.offer((p.id, p.name) for p in people.people_of_team(actor, page.team.id))
    if form.is_sent():
        try:
            service.choose_lead(actor, idea_id=idea_id, lead_id=form.lead_id.data or None)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Saved.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    if request.method == "GET":
        form.lead_id.data = (page.lead and page.lead.id) or 0
    return render_template("ideas/lead.html", page=page, form=form), form.status


@blueprint.route("/ideas/<int:idea_id>/measures", methods=["GET", "POST"])
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def choose_measures(idea_id: int) -> ResponseReturnValue:
    """Choose the measure an idea should move, and one that might get worse."""
    actor, form = current_actor(), MeasuresForm()
    page = queries.idea_page(actor, idea_id)
    form.offer((m.id, m.name) for m in measures.measure_choices(actor, page.team.id))
    if form.is_sent():
        try:
            service.choose_measures(
                actor,
                idea_id=idea_id,
                main_id=form.main_id.data or None,
                beside_id=form.beside_id.data or None,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Saved.")
            return go_back(url_for("ideas.idea_page", idea_id=idea_id))
    if request.method == "GET":
        chosen = {m.place: m.measure_id for m in page.measures}
        form.main_id.data, form.beside_id.data = chosen.get("main", 0), chosen.get("beside", 0)
    return render_template("ideas/measures.html", page=page, form=form), form.status


@blueprint.post("/ideas/<int:idea_id>/on-board")
@requires(Permission.LOG_IDEA, is_open_on_own_phone=True)
@commits
def put_on_board(idea_id: int) -> ResponseReturnValue:
    """Show an idea that a coach answers on the team's board, as its author wishes."""
    service.put_on_board(current_actor(), idea_id=idea_id)
    say("It is on the team’s board now.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


@blueprint.post("/ideas/<int:idea_id>/people")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def join_idea(idea_id: int) -> ResponseReturnValue:
    """Take part in an idea."""
    service.join_idea(current_actor(), idea_id=idea_id)
    say("You take part in this idea.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


def _back_to(idea_id: int) -> str:
    return came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=PlainForm().back.data)
