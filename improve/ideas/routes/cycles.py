"""An idea goes round: moved, taken back, and met by a colleague's change."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.ideas import queries, service
from improve.ideas.board_address import is_whole_board
from improve.ideas.forms.cycles import (
    QUESTIONS,
    AnswersForm,
    MoveForm,
    UndoForm,
    in_words,
)
from improve.ideas.kinds import STAGE_WORDS, Outcome, Way
from improve.ideas.page import MoveChoice, MoveFormView
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.board_seen import seen_after_own
from improve.ideas.routes.way_back import came_from, go_back
from improve.ideas.service import Moved
from improve.shared import clock, limits
from improve.shared.db import commits
from improve.shared.errors import Reason, RuleBroken, Stale
from improve.shared.forms import clean
from improve.shared.htmx import announce, is_htmx, part, part_or_page
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/ideas/<int:idea_id>/stage")
@requires(Permission.MOVE_IDEA, is_open_on_own_phone=True)
def move_idea(idea_id: int) -> ResponseReturnValue:
    """Show where an idea may go and what that asks for: a part in the dialog, else a page."""
    view = queries.move_form(current_actor(), idea_id, _way(request.args.get("to")))
    form = MoveForm(formdata=None)
    form.see(view)
    form.offer(view)
    form.back.data = came_from(url_for("ideas.idea_page", idea_id=idea_id))
    form.in_dialog.data = "1" if is_htmx() else ""
    noted = clean(request.args.get("note", ""))[: limits.length("reason")]
    if not noted or view.chosen is None:
        return _move_page(view, form)
    # What a huddle put off stands in the words that soft needs are passed with.
    form.note.data = noted
    return _move_page(view, form, soft=[m.key for m in view.chosen.missing if not m.is_hard])


@blueprint.post("/ideas/<int:idea_id>/stage")
@requires(Permission.MOVE_IDEA, is_open_on_own_phone=True)
@commits
def send_move(idea_id: int) -> ResponseReturnValue:
    """Move the idea, or save what was written and leave it where it is."""
    actor, form = current_actor(), MoveForm()
    if form.has_other_fields or wants_change() or not form.is_sent():
        return _move_again(actor, idea_id, form)
    if form.dropped.data and (asks := _drop_asks(actor, idea_id, form)):
        return asks
    if kinds := identifying(actor, idea_id, form):
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="move")
    try:
        if "secondary" in request.form:
            return _save_only(actor, idea_id, form)
        moved = _move(actor, idea_id, form)
    except RuleBroken as error:
        return _move_again(actor, idea_id, form, error)
    except Stale as error:
        return conflict_page(actor, idea_id, form, error)
    return moved_answer(actor, moved, form)


def _way(text: str | None) -> Way | None:
    return next((way for way in Way if way.value == text), None)


def _move(actor: Actor, idea_id: int, form: MoveForm) -> Moved:
    if form.way is None:
        raise RuleBroken([Reason("Choose where it goes.", "to")])
    return service.move_stage(
        actor,
        idea_id=idea_id,
        way=form.way,
        seen_version=form.version.data,
        from_stage=form.seen_stage,
        answers=form.answers(),
        note=form.note.data or "",
        look_again_on=form.look_again_on.day,
        lead_id=form.lead_id.data or None,
        why_now=form.why_now.data or "",
    )


def _drop_asks(actor: Actor, idea_id: int, form: MoveForm) -> ResponseReturnValue | None:
    """Return the move form where a dropped card needs words first, else None.

    A card that somebody moved or changed meanwhile is left to the move itself, which says so.
    """
    # Whoever drops a card on Done has not said yet how it ends.
    view = queries.move_form(actor, idea_id, None if form.way is Way.KEEP else form.way)
    if (view.version, view.stage) != (form.version.data, form.seen_stage) or not view.choices:
        return None
    chosen = view.chosen
    if chosen is None:
        form.to.data = form.asked_for.data = None
        form.offer(view)
        return _move_page(view, form, status=422, is_dropped=True)
    if not chosen.missing and not chosen.needs_note and not view.is_over_wip:
        return None
    form.offer(view)
    soft = [m.key for m in chosen.missing if not m.is_hard]
    return _move_page(view, form, soft=soft, status=422, is_dropped=True)


def _save_only(actor: Actor, idea_id: int, form: AnswersForm) -> ResponseReturnValue:
    service.save_answers(
        actor, idea_id=idea_id, seen_version=form.version.data, answers=form.answers()
    )
    say(f"Saved. It is still in {STAGE_WORDS[form.seen_stage]}.")
    return go_back(came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=form.back.data))


def identifying(actor: Actor, idea_id: int, form: AnswersForm) -> list[str]:
    """Return what the words may give away; words that stood there before are not asked again."""
    texts = form.texts()
    if not kinds_to_show(*texts.values()):
        return []
    stood = queries.move_form(actor, idea_id).values
    return kinds_to_show(*(words for name, words in texts.items() if words != stood.get(name)))


def _move_page(
    view: MoveFormView,
    form: MoveForm,
    *,
    soft: list[str] | None = None,
    status: int = 200,
    is_dropped: bool = False,
) -> ResponseReturnValue:
    return part_or_page(
        "ideas/_move.html",
        "ideas/move.html",
        status,
        view=view,
        form=form,
        chosen=view.chosen,
        soft=_not_answered_here(view.chosen) if soft is None else soft,
        earlier=_earlier(view),
        questions=QUESTIONS,
        is_switched=bool(request.form.get("show")),
        is_dropped=is_dropped,
    )


#: Answers given before that help with the next, shown and never asked again.
EARLIER: dict[Way, tuple[str, ...]] = {
    Way.STUDY: ("prediction",),
    Way.ACT: ("prediction", "what_happened"),
    **dict.fromkeys((Way.KEEP, Way.CHANGE, Way.STOP), ("prediction_held", "learned")),
}
EARLIER_LABELS = {
    "prediction": "We expected",
    "what_happened": "What happened",
    "prediction_held": "As expected",
    "learned": "What we learned",
}


def _earlier(view: MoveFormView) -> list[tuple[str, str]]:
    chosen = view.chosen
    if chosen is None:
        # Read before an ending is chosen.
        names = list(EARLIER[Way.KEEP]) if view.may_decide else []
    elif chosen.is_back:
        names = []
    else:
        names = [n for n in EARLIER.get(chosen.way, ()) if n not in chosen.fields]
    said = [(EARLIER_LABELS[name], in_words(name, view.values.get(name))) for name in names]
    return [(label, words) for label, words in said if words]


def _not_answered_here(chosen: MoveChoice | None) -> list[str]:
    """Return what is missing and has no field on this page: shown from the start."""
    if chosen is None:
        return []
    return [m.key for m in chosen.missing if not m.is_hard and m.field not in chosen.fields]


def _move_again(
    actor: Actor, idea_id: int, form: MoveForm, error: RuleBroken | None = None
) -> ResponseReturnValue:
    """Show the form again with everything typed: for another way, or with what is missing."""
    view = queries.move_form(actor, idea_id, form.way)
    if view.choices and view.chosen is None:
        form.offer(view)
        form.refuse(error or RuleBroken([Reason("Choose one.", "to")]))
        return _move_page(view, form, status=422)
    is_other = form.has_other_fields
    form.offer(view)
    if is_other or error is None:
        return _move_page(view, form, status=200 if is_other or wants_change() else form.status)
    soft = soft_of(view.chosen, error)
    form.refuse(without_soft(error, soft))
    return _move_page(view, form, soft=list(soft), status=422)


def soft_of(chosen: MoveChoice | None, error: RuleBroken) -> dict[str, str]:
    """Return, by key, the soft needs among the reasons: they stand in their own panel."""
    said = {reason.words for reason in error.reasons}
    missing = chosen.missing if chosen else ()
    words = {m.key: m.words[:1].upper() + m.words[1:] for m in missing if not m.is_hard}
    return {key: text for key, text in words.items() if text in said}


def without_soft(error: RuleBroken, soft: Mapping[str, str]) -> RuleBroken:
    """Return the reasons that stand beside fields; what is soft stands in its panel instead."""
    rest = [r for r in error.reasons if r.words not in soft.values()]
    if not soft:
        return RuleBroken(rest)
    if list(soft) == ["study_day"]:
        ask = "Say in a few words why you study it early."
    else:
        ask = "Fill in what is missing, or say in a few words why you go on without it."
    return RuleBroken([Reason(ask, "note") if r.field == "note" else r for r in rest])


def moved_answer(actor: Actor, moved: Moved, form: AnswersForm) -> ResponseReturnValue:
    """Answer a move where the person came from: on a board by the card alone, else by a page."""
    back = came_from(url_for("ideas.idea_page", idea_id=moved.idea_id), sent=form.back.data)
    undo_fields = {"move_id": moved.move_id, "back": back}
    if moved.way is Way.STOP:
        # What it taught is the answer, as large as what was kept.
        back = url_for("ideas.learned_page", idea_id=moved.idea_id)
    team = people.team_by_id(actor, moved.team_id)
    here = url_for("ideas.board", slug=team.slug)
    if is_htmx() and is_whole_board(back, here, actor.board_view):
        return _card_alone(actor, moved, team, undo_fields)
    say(
        moved.words,
        undo_url=url_for("ideas.undo_move", idea_id=moved.idea_id),
        undo_fields=undo_fields,
        undo_about=f"moving {moved.title}",
        **_what_it_taught(moved),
    )
    return go_back(back)


def _what_it_taught(moved: Moved) -> dict[str, str]:
    """Return the link that a kept or quickly fixed idea's message ends with."""
    if moved.outcome not in {Outcome.ADOPTED, Outcome.QUICK_FIX}:
        return {}
    address = url_for("ideas.learned_page", idea_id=moved.idea_id)
    return {"link_url": address, "link_words": "What it taught"}


