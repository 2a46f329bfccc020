"""All finished work of a period: kept, changed and stopped as equals. Reads only."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, may
from improve.ideas.flow import FAMILY_SOURCES
from improve.ideas.kinds import SOURCE_WORDS
from improve.ideas.listing import FinishedFilter
from improve.ideas.queries.aims import aim_choices
from improve.ideas.queries.finished import finished_file
from improve.library.queries import spread_counts, stories
from improve.measures.chart import draw_spark
from improve.review import queries
from improve.review.finished_address import as_query, kept_in
from improve.review.forms import FilterForm
from improve.review.routes.blueprint import blueprint
from improve.review.row_words import FROM_WORDS, cycles_words, ending_words, source_words
from improve.review.showing import Shown, show
from improve.review.summary import summary_sentence
from improve.review.system_measures import DEFINITIONS
from improve.shared import clock
from improve.shared.export import csv_file
from improve.shared.formatting import page_number

STORIES_SHOWN: Final = 3
#: Drawn on the page; the other charts are one link away.
_CHART: Final = "first_response_days"
_HEAD: Final = (
    "Decided",
    "How it ended",
    "Idea",
    "Team",
    "Service",
    "Cycle",
    "Cycles so far",
    "Came from",
    "What was learned",
    "Why",
    "Why keep it anyway",
    "Chart now",
    "Chart when decided",
    "Beside it now",
    "Small test",
    "Taken up in other places",
    "Read by",
)


@blueprint.get("/review")
@requires(Permission.SEE_REVIEW)
def finished_cycles() -> ResponseReturnValue:
    """List the cycles that were decided in a period, the last first, with what stands beside."""
    actor = current_actor()
    form, teams, services = _filter(actor)
    if not form.validate():
        return render_template("review/finished_cycles.html", form=form, page=None), 422
    chosen, only_unread = form.chosen(), bool(form.unread.data)
    page, counts = queries.finished_work(
        actor, chosen, page=page_number(request.args.get("page")), only_unread=only_unread
    )
    since, until = queries.period_begins(chosen)
    query = kept_in(request.args)
    return render_template(
        "review/finished_cycles.html",
        form=form,
        page=page,
        counts=counts,
        sentence=summary_sentence(page, form.asked()),
        beside=queries.beside_rows(actor, {cycle.idea_id for cycle in page.cycles}),
        in_study=None if page.total else queries.in_study_now(actor, chosen),
        sparks=[draw_spark(c.verdict.spark) if c.verdict else None for c in page.cycles],
        stories=stories(
            actor,
            since=since,
            until=until,
            team_ids=_team_ids(chosen, teams),
            most=STORIES_SHOWN,
        ),
        chart=_chart(actor, chosen, form.chosen_team),
        work_url=_work_url(form, services),
        blocked=_blocked(actor, counts, chosen),
        family_links=_family_links(form),
        query=query,
        here=url_for("review.finished_cycles", **_whole(query)),
        today=clock.today(),
        saved_query=as_query(query),
        ending_words=ending_words,
        cycles_words=cycles_words,
        source_words=source_words,
    )


@blueprint.get("/review/data.csv")
@requires(Permission.SEE_REVIEW)
def finished_data() -> ResponseReturnValue:
    """Send everything that the filter keeps, all pages of it, as a file."""
    actor = current_actor()
    form, _, services = _filter(actor)
    if not form.validate():
        return render_template("review/finished_cycles.html", form=form, page=None), 422
    kept_by = queries.unread_by(actor) if form.unread.data else None
    cycles = finished_file(actor, form.chosen(), kept_by=kept_by)
    named = dict(services)
    keys = {(cycle.idea_id, cycle.cycle_number) for cycle in cycles}
    readers = queries.readers(actor, keys)
    places = spread_counts(actor, {cycle.idea_id for cycle in cycles})
    body = csv_file(
        _HEAD,
        (
            (
                clock.local(one.decided_at).date(),
                ending_words(one),
                one.title,
                one.team.name,
                named.get(one.service_id, ""),
                one.cycle_number,
                one.cycles,
                SOURCE_WORDS[one.source],
                one.lesson,
                one.why,
                one.adopt_anyway,
                one.verdict.label if one.verdict else "",
                one.decided_verdict.label if one.decided_verdict else "",
                one.beside.label if one.beside else "",
                one.small_test.words if one.small_test else "",
                places.get(one.idea_id, 0),
                readers.get((one.idea_id, one.cycle_number), ""),
            )
            for one in cycles
        ),
    )
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="finished-work.csv"'
    return answer


def _filter(actor: Actor) -> tuple[FilterForm, list[TeamView], list[tuple[int, str]]]:
    teams, services = people.teams_and_services(actor)
    form = FilterForm(request.args)
    form.offer(teams, services, aim_choices(actor))
    if not may(actor, Permission.TICK_READ):
        form.unread.data = False
    return form, teams, services


def _whole(query: dict[str, str]) -> dict[str, Any]:
    """Return the parts of the address of the page that is shown."""
    page = page_number(request.args.get("page"))
    return {**query, "page": page} if page > 1 else dict(query)


def _team_ids(chosen: FinishedFilter, teams: list[TeamView]) -> list[int] | None:
    if chosen.team_id is not None:
        return [chosen.team_id]
    if chosen.service_id is not None:
        return [team.id for team in teams if team.service_id == chosen.service_id]
    return None


def _chart(actor: Actor, chosen: FinishedFilter, team: TeamView | None) -> Shown:
    one = next(each for each in DEFINITIONS if each.key == _CHART)
    past = queries.history(
        actor,
        needs=one.needs,
        team_id=chosen.team_id,
        service_id=chosen.service_id,
        calendar=team.calendar if team else None,
    )
    return show(one, past)


def _work_url(form: FilterForm, services: list[tuple[int, str]]) -> str:
    """Return where the same team or service stands with all its charts."""
    whose: dict[str, Any] = {}
    if form.chosen_team:
        whose = {"team": form.chosen_team.slug}
    elif form.service.data in {str(service_id) for service_id, _ in services}:
        whose = {"service": form.service.data}
    return url_for("review.all_work", **whose)


def _family_links(form: FilterForm) -> list[tuple[str, str]]:
    """Return where ideas of children and of families wait for a first reply, each with whose."""
    team = form.chosen_team
    where: dict[str, Any] = {"endpoint": "ideas.all_teams"}
    if team:
        where = {"endpoint": "ideas.board", "slug": team.slug}
    return [
        (FROM_WORDS[source], url_for(**where, show="needs-reply", source=source.value))
        for source in FAMILY_SOURCES
    ]


def _blocked(actor: Actor, counts: Any, chosen: FinishedFilter) -> tuple[int, str]:
    """Return how many ideas need a leader, and where they stand; 0 to whom it is no matter."""
    waiting = {"service": counts.blocked_service, "director": counts.blocked_director}
    if not may(actor, Permission.ANSWER_MONTH):
        return 0, ""
    levels = [level for level, count in waiting.items() if count]
    where: dict[str, Any] = {"team": chosen.team_id, "service": chosen.service_id}
    if len(levels) == 1:
        where["level"] = levels[0]
    named = {name: value for name, value in where.items() if value}
    return sum(waiting.values()), url_for("ideas.blocked", **named)
