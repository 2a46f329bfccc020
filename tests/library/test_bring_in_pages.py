"""Bring in pages of another council: looked through, all or none, and known for what they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.library.models import BorrowedPage, LearningImport
from improve.library.queries import borrowed
from improve.library.service import exchange, trust
from improve.library.signing import signer_of
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.conftest import NOW
from tests.factories import Cast
from tests.library.outside import their_file, their_measure, their_page, their_signer
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
Inside = Callable[[Callable[[], Any]], Any]


def trusted(cast: Cast, *, name: str = "Thornmere Council", slug: str = "thornmere-council") -> int:
    signer = their_signer(slug)
    made = trust.trust_council(
        cast.actor("coach"),
        name=name,
        key=signer.public_key,
        read_out=signer.fingerprint,
        how_compared="By telephone with their quality lead",
    )
    db.session.commit()
    return made


def looked_through(cast: Cast, text: str) -> exchange.ImportLook:
    coach = cast.actor("coach")
    made = exchange.start_import(coach, source=text)
    return exchange.look_through(coach, import_id=made)


def bring(cast: Cast, *pages: Any, **more: Any) -> exchange.BroughtIn:
    """Bring in every page of a file that can be."""
    look = looked_through(cast, their_file(*pages, **more))
    done = exchange.bring_in(
        cast.actor("coach"),
        import_id=look.held.id,
        keys=[page.key for page in look.to_take],
        seen=look.seen,
        is_unknown_taken=True,
    )
    db.session.commit()
    return done


def states(look: exchange.ImportLook) -> list[tuple[str, str]]:
    return [(page.state.value, page.words) for page in look.pages]


def only() -> BorrowedPage:
    """Return the one page that is here; nothing is left open for whoever visits next."""
    found = db.session.execute(select(BorrowedPage)).scalar_one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def here(cast: Cast) -> list[borrowed.BorrowedView]:
    found = borrowed.borrowed_pages(cast.actor("coach"))
    db.session.rollback()
    return found


def noted(action: str) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(AuditEntry.facts).where(AuditEntry.action == action).order_by(AuditEntry.id)
    )
    return list(rows.scalars())


def sent(coach: Visitor, text: str) -> Page:
    page = coach.get("/library/exchange")
    return coach.send(page.form("/bring-in"), {"pasted": text})


def test_a_coach_brings_a_page_in_and_it_says_where_it_is_from(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    inside(lambda: trusted(cast))
    coach = visit(cast.coach)
    preview = sent(coach, their_file(their_page(measure=their_measure()), their_page(2, title="")))
    assert preview.heading == "Check before you bring them in"
    assert "Signed by Thornmere Council" in preview.main
    assert "“title” is empty" in preview.main
    done = coach.send(preview.form("/confirm"))
    assert done.status == 200
    assert "1 page brought in." in done.text
    page = visit(cast.practitioner).get(f"/library/borrowed/{inside(only).id}")
    assert page.heading == "A card on the fridge, page 1"
    for words in (
        "From Thornmere Council",
        "Kept, and this is what we learned",
        "A boy chose the photo himself.",
        "Thornmere Council’s chart said Improvement: eight in a row",
        "Read here by our own rules Improvement:",
        "1 point is not told, being of fewer than 5 people or cases: 26 Jan 2026.",
        "signed 20 Nov 2026",
        "compared with them",
        "Priya Hazel",
        "24 Nov 2026",
        "fewer than 5 places",
    ):
        assert words in page.main, words
    assert (
        " ".join(f"{their_signer().fingerprint[at : at + 5]}" for at in range(0, 40, 5))
        in page.main
    )
    assert page.soup.select_one("svg.chart") is not None
    facts = inside(lambda: noted("learning_brought_in"))[0]
    assert facts["is_trusted"] is True
    assert facts["pages"] == [their_page()["key"]]


def test_a_file_is_taken_as_well_as_a_pasted_text(cast: Cast, visit: Visit) -> None:
    coach = visit(cast.coach)
    page = coach.get("/library/exchange")
    file = (BytesIO(their_file(their_page()).encode()), "from thornmere.json")
    preview = coach.send(page.form("/bring-in"), {"file": file, "pasted": ""})
    assert preview.heading == "Check before you bring them in"
    assert "“from thornmere.json”" in preview.main


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Choose the file, or paste what is in it."),
        ("hello", "It is not JSON: something is wrong in line 1."),
        ("[" * 50_000, "Its parts lie too deep in one another."),
        ('{"a": NaN}', "It holds “NaN”, which is no number."),
        ('{"a": 1, "a": 2}', "It says “a” twice in one place."),
        (their_file(), "There is no page in it."),
        (their_file(their_page()).replace("fridge", "door"), "The signature does not fit"),
    ],
    ids=lambda text: text[:16],
)
def test_what_is_no_signed_file_is_refused_and_not_kept(
    cast: Cast, visit: Visit, inside: Inside, text: str, says: str
) -> None:
    refused = sent(visit(cast.coach), text)
    assert refused.status == 422
    assert says in refused.errors[0]
    assert inside(lambda: db.session.execute(select(LearningImport.id)).first()) is None


def test_a_file_that_is_too_large_is_refused_in_words(cast: Cast, context: Flask) -> None:
    with pytest.raises(RuleBroken, match="larger than 5 MB"):
        exchange.start_import(cast.actor("coach"), source=b" " * (5 * 1024 * 1024 + 1))


def test_an_unknown_signature_needs_a_second_tick_and_is_marked(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    coach = visit(cast.coach)
    preview = sent(coach, their_file(their_page()))
    assert "Nobody here has compared this signature" in preview.main
    refused = coach.send(preview.form("/confirm"))
    assert refused.status == 422
    assert "Tick that you know" in refused.errors[0]
    assert not inside(lambda: here(cast))
    coach.send(refused.form("/confirm"), {"is_unknown_taken": "y"})
    page = visit(cast.practitioner).get(f"/library/borrowed/{inside(only).id}")
    assert "Nobody here has compared this signature" in page.main
    assert not inside(only).was_trusted


def test_what_comes_back_is_told_apart(cast: Cast, context: Flask) -> None:
    trusted(cast)
    bring(cast, their_page(1, version=2), their_page(2), their_page(3))
    exchange.take_out(cast.actor("coach"), page_id=here(cast)[0].id, seen_version=1)
    db.session.commit()
    look = looked_through(
        cast,
        their_file(
            their_page(1, version=1),
            their_page(2, spread={"tried_in_places": 7}),
            their_page(3),
            their_page(4),
            their_page(4, title="The same name twice"),
        ),
    )
    assert states(look) == [
        ("refused", "Version 2 is here, which is newer than version 1."),
        ("same", "Here already, the same"),
        ("back", "It was here and was taken out. It would come back."),
        ("new", "New here"),
        ("refused", "It is in this file twice."),
    ]
    look = looked_through(cast, their_file(their_page(2, title="Other words, old version")))
    assert states(look) == [("refused", "It says other things than version 1 that is here.")]


def test_a_newer_version_takes_the_place_and_says_so(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    inside(lambda: trusted(cast))
    inside(lambda: bring(cast, their_page()))
    with clock.moved(NOW + timedelta(hours=5)):
        done = inside(lambda: bring(cast, their_page(version=3, title="A better card")))
    assert (done.new, done.newer) == (0, 1)
    there = inside(only)
    assert (there.title, there.source_version, there.replaced_version) == ("A better card", 3, 1)
    page = visit(cast.practitioner).get(f"/library/borrowed/{there.id}")
    assert "Version 3 took the place of version 1 on 24 Nov 2026." in page.main


def test_nobody_takes_the_place_of_anothers_page(cast: Cast, context: Flask) -> None:
    """A page's name is no secret: only the same key, or the same council's next, may renew it."""
    trusted(cast)
    bring(cast, their_page())
    stranger = signer_of("somebody else entirely, 2026", "grimsby")
    council = {"name": "Grimsby Council", "slug": "grimsby", "site": "https://g.example"}
    look = looked_through(cast, their_file(their_page(version=9), signer=stranger, council=council))
    assert states(look) == [
        ("refused", "A page with this name came from Thornmere Council with another key.")
    ]
    trusted(cast, slug="their-next-key")
    bring(cast, their_page(version=2, title="Renewed"), signer=their_signer("their-next-key"))
    assert only().title == "Renewed"


def test_a_name_that_a_stranger_took_first_is_given_back(cast: Cast, context: Flask) -> None:
    """Anybody can read a page's name and sign another under it; whoever is compared gets it."""
    stranger = signer_of("somebody else entirely, 2026", "grimsby")
    council = {"name": "Grimsby Council", "slug": "grimsby", "site": "https://g.example"}
    bring(cast, their_page(version=999), signer=stranger, council=council)
    theirs = their_file(their_page(title="Theirs"))
    assert states(looked_through(cast, theirs))[0][0] == "refused", "two strangers"
    trusted(cast)
    (said,) = states(looked_through(cast, theirs))
    assert said[0] == "refused"
    assert said[1].endswith("Take that one out first.")
    taken = only()
    exchange.take_out(cast.actor("coach"), page_id=taken.id, seen_version=taken.version)
    db.session.commit()
    assert bring(cast, their_page(title="Theirs")) == exchange.BroughtIn(1, 0)
    assert (only().title, only().fingerprint) == ("Theirs", their_signer().fingerprint)
    # A second council that was compared does not get what the first one signed.
    there = only()
    exchange.take_out(cast.actor("coach"), page_id=there.id, seen_version=there.version)
    trusted(cast, name="Grimsby Council", slug="grimsby")
    other = their_file(their_page(version=1000), signer=their_signer("grimsby"), council=council)
    assert states(looked_through(cast, other))[0][0] == "refused"


