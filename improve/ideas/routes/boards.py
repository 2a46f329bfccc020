"""A team's board: six columns, the same as a list, and everything that ever finished."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, current_app, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import CLOSELY_HELD_ROLES, Permission
from improve.accounts.session_times import ends_at
from improve.ideas import board_list, queries
from improve.ideas.board import BoardFilter
from improve.ideas.kinds import OUTCOME_WORDS, SOURCE_WORDS, STAGE_WORDS, Source, Stage
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.board_wall import board_wall
from improve.ideas.routes.build_mark import build_mark
from improve.ideas.routes.next_huddle import NextHuddle, next_huddle
from improve.measures.chart import draw_spark
from improve.shared import clock
from improve.shared.errors import NotFound
from improve.shared.formatting import page_number, whole_number
from improve.shared.htmx import is_htmx, part

#: What ``?show=`` narrows a board to: the words on screen, and the filter.
SHOWS: Final[Mapping[str, tuple[str, Mapping[str, bool]]]] = {
    "mine": ("My ideas", {"is_mine": True}),
    "needs-reply": ("Need a first reply", {"needs_reply": True}),
    "blocked": ("Blocked", {"is_blocked": True}),
    "ready-to-study": ("Ready to study", {"is_ready_to_study": True}),
}
#: Words looked for on a board may be this long; longer ones are cut.
LONGEST_SEARCH: Final = 100
LAST_PAGE: Final = 10_000

blueprint.add_app_template_global(draw_spark, "draw_spark")


@blueprint.get("/teams/<slug>/board")
@requires(Permission.SEE_IDEAS, is_open_on_own_phone=True)
def board(slug: str) -> ResponseReturnValue:
    """Show a team's board; answer 304 before reading a card where nothing changed."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    if request.args.get("wall") == "1":
        return board_wall(actor, team)
    if "since" in request.args:
        return _changes_since(team, request.args["since"])
    coming = next_huddle(actor, team)
    mark = _mark(actor, team, coming)
    if mark and request.if_none_match.contains_weak(mark):
        return _marked(Response(status=304), mark)
    asked = _asked()
    more_of = _stage(request.args.get("more"))
    page = queries.board(
        actor, team, narrowed=asked, more_of=more_of, page=_page_number() if more_of else 1
    )
    context: dict[str, Any] = {
        "team": team,
        "board": page,
        "today": clock.today(),
        "shows": SHOWS,
        "show": request.args.get("show") if request.args.get("show") in SHOWS else "",
        "sources": [(source.value, SOURCE_WORDS[source]) for source in Source],
        "kept": _kept(),
        "more_of": more_of,
        "is_home": team.id == actor.home_team_id,
        "coming": coming,
    }
    if more_of and is_htmx():
        column = next(column for column in page.columns if column.stage is more_of)
        return part("ideas/_more.html", column=column, **context)
    if request.args.get("view") == "list":
        sort, is_reversed = request.args.get("sort"), request.args.get("order") == "down"
        answer = render_template(
            "ideas/list.html",
            stage_words=STAGE_WORDS,
            rows=board_list.rows(page, sort, is_reversed=is_reversed),
            heads=board_list.heads(sort, is_reversed=is_reversed),
            **context,
        )
    else:
        answer = render_template("ideas/board.html", **context)
    return _marked(make_response(answer), mark)


@blueprint.get("/teams/<slug>/finished")
@requires(Permission.SEE_IDEAS, is_open_on_own_phone=True)
def finished(slug: str) -> ResponseReturnValue:
    """List every finished idea of a team, the last finished first."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    page = _page_number()
    found = queries.all_finished(actor, team, page=page)
    if page > 1 and not found.ideas:
        raise NotFound
    return render_template(
        "ideas/finished.html", team=team, found=found, outcome_words=OUTCOME_WORDS
    )


def _changes_since(team: TeamView, seen: str) -> ResponseReturnValue:
    """Answer a poll: nothing where the board stands as it was drawn, else how much changed."""
    version = whole_number(seen)
    if version is None or version >= team.board_version:
        return Response(status=204)
    return part("ideas/_changes.html", team=team, changes=team.board_version - version)


def _asked() -> BoardFilter:
    narrowed = dict(SHOWS.get(request.args.get("show", ""), ("", {}))[1])
    source = request.args.get("source", "")
    return BoardFilter(
        source=Source(source) if source in list(Source) else None,
        text=request.args.get("text", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        **narrowed,
    )


def _kept() -> dict[str, str]:
    """Return what the links of a board carry along: its filter and its view, not its pages."""
    names = ["show", "source", "text"]
    if request.args.get("view") == "list":
        names += ["view", "sort", "order"]
    return {name: request.args[name] for name in names if request.args.get(name)}


def _stage(name: str | None) -> Stage | None:
    return Stage(name) if name in list(Stage) else None


def _page_number() -> int:
    return min(page_number(request.args.get("page")), LAST_PAGE)


def _mark(actor: Actor, team: TeamView, coming: NextHuddle) -> str | None:
    """Return what the page depends on, as one mark, known before any card is read.

    None where the page shows a message, which no mark knows. Forms on the page carry a token of
    this session, and the page counts the session's end, so both are part of it.
    """
    if request.args.get("said"):
        return None
    end = ends_at(g.live_session)
    if not actor.roles & CLOSELY_HELD_ROLES:
        # A warning an hour early in twelve harms less than a full answer at each look.
        end = end.replace(minute=0, second=0, microsecond=0)
    parts = (
        build_mark(),
        current_app.config["SITE_NAME"],
        team.id,
        team.version,
        team.board_version,
        coming,
        clock.today(),
        actor.person_id,
        actor.rights_version,
        actor.name,
        actor.theme,
        session.get("csrf_token", ""),
        end,
        is_htmx(),
        request.full_path,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _marked(answer: Response, mark: str | None) -> Response:
    if mark:
        answer.set_etag(mark, weak=True)
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer
