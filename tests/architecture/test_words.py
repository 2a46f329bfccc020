"""One voice: what people read is plain and kind, and calls one thing by one name.

Every text of the templates and of the scripts, and every string of words in the code, is read, see ``tests/screen_words.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from improve.home.short_words import SHORT_WORDS
from tests.reading_age import reading_age, words_of
from tests.screen_words import all_texts, sentences, words_of_module, words_of_template

#: A sentence that has more words is two.
LONGEST_SENTENCE = 25
#: School years that a page may ask for; a text of some length may ask for more, a little.
HARDEST_PAGE = 7
HARDEST_TEXT = 10
#: From how many words on a text says something about how hard it is.
A_PAGE, A_TEXT = 60, 20

#: What is never said, and what is said instead. Words of PDSA, of charts and of law stay theirs.
NEVER = {
    r"overdue|(?:is|are|was|too|how|days?|weeks?) late|lateness": "“waiting 5 working days”",
    r"targets?|KPIs?|performance|league tables?|leader ?boards?|RAG|scor(?:e[ds]?|ing)|rank(?:s|ed|ing)?": "what the numbers show",
    r"complian(?:ce|t)|non-compliant|mandatory|must comply": "what is asked, and why",
    r"fail(?:s|ed|ing|ures?)?|unsuccessful": "what happened: “could not”, “did not”",
    r"success(?:ful|fully)?": "what is so now: “Saved”",
    r"invalid|illegal|forbidden|denied|abort(?:ed)?|terminated|incorrect": "what is the matter, and what to do",
    r"users?": "people, staff, everybody",
    r"please|kindly": "the plain sentence",
    r"click(?:s|ed|ing)?|dropdown|drag and drop": "press, choose",
    r"e\.g\.|i\.e\.|etc\.?|and/or|via|asap|ad hoc|per se": "for example, that is, and so on, by",
    r"oops|uh-oh|whoops|wow|congratulations|well done|great job|awesome": "nothing",
    r"blame[ds]?|culprits?|guilty|careless(?:ly)?|negligen\w+|(?:your|their|whose) fault|human error": "what made it likely",
    r"utili[sz]e[ds]?|leverage[ds]?|commenc\w+|prior to|in order to|whilst|amongst|regarding|facilitat\w+|stakeholders?|numerous|additional|ensure[ds]?": "the short word",
    r"simply|obviously|unfortunately": "nothing",
    r"manpower|he or she|his or her|s/he|hard[- ]to[- ]reach|committed suicide": "words that shut nobody out",
    r"deadlines?": "a date, and what it is for",
    r"badges?|medals?|trophies|leader of the month|votes?|voting|upvote[ds]?": "what was said, and thanks in words",
    r"money saved|savings|cost reductions?|red/green": "what changed for whom",
}  # fmt: skip
#: One word for one thing: what it is called here, and what else it could be called.
ONE_NAME = {
    "sign in": r"log ?in|logged in(?! the month)|login|log ?on|log ?out|logged out|sign on|single sign-on|SSO",
    "e-mail": r"emails?",
    "huddle": r"stand-?ups?",
    "team, council": r"organi[sz]ational units?|tenants?",
    "small test": r"pilots?|trial runs?|experiments?",
    "prediction, what we expect": r"hypothes[ei]s",
    "measure": r"metrics?|indicators?",
    "middle line": r"cent(?:re|er) lines?|central lines?",
    "limits": r"control limits?|confidence (?:intervals?|limits?)|process limits?",
    "aim": r"(?<!No )(?<!no )goals?|objectives?",
    "idea": r"tickets?|backlog|work items?|change requests?",
    "coach": r"facilitators?|champions?",
    "voices reader, reviewer": r"moderators?|investigators?",
    "staff, colleagues": r"employees?|workforce",
    "child, young person, family": r"service users?|clients?|customers?|cases?(?= (?:workers?|load))",
    "own page": r"dashboards?|profile",
    "Save, Send": r"submit(?:s|ted|ting)?",
    "delete, take out": r"purge[ds]?|wip(?:e|ed)|trash|discard(?:ed)?",
}
#: Said to children, young people and families in none of these words.
NOT_TO_A_CHILD = r"cases?|clients?|contacts?|LAC|placements?|respite|engag\w+|siblings?|assessments?|non-compliant|thresholds?|intervention"
FOR_FAMILIES = re.compile(r"improve/voices/wording\.py|templates/voices/(?:say|public)")
AMERICAN = (
    r"colou?rs?(?<!colour)(?<!colours)|favorites?|behaviors?|centers?|centered|organiz\w+|recogniz\w+|summariz\w+|prioritiz\w+|"
    r"analyz\w+|apologiz\w+|minimiz\w+|maximiz\w+|categoriz\w+|customiz\w+|finaliz\w+|gray|canceled|canceling|labeled|"
    r"traveled|fulfill|enroll|judgment|catalog|program(?:me)?(?<!programme)(?<!program)|practiced|practicing|licensed"
    r"(?<!licensed)|toward|gotten|math"
)
#: Texts that keep a word for a reason that somebody gave.
KEPT = {
    # What pulls people away from good work is named by its name.
    "Targets and outside pressure", "Deadlines and numbers that pulled the other way", "Did a deadline, target, inspection,", "It is a nudge to talk, not a deadline.",
    # A council may set one; no chart draws it unless asked.
    "Set a target",
    # Says that it is not so.
    "There is no box for blame.", "It is not your fault.", "no scoring, no ranking", "There are no league tables.", "no league tables",
    # The law’s own words for a statement.
    "compliant with", "The Equality and Human Rights Commission enforces the Public Sector Bodies",
    "(Websites and Mobile Applications)", "Equality Advisory and Support Service",
    # In the claims of a council’s sign-in, and in settings, names that others gave.
    "openid email profile", "the claim “email”", "another client than",
    # One of many words in lists that people bring in, which are read and not said.
    "submitted by", "didn't work", "week commencing",
    # How a line of the web server begins that is known by it.
    "Invalid request from ip=",
    # What the reference package says, word for word.
    "Some groups have 'n < 12' observations. These have trial limits, which will be revised with each additional observation",
    # An example of a number and of a code, the name of a system, what a field is called elsewhere.
    "Z1234567", "KXRM 4T7Q", "Mac OS", "“Object ID”",
}  # fmt: skip
#: What is typed into a terminal or stands in a program is read by whoever runs the server.
OF_A_SERVER = re.compile(r"config\.py|improve/commands/|improve/\w+/(?:\w+_)?command\w*\.py|improve/shared/setting|improve/shared/command_line|improve/shared/seen_from_outside|improve/open_data/archive_readme")  # fmt: skip
SERVER_WORDS = re.compile(
    r"\b(?:database |this |same server and |the |own )users?\b|PostgreSQL’s client|postgresql-client|user:password|"
    r"a user or password|host, port, user and database|log in the form|https?://\S+|\bmetrics\b|OIDC_\w+"
)
SERVER_CAPITALS = {"ALTER", "CASCADE", "DROP", "RENAME", "ROLE", "SCHEMA", "TO", "CREATEDB", "WAL", "NAME", "FILE", "COLUMN", "VALUE", "UCL", "LCL", "CL", "MR", "ID", "OS", "STARTTLS"}  # fmt: skip
#: Capitals that are no short word: words to press, letters of codes, what a chart is called.
CAPITALS = {"OK", "KB", "A6", "SVG", "UCL", "LCL", "CL", "MR", "AND"}


@cache
def said() -> tuple[tuple[str, str], ...]:
    """Return every text with where it stands, without what is kept for a reason."""
    kept = re.compile("|".join(map(re.escape, KEPT)))
    found = []
    for path, texts in all_texts().items():
        for text in texts:
            left = kept.sub("", text)
            found.append((path, SERVER_WORDS.sub("", left) if OF_A_SERVER.match(path) else left))
    return tuple(found)


def found_by(pattern: str, texts: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return (where, word, text) for each text that has a word."""
    has = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
    return [(path, found[0], text) for path, text in texts if (found := has.search(text))]


