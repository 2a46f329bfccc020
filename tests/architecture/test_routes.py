"""Every route, walked as every role of two councils and as nobody, against the one policy table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

import config
from improve.accounts import service as accounts
from improve.accounts.queries import group_roles
from improve.accounts.roles import POLICY, Permission, Role, has_any
from improve.app import create_app
from improve.cpd import service as cpd
from improve.cpd.kinds import PieceKind
from improve.huddles import service as huddles
from improve.ideas import service as ideas
from improve.ideas.service.aims import AimDetails, make_aim
from improve.ideas.service.bring_in_log import start_log
from improve.ideas.service.drivers import add_driver
from improve.incidents.models import IncidentReading
from improve.library import service as library
from improve.library.learning import PageWords
from improve.library.queries.borrowed import borrowed_pages
from improve.library.service import exchange, trust
from improve.measures import service as measures
from improve.measures.service.dip_samples import SampleDetails, make_sample
from improve.redaction.service import hide_text
from improve.redaction.texts import Name
from improve.review.month import Asked, Line, Way
from improve.review.service import answer_line
from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceCover
from improve.voices.queries.surveys import surveys
from improve.voices.service.codes import make_code
from improve.voices.service.surveys import make_survey
from improve.voices.service.themes import add_theme
from tests.conftest import test_settings
from tests.factories import ROLES, Cast, finish_cycle, make_idea, make_measure, make_person
from tests.factories import actor as actor_of
from tests.incidents.make import make_report
from tests.incidents.open_council import opened as opened_for_reports
from tests.library.outside import their_file, their_measure, their_page, their_signer
from tests.pages import Page, Visitor
from tests.voices.make import make_voice
from tests.voices.open_council import opened

#: Routes that anybody may open, named here so that a new one is a decision.
PUBLIC = {
    "static",
    "healthz",
    "home.start",
    "home.help_page",
    # Families read how their form works, with no account.
    "home.help_families",
    # A browser asks for it without a cookie; it says nothing about anybody.
    "home.manifest",
    "accounts.sign_in",
    "accounts.forgot_password",
    "accounts.reset_password",
    "accounts.reset_sent",
    "accounts.new_address",
    "accounts.invitation",
    # The council's own sign-in: the way there, back, and out of it. It proves who it is itself.
    "accounts.which_council",
    "accounts.of_council",
    "accounts.provider_start",
    "accounts.invitation_with_council_account",
    "accounts.provider_back",
    "accounts.provider_come_in",
    "accounts.signed_out",
    "accounts.provider_end",
    # Words that were signed for one person come back to that person alone.
    "accounts.kept_words",
    # By name, in the demo only; elsewhere it is not there.
    "accounts.sign_in_as",
    # An ended session must be able to sign out, too.
    "accounts.sign_out",
    # The password alone was given: nobody is signed in, tests/accounts/test_set_up_phone.py.
    "accounts.second_factor",
    "accounts.recovery_code",
    "accounts.set_up_factor",
    "accounts.confirm_factor",
    # A screen that is nobody's: its code opens one team's wall, tests/accounts/test_show_wall.py.
    "accounts.wall",
    "accounts.begin_wall",
    "accounts.wall_with_code",
    # The signed link in a mail, and the secret address of a calendar, are their own proof.
    "home.stop_mail",
    "home.end_mail",
    "home.calendar_feed",
    # What a council decided to give to everybody, and how to check that it is its own.
    "library.public_pages",
    "library.public_page",
    "library.atom_feed",
    "library.json_feed",
    "library.signed_pages",
    "library.council_key",
    "library.learning_schema",
    # What a council tells everybody about their data, and about pages that cannot be used.
    "privacy.notices",
    "privacy.notice",
    "privacy.statements",
    "privacy.statement",
    # What families come back for: the words of a receipt are their own proof.
    "voices.look_up",
    "voices.put_right",
    "voices.answer_in_language",
    "voices.changed",
    # The form of families: no account, and the way out of it.
    "voices.say",
    "voices.begin",
    "voices.ask",
    "voices.answer",
    "voices.not_safe",
    "voices.thanks",
    "voices.done",
    "voices.leave",
    "voices.how_leaving_works",
    "voices.about_form",
    "voices.once",
    "voices.enter",
    # A wish for help, and the duty team's secret link to it.
    "voices.help_me",
    "voices.ask_for_help",
    "voices.help_asked",
    "voices.help_waits",
    "voices.open_help",
    "voices.pick_up_help",
    # A report without sign-in, the way out of it, and the page of its receipt.
    "incidents.report",
    "incidents.report_begin",
    "incidents.report_ask",
    "incidents.report_answer",
    "incidents.report_not_safe",
    "incidents.report_read_again",
    "incidents.report_nobody",
    "incidents.report_thanks",
    "incidents.report_leaving",
    "incidents.report_about",
    "incidents.report_leave",
    # Whoever leaves may be signed out by then.
    "incidents.tell_leave",
    "incidents.look_up",
    "incidents.answer_back",
}

_app = create_app(test_settings("sqlite:///:memory:"))
RULES: list[Rule] = sorted(
    _app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods or ()))
)


def guarded() -> Iterator[tuple[Rule, str]]:
    """Yield every guarded route with each method that it takes."""
    for rule in RULES:
        if rule.endpoint in PUBLIC:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


GUARDED = list(guarded())
IDS = [f"{method} {rule.rule}" for rule, method in GUARDED]


def permission_of(rule: Rule) -> Permission:
    """Return the permission that the route asks for."""
    return _app.view_functions[rule.endpoint].access  # type: ignore[attr-defined,no-any-return]


@pytest.mark.security(53)
def test_public_routes_are_exactly_those_named_here() -> None:
    open_to_all = {r.endpoint for r in RULES if _app.view_functions[r.endpoint].access == "public"}  # type: ignore[attr-defined]
    assert open_to_all == PUBLIC


@pytest.mark.security(53)
def test_a_route_without_a_permission_stops_the_start() -> None:
    app = Flask("without")
    app.add_url_rule("/open", "open", lambda: "")
    app.view_functions["static"].access = "public"  # type: ignore[attr-defined]
    from improve.accounts.access import check_every_route

    with pytest.raises(RuntimeError, match="open"):
        check_every_route(app)


def test_addresses_are_plain() -> None:
    for rule in RULES:
        plain = rule.rule.replace("<path:filename>", "")
        assert "_" not in "".join(c for c in plain.split("<")[0]), f"{rule.rule}: use hyphens"
        # What a calendar subscribes to ends as its file would.
        for part in rule.rule.removesuffix(".ics").split("/"):
            if part.startswith("<") and not part.startswith(("<int:", "<string:", "<path:")):
                assert part in {
                    "<slug>",
                    "<code>",
                    "<step>",
                    "<token>",
                    "<field>",
                    "<key>",
                    "<council>",
                    "<sheet>",
                    "<month>",
                }, f"{rule.rule}: say the type"


def path_of(rule: Rule, ids: dict[str, Any]) -> str:
    """Return the rule's path with a real thing of the first council in it."""
    values = {name: ids[name] for name in rule.arguments}
    with _app.test_request_context():
        from flask import url_for

        return url_for(rule.endpoint, **values)


@pytest.fixture
def ids(
    cast: Cast, lay: Callable[[str, Callable[[], dict[str, Any]]], dict[str, Any]]
) -> dict[str, Any]:
    """One thing of each kind that addresses name, all of the first council."""
    return {**lay("one of each", lambda: one_of_each(cast))}


def one_of_each(cast: Cast) -> dict[str, Any]:
    """Make them."""
    idea = make_idea(cast)
    measure = make_measure(cast)
    tally = measures.make_tally(
        cast.actor("manager"), team_id=cast.team, details=measures.TallyDetails(question="Why?")
    )
    sample = make_sample(
        cast.actor("manager"),
        team_id=cast.team,
        details=SampleDetails(
            title="Plans",
            questions=["Whose words?"],
            record_count=2,
            practice_week_on=clock.today(),
            first_reader_id=cast.practitioner,
            second_reader_id=cast.colleague,
        ),
    )
    wall = accounts.make_wall(
        cast.actor("manager"), secret="x", team_id=cast.team, name="Kitchen TV"
    ).id
    thanks = ideas.say_thanks(
        cast.actor("manager"),
        to_id=cast.colleague,
        words="Well held.",
        idea_id=idea,
        form_token="x",
    )
    aim = make_aim(cast.actor("leader"), details=AimDetails("Every child knows"))
    driver = add_driver(cast.actor("leader"), aim_id=aim, name="We say who we are")
    huddle = huddles.start_huddle(
        cast.actor("manager"), team_id=cast.team, form_token="x"
    ).huddle_id
    decision = huddles.decide(
        cast.actor("manager"), huddle_id=huddle, words="Go on.", form_token="x"
    ).decision_id
    action = huddles.add_action(
        cast.actor("manager"),
        huddle_id=huddle,
        what="Ring them",
        owner_id=cast.colleague,
        due_on=clock.today(),
        form_token="x",
    ).action_id
    own = {"actor": cast.actor("practitioner")}
    record = cpd.make_record(
        **own, from_on=clock.today(), to_on=clock.today(), cycle_ids=(), form_token="x"
    )
    piece = cpd.add_piece(
        **own,
        record_id=record,
        words=cpd.PieceWords(PieceKind.TALK, "A talk", clock.today(), {}),
        form_token="x",
    )
    page = cpd.make_page(**own, form_token="x")
    log = start_log(cast.actor("manager"), slug="riverside", source="Idea\nRing first")
    asked = ideas.ask_coach(cast.actor("colleague"), idea_id=idea, words="Too big?")
    hide_text(cast.actor("coach"), name=Name("tally", tally, "question"))
    accounts.set_busy_time(cast.actor("other_manager"), team_id=cast.other_team, why="Busy")
    cover = accounts.name_deputy(
        cast.actor("manager"),
        team_id=cast.team,
        person_id=cast.manager,
        deputy_id=cast.colleague,
        from_on=clock.today() + timedelta(days=2),
        to_on=clock.today() + timedelta(days=3),
    )
    taught = finish_cycle(cast, "adopt", title="Photos first")
    learned = library.write_page(
        cast.actor("practitioner"),
        idea_id=taught,
        words=PageWords("A photo is enough", tried="A photo", happened="They knew us"),
        share=True,
    )
    told = library.tell_spread(
        cast.actor("practitioner"), parent_idea_id=taught, place="Thornmere", form_token="t"
    )
    answer = answer_line(
        cast.actor("leader"),
        asked=Asked(Line.VOICE, "idea", idea, clock.today(), "We wait", cast.team, idea),
        way=Way.DECIDE,
        words="Go on.",
    )
    council, borrowed, waiting = borrowed_from_elsewhere(cast)
    survey = ready_to_listen(cast)
    make_voice(
        cast.organisation,
        key="contacts",
        state="to_answer",
        shared_at=clock.now(),
        reader_id=cast.voices_reader,
        opened_on=clock.today(),
        is_danger=False,
        is_about_staff=False,
        is_complaint=False,
        shareable="I waited a long time.",
    )
    group = report(cast, key="contacts")
    # Addresses of two capabilities name their pages alike.
    assert page == learned == borrowed
    assert db.session.scalars(select(VoiceCover.id)).all() == [cover]
    assert log == waiting
    rule = group_role_of(cast)
    db.session.commit()
    return {
        "council": "larchdale-council",
        "who": "ideas",
        "month": "2026-10",
        "group_id": group,
        "view_id": 987_654,
        "period_id": 1,
        "cover_id": cover,
        "hidden_id": 1,
        "root_kind": "idea",
        "root_id": idea,
        "kind": "idea",
        "subject_id": idea,
        "request_id": asked,
        "record_id": record,
        "piece_id": piece,
        "page_id": page,
        "import_id": log,
        "huddle_id": huddle,
        "decision_id": decision,
        "action_id": action,
        "part": "new",
        "tally_id": tally,
        "sample_id": sample,
        "slug": "riverside",
        "code_id": make_code(cast.actor("administrator"), label="First visits", code="kite"),
        "theme_id": add_theme(cast.actor("voices_reader"), name="Waiting"),
        "language": "pl",
        "text": "older.title",
        "idea_id": idea,
        "into_id": make_idea(cast),
        "measure_id": measure,
        "person_id": cast.colleague,
        "team_id": cast.team,
        "service_id": 1,
        "session_id": 987_654,
        "pass_id": 987_654,
        "comment_id": 1,
        "move_id": 1,
        "link_id": 1,
        "draft_id": 1,
        "baseline_id": 1,
        "line_id": 1,
        "cycle_number": 1,
        "number": 1,
        "rule_id": rule,
        "field": "benefit",
        "token": "no-such-token",
        "sheet": "no-such-sheet",
        "survey_id": survey,
        "code": "kite",
        "step": "who",
        "wall_id": wall,
        "key": "contacts",
        "observation_id": 1,
        "thanks_id": thanks,
        "aim_id": aim,
        "driver_id": driver,
        "notice_id": 987_654,
        "spread_id": told,
        "council_id": council,
        "saved_id": 987_654,
        "answer_id": answer,
        "cycle": 1,
        "line": "blocked",
        "way": "decide",
        "name": "ideas",
    }


def group_role_of(cast: Cast) -> int:
    """Have a group of the directory give a role, and return the line."""
    accounts.add_group_role(
        cast.actor("administrator"),
        group="coaches",
        label="",
        role=Role.COACH,
        team_id=None,
        service_id=None,
    )
    (row,) = group_roles(cast.organisation)
    return row.id


def report(cast: Cast, *, key: str) -> int:
    """Open the form of reports of the first council, with a report that its reviewer reads."""
    council = opened_for_reports(cast.organisation, cast.incident_reviewer)
    made = make_report(cast.organisation, council.group, key=key, columns={"state": "reading"})
    db.session.add(
        IncidentReading(
            incident_key=made,
            reviewer_id=cast.incident_reviewer,
            organisation_id=cast.organisation,
            position="first",
        )
    )
    return council.group


def ready_to_listen(cast: Cast) -> int:
    """Open the form of the first council, and return a survey of it."""
    reader = cast.actor("voices_reader")
    db.session.add_all(opened(cast.organisation, cast.voices_reader))
    make_survey(
        reader,
        name="Everybody reviewed",
        opens_on=clock.today(),
        closes_on=clock.today(),
        count=5,
    )
    return surveys(reader)[0].id


def borrowed_from_elsewhere(cast: Cast) -> tuple[int, int, int]:
    """Return a trusted council, a borrowed page, and a file that waits to be looked through."""
    coach, key = cast.actor("coach"), their_signer()
    council = trust.trust_council(
        coach,
        name="Thornmere Council",
        key=key.public_key,
        read_out=key.fingerprint,
        how_compared="By telephone",
    )
    waiting = exchange.start_import(coach, source=their_file(their_page(1)))
    taken = exchange.start_import(coach, source=their_file(their_page(2, measure=their_measure())))
    look = exchange.look_through(coach, import_id=taken)
    exchange.bring_in(coach, import_id=taken, keys=[look.pages[0].key], seen=look.seen)
    (page,) = borrowed_pages(coach)
    return council, page.id, waiting


def ask(visitor: Visitor, method: str, path: str, token: str = "") -> Page:
    """Ask for a page, or send an empty form."""
    if method == "GET":
        return visitor.get(path, follow=False)
    response = visitor.client.open(path, method=method, data={"csrf_token": token})
    page = Page(response, path)
    response.close()
    return page


@pytest.mark.security(53)
def test_nobody_gets_past_the_door(
    app: Flask, ids: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    nobody = visit()
    token = nobody.csrf_token()
    for rule, method in GUARDED:
        page = ask(nobody, method, path_of(rule, ids), token)
        where = f"{method} {rule.rule}"
        if method == "GET":
            assert page.status == 303, where
            assert "/sign-in" in page.response.headers["Location"], where
        else:
            assert page.status == 401, where


@pytest.mark.security(52)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_policy_says(
    app: Flask, cast: Cast, ids: dict[str, Any], visit: Callable[..., Visitor], role: str
) -> None:
    visitor = visit(getattr(cast, role))
    token = visitor.csrf_token()
    with app.app_context():
        actor = cast.actor(role)
    for rule, method in GUARDED:
        if rule.endpoint in {"accounts.sign_out", "accounts.end_other_devices"}:
            continue  # proven by tests of their own; here they would end the walk
        allowed = has_any(actor, permission_of(rule))
        page = ask(visitor, method, path_of(rule, ids), token)
        where = f"{role}: {method} {rule.rule} gave {page.status}"
        assert page.status < 500, where
        if not allowed:
            assert page.status == 403, where
        else:
            assert page.status != 401, where


def heading(page: Page) -> str:
    """Return the heading as it is written: to parse a page takes as long as to make it."""
    found = re.search(r"<h1\b.*?</h1>", page.response.get_data(as_text=True), re.DOTALL)
    return found[0] if found else ""


#: Parts of addresses that are the same in every council: a field, a table, an entry of a list,
#: a language of the form and a text of it, a month of notes, for whom a help page is.
WORDS_OF_ALL = {
    "field",
    "number",
    "cycle_number",
    "key",
    "code",
    "name",
    "language",
    "text",
    "month",
    "who",
}


@pytest.mark.security(54)
def test_another_council_finds_nothing(
    app: Flask, cast: Cast, ids: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    """A thing of the first council is, to the second, like one that never was."""
    own = {"slug"}  # team addresses may be equal in two councils; each sees its own
    with app.app_context():
        reader = make_person(cast.other_organisation, role=Role.VOICES_READER)
        reviewer = make_person(cast.other_organisation, role=Role.INCIDENT_REVIEWER)
        db.session.commit()
    for person in (cast.outsider, cast.outsider_administrator, reader, reviewer):
        visitor = visit(person)
        token = visitor.csrf_token()
        with app.app_context():
            asking = actor_of(person)
        for rule, method in GUARDED:
            # Keys of voices and reports are their own; those of the catalogue are the same in every
            # council.
            is_told = rule.endpoint.startswith(("voices.", "incidents."))
            is_voice = is_told and "key" in rule.arguments
            named = (
                set(rule.arguments) - own - (WORDS_OF_ALL - {"key"} if is_voice else WORDS_OF_ALL)
            )
            if not named or not has_any(asking, permission_of(rule)):
                continue
            page = ask(visitor, method, path_of(rule, ids), token)
            # 403 where the role alone decides; never a sign that the thing exists.
            assert page.status in {403, 404}, f"{method} {rule.rule} gave {page.status}"
            missing = {name: 987654 if isinstance(ids[name], int) else ids[name] for name in ids}
            missing |= {"key": "no-such-key"} if is_voice else {}
            never = ask(visitor, method, path_of(rule, missing), token)
            assert (never.status, heading(never)) == (page.status, heading(page))


def test_no_number_in_an_address_is_too_large(
    cast: Cast, ids: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    """A number that no column holds is a thing that is not there, and breaks no page."""
    manager = visit(cast.manager)
    token = manager.csrf_token()
    large = {name: 2**63 if isinstance(value, int) else value for name, value in ids.items()}
    for rule, method in GUARDED:
        if any(isinstance(ids[name], int) for name in rule.arguments):
            page = ask(manager, method, path_of(rule, large), token)
            assert page.status < 500, f"{method} {rule.rule} gave {page.status}"


@pytest.mark.security(24)
def test_every_form_needs_its_token(
    app: Flask, cast: Cast, ids: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    manager, stranger = visit(cast.manager), visit(cast.colleague)
    foreign_token = stranger.csrf_token()
    good = manager.csrf_token()
    for rule in RULES:
        if "POST" not in (rule.methods or ()) or rule.endpoint in {
            "home.end_mail",
            "accounts.kept_words",
        }:
            # Mail programs have no token, see tests/home/test_stop_mail.py; and words that waited for
            # a sign-in stand on a page of before, see tests/accounts/test_sign_in_by_council.py.
            continue
        path = path_of(rule, ids)
        for data in ({}, {"csrf_token": "wrong"}, {"csrf_token": foreign_token}):
            for headers in ({}, {"HX-Request": "true"}):
                answer = manager.client.post(path, data=data, headers=headers)
                assert answer.status_code == 400, f"POST {rule.rule} without a token"
                answer.close()
        answer = manager.client.post(
            path, data={"csrf_token": good}, headers={"Origin": "https://elsewhere.example"}
        )
        assert answer.status_code == 400, f"POST {rule.rule} from another site"
        answer.close()


@pytest.mark.security(22, 23, 27, 70)
def test_pages_say_the_rules_for_the_browser(
    app: Flask, cast: Cast, ids: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    for person in (None, cast.manager, cast.administrator):
        visitor = visit(person)
        for rule in RULES:
            if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "healthz"}:
                continue
            headers = visitor.get(path_of(rule, ids), follow=False).response.headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            said = {source for rule in policy.split(";") for source in rule.split()[1:]}
            assert said <= {"'none'", "'self'", config.HTMX_CDN}, policy
            if "sandbox" not in policy:
                assert "frame-ancestors 'none'" in policy
                assert "form-action 'self'" in policy
                assert ("jsdelivr" in policy) == (person is not None)
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"]
            is_binary = headers["Content-Type"] in {"image/png", "application/pdf"}
            assert is_binary or "charset=utf-8" in headers["Content-Type"].lower()


@pytest.mark.security(52)
def test_every_permission_is_asked_for_somewhere() -> None:
    asked = {permission_of(rule) for rule, _ in GUARDED}
    inside = {
        Permission.DECIDE_IDEA,
        Permission.CHANGE_PAST_DATA,
        Permission.WITHDRAW_IDEA,
    }  # asked by services, about one thing
    assert asked | inside == set(Permission)
    assert set(Role) == {r for row in POLICY.values() for r in row}
