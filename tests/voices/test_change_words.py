"""The words of the form in a council's own words, and the languages that are on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.shared import clock
from improve.shared.errors import NotFound, RuleBroken
from improve.voices.queries.setup import public_setup
from improve.voices.queries.wording import versions_of, words_for
from improve.voices.service.languages import turn_on
from improve.voices.service.wordings import change_words
from improve.voices.wording import TEXTS
from tests.factories import Cast, actor
from tests.pages import Visitor

Visit = Callable[..., Visitor]
HERE = "/admin/voices/words/en/older.title"


def title(app: Flask, organisation: int) -> str:
    with app.app_context():
        return words_for(organisation, "en")("older.title")


def test_own_words_and_back_again(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    for said in ("Say it here", "Say it to us"):
        page = administrator.send(
            administrator.get(HERE).form(HERE, button="Save"), {"words": said}
        )
        assert said in page.main
    assert title(app, cast.organisation) == "Say it to us"
    assert title(app, cast.other_organisation) == "Tell us what it’s like"
    page = administrator.get(HERE)
    administrator.send(page.form(HERE, button="Put back “Say it here”"), {})
    assert title(app, cast.organisation) == "Say it here"
    administrator.send(administrator.get(HERE).form(HERE, button="Put back the usual words"), {})
    assert title(app, cast.organisation) == "Tell us what it’s like"
    with app.app_context():
        found = versions_of(cast.actor("administrator"), "en", "older.title")
        assert [row.version for row in found] == [4, 3, 2, 1]
        assert versions_of(actor(cast.outsider), "en", "older.title") == []


def test_a_stale_page_shows_both(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get(HERE).form(HERE, button="Save")
    administrator.send(form, {"words": "The first"})
    page = administrator.send(form, {"words": "The second"})
    assert page.status == 409
    assert "The first" in page.main
    assert "The second" in page.main
    administrator.send(page.form(HERE, button="Save"), {})
    assert title(app, cast.organisation) == "The second"


def test_words_that_are_hard_to_read_are_warned_of_beside_them(cast: Cast, visit: Visit) -> None:
    hard = "Confidentiality is maintained except where safeguarding considerations necessitate it."
    administrator, warning = visit(cast.administrator), "years; they are for about 9"
    page = administrator.get(HERE)
    assert warning not in page.main
    kept = administrator.send(page.form(HERE, button="Save"), {"words": hard})
    assert "shorter words and sentences help" in kept.text
    assert warning in administrator.get(HERE).main
    # The measure is of English: nothing is said of words in another language.
    polish = HERE.replace("/en/", "/pl/")
    administrator.send(administrator.get(polish).form(polish, button="Save"), {"words": hard})
    assert "years; they" not in administrator.get(polish).main


def test_what_is_filled_in_stays(cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    for name, words in (("older.thanks.read_by", "Soon"), ("older.title", "Hello {day}")):
        here = f"/admin/voices/words/en/{name}"
        page = administrator.send(
            administrator.get(here).form(here, button="Save"), {"words": words}
        )
        assert page.status == 422
        assert page.error_for("words")


def test_a_language_is_off_until_somebody_checked_it(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator, here = visit(cast.administrator), "/admin/voices/languages/pl/on"
    page = administrator.get("/admin/voices/languages?about=pl")
    refused = administrator.send(page.form(here), {"checked_by": "", "checked_on": "1/2/2026"})
    assert refused.status == 422
    assert refused.error_for("checked_by")
    page = administrator.send(
        refused.form(here),
        {"checked_by": "A teacher of Polish", "checked_on": f"{clock.today():%d/%m/%Y}"},
    )
    assert "Checked by A teacher of Polish" in page.main
    with app.app_context():
        assert public_setup(cast.organisation, clock.today()).languages == ("en", "pl")
        assert public_setup(cast.other_organisation, clock.today()).languages == ("en",)
    for _ in range(2):
        assert administrator.post("/admin/voices/languages/pl/off").status == 303
    with app.app_context():
        assert public_setup(cast.organisation, clock.today()).languages == ("en",)


def test_words_run_the_way_of_their_language(cast: Cast, visit: Visit) -> None:
    page = visit(cast.administrator).get("/admin/voices/words?language=ur&part=older")
    assert page.status == 200
    assert page.soup.select("[dir=rtl][lang=ur]")


def test_a_language_only_begun_stays_off(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form half in English would be taken for checked."""
    monkeypatch.setattr("improve.voices.service.languages.catalogue", lambda _language: TEXTS)
    with app.app_context(), pytest.raises(RuleBroken):
        turn_on(
            cast.actor("administrator"),
            language="ur",
            checked_by="Somebody",
            checked_on=clock.today(),
        )


def test_unknown_and_others_are_refused(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    assert administrator.get("/admin/voices/words/en/older.nothing").status == 404
    assert administrator.get("/admin/voices/words/xx/older.title").status == 404
    for who in (cast.practitioner, cast.voices_reader, cast.leader):
        for path in ("/admin/voices/words", HERE, "/admin/voices/languages"):
            assert visit(who).get(path).status == 403
    with app.app_context():
        with pytest.raises(NotFound):
            change_words(
                cast.actor("administrator"), language="en", name="x", words="y", seen_version=0
            )
        for code in ("en", "xx"):
            with pytest.raises(NotFound):
                turn_on(
                    cast.actor("administrator"),
                    language=code,
                    checked_by="Somebody",
                    checked_on=clock.today(),
                )
