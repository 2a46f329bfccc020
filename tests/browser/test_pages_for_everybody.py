"""Every page and state of the demo: axe finds nothing, nothing scrolls sideways, nothing complains.

Light and dark, from a small phone to a wall.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DemoSite, Person, close_browsers, open_browser

#: (who, page); {IDEA-000} and {measure:name} stand for the demo's own numbers.
PAGES = [
    (None, "/sign-in"),
    (None, "/help"),
    (None, "/forgot-password"),
    (None, "/no-such-page"),
    ("Tess", "/teams/safeguarding-and-court/board"),
    ("Tess", "/library"),
    ("Tess", "/ideas/{IDEA-001}/learned"),
    ("Miriam", "/ideas/{IDEA-001}/learning"),
    ("Tess", "/teams/safeguarding-and-court/board?view=list"),
    ("Tess", "/board"),
    ("Tess", "/teams/safeguarding-and-court/board/filter?show=blocked"),
    ("Tess", "/teams/safeguarding-and-court/board?show=needs-reply"),
    ("Tess", "/teams/disabled-childrens-team/board"),
    ("Tess", "/teams/safeguarding-and-court/finished"),
    ("Tess", "/teams/safeguarding-and-court/bring-in"),
    ("Kofi", "/me/record"),
    ("Kofi", "/me/supervision"),
    ("Ines", "/me/record/1"),
    ("Ines", "/me/supervision/1"),
    ("Miriam", "/coaching"),
    ("Miriam", "/reports/learning-team"),
    ("Stellan", "/words"),
    ("Stellan", "/words/1"),
    ("Stellan", "/admin/privacy"),
    ("Stellan", "/admin/privacy/data"),
    ("Stellan", "/admin/privacy/times"),
    ("Stellan", "/admin/privacy/facts"),
    ("Stellan", "/admin/privacy/find"),
    ("Stellan", "/admin/privacy/people/2"),
    ("Stellan", "/admin/privacy/people/2/erase"),
    ("Stellan", "/admin/privacy/erased"),
    ("Stellan", "/admin/privacy/dpia"),
    ("Stellan", "/admin/privacy/records"),
    ("Tess", "/me/data"),
    (None, "/privacy"),
    (None, "/accessibility"),
    (None, "/privacy/merrowdale-council"),
    (None, "/accessibility/merrowdale-council"),
    ("Tess", "/may-identify/idea/{IDEA-001}"),
    ("Tess", "/may-identify/idea/{IDEA-001}/title"),
    ("Miriam", "/ideas/{IDEA-009}/team"),
    ("Tess", "/teams/safeguarding-and-court/board/cards"),
    ("Florence", "/blocked"),
    ("Florence", "/busy-teams/all"),
    ("Tess", "/teams/safeguarding-and-court/busy"),
    ("Tess", "/teams/safeguarding-and-court/deputies"),
    ("Tamsin", "/voices/desk"),
    ("Tamsin", "/voices/desk?show=locked"),
    ("Tamsin", "/voices/desk/{a_waiting}"),
    ("Tamsin", "/voices/desk/{a_locked}"),
    ("Tamsin", "/voices/desk/{a_shared}"),
    ("Tamsin", "/voices/desk/{a_shared}/theme"),
    ("Tamsin", "/voices/desk/{a_shared}/idea"),
    ("Tamsin", "/voices/desk/{a_shared}/link"),
    ("Tamsin", "/voices/desk/{a_shared}/thanks"),
    ("Tamsin", "/voices/desk/{a_shared}/team"),
    ("Tamsin", "/voices/desk/{a_shared}/answer"),
    ("Tamsin", "/voices/themes"),
    ("Tess", "/voices"),
    ("Tess", "/voices/{a_shared}"),
    ("Tess", "/voices/drafts"),
    ("Tess", "/voices/drafts/{a_draft}"),
    ("Ines", "/voices/how-it-goes"),
    ("Kofi", "/voices/type-in"),
    ("Tamsin", "/voices/addresses"),
    ("Tamsin", "/voices/addresses/{a_code}/poster?size=a4"),
    ("Tamsin", "/voices/addresses/{a_code}/poster?size=a6x4"),
    ("Tamsin", "/voices/surveys"),
    ("Tamsin", "/voices/surveys/{a_survey}"),
    ("Robin", "/admin/log"),
    ("Robin", "/admin/log?kind=sign-in"),
    ("Robin", "/admin/voices"),
    ("Robin", "/admin/voices/facts"),
    ("Robin", "/admin/voices/cover"),
    ("Robin", "/admin/voices/words?language=ur&part=older"),
    ("Robin", "/admin/voices/words/ur/older.title"),
    ("Robin", "/admin/voices/languages?about=pl"),
    ("Florence", "/voices/promise"),
    ("Tess", "/reports"),
    ("Tess", "/reports/notes"),
    ("Miriam", "/reports/patterns"),
    ("Miriam", "/reports/learning-team"),
    ("Florence", "/reports/promise"),
    ("Tamsin", "/reports/desk"),
    ("Tamsin", "/reports/desk/{r_waiting}"),
    ("Tamsin", "/reports/desk/{r_read}"),
    ("Tamsin", "/reports/desk/{r_read}/alert"),
    ("Tamsin", "/reports/desk/{r_read}/ask"),
    ("Tamsin", "/reports/desk/{r_read}/call-back"),
    ("Tamsin", "/reports/desk/{r_read}/coding"),
    ("Tamsin", "/reports/desk/{r_read}/order"),
    ("Tamsin", "/reports/desk/{r_read}/route"),
    ("Tamsin", "/reports/desk/{r_read}/sign-off"),
    ("Tamsin", "/reports/desk/{r_read}/together"),
    ("Tamsin", "/reports/desk/{r_read}/words"),
    ("Tamsin", "/reports/desk/{r_ended}/use"),
    ("Tamsin", "/reports/desk/{r_ended}/use/link"),
    ("Tamsin", "/reports/desk/{r_ended}/answer"),
    ("Tamsin", "/reports/disclosures"),
    ("Tamsin", "/reports/notes/write"),
    ("Robin", "/admin/reports"),
    ("Robin", "/admin/reports/choices"),
    ("Robin", "/admin/reports/cover"),
    ("Robin", "/admin/reports/groups"),
    ("Robin", "/admin/reports/words"),
    ("Robin", "/admin/reports/words/start.title"),
    ("Ines", "/reports/tell"),
    ("Ines", "/reports/tell/other-routes"),
    (None, "/report/merrowdale-council"),
    (None, "/report-answer"),
    ("Robin", "/admin"),
    ("Robin", "/admin/closing-days"),
    ("Robin", "/admin/starting-norms"),
    ("Robin", "/admin/duty-numbers"),
    ("Robin", "/admin/groups"),
    ("Robin", "/admin/teams/fostering-and-kinship/join"),
    ("Tess", "/ideas/{IDEA-009}/guests"),
    ("Tess", "/ideas/{IDEA-009}/coach"),
    ("Tess", "/ideas/{IDEA-009}/people?q=t"),
    ("Tess", "/ideas/{IDEA-009}/support/words"),
    ("Miriam", "/ideas/{IDEA-001}/same-as"),
    ("Tess", "/teams/safeguarding-and-court/measures"),
    ("Tess", "/teams/safeguarding-and-court/measures/new"),
    ("Tess", "/measures/{cp_visits_on_time}"),
    ("Tess", "/measures/{cp_visits_on_time}?view=table"),
    ("Tess", "/measures/{cp_visits_on_time}/import"),
    ("Tess", "/measures/{cp_visits_on_time}/edit"),
    ("Tess", "/measures/{cp_visits_on_time}/history"),
    ("Tess", "/measures/{cp_visits_on_time}/add"),
    ("Tess", "/measures/{cp_visits_on_time}/baseline"),
    ("Tess", "/measures/{cp_visits_on_time}/middle-line"),
    ("Tess", "/measures/{cp_visits_on_time}/which-chart"),
    ("Tess", "/measures/{cp_visits_on_time}/hope"),
    ("Tess", "/measures/{cp_visits_on_time}/points/{a_number}"),
    ("Tess", "/measures/{cp_visits_on_time}/points/{a_number}/leave-out"),
    ("Tess", "/measures/{handover_first_visit}?strip=mr"),
    ("Tess", "/measures/{statements_back}"),
    ("Tess", "/measures/{calls_answered}?hope=1"),
    ("Tess", "/teams/safeguarding-and-court/measures/catalogue"),
    ("Tess", "/teams/safeguarding-and-court/measures/no-longer-counted"),
    ("Miriam", "/measures"),
    ("Miriam", "/measures/{re_referral}/points/{left_out}/count-again"),
    ("Miriam", "/measures/{missing_nights}"),
    ("Miriam", "/measures/{missing_nights}/baselines/{a_baseline}/take-back"),
    ("Miriam", "/measures/{voice_in_plan}"),
    ("Miriam", "/measures/{voice_in_plan}/middle-lines/{a_line}/take-back"),
    ("Miriam", "/measures/{short_break_days}"),
    ("Tess", "/teams/safeguarding-and-court/tallies"),
    ("Tess", "/teams/safeguarding-and-court/tallies/new?idea={IDEA-009}"),
    ("Ines", "/tallies/{picked_up}"),
    ("Tess", "/tallies/{picked_up}/week"),
    ("Tess", "/teams/safeguarding-and-court/dip-samples"),
    ("Tess", "/teams/safeguarding-and-court/dip-samples/new"),
    ("Tess", "/dip-samples/{own_words}"),
    ("Tess", "/dip-samples/{own_words}/settle"),
    ("Tess", "/dip-samples/{plan_said}"),
    ("Tess", "/dip-samples/{plan_said}/read"),
    ("Tess", "/how-we-decide"),
    ("Tess", "/ideas/{IDEA-001}"),
    ("Tess", "/ideas/{IDEA-001}/history"),
    ("Tess", "/ideas/{IDEA-002}"),
    ("Tess", "/ideas/{IDEA-007}"),
    ("Tess", "/ideas/{IDEA-007}/history?show=verdicts"),
    ("Tess", "/ideas/{IDEA-004}"),
    ("Tess", "/ideas/{IDEA-009}"),
    ("Tess", "/ideas/{IDEA-009}/stage"),
    ("Tess", "/ideas/{IDEA-015}/stage"),
    ("Tess", "/ideas/{IDEA-018}"),
    ("Tess", "/ideas/{IDEA-019}"),
    ("Tess", "/ideas/{IDEA-026}"),
    ("Tess", "/ideas/{IDEA-026}/reply"),
    ("Tess", "/ideas/{IDEA-026}/plan"),
    ("Tess", "/ideas/{IDEA-009}/edit/benefit"),
    ("Tess", "/teams/safeguarding-and-court/huddles"),
    ("Tess", "/teams/safeguarding-and-court/huddles?text=interpreter"),
    ("Tess", "/teams/safeguarding-and-court/huddles/start"),
    ("Tess", "/teams/safeguarding-and-court/huddles/settings"),
    ("Tess", "/teams/safeguarding-and-court/huddles/hour"),
    ("Tess", "/teams/safeguarding-and-court/huddles/figures"),
    ("Tess", "/teams/safeguarding-and-court/huddles/{a_huddle}/notes"),
    ("Tess", "/actions/{an_action}"),
    ("Tess", "/teams/safeguarding-and-court/walls"),
    ("Tess", "/teams/safeguarding-and-court/board?wall=1"),
    ("Tess", "/ideas/{IDEA-009}/thanks"),
    ("Tess", "/thanks"),
    ("Miriam", "/review/protected-time"),
    (None, "/wall"),
    ("Tess", "/me"),
    ("Tess", "/me/password"),
    ("Tess", "/me/devices"),
    ("Tess", "/me/second-factor"),
    ("Tess", "/me/settings"),
    ("Tess", "/me/calendar"),
    ("Tess", "/me/news"),
    (None, "/mail/stop/{a_stop}"),
    ("Tess", "/admin/people"),
    ("Ines", "/log"),
    ("Ines", "/safeguarding-worry"),
    ("Miriam", "/teams"),
    ("Tess", "/search?q=visit"),
    ("Tess", "/search?q=zebra"),
    ("Miriam", "/aims"),
    ("Miriam", "/aims/1"),
    ("Miriam", "/aims/1/diagram"),
    ("Miriam", "/aims/1/edit"),
    ("Miriam", "/drivers/1/close"),
    ("Tess", "/ideas/{IDEA-009}/aim"),
    ("Florence", "/review"),
    ("Florence", "/review?decided_from=soon"),
    ("Florence", "/review?when=this-year&source=child&says=small&unread=y"),
    ("Florence", "/review/saved?decision=adopt"),
    ("Florence", "/review/how-we-work?team=safeguarding-and-court"),
    ("Robin", "/admin/people"),
    ("Robin", "/admin/teams"),
    ("Robin", "/admin/who-may-do-what"),
    ("Robin", "/admin/people/2"),
    ("Robin", "/admin/people/2/council-account"),
    ("Robin", "/admin/people/2/close"),
    ("Robin", "/admin/invitations"),
    ("Robin", "/admin/archive"),
    ("Tess", "/open-data"),
    ("Florence", "/review/month"),
    ("Florence", "/review/month/three-answers"),
    ("Florence", "/review/month/answer/hours/0/visit"),
    ("Florence", "/leaders-did"),
    ("Florence", "/review/aims"),
    ("Florence", "/review/aims?loose=1"),
    ("Florence", "/leaders-did/1"),
    ("Miriam", "/ideas/{IDEA-002}/sustained"),
    ("Tess", "/ideas/{IDEA-003}/spread"),
    ("Tess", "/ideas/{IDEA-003}/try"),
    ("Tess", "/ideas/{IDEA-001}/learning"),
    ("Tess", "/library/2"),
    ("Miriam", "/library/4/publish"),
    ("Miriam", "/library/exchange"),
    ("Tess", "/library/borrowed/1"),
    (None, "/learning/merrowdale-council"),
    (None, "/say/kite"),
    (None, "/say/kite/who"),
    (None, "/say/kite/help"),
    (None, "/say/kite/how-leaving-works"),
    (None, "/say/kite/help-me"),
    (None, "/say/kite/help-asked"),
    (None, "/say/no-such-code"),
    (None, "/say/once/no-such-code"),
    (None, "/say/once/{a_once}"),
    (None, "/help-wanted/no-such-token"),
    (None, "/help-wanted/{a_token}"),
    (None, "/answer"),
    (None, "/answer/merrowdale-council"),
    (None, "/changed/merrowdale-council"),
]
#: The small phone, the desk in the dark, the wall: each width once.
LOOKS = [(320, False), (1440, True), (2560, False)]
#: axe looks at each theme once; a wall is the desk with more room.
AXE_MOST = 1440


def address(page: str, demo: DemoSite) -> str:
    """Return the page with the demo's own numbers in it."""
    return page.format(**demo.ideas, **demo.measures, **demo.counted)


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
    look_at(demo_people(who), address(path, demo), path)


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


def test_pages_reflow_at_four_hundred_percent(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    """A window of 1280 px at 400% is a window of 320 by 256."""
    person = demo_people("Tess", width=320, height=256)
    for path in ("/teams/safeguarding-and-court/board", "/ideas/{IDEA-009}", "/log"):
        person.open(address(path, demo))
        person.check_fits(path)


def test_pages_print_without_navigation(demo: DemoSite, demo_people: Callable[..., Person]) -> None:
    person = demo_people("Tess")
    person.open(address("/ideas/{IDEA-001}", demo))
    person.page.emulate_media(media="print")
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    expect(person.page.get_by_role("navigation", name="Main")).not_to_be_visible()