def _card_alone(
    actor: Actor, moved: Moved, team: TeamView, undo_fields: dict[str, Any]
) -> ResponseReturnValue:
    board = queries.column_heads(actor, team)
    column = next(c for c in board.columns if c.stage is moved.to_stage)
    place = 1 if moved.outcome else column.total
    announce(
        f"{moved.title} moved from {STAGE_WORDS[moved.from_stage]} "
        f"to {STAGE_WORDS[moved.to_stage]}, position {place} of {column.total}"
    )
    answer = part(
        "ideas/_moved.html",
        card=queries.card_after_act(actor, moved.idea_id, team),
        board=board,
        team=team,
        moved=moved,
        undo_fields=undo_fields,
        back=undo_fields["back"],
        seen=seen_after_own(team),
    )
    answer.headers["HX-Trigger"] = "improve:close-dialog"
    return answer


# ---- when a colleague changed it first


def conflict_page(
    actor: Actor, idea_id: int, form: AnswersForm, error: Stale
) -> ResponseReturnValue:
    """Show what stands now beside what the person wrote, and what can be done with it."""
    view = queries.move_form(actor, idea_id)
    names = [name for name in form.names() if form.in_words(name)]
    note = form.note.data if "note" in form else ""
    back = next((c for c in view.choices if c.is_back and c.to_stage is form.seen_stage), None)
    wanted = form.to.data if "to" in form else Way.DO.value
    again = next((c for c in view.choices if c.way.value == wanted and not c.is_back), None)
    return part_or_page(
        "ideas/_conflict.html",
        "ideas/conflict.html",
        409,
        facts=error.facts,
        now=clock.now(),
        view=view,
        form=form,
        seen_stage=form.seen_stage,
        mine=[(QUESTIONS[name].label, form.in_words(name)) for name in names],
        theirs=[
            (QUESTIONS[name].label, in_words(name, error.facts["values"].get(name)))
            for name in names
        ],
        note=note,
        kept=[(n, request.form.get(n, "")) for n in (*names, "note") if request.form.get(n)],
        carried=" ".join(names),
        move_back=back,
        go_on=again,
        back=came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=form.back.data),
    )


