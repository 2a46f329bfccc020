"""Every page and state of the demo: axe finds nothing, nothing scrolls sideways, nothing complains.

Light and dark, from a small phone to a wall; at 400%, with large text, on paper, in forced colours.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from improve.app import create_app
from tests.browser.conftest import Person, close_browsers, open_browser
from tests.browser.every_page import PAGES, address
from tests.browser.the_demo import DemoSite
from tests.browser.ways_to_look import (
    check_forced_colours,
    check_large_text,
    check_on_paper,
    check_zoomed,
)
from tests.conftest import test_settings

NOWHERE = "/no-such-page"
#: Files, feeds and answers to machines.
NO_PAGES = {
    "static", "healthz", "cpd.piece_text", "home.calendar_feed", "home.manifest",
    "huddles.actions_csv", "huddles.calendar", "incidents.pattern_file", "library.atom_feed",
    "library.council_key", "library.json_feed", "library.learning_schema", "library.signed_pages",
    "measures.chart_pdf", "measures.chart_png", "measures.chart_svg", "measures.download",
    "open_data.description", "open_data.table", "privacy.records_file", "review.all_work_data",
    "review.finished_data", "review.huddle_figures_data", "review.leaders_did_data", "review.month_pdf",
    "review.team_work_data", "review.three_answers_file",
}  # fmt: skip
#: What leads to another page or site at once.
LEADS_ON = {
    "home.start", "accounts.prove_again", "accounts.provider_back", "accounts.provider_end",
    "accounts.provider_start", "incidents.report_leave", "incidents.tell_leave", "voices.leave",
}  # fmt: skip
#: Pages of what the demo does not have at rest: a second factor, a council’s own sign-in, a huddle under
#: way, a link used once, a file that is looked through. The tests of those journeys open them.
NEEDS_MORE = {
    "accounts.end_wall", "accounts.forget_council_account", "accounts.invitation",
    "accounts.invitation_with_council_account", "accounts.new_address", "accounts.of_council",
    "accounts.own_factor_set_up", "accounts.recovery_code", "accounts.remove_group_role",
    "accounts.reset_factor", "accounts.reset_password", "accounts.second_factor",
    "accounts.set_up_factor", "accounts.signed_out", "accounts.wall_with_code",
    "accounts.which_council", "cpd.remove_piece",
    "huddles.add", "huddles.finish", "huddles.huddle", "huddles.part", "huddles.wall",
    "huddles.who_is_here", "ideas.answer_as_coach", "ideas.bring_in_columns",
    "ideas.bring_in_preview", "ideas.edit_comment", "ideas.sent", "ideas.take_log_back",
    "incidents.report_read_again", "incidents.tell_read_again", "library.change_adaptation",
    "library.change_told", "library.end_trust", "library.preview_pages", "library.public_page",
    "library.unlink_idea", "measures.preview_rows", "review.change_answer", "review.rename_review",
    "voices.typed_in",
}  # fmt: skip
#: The small phone, the desk in the dark, the wall: each width once.
LOOKS = [(320, False), (1440, True), (2560, False)]
#: axe looks at each theme once; a wall is the desk with more room.
AXE_MOST = 1440


def look_at(person: Person, path: str, name: str) -> None:
    """Open a page, and raise where it does not fit in some look or axe finds a fault.

    It is opened once: what is wide or dark is for the styles alone, no script asks when it starts.
    """
    person.open(path)
    look(person, name)


def look(person: Person, name: str) -> None:
    """Raise where the page as it stands does not fit in some look or axe finds a fault."""
    for width, dark in LOOKS:
        person.looks_at(width, dark=dark)
        person.check_fits(f"{name} at {width}")
        if width <= AXE_MOST:
            person.check_with_axe(f"{name} at {width} {'dark' if dark else 'light'}")


@pytest.mark.security(22, 26)
@pytest.mark.parametrize(("who", "path"), PAGES, ids=[f"{w or 'nobody'} {p}" for w, p in PAGES])
def test_page_is_fit_for_everybody(
    demo: DemoSite, demo_people: Callable[..., Person], who: str | None, path: str
) -> None:
    person = demo_people(who)
    look_at(person, address(path, demo), path)
    for check in (check_forced_colours, check_zoomed, check_large_text, check_on_paper):
        check(person, path)


def test_every_page_is_looked_at() -> None:
    """A new page is put into the list, or named here with why it is not."""
    app = create_app(test_settings("sqlite:///:memory:"))
    where = app.url_map.bind("localhost")
    paths = [re.sub(r"{.*?}", "1", path.split("?")[0]) for _, path in PAGES if path != NOWHERE]
    seen = {where.match(path)[0] for path in paths}
    read = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert read - seen == NO_PAGES | LEADS_ON | NEEDS_MORE


def test_each_question_is_fit_for_everybody(
    own_demo: DemoSite, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    """Answers so far are kept for a day, so it is a demo of its own: each question with a draft."""
    child = open_browser(chromium, own_demo.url)
    request.addfinalizer(lambda: close_browsers([child]))
    child.open("/say/kite")
    child.sends("Start")
    for said in ("I am a child", "8 to 11", "My social worker", "Good", None, None, "Yes"):
        expect(child.page.locator(".say-go")).to_be_visible()
        look(child, child.path)
        if said:
            child.page.get_by_text(said, exact=True).click()
        else:
            child.page.get_by_role("textbox").fill("They came when they said.")
        if said != "Yes":
            child.sends("Next")


@pytest.mark.parametrize(
    ("measure", "table"),
    [
        (
            "cp_visits_on_time",
            "week,numerator,denominator\n03/01/2022,30,40\n10/01/2022,forty,40\n17/01/2022,31,39",
        ),
        ("handover_first_visit", "Week,North,South\n03/01/2022,5,6\n10/01/2022,7,4"),
    ],
    ids=["rows", "wide"],
)
def test_preview_of_a_table_is_fit_for_everybody(
    demo: DemoSite, demo_people: Callable[..., Person], measure: str, table: str
) -> None:
    """Rows are looked through and not added: the demo stays as it is."""
    person = demo_people("Tess")
    person.open(address(f"/measures/{{{measure}}}/import", demo))
    person.page.get_by_label("Paste").first.fill(table)
    person.page.get_by_role("button", name="Look through the rows").click()
    expect(person.page).to_have_url(re.compile("/import/."))
    look_at(person, person.path, f"preview for {measure}")


def test_a_picture_of_a_chart_has_a_name(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    """It is a file to put into a report, so it is looked at in a page of its own."""
    person = demo_people("Tess")
    answer = person.context.request.get(
        demo.url + address("/measures/{cp_visits_on_time}/chart.svg", demo)
    )
    assert answer.headers["content-type"].startswith("image/svg+xml")
    picture = answer.text()
    picture = picture[picture.index("<svg") :]
    person.page.set_content(
        f"<!doctype html><html lang=en><title>Chart</title><main><h1>Chart</h1>{picture}</main>"
    )
    person.check_with_axe("chart.svg")


def test_what_opens_on_an_idea_is_fit_too(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    person = demo_people("Tess")
    person.open(address("/ideas/{IDEA-007}", demo))
    folded = person.page.locator(".measure-panel details:not([open]) > summary")
    while person.has(folded):
        folded.first.click()
    expect(person.page.get_by_text("Which points fired which rule").first).to_be_visible()
    look(person, "opened")
