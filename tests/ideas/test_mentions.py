"""Who a comment names, and how its words are shown."""

from __future__ import annotations

import pytest

from improve.ideas.mentions import Candidate, find_mentions, first_words, handle, said_in

SAM = Candidate(1, "Sam Alder", is_near=True)
OTHER_SAM = Candidate(2, "Sam Ash")
JO = Candidate(3, "Jo Sedge")
ANNE = Candidate(4, "Anne-Marie O’Neil", is_near=True)
ELSE = Candidate(5, "Élise de la Tour")
TWIN = Candidate(6, "Jo Sedge")
ALL = (SAM, OTHER_SAM, JO, ANNE, ELSE)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("@sam.alder could you look?", (1,)),
        ("@Sam Alder could you look?", (1,)),
        ("Could @SAM ALDER, or @jo.sedge. look?", (1, 3)),
        # The Sam of the team is meant.
        ("@Sam could you look?", (1,)),
        ("(@Jo Sedge)", (3,)),
        ("@anne-marie.o'neil has it", (4,)),
        ("@Élise de la Tour knows", (5,)),
        ("@élise.de.la.tour knows", (5,)),
        ("@Sam Alder and @sam.alder", (1,)),
        ("Write to sam.alder@council.example or me@home", ()),
        ("No names here @ all", ()),
        ("@", ()),
    ],
)
def test_names_that_fit_one_person(text: str, ids: tuple[int, ...]) -> None:
    found = find_mentions(text, ALL)
    assert found.ids == ids
    assert found.words == ""


def test_names_that_fit_nobody_or_two_people() -> None:
    nobody = find_mentions("Thank you @nobody.here and @Sam Brown", ALL)
    assert nobody.ids == ()
    assert nobody.nobody == ("“nobody.here”", "“Sam Brown”")
    assert "Your comment is there as you wrote it." in nobody.words
    two = find_mentions("@Jo Sedge", (JO, TWIN))
    assert two.ids == ()
    assert two.several == ("“Jo Sedge”",)
    assert find_mentions("@Sam", (OTHER_SAM, Candidate(9, "Sam Fir"))).several == ("“Sam”",)


def test_what_people_are_looked_up_by() -> None:
    assert first_words("@sam.alder, @Jo Sedge and @Sam") == ["sam", "Jo", "Sam"]
    assert len(first_words(" ".join(f"@a{chr(98 + n)}" for n in range(20)))) == 10
    assert handle("Anne-Marie O’Neil") == "@anne-marie.o’neil"


def shown(text: str, *people: Candidate) -> list[tuple[str, str]]:
    names = {p.id: p.name for p in people}
    return [(part.kind, part.text) for part in said_in(text, names, list(names))]


def test_told_names_are_marked_and_links_can_be_followed() -> None:
    assert shown("Ask @sam.alder today.", SAM) == [
        ("text", "Ask "),
        ("name", "@Sam Alder"),
        ("text", " today."),
    ]
    assert shown("@Sam could look at https://council.example/a_(b), please", SAM) == [
        ("name", "@Sam"),
        ("text", " could look at "),
        ("link", "https://council.example/a_(b)"),
        ("text", ", please"),
    ]
    # Nobody was told, so nothing is marked; what is no web address is no link.
    assert shown("@jo.sedge javascript:alert(1) ftp://x.example", SAM) == [
        ("text", "@jo.sedge javascript:alert(1) ftp://x.example")
    ]
    assert shown("(see http://x.example/?a=1&b=2).", SAM)[1] == (
        "link",
        "http://x.example/?a=1&b=2",
    )


def test_a_reader_who_knows_first_names_reads_no_more() -> None:
    for text in ("Ask @sam.alder today", "Ask @Sam Alder today"):
        parts = said_in(text, {1: "Sam Alder"}, [1], {1: "Sam"})
        assert "".join(part.text for part in parts) == "Ask @Sam today"


@pytest.mark.parametrize("text", ["", "plain", "a @ b", "https://", "@" * 500, "@a." * 400])
def test_nothing_of_the_words_is_lost(text: str) -> None:
    assert "".join(part.text for part in said_in(text, {1: "Sam Alder"}, [1])) == text
