"""A team's board: six columns, the same as a list, and everything that ever finished."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import CLOSELY_HELD_ROLES, Permission
from improve.accounts.sessions.session_times import ends_at
from improve.ideas import board_list, queries
from improve.ideas.board_address import SHOWS, SOURCES, filter_in, kept_in, view_in
from improve.ideas.board_news import seen_in
from improve.ideas.first_things import TeamFacts
from improve.ideas.kinds import OUTCOME_WORDS, STAGE_WORDS, Stage
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.board_wall import board_wall
from improve.ideas.routes.build_mark import build_mark
from improve.ideas.routes.first_things import first_run
from improve.ideas.routes.next_huddle import NextHuddle, next_huddle
from improve.ideas.usual_days import usual_lines
from improve.measures.chart import draw_spark
from improve.shared import clock
from improve.shared.errors import NotFound
from improve.shared.formatting import page_number
from improve.shared.htmx import is_htmx, part

LAST_PAGE: Final = 10_000

blueprint.add_app_template_global(draw_spark, "draw_spark")


@blueprint.get("/teams/<slug>/board")
@requires(Permission.SEE_IDEAS, is_open_on_own_phone=True)
def board(slug: str) -> ResponseReturnValue:
    """Show a team's board or its list; answer 304 before reading a card where nothing changed."""
    actor = current_actor()
    team, facts = queries.team_and_facts(actor, slug)
    if team.joined_to_id is not None:
        # Posters and bookmarks hold the address of a team that was joined to another.
        into = people.team_by_id(actor, team.joined_to_id)
        return redirect(url_for("ideas.board", slug=into.slug), 303)
    if request.args.get("wall") == "1":
        return board_wall(actor, team)
    if "since" in request.args:
        return _changes_since(actor, team)
    coming = next_huddle(actor, team)
    mark = _mark(actor, team, facts, coming)
    if mark and request.if_none_match.contains_weak(mark):
        return _marked(Response(status=304), mark)
    kept = kept_in(request.args, actor.board_view)
    here = url_for("ideas.board", slug=slug, **kept)
    context: dict[str, Any] = {
        "team": team,
        "today": clock.today(),
        "shows": SHOWS,
        "sources": SOURCES,
        "show": request.args.get("show") if request.args.get("show") in SHOWS else "",
        "kept": kept,
        "back": here,
        # Only a narrowed board goes along with the links of its cards: others are known by heart.
        "narrowed_back": here if kept else None,
        "is_home": team.id == actor.home_team_id,
        "coming": coming,
        "usual": usual_lines(team),
        "stage_words": STAGE_WORDS,
        # Drawn anew on a press; of itself only where nobody's focus is on it.
        "takes_focus": is_htmx() and "X-Keep-Focus" not in request.headers,
    }
    is_list = view_in(request.args, actor.board_view) == "list"
    draw = _list if is_list else _board
    return _marked(make_response(draw(actor, team, facts, context)), mark)


def _board(
    actor: Actor, team: TeamView, facts: TeamFacts, context: dict[str, Any]
) -> ResponseReturnValue:
    more_of = _stage(request.args.get("more"))
    page = queries.board(
        actor,
        team,
        narrowed=filter_in(request.args),
        more_of=more_of,
        page=_page_number() if more_of else 1,
    )
    context |= {"board": page, "more_of": more_of, "other_view": "list"}
    context |= first_run(actor, team, facts, page)
    if not is_htmx():
        return render_template("ideas/board.html", **context)
    if more_of:
        column = next(column for column in page.columns if column.stage is more_of)
        return part("ideas/_more.html", column=column, **context)
    return part("ideas/_board_page.html", **context)


def _list(
    actor: Actor, team: TeamView, facts: TeamFacts, context: dict[str, Any]
) -> ResponseReturnValue:
    sort, is_reversed = request.args.get("sort"), request.args.get("order") == "down"
    found = queries.board_rows(
        actor,
        team,
        narrowed=filter_in(request.args),
        sort=sort,
        is_reversed=is_reversed,
        page=_page_number(),
    )
    if found.page > found.pages:
        raise NotFound
    context |= {
        "board": found.board,
        "rows": found,
        "heads": board_list.heads(sort, is_reversed=is_reversed, is_whole=found.pages == 1),
        "other_view": "board",
        **first_run(actor, team, facts, found.board),
    }
    name = "ideas/_list_page.html" if is_htmx() else "ideas/list.html"
    return render_template(name, **context)


@blueprint.get("/teams/<slug>/finished")
@requires(Permission.SEE_IDEAS, is_open_on_own_phone=True)
def finished(slug: str) -> ResponseReturnValue:
    """List every finished idea of a team, the last finished first."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    if team.joined_to_id is not None:
        into = people.team_by_id(actor, team.joined_to_id)
        return redirect(url_for("ideas.finished", slug=into.slug), 303)
    page = _page_number()
    found = queries.all_finished(actor, team, page=page)
    if page > 1 and not found.ideas:
        raise NotFound
    return render_template(
        "ideas/finished.html", team=team, found=found, outcome_words=OUTCOME_WORDS
    )


def _changes_since(actor: Actor, team: TeamView) -> ResponseReturnValue:
    """Answer a poll: nothing where the board stands as it was drawn, else how much changed.

    What the person did on that page since it was drawn is no news to them.
    """
    seen = seen_in(f"{request.args.get('since', '')}.{request.args.get('own', '0')}")
    changes = seen.others_until(team.board_version) if seen else 0
    if seen is None or changes <= 0:
        return Response(status=204)
    kept = kept_in(request.args, actor.board_view)
    return part("ideas/_changes.html", team=team, changes=changes, kept=kept)


def _stage(name: str | None) -> Stage | None:
    return Stage(name) if name in list(Stage) else None


def _page_number() -> int:
    return min(page_number(request.args.get("page")), LAST_PAGE)


def _mark(actor: Actor, team: TeamView, facts: TeamFacts, coming: NextHuddle) -> str | None:
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
        # Ages and reply days: norms and closing days are the council's, and no team's version.
        tuple(team.closing_days),
        sorted(team.starting_days.items()),
        facts,
        coming,
        clock.today(),
        actor.person_id,
        actor.rights_version,
        actor.name,
        actor.theme,
        actor.board_view,
        actor.text_size,
        actor.spacing,
        session.get("csrf_token", ""),
        end,
        is_htmx(),
        request.headers.get("X-Keep-Focus"),
        request.full_path,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _marked(answer: Response, mark: str | None) -> Response:
    if mark:
        answer.set_etag(mark, weak=True)
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer
