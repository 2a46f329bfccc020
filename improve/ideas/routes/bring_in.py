"""Bring in a list that a team has already: look through it, all or none, take it back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.ideas.forms.bring_in import (
    BringInForm,
    ColumnsForm,
    ConfirmLogForm,
    taken_rows,
    typed_cells,
)
from improve.ideas.log_rows import MOST_ROWS
from improve.ideas.log_words import ROLE_WORDS, STATUS_HINT
from improve.ideas.queries.log_imports import log_import, log_imports_of_team
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.service import bring_in_log, confirm_log
from improve.ideas.service.bring_in_log import LogLook
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import plural
from improve.shared.identifiers import likely_identifiers
from improve.shared.read_again import ask_to_read_again, wants_change

#: Rows shown in full: those to put right with fields, those likely there, those that are ready.
BAD_ROWS_EDITED = 200
TWINS_SHOWN = 200
READY_ROWS_SHOWN = 50
WORDS_READ_AGAIN = 20


@blueprint.route("/teams/<slug>/bring-in", methods=["GET", "POST"])
@requires(Permission.BRING_IN_LOG)
@commits
def bring_in(slug: str) -> ResponseReturnValue:
    """Take pasted rows or a file and lead to the preview; nothing is saved yet."""
    actor = current_actor()
    team = bring_in_log.team_to_fill(actor, slug)
    form = BringInForm()
    if request.method == "POST" and form.is_sent():
        source, file_name = form.source()
        try:
            made = bring_in_log.start_log(actor, slug=slug, source=source, file_name=file_name)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return _to_preview(slug, made)
    return render_template(
        "ideas/bring_in.html",
        form=form,
        team=team,
        lists=log_imports_of_team(actor, team.id),
        most_rows=MOST_ROWS,
    ), form.status


@blueprint.get("/teams/<slug>/bring-in/<int:import_id>")
@requires(Permission.BRING_IN_LOG)
def bring_in_preview(slug: str, import_id: int) -> ResponseReturnValue:
    """Show what each row would become; before that, ask which column holds what."""
    return _preview(slug, import_id)


@blueprint.route("/teams/<slug>/bring-in/<int:import_id>/columns", methods=["GET", "POST"])
@requires(Permission.BRING_IN_LOG)
@commits
def bring_in_columns(slug: str, import_id: int) -> ResponseReturnValue:
    """Say which column holds what."""
    look = bring_in_log.look_through(current_actor(), slug=slug, import_id=import_id)
    form = ColumnsForm()
    form.offer(look.names)
    if request.method == "POST" and form.is_sent():
        try:
            bring_in_log.set_columns(
                current_actor(),
                slug=slug,
                import_id=import_id,
                columns=form.chosen(),
                has_names=bool(form.has_names.data),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return _to_preview(slug, import_id)
    return _columns(look, form)


@blueprint.post("/teams/<slug>/bring-in/<int:import_id>/check")
@requires(Permission.BRING_IN_LOG)
@commits
def check_log(slug: str, import_id: int) -> ResponseReturnValue:
    """Keep what was put right in the rows and show the preview again."""
    form = ConfirmLogForm()
    if form.is_sent():
        _keep_typed(slug, import_id)
        return _to_preview(slug, import_id)
    return _preview(slug, import_id, form=form)


@blueprint.post("/teams/<slug>/bring-in/<int:import_id>/confirm")
@requires(Permission.BRING_IN_LOG)
@commits
def confirm_rows(slug: str, import_id: int) -> ResponseReturnValue:
    """Bring in the rows shown as ready, all or none."""
    actor = current_actor()
    form = ConfirmLogForm()
    if not wants_change() and form.is_sent():
        held = log_import(actor, bring_in_log.team_to_fill(actor, slug).id, import_id)
        taken = sorted(set(taken_rows(request.form.getlist("take"))))
        if held.done_at is None and taken != held.rows.get("twins", []):
            _keep_typed(slug, import_id)
            say("Look once more: the rows that you ticked are among the others now.")
            return _to_preview(slug, import_id)
        if held.done_at is None and (answer := _words_to_read_again(slug, import_id)):
            return answer
        try:
            done = confirm_log.confirm_log(
                actor,
                slug=slug,
                import_id=import_id,
                seen=form.seen.data or "",
                leave_bad_out=bool(form.leave_bad_out.data),
            )
        except RuleBroken as broken:
            return _preview(slug, import_id, form=form, refusal=broken)
        left = f" {plural(done.left_out, 'row')} left out." if done.left_out else ""
        say(
            f"{plural(done.count, 'idea')} brought in.{left}",
            link_url=url_for("ideas.take_log_back", slug=slug, import_id=import_id),
            link_words="Take the list back",
        )
        return redirect(url_for("ideas.board", slug=slug), 303)
    return _preview(slug, import_id, form=form)


@blueprint.post("/teams/<slug>/bring-in/<int:import_id>/drop")
@requires(Permission.BRING_IN_LOG)
@commits
def drop_log(slug: str, import_id: int) -> ResponseReturnValue:
    """Throw a list away before it was brought in."""
    actor = current_actor()
    log_import(actor, bring_in_log.team_to_fill(actor, slug).id, import_id)
    bring_in_log.drop_log(actor, slug=slug, import_id=import_id)
    say("The list is thrown away. Nothing of it was saved.")
    return redirect(url_for("ideas.bring_in", slug=slug), 303)


@blueprint.route("/teams/<slug>/bring-in/<int:import_id>/take-back", methods=["GET", "POST"])
@requires(Permission.BRING_IN_LOG)
@commits
def take_log_back(slug: str, import_id: int) -> ResponseReturnValue:
    """Take a whole list back, within a day, while nobody has done anything with its ideas."""
    actor = current_actor()
    team = bring_in_log.team_to_fill(actor, slug)
    held = log_import(actor, team.id, import_id)
    form = ConfirmLogForm()
    if request.method == "POST" and form.is_sent():
        try:
            count = confirm_log.take_log_back(actor, slug=slug, import_id=import_id)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            say(f"{plural(count, 'idea')} taken back. The board is as it was.")
            return redirect(url_for("ideas.board", slug=slug), 303)
    return render_template(
        "ideas/bring_in_take_back.html", form=form, team=team, held=held
    ), form.status


def _keep_typed(slug: str, import_id: int) -> None:
    bring_in_log.correct_log(
        current_actor(),
        slug=slug,
        import_id=import_id,
        cells=typed_cells(request.form),
        twins=taken_rows(request.form.getlist("take")),
    )


def _words_to_read_again(slug: str, import_id: int) -> ResponseReturnValue | None:
    """Pause once where words of the list may identify someone."""
    if request.form.get("confirmed"):
        return None
    actor = current_actor()
    look = bring_in_log.look_through(actor, slug=slug, import_id=import_id)
    rows = look.preview.of("ready") if look.preview else ()
    words = [text for row in rows for text in (row.text, row.happened, row.lesson)]
    texts = [text for text in words if likely_identifiers(text)]
    if not texts:
        return None
    return ask_to_read_again(
        actor, likely_identifiers(*texts), about="log", texts=texts[:WORDS_READ_AGAIN]
    )


def _preview(
    slug: str,
    import_id: int,
    *,
    form: ConfirmLogForm | None = None,
    refusal: RuleBroken | None = None,
) -> ResponseReturnValue:
    look = bring_in_log.look_through(current_actor(), slug=slug, import_id=import_id)
    if look.held.done_at is not None:
        return redirect(url_for("ideas.board", slug=slug), 303)
    if look.preview is None:
        columns = ColumnsForm(formdata=None)
        columns.offer(look.names)
        columns.show(look.columns, has_names=look.has_names)
        return _columns(look, columns)
    confirm = form or ConfirmLogForm(formdata=None)
    confirm.seen.data = look.seen
    if refusal is not None:
        confirm.refuse(refusal)
    bad, twins, ready = (look.preview.of(state) for state in ("bad", "twin", "ready"))
    is_all = request.args.get("rows") == "all"
    return render_template(
        "ideas/bring_in_preview.html",
        form=confirm,
        found=look,
        team=look.team,
        roles=look.preview.roles,
        ROLE_WORDS=ROLE_WORDS,
        bad=bad,
        edited=bad[:BAD_ROWS_EDITED],
        twins=twins,
        twins_shown=twins[:TWINS_SHOWN],
        ready=ready if is_all else ready[:READY_ROWS_SHOWN],
        ready_count=len(ready),
        taken={row.number for row in ready} & set(look.held.rows.get("twins", ())),
        STATUS_HINT=STATUS_HINT,
    ), confirm.status


def _columns(look: LogLook, form: ColumnsForm) -> ResponseReturnValue:
    return render_template(
        "ideas/bring_in_columns.html",
        form=form,
        found=look,
        team=look.team,
        ROLE_WORDS=ROLE_WORDS,
    ), form.status


def _to_preview(slug: str, import_id: int) -> ResponseReturnValue:
    return redirect(url_for("ideas.bring_in_preview", slug=slug, import_id=import_id), 303)
