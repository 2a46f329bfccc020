"""The pieces of one's own record: written, changed, copied and taken out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.cpd import asked, queries, service
from improve.cpd.document import PieceView, RecordView
from improve.cpd.forms import PieceForm
from improve.cpd.kinds import FIELD_WORDS, TEXT_FIELDS
from improve.cpd.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/me/record/<int:record_id>/pieces/new", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def add_piece(record_id: int) -> ResponseReturnValue:
    """Add a piece that did not come from a cycle: a course, a talk, something read."""
    actor = current_actor()
    held = queries.record(actor, record_id)
    form = PieceForm()
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(*form.texts):
            return ask_to_read_again(actor, kinds, about="cpd piece")
        try:
            service.add_piece(
                actor,
                record_id=record_id,
                words=form.words(),
                form_token=form.form_token.data or "",
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Added.")
            return _to_record(record_id)
    return _page(held, form, piece=None)


@blueprint.route("/me/record/<int:record_id>/pieces/<int:piece_id>", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def change_piece(record_id: int, piece_id: int) -> ResponseReturnValue:
    """Put a piece into my own words; my reflection is never written for me."""
    actor = current_actor()
    held = queries.record(actor, record_id)
    piece = _of(held, piece_id)
    form = PieceForm()
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(*form.texts):
            return ask_to_read_again(actor, kinds, about="cpd piece")
        try:
            service.change_piece(
                actor,
                record_id=record_id,
                piece_id=piece_id,
                words=form.words(),
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            now: PieceView = error.facts["piece"]
            form.version.data = now.version
            return _page(held, form, piece=now, is_stale=True)
        else:
            say("Saved.")
            return _to_record(record_id)
    elif request.method == "GET":
        form.show(piece)
    return _page(held, form, piece=piece)


@blueprint.get("/me/record/<int:record_id>/pieces/<int:piece_id>/text")
@requires(Permission.SEE_OWN_PAGE)
def piece_text(record_id: int, piece_id: int) -> ResponseReturnValue:
    """Show a piece as plain text, to copy and paste."""
    held = queries.record(current_actor(), record_id)
    return render_template("cpd/piece_text.html", record=held, piece=_of(held, piece_id))


@blueprint.route("/me/record/<int:record_id>/pieces/<int:piece_id>/remove", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def remove_piece(record_id: int, piece_id: int) -> ResponseReturnValue:
    """Take a piece out, after a page that says what goes."""
    actor = current_actor()
    held = queries.record(actor, record_id)
    form = ButtonForm()
    if request.method == "POST" and form.is_sent():
        if any(piece.id == piece_id for piece in held.pieces):
            service.remove_piece(actor, record_id=record_id, piece_id=piece_id)
            say("Taken out of your record.")
        return _to_record(record_id)
    return render_template(
        "cpd/remove_piece.html", form=form, record=held, piece=_of(held, piece_id)
    ), form.status


def _of(held: RecordView, piece_id: int) -> PieceView:
    for piece in held.pieces:
        if piece.id == piece_id:
            return piece
    raise NotFound


def _page(
    held: RecordView, form: PieceForm, *, piece: PieceView | None, is_stale: bool = False
) -> ResponseReturnValue:
    meanwhile = []
    if is_stale and piece is not None:
        meanwhile = [
            (FIELD_WORDS[name], getattr(piece, name))
            for name in ("activity", *TEXT_FIELDS)
            if getattr(piece, name) != (form[name].data or "")
        ]
    status = form.status if request.method == "POST" else 200
    return render_template(
        "cpd/piece.html",
        form=form,
        record=held,
        piece=piece,
        meanwhile=meanwhile,
        is_stale=is_stale,
        asked=asked,
    ), 409 if is_stale else status


def _to_record(record_id: int) -> ResponseReturnValue:
    return redirect(url_for("cpd.record", record_id=record_id), 303)