def test_many_words_are_read() -> None:
    texts = list(said())
    assert len(texts) > 10_000
    words = {text for _, text in texts}
    # A heading, a label of a form, a hint, a refusal, a mail, a word of the log, a command.
    assert {"Log an idea", "Choose the baseline", "Every idea has its answer. Good."} <= words


@pytest.mark.parametrize("pattern", NEVER, ids=lambda one: one[:24])
def test_it_is_said_in_another_way(pattern: str) -> None:
    assert found_by(pattern, said()) == [], f"say instead: {NEVER[pattern]}"


@pytest.mark.parametrize("name", ONE_NAME)
def test_one_thing_has_one_name(name: str) -> None:
    assert found_by(ONE_NAME[name], said()) == [], f"say {name}"


def test_children_read_no_words_of_the_office() -> None:
    theirs = [(path, text) for path, text in said() if FOR_FAMILIES.match(path)]
    assert len(theirs) > 100
    assert found_by(NOT_TO_A_CHILD, theirs) == []


def test_words_are_spelt_as_in_britain() -> None:
    assert found_by(AMERICAN, said()) == []


def test_marks_are_those_of_print() -> None:
    straight = [
        (path, text)
        for path, text in said()
        if re.search(r"\w'\w|(?<!=)\"(?=\w)[^\"=]*\"|\B'\w+'\B", text) and "shared/s" not in path
        and "python3 -c" not in text
    ]  # fmt: skip
    assert straight == []


def test_nobody_is_shouted_at() -> None:
    assert [(path, text) for path, text in said() if re.search(r"\w!(?!\w)", text)] == []


def test_capitals_are_short_words_that_are_explained() -> None:
    shouted = [
        (path, word, text)
        for path, text in said()
        for word in re.findall(r"(?<![\w-])[A-Z][A-Z0-9]+(?![\w-])", text)
        if word not in {*SHORT_WORDS, *CAPITALS}
        and not (word in SERVER_CAPITALS and OF_A_SERVER.match(path))
    ]
    assert shouted == []


def test_sentences_end_in_time() -> None:
    long = [
        (count, path, sentence)
        for path, text in said()
        for sentence in sentences(text)
        if (count := len(words_of(sentence))) > LONGEST_SENTENCE
    ]
    assert sorted(long, reverse=True) == []


def test_pages_are_easy_to_read() -> None:
    hard: list[tuple[float, str, str]] = []
    pages: dict[str, list[str]] = {}
    for path, text in said():
        pages.setdefault(path, []).append(text)
    for path, texts in pages.items():
        prose = [text for text in texts if len(words_of(text)) >= 6]
        if sum(len(words_of(text)) for text in prose) >= A_PAGE:
            grade = reading_age(*prose) - 5
            hard += [(round(grade, 1), path, "the page")] if grade > HARDEST_PAGE else []
        hard += [
            (round(grade, 1), path, text)
            for text in prose
            if len(words_of(text)) >= A_TEXT and (grade := reading_age(text) - 5) > HARDEST_TEXT
        ]
    assert hard == []


def test_every_short_word_is_used() -> None:
    spoken = " ".join(text for path, text in said() if "short_words" not in path)
    assert [word for word in SHORT_WORDS if not re.search(rf"\b{word}\b", spoken)] == []


def test_words_are_found_wherever_they_stand(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% extends "base.html" %}<p title="{{ x }} is overdue">Please {% if a %}click{% else %}press{% endif %} '
        '<b>here</b>.</p><input type="submit" value="Submit it">{{ hint("Do not fail") }}'
        '<code>performance</code>{{ url_for("home.help_page") }}'
    )
    assert set(words_of_template(page)) == {
        "{x} is overdue", "Please click", "press here.", "Submit it", "Do not fail",
    }  # fmt: skip
    module = tmp_path / "module.py"
    module.write_text(
        '"""Overdue, in a docstring."""\nlog.info("it failed again")\n'
        'raise RuleBroken([f"The {x} is invalid, please try again"])\n'
        'label = "Your target"\nkey = "has_failed"\n'
    )
    assert words_of_module(module) == ("The {x} is invalid, please try again", "Your target")
    mended = [("a", "Sign in"), ("b", "An email came"), ("c", "email_address")]
    assert found_by(ONE_NAME["e-mail"], mended) == [("b", "email", "An email came")]
