"""A council where much has happened, and somebody who looks at every page and form of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from improve.accounts import service as accounts
from improve.huddles import service as huddles
from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer, Stage, Way
from improve.ideas.service.aims import AimDetails, make_aim
from improve.ideas.service.drivers import add_driver, hang_idea
from improve.measures import service as measures
from improve.measures.service.dip_samples import SampleDetails, make_sample
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle, idea_in, make_idea, make_measure
from tests.incidents.reporting import Reporting, report, report_elsewhere
from tests.pages import Visitor, tree_of, values_of
from tests.voices.listening import Listening, listen, listen_elsewhere

#: Where a walk begins, besides the links of the pages themselves.
STARTS = (
    "/", "/board", "/teams/riverside/board/filter?show=mine", "/log", "/me", "/me/details", "/me/proved", "/me/password", "/me/settings", "/me/news", "/me/calendar", "/me/devices", "/teams", "/help", "/help/families", "/help/ideas", "/help/team", "/help/coach", "/help/month", "/help/voices", "/help/reports", "/help/running", "/help/in-confidence", "/help/installing",
    "/measures", "/how-we-decide", "/review", "/admin/people", "/admin/people/invite", "/admin/groups", "/me/council-account", "/admin/teams",
    "/admin/teams/new", "/admin/who-may-do-what", "/admin/duty-numbers", "/safeguarding-worry", "/teams/riverside/board?view=list",
    "/teams/riverside/finished", "/teams/riverside/measures", "/teams/riverside/measures/new",
    "/teams/riverside/walls", "/teams/riverside/board?wall=1", "/wall", "/teams/riverside/huddles",
    "/teams/riverside/huddles/settings", "/teams/riverside/huddles/hour", "/review/protected-time",
    "/teams/riverside/huddles/figures", "/coaching", "/blocked",
    "/aims", "/aims/new", "/aims/1", "/aims/1/edit", "/aims/1/diagram", "/drivers/1/edit", "/search",
    "/open-data", "/admin/archive", "/admin/privacy", "/admin/privacy/data", "/admin/privacy/times", "/admin/privacy/facts", "/admin/privacy/find", "/admin/privacy/erased", "/admin/privacy/dpia", "/admin/privacy/records", "/me/data", "/privacy", "/accessibility", "/search?q=e", "/search?q=visits", "/library", "/library/exchange", "/review/aims", "/review/aims?loose=1", "/me/record", "/me/supervision", "/teams/riverside/bring-in", "/voices", "/voices/desk", "/voices/desk?show=locked", "/voices/themes", "/voices/drafts", "/voices/how-it-goes", "/admin/voices", "/admin/voices/facts", "/admin/voices/cover", "/admin/voices/words", "/admin/voices/words?language=ur&part=older", "/admin/voices/words/en/older.title", "/admin/voices/languages", "/admin/voices/languages?about=pl", "/voices/promise", "/voices/type-in", "/voices/addresses", "/voices/surveys", "/reports", "/reports/notes", "/reports/notes/write", "/reports/patterns", "/reports/desk", "/reports/promise", "/admin/reports", "/admin/reports/choices", "/admin/reports/cover", "/admin/reports/groups", "/admin/reports/words", "/admin/reports/words/start.title", "/reports/disclosures", "/reports/learning-team", "/reports/tell",
)  # fmt: skip
#: Fields of an idea that a walk edits.
EDITED = ("title", "suggestion", "document_link", "what_happened", "study_by_on", "expected_count")


@dataclass(frozen=True)
class World:
    """Ids of what happened in the first council."""

    ideas: tuple[int, ...]
    measure: int
    draft: int
    huddle: int = 0
    action: int = 0
    thanks: int = 0
    listening: Listening | None = None
    reporting: Reporting | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Every page about one of these things, whoever may see it."""
        found: list[str] = []
        for idea_id in self.ideas:
            here = f"/ideas/{idea_id}"
            found += [here, *(f"{here}/{tail}" for tail in IDEA_PAGES)]
        for idea_id in self.ideas[:5:2]:
            here = f"/ideas/{idea_id}"
            found += [f"{here}/stage?to={way.value}" for way in Way]
            found += [f"{here}/edit/{name}" for name in EDITED]
        here = f"/measures/{self.measure}"
        found += [here, f"{here}/edit", f"{here}/import", f"{here}/import/{self.draft}"]
        found += [f"{here}?view=table", f"{here}/points/1", f"{here}/data.csv"]
        if self.huddle:
            here = f"/teams/riverside/huddles/{self.huddle}"
            found += [f"{here}/{tail}" for tail in HUDDLE_PAGES] + [f"/actions/{self.action}"]
        if self.thanks:
            found += [f"/me/thanks/{self.thanks}", "/thanks", "/thanks?choose=1"]
        if self.listening is not None:
            found += self.listening.paths
        if self.reporting is not None:
            found += self.reporting.paths
        return tuple(found)


#: What a huddle has besides its parts; finishing it would end the rest of the walk.
HUDDLE_PAGES = ("due", "new", "stuck", "blocked", "close", "add?kind=action", "add?kind=thanks",
                "here", "wall")  # fmt: skip
IDEA_PAGES = (
    "history",
    "reply",
    "plan",
    "blocked",
    "lead",
    "measures",
    "sent",
    "stage",
    "comments/1/edit",
    "aim",
    "comments",
    "support/words",
    "same-as",
    "same-as/2",
    "split",
    "thanks",
    "coach",
    "coach/1/answer",
    "guests",
    "learned",
    "learning",
)


def make_world(
    cast: Cast, words: str = "", *, organisation: str = "first", raw: str = "", reported: str = ""
) -> World:
    """Return a council with ideas at every stage, numbers and a table being looked at; commits.

    ``words`` stand in every text, ``raw``, if given, in what families told for readers alone, and
    ``reported`` in what staff reported for reviewers alone.
    ``organisation`` "other" makes one idea, one measure and voices of the second council only.
    """
    if organisation == "other":
        outsider = actor(cast.outsider)
        made = ideas.propose_idea(
            outsider, text=f"{words} idea", team_id=cast.outsider_team, form_token=f"t{words}"
        ).idea_id
        ideas.comment(outsider, idea_id=made, words=f"{words} comment", form_token=f"c{words}")
        measure = measures.define_measure(
            outsider,
            team_id=cast.outsider_team,
            details=measures.MeasureDetails(
                name=f"{words} measure", recorded="count", numerator=f"{words} counted"
            ),
        )
        listening = listen_elsewhere(cast.other_organisation, words=words)
        reporting = report_elsewhere(cast.other_organisation, words=words)
        db.session.commit()
        return World((made,), measure, 0, listening=listening, reporting=reporting)
    measure = make_measure(
        cast,
        name=f"Visits on time {words}".strip(),
        numbers=[(40 + n % 5, 50) for n in range(14)],
        first_on=date(2026, 7, 6),
    )
    stages = [s for s in Stage if s is not Stage.DONE]
    made_ideas = [idea_in(cast, stage, text=f"{stage.value} {words}") for stage in stages]
    made_ideas += [make_idea(cast, text=f"unanswered {words}")]
    made_ideas += [make_idea(cast, text=f"for a coach {words}", answerer=Answerer.COACH)]
    made_ideas += [finish_cycle(cast, how, title=f"{how} {words}") for how in ("adopt", "abandon")]
    ideas.comment(
        cast.actor("manager"), idea_id=made_ideas[0], words=f"A word {words}", form_token="w"
    )
    thanks = ideas.say_thanks(
        cast.actor("manager"),
        to_id=cast.practitioner,
        words=f"Well held. {words}".strip(),
        idea_id=made_ideas[0],
        form_token="w",
    )
    ideas.pin(cast.actor("manager"), idea_id=made_ideas[1])
    ideas.choose_measures(
        cast.actor("manager"), idea_id=made_ideas[2], main_id=measure, beside_id=None
    )
    ideas.mark_blocked(
        cast.actor("colleague"), idea_id=made_ideas[1], reason="No camera", who="Office"
    )
    ideas.ask_coach(
        cast.actor("colleague"), idea_id=made_ideas[0], words=f"Too big? {words}".strip()
    )
    ideas.invite_guest(
        cast.actor("manager"),
        idea_id=made_ideas[0],
        name=f"Nell {words}".strip()[:80],
        email="nell@ashlode.example",
        place=f"Ashlode School {words}".strip()[:80],
        ends_on=clock.today() + ideas.USUAL_STAY,
        post=accounts.Post(lambda token: f"/invitation/{token}", has_mail=True, site_name="I"),
    )
    draft = measures.start_import(
        cast.actor("manager"), measure_id=measure, source="12/10/2026\t4\t5\n19/10/2026\tn/a\t5"
    )
    measures.make_tally(
        cast.actor("manager"),
        team_id=cast.team,
        details=measures.TallyDetails(question=f"Did they know your name? {words}".strip()),
    )
    make_sample(
        cast.actor("manager"),
        team_id=cast.team,
        details=SampleDetails(
            title=f"Plans {words}".strip(),
            questions=[f"Whose words? {words}".strip()],
            record_count=5,
            practice_week_on=clock.today(),
            first_reader_id=cast.practitioner,
            second_reader_id=cast.manager,
        ),
    )
    accounts.set_up_service(cast.actor("administrator"), name=f"Family help {words}".strip())
    huddle = huddles.start_huddle(
        cast.actor("manager"), team_id=cast.team, form_token="w"
    ).huddle_id
    action = huddles.add_action(
        cast.actor("manager"),
        huddle_id=huddle,
        what=f"Ask the clerk {words}".strip(),
        owner_id=cast.colleague,
        due_on=clock.today(),
        form_token="w",
    ).action_id
    huddles.decide(
        cast.actor("manager"), huddle_id=huddle, words=f"Go on {words}".strip(), form_token="w"
    )
    aim = make_aim(
        cast.actor("leader"), details=AimDetails(f"Every child knows {words}", measure_id=measure)
    )
    driver = add_driver(cast.actor("leader"), aim_id=aim, name=f"Names {words}".strip())
    hang_idea(cast.actor("manager"), idea_id=made_ideas[2], driver_id=driver)
    listening = listen(
        cast.organisation, reader=cast.actor("voices_reader"), raw=raw or words, words=words
    )
    reporting = report(
        cast.organisation,
        reviewer=cast.actor("incident_reviewer"),
        raw=reported or raw or words,
        words=words,
    )
    db.session.commit()
    return World(tuple(made_ideas), measure, draft, huddle, action, thanks, listening, reporting)


@dataclass
class Walked:
    """What a walk found: texts of pages by path, and their forms."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: list[Found] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """A form and the page it stood on. ``values`` as a browser would send it."""

    page: str
    action: str
    values: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    names: tuple[str, ...]


#: What a walk reads of a page; the rest need not be parsed.
_PARTS = re.compile(r"""<form\b.*?</form>|<a\b(?:"[^"]*"|'[^']*'|[^"'>])*>""", re.DOTALL)


def walk(
    visitor: Visitor,
    more: tuple[str, ...] = (),
    *,
    most: int = 160,
    is_enough: Callable[[str], bool] = lambda _path: False,
) -> Walked:
    """Open every page that can be reached, each kind of address once for each thing.

    ``is_enough`` says of each new address whether it need not be opened.
    """
    walked, waiting, seen, opened = Walked(), list(STARTS) + list(more), set(), 0
    while waiting and opened < most:
        path = waiting.pop(0)
        mark = _mark(path)
        if mark in seen:
            continue
        seen.add(mark)
        if is_enough(path):
            continue
        answer = visitor.client.get(path)
        # A picture to download is no text; what it is made of is.
        body = answer.get_data().decode(errors="replace")
        answer.close()
        if answer.status_code == 303:
            waiting.insert(0, answer.headers["Location"])
            continue
        walked.pages[path] = body
        opened += answer.status_code == 200
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        tree = tree_of("</a>".join(_PARTS.findall(body)))
        waiting += [a.get("href") for a in tree.iter("a") if _is_here(a.get("href", ""))]
        walked.forms += forms_in(path, tree)
    return walked


def _is_here(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/static/"))


def _mark(path: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(path)
    kept = [f"{n}={v}" if n in {"view", "to", "show"} else n for n, v in parse_qsl(parts.query)]
    return parts.path, tuple(sorted(kept))


def forms_in(path: str, tree: etree._Element) -> Iterator[Found]:
    """Yield the forms that send something, of a page or of all that matters of it."""
    for form in tree.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        controls = [c for c in form.iter("input", "select", "textarea") if c.get("name")]
        yield Found(
            page=path,
            action=form.get("action") or path,
            values=tuple(values_of(form)),
            texts=tuple(c.get("name") for c in controls if _is_text(c)),
            names=tuple(dict.fromkeys(c.get("name") for c in controls)),
        )


def _is_text(control: etree._Element) -> bool:
    kind = control.get("type", "text").lower()
    return control.tag == "textarea" or (
        control.tag == "input" and kind in {"text", "email", "search", "url", "tel"}
    )
