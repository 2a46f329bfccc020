"""Dip samples: set one up, read record by record, compare, settle, make a point."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures.dip_counts import ANSWER_WORDS, FIRST, RECORDS_MOST, SECOND
from improve.measures.forms import VersionForm
from improve.measures.forms.dip_samples import (
    ChangeReaderForm,
    NewSampleForm,
    RecordForm,
    SettleForm,
)
from improve.measures.queries import dip_samples as queries
from improve.measures.routes.blueprint import blueprint
from improve.measures.service import dip_samples as service
from improve.measures.service.define import WHO_DEFINES
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from improve.shared.formatting import percent, whole_number


@blueprint.get("/teams/<slug>/dip-samples")
@requires(Permission.SEE_MEASURES)
def team_dip_samples(slug: str) -> ResponseReturnValue:
    """List a team's dip samples and how far their readers are."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    return render_template(
        "measures/dip_samples.html",
        team=team,
        pages=queries.samples_of_team(actor, team.id),
        may_make=may(actor, Permission.DEFINE_MEASURE, team_id=team.id),
    )


@blueprint.route("/teams/<slug>/dip-samples/new", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def make_dip_sample(slug: str) -> ResponseReturnValue:
    """Choose what is read, by which two people."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team.id):
        raise Forbidden(WHO_DEFINES)
    form = NewSampleForm()
    form.offer(
        readers=queries.possible_readers(actor, team.id),
        measures=queries.sample_measures(actor, team.id),
    )
    if form.is_sent():
        try:
            sample_id = service.make_sample(actor, team_id=team.id, details=form.details())
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            say("The dip sample is ready. The two readers find it here.")
            return redirect(_url(sample_id), 303)
    return render_template(
        "measures/dip_new.html", form=form, team=team, records_most=RECORDS_MOST
    ), form.status


def _url(sample_id: int) -> str:
    return url_for("measures.dip_sample", sample_id=sample_id)


@blueprint.get("/dip-samples/<int:sample_id>")
@requires(Permission.SEE_MEASURES, is_open_on_own_phone=True)
def dip_sample(sample_id: int) -> ResponseReturnValue:
    """Show how far the readers are; once both have finished, where they agree."""
    return _page(current_actor(), sample_id)


def _page(
    actor: Actor, sample_id: int, *, form: ChangeReaderForm | None = None
) -> ResponseReturnValue:
    page = queries.sample_page(actor, sample_id)
    view, compared = page.sample, page.compared
    may_manage = may(actor, Permission.DEFINE_MEASURE, team_id=view.team_id)
    form = form or ChangeReaderForm(formdata=None)
    form.version.data = view.version
    own = {view.first_reader_id, view.second_reader_id}
    possible = queries.possible_readers(actor, view.team_id) if may_manage else []
    form.offer(
        places=[(FIRST, view.first_reader), (SECOND, view.second_reader)],
        people=[p for p in possible if p.id not in own],
    )
    return render_template(
        "measures/dip_sample.html",
        sample=view,
        compared=compared,
        result=compared.result(view.measured_question),
        reader=view.reader_of(actor.person_id)
        if may(actor, Permission.ENTER_DATA, team_id=view.team_id)
        else None,
        readers=(FIRST, SECOND),
        may_manage=may_manage,
        may_settle=service.may_settle(actor, view),
        form=form,
    ), form.status


@blueprint.route("/dip-samples/<int:sample_id>/read", methods=["GET", "POST"])
@requires(Permission.ENTER_DATA, is_open_on_own_phone=True)
@commits
def read_record(sample_id: int) -> ResponseReturnValue:
    """Answer one record after another, apart from the other reader."""
    actor = current_actor()
    page = queries.sample_page(actor, sample_id)
    view, compared = page.sample, page.compared
    reader = service.check_reads(actor, view)
    form = RecordForm()
    form.ask(view.questions)
    asked = whole_number(form.record.data or request.args.get("record"))
    record = asked or compared.next_record(reader) or 0
    if form.is_sent():
        try:
            service.answer_record(actor, sample_id=sample_id, record=record, answers=form.answers())
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(_after_record(actor, sample_id, reader), 303)
    elif compared.is_open or not record:
        return redirect(_url(sample_id), 303)
    if not 1 <= record <= view.record_count:
        raise NotFound
    if request.method == "GET" or g.get("is_restoring"):
        form.fill(queries.own_answers(actor, view, reader, record))
    form.record.data = str(record)
    return render_template(
        "measures/dip_read.html",
        sample=view,
        form=form,
        record=record,
        done=compared.records_read(reader),
        is_last=len(compared.records_read(reader)) >= view.record_count - 1,
    ), form.status


def _after_record(actor: Actor, sample_id: int, reader: int) -> str:
    after = queries.sample_page(actor, sample_id).compared
    if after.next_record(reader) is not None:
        return url_for("measures.read_record", sample_id=sample_id)
    words = "You have read all of them. Thank you."
    if not after.is_open:
        words = f"{words} When the other reader has finished, you compare."
    say(words)
    return _url(sample_id)


@blueprint.route("/dip-samples/<int:sample_id>/settle", methods=["GET", "POST"])
@requires(Permission.ENTER_DATA)
@commits
def settle_differences(sample_id: int) -> ResponseReturnValue:
    """Go through what was answered differently, together."""
    actor = current_actor()
    page = queries.sample_page(actor, sample_id)
    if not service.may_settle(actor, page.sample):
        raise Forbidden(service.WHO_SETTLES)
    if not page.compared.is_open:
        return redirect(_url(sample_id), 303)
    form = SettleForm()
    if form.is_sent():
        left = service.settle_differences(
            actor, sample_id=sample_id, agreed=form.agreed(request.form)
        )
        say("All differences are settled." if not left else "Kept. Some are still to be settled.")
        return redirect(_url(sample_id), 303)
    return render_template(
        "measures/dip_settle.html",
        sample=page.sample,
        differences=page.compared.differences,
        answers=ANSWER_WORDS,
    ), form.status


@blueprint.post("/dip-samples/<int:sample_id>/point")
@requires(Permission.DEFINE_MEASURE)
@commits
def make_dip_point(sample_id: int) -> ResponseReturnValue:
    """Make the agreed answers to the chosen question a point of the measure."""
    actor = current_actor()
    view = queries.sample(actor, sample_id)
    if SettleForm().is_sent():
        try:
            result = service.make_dip_point(actor, sample_id=sample_id)
        except RuleBroken as broken:
            say(str(broken), kind="warn")
        else:
            link = url_for("measures.measure_page", measure_id=view.measure_id)
            words = f"{percent(result.yes / result.of)} is on the chart."
            say(words, link_url=link, link_words="See the chart")
    return redirect(_url(sample_id), 303)


@blueprint.post("/dip-samples/<int:sample_id>/stop")
@requires(Permission.DEFINE_MEASURE)
@commits
def stop_dip_sample(sample_id: int) -> ResponseReturnValue:
    """Read no more, finished or not."""
    form, view = VersionForm(), queries.sample(current_actor(), sample_id)
    if form.is_sent():
        service.stop_sample(current_actor(), sample_id=view.id, seen_version=form.version.data)
        say("Reading is stopped. What both have read is compared.")
    return redirect(_url(sample_id), 303)


@blueprint.post("/dip-samples/<int:sample_id>/reopen")
@requires(Permission.DEFINE_MEASURE)
@commits
def reopen_dip_sample(sample_id: int) -> ResponseReturnValue:
    """Let the readers go on where they were."""
    form, view = VersionForm(), queries.sample(current_actor(), sample_id)
    if form.is_sent():
        service.reopen_sample(current_actor(), sample_id=view.id, seen_version=form.version.data)
        say("The readers can go on.")
    return redirect(_url(sample_id), 303)


@blueprint.post("/dip-samples/<int:sample_id>/reader")
@requires(Permission.DEFINE_MEASURE)
@commits
def change_dip_reader(sample_id: int) -> ResponseReturnValue:
    """Have somebody else read in a reader's place."""
    actor = current_actor()
    queries.sample(actor, sample_id)
    form = ChangeReaderForm()
    form.reader.choices = form.person_id.choices = []
    if form.is_sent():
        try:
            service.change_reader(
                actor,
                sample_id=sample_id,
                seen_version=form.version.data,
                reader=form.reader.data or 0,
                person_id=form.person_id.data or 0,
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            say("Somebody else reads now, from record 1.")
            return redirect(_url(sample_id), 303)
    return _page(actor, sample_id, form=form)