@blueprint.post("/ideas/<int:idea_id>/conflict")
@requires(Permission.EDIT_IDEA, is_open_on_own_phone=True)
@commits
def after_conflict(idea_id: int) -> ResponseReturnValue:
    """Do with one's words what was chosen: add them, leave them out, or move on with them."""
    actor, form = current_actor(), MoveForm()
    chosen = request.form.get("do")
    if chosen == "move" or not form.is_sent():
        view = queries.move_form(actor, idea_id, form.way)
        form.see(view)
        form.offer(view)
        return _move_page(view, form, status=200 if chosen == "move" else form.status)
    try:
        if chosen == "out":
            service.leave_words_out(actor, idea_id=idea_id, answers=form.answers())
            say(
                "Your words are left out. You find them in the history for 24 hours.",
                link_url=url_for("ideas.history", idea_id=idea_id),
                link_words="History",
            )
        else:
            _add_words(actor, idea_id, form)
    except RuleBroken as error:
        return _move_again(actor, idea_id, form, error)
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


def _add_words(actor: Actor, idea_id: int, form: MoveForm) -> None:
    service.add_words_after_conflict(actor, idea_id=idea_id, answers=form.answers())
    if note := form.note_words():
        service.comment(actor, idea_id=idea_id, words=note, form_token=secrets.token_urlsafe(24))
    say("Your words are added. Nothing was moved.")


# ---- taking a move back


@blueprint.post("/ideas/<int:idea_id>/undo")
@requires(Permission.MOVE_IDEA, is_open_on_own_phone=True)
@commits
def undo_move(idea_id: int) -> ResponseReturnValue:
    """Take the last move back, or say what happened since."""
    actor, form = current_actor(), UndoForm()
    back = came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=form.back.data)
    try:
        undone = service.undo_move(actor, idea_id=idea_id, move_id=form.move_id.data)
    except RuleBroken as error:
        facts: dict[str, Any] = {"reasons": [r.words for r in error.reasons], "back": back}
        return render_template("ideas/undo.html", idea_id=idea_id, **facts), 422
    say(undone.words)
    return go_back(back)
