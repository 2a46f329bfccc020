"""Kind and factors: coded by two apart, shown side by side when both have, then agreed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.incidents.contents import coding_of
from improve.incidents.models import Incident, IncidentReading
from improve.incidents.queries.one import loaded_report
from improve.incidents.sealing import ReportKey
from improve.shared.db import db
from improve.shared.sealing import CannotOpen
from tests.factories import Cast, actor
from tests.incidents.desk import council, made, read
from tests.incidents.open_council import Opened
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]


def coded(reviewer: Visitor, here: str, kind: str, *factors: str) -> Page:
    page = reviewer.get(f"{here}/coding")
    form = page.form(f"{here}/coding")
    return reviewer.send(form, {"kind": kind, "factors": list(factors)}, follow=False)


def both_read(app: Flask, cast: Cast, visit: Visit) -> tuple[Opened, str, Visitor, Visitor]:
    found = council(app, cast)
    here = made(app, found)
    first, second = (visit(one) for one in found.reviewers)
    read(first, here)
    read(second, here)
    return found, here, first, second


def test_two_code_apart_then_compare_and_agree(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, first, second = both_read(app, cast, visit)
    empty = coded(first, here, "")
    assert empty.status == 422
    assert "Choose what kind of thing it was." in empty.main
    assert "Choose at least one factor." in empty.main
    assert coded(first, here, "near_miss", "F07", "F08", "F12").status == 303
    assert coded(first, here, "near_miss", "F07", "F08").status == 303  # not compared yet
    # Apart: the second sees that the first has coded, and nothing of what.
    page = second.get(f"{here}/coding")
    assert "The other reader has chosen" in page.main
    assert not page.soup.select("input[checked]")
    assert not page.has_form(f"{here}/agreed")
    assert coded(second, here, "no_harm", "F08", "F06").status == 303
    page = first.get(f"{here}/coding")
    assert "You agree on 1 of 3 factors (33%)" in page.main.replace("\xa0", " ")
    assert "Of the kind you do not agree yet" in page.main
    chosen = [str(one["value"]) for one in page.soup.select("input[checked]")]
    assert chosen == ["F08"]
    # Neither changes theirs after seeing the other's.
    late = first.post(f"{here}/coding", {"kind": "no_harm", "factors": ["F06"]})
    assert late.status == 422
    assert "Both have coded this" in late.main
    form = page.form(f"{here}/agreed")
    agreed = {"kind": "near_miss", "factors": ["F08", "F07"]}
    assert first.send(form, agreed, follow=False).status == 303
    assert first.send(form, agreed, follow=False).status == 303  # the same again is harmless
    with app.app_context():
        loaded = loaded_report(actor(found.reviewers[1]), here.rsplit("/", 1)[1])
        assert (loaded.work.kind, list(loaded.work.factors)) == ("near_miss", ["F07", "F08"])
        assert loaded.agreement == 1 / 3
    assert "Agreed on kind and factors" in second.get(f"{here}/coding").main


def test_a_report_says_whose_turn_it_is(app: Flask, cast: Cast, visit: Visit) -> None:
    _, here, first, second = both_read(app, cast, visit)
    assert "Next: Kind and factors" in first.get(here).main
    coded(first, here, "near_miss", "F08")
    mine = first.get(here)
    assert "The other reader has not yet, so nothing here waits for you." in mine.main
    assert "Next:" not in mine.main
    assert "Choose the kind and the factors by yourself." in second.get(here).main
    coded(second, here, "no_harm", "F08")
    for reader in (first, second):
        page = reader.get(here)
        assert "Both of you have chosen. See where you differ, and agree." in page.main
        assert page.link("Kind and factors").endswith("/coding")


def test_a_stale_agreement_is_answered_with_both(app: Flask, cast: Cast, visit: Visit) -> None:
    _, here, first, second = both_read(app, cast, visit)
    coded(first, here, "near_miss", "F07")
    coded(second, here, "near_miss", "F07")
    old = first.get(f"{here}/coding").form(f"{here}/agreed")
    new = second.get(f"{here}/coding").form(f"{here}/agreed")
    second.send(new, {"kind": "went_well", "factors": ["F14"]})
    page = first.send(old, {"kind": "near_miss", "factors": ["F07"]}, follow=False)
    assert page.status == 409
    assert "As it is now: Something went well, or was caught; The child’s voice." in page.main
    chosen = {str(one["value"]) for one in page.soup.select("input[checked]")}
    assert chosen == {"near_miss", "F07"}
    assert first.send(page.form(f"{here}/agreed"), {}, follow=False).status == 303


def test_a_refusal_does_not_pass_over_what_another_agreed_meanwhile(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    _, here, first, second = both_read(app, cast, visit)
    coded(first, here, "near_miss", "F07")
    coded(second, here, "near_miss", "F07")
    old = first.get(f"{here}/coding").form(f"{here}/agreed")
    new = second.get(f"{here}/coding").form(f"{here}/agreed")
    assert second.send(new, {"kind": "went_well", "factors": ["F14"]}, follow=False).status == 303
    refused = first.send(old, {"kind": "near_miss", "factors": []}, follow=False)
    assert refused.status == 422
    mended = {"kind": "near_miss", "factors": ["F07"]}
    assert first.send(refused.form(f"{here}/agreed"), mended, follow=False).status == 409


def test_danger_comes_before_coding(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    reviewer = visit(found.reviewers[0])
    reviewer.send(reviewer.get(here).form(f"{here}/open"), {})
    page = reviewer.get(f"{here}/coding")
    assert not page.has_form(f"{here}/coding")
    sent = reviewer.post(f"{here}/coding", {"kind": "near_miss", "factors": ["F07"]})
    assert sent.status == 422
    assert "First say whether a child could be in danger" in sent.main
    alone = reviewer.post(f"{here}/agreed", {"kind": "near_miss", "factors": ["F07"]})
    assert alone.status == 422


def test_what_one_coded_goes_with_them(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, first, second = both_read(app, cast, visit)
    coded(first, here, "near_miss", "F07")
    first.send(first.get(here).form(f"{here}/may-know"), {})
    with app.app_context():
        row = db.session.scalars(
            select(IncidentReading).where(IncidentReading.reviewer_id == found.reviewers[0])
        ).one()
        assert (row.is_coded, row.sealed_coding) == (False, None)
    assert "has chosen" not in second.get(f"{here}/coding").main


def test_what_was_coded_is_sealed_under_the_key_of_its_report(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, here, first, _second = both_read(app, cast, visit)
    coded(first, here, "near_miss", "F07")
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        rows = db.session.execute(text("SELECT * FROM incident_readings")).all()
        assert not [row for row in rows if "near_miss" in str(row) or "F07" in str(row)]
        own = ReportKey.unwrap(db.session.get_one(Incident, key).wrapped_key, about=key)
        reading = db.session.get_one(IncidentReading, (key, found.reviewers[0]))
        place = coding_of(key, found.reviewers[0])
        kept = own.open(reading.sealed_coding, about=place)
        assert kept == {"kind": "near_miss", "factors": ["F07"]}
        with pytest.raises(CannotOpen):
            own.open(reading.sealed_coding, about=coding_of(key, found.reviewers[1]))


def test_another_kind_or_factor_is_refused(app: Flask, cast: Cast, visit: Visit) -> None:
    _, here, first, _ = both_read(app, cast, visit)
    sent = first.post(f"{here}/coding", {"kind": "murder", "factors": ["F99"]})
    assert sent.status == 422
    assert "Choose at least one factor." in sent.main