def test_a_known_name_with_an_unknown_key_is_refused(cast: Cast, context: Flask) -> None:
    trusted(cast)
    stranger = signer_of("somebody else entirely, 2026", "thornmere-council")
    with pytest.raises(RuleBroken, match="not signed with the key that you compared"):
        exchange.start_import(cast.actor("coach"), source=their_file(their_page(), signer=stranger))


@pytest.mark.parametrize(
    "said",
    [
        "thornmere  council.",
        "Thorn\u200bmere Council",
        "Thornmere\u00a0Council",
        "Ｔｈｏｒｎｍｅｒｅ Council",
        "Thornme\u0301re Council",
        "LARCHDALE-Council",
    ],
)
def test_a_name_that_only_looks_like_a_known_one_is_refused(
    said: str, cast: Cast, context: Flask
) -> None:
    """Signs that nobody sees, other letters for the same, and this council's own name."""
    trusted(cast)
    stranger = signer_of("somebody else entirely, 2026", "elsewhere")
    council = {"name": said, "slug": "elsewhere", "site": "https://improve.elsewhere.example"}
    with pytest.raises(RuleBroken, match="not signed"):
        exchange.start_import(
            cast.actor("coach"),
            source=their_file(their_page(), signer=stranger, council=council),
        )


def test_a_key_that_was_ended_is_refused_even_while_a_file_waits(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    council = inside(lambda: trusted(cast))
    coach = visit(cast.coach)
    preview = sent(coach, their_file(their_page()))
    inside(lambda: trust.end_trust(cast.actor("coach"), council_id=council, seen_version=1))
    refused = coach.send(preview.form("/confirm"))
    assert refused.status == 422
    assert "is trusted here no more" in refused.errors[0]
    assert not refused.has_form("/confirm")
    again = sent(coach, their_file(their_page()))
    assert again.status == 422
    assert "is trusted here no more" in again.errors[0]


def test_our_own_file_is_refused(cast: Cast, context: Flask) -> None:
    secret = context.config["SIGNING_KEY"]
    own = signer_of(secret, "larchdale-council")
    with pytest.raises(RuleBroken, match="signed here"):
        exchange.start_import(
            cast.actor("coach"), source=their_file(their_page(), signer=own), secret=secret
        )


def test_all_or_none_and_what_changed_meanwhile_is_looked_at_again(
    cast: Cast, context: Flask
) -> None:
    trusted(cast)
    coach = cast.actor("coach")
    look = looked_through(cast, their_file(their_page(1), their_page(2)))
    keys = [page.key for page in look.pages]
    bring(cast, their_page(1, version=2))
    with pytest.raises(RuleBroken, match="Something changed since you looked"):
        exchange.bring_in(coach, import_id=look.held.id, keys=keys, seen=look.seen)
    db.session.rollback()
    assert len(here(cast)) == 1
    now = exchange.look_through(coach, import_id=look.held.id)
    with pytest.raises(RuleBroken, match="Choose at least one page"):
        exchange.bring_in(coach, import_id=look.held.id, keys=keys, seen=now.seen)


def test_sent_twice_brings_in_once(cast: Cast, visit: Visit, inside: Inside) -> None:
    inside(lambda: trusted(cast))
    coach = visit(cast.coach)
    preview = sent(coach, their_file(their_page()))
    form = preview.form("/confirm")
    coach.send(form)
    again = coach.send(form)
    assert again.status in (200, 404)
    assert len(inside(lambda: here(cast))) == 1


def test_words_that_may_identify_somebody_are_looked_at_again(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    inside(lambda: trusted(cast))
    coach = visit(cast.coach)
    preview = sent(coach, their_file(their_page(tried="Ring 07700 900123 first.")))
    asked = coach.send(preview.form("/confirm"))
    assert "07700 900123" in asked.main
    assert not inside(lambda: here(cast))
    coach.send(asked.form("/confirm"), button="It’s fine, continue")
    assert len(inside(lambda: here(cast))) == 1


def test_a_draft_is_its_own_persons_and_gone_after_a_day(cast: Cast, context: Flask) -> None:
    coach = cast.actor("coach")
    made = exchange.start_import(coach, source=their_file(their_page()))
    with pytest.raises(NotFound):
        exchange.look_through(cast.actor("leader"), import_id=made)
    assert exchange.purge_learning_imports() == 0
    with clock.moved(NOW + timedelta(days=1, minutes=1)):
        with pytest.raises(NotFound):
            exchange.look_through(coach, import_id=made)
        assert exchange.purge_learning_imports() == 1


def test_only_so_many_files_wait_for_one_person(cast: Cast, context: Flask) -> None:
    coach = cast.actor("coach")
    made = [
        exchange.start_import(coach, source=their_file(their_page(n)))
        for n in range(exchange.WAITING_MOST)
    ]
    with pytest.raises(RuleBroken, match="10 files of yours wait already"):
        exchange.start_import(coach, source=their_file(their_page(99)))
    assert exchange.start_import(cast.actor("leader"), source=their_file(their_page(99)))
    exchange.drop_import(coach, import_id=made[0])
    assert exchange.start_import(coach, source=their_file(their_page(99)))


def test_a_file_is_thrown_away_and_twice_is_harmless(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    coach = visit(cast.coach)
    page = sent(coach, their_file(their_page()))
    coach.send(page.form("/drop"))
    assert coach.get(page.path).status == 404
    assert coach.send(page.form("/drop")).status == 200
    assert inside(lambda: db.session.execute(select(LearningImport.id)).first()) is None


def test_a_borrowed_page_is_taken_out_once(cast: Cast, visit: Visit, inside: Inside) -> None:
    inside(lambda: trusted(cast))
    inside(lambda: bring(cast, their_page()))
    page_id = inside(only).id
    coach = visit(cast.coach)
    page = coach.get(f"/library/borrowed/{page_id}")
    with pytest.raises(Stale):
        inside(lambda: exchange.take_out(cast.actor("coach"), page_id=page_id, seen_version=7))
    form = page.form("/take-out")
    assert "is taken out" in coach.send(form).text
    assert coach.send(form).status == 200
    assert coach.get(f"/library/borrowed/{page_id}").status == 404
    assert len(inside(lambda: noted("borrowed_taken_out"))) == 1
    there = inside(only)
    assert "fridge" not in f"{there.title} {there.words} {there.content}"


def test_who_may_not_and_who_finds_nothing(cast: Cast, visit: Visit, inside: Inside) -> None:
    inside(lambda: trusted(cast))
    inside(lambda: bring(cast, their_page()))
    page_id = inside(only).id
    reader, outsider = visit(cast.practitioner), visit(cast.outsider)
    assert not reader.get(f"/library/borrowed/{page_id}").has_form("/take-out")
    assert reader.post(f"/library/borrowed/{page_id}/take-out", {"version": "1"}).status == 403
    assert reader.post("/library/exchange/bring-in", {"pasted": "x"}).status == 403
    assert outsider.get(f"/library/borrowed/{page_id}").status == 404
    # Who only administers reads no library, and no way of trying shows a page of it.
    administrator = visit(cast.administrator)
    for way in ("", "/try", "/spread", "/told"):
        assert administrator.get(f"/library/borrowed/{page_id}{way}").status == 403, way
    for act in (
        lambda who: exchange.start_import(who, source="x"),
        lambda who: exchange.look_through(who, import_id=1),
        lambda who: exchange.bring_in(who, import_id=1, keys=["x"], seen=""),
        lambda who: exchange.drop_import(who, import_id=1),
        lambda who: exchange.take_out(who, page_id=page_id, seen_version=1),
    ):
        with pytest.raises(Forbidden):
            inside(lambda act=act: act(cast.actor("manager")))


def test_pages_with_much_on_them_are_asked_for_in_few_statements(
    cast: Cast, visit: Visit, inside: Inside, statements: Watch
) -> None:
    inside(lambda: trusted(cast))
    coach = visit(cast.coach)
    inside(lambda: bring(cast, *(their_page(n, measure=their_measure()) for n in range(1, 31))))
    preview = sent(
        coach, their_file(*(their_page(n) for n in range(31, 100)), *(their_page(n, title="") for n in range(60)))
    )  # fmt: skip
    assert "Show 19 more, ticked as well" in preview.main
    for path in (
        "/library/exchange",
        preview.path,
        f"{preview.path}?pages=all",
        f"/library/borrowed/{inside(lambda: here(cast))[0].id}",
    ):
        with statements() as seen:
            assert coach.get(path).status == 200
        assert len(seen) <= 8, f"{path}: {len(seen)}"
