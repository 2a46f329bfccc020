"""Getting ready to listen: who reads, who signed, what is missing, and opening the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from improve.accounts.in_confidence.readiness import OWN_TRAINING
from improve.accounts.queries import person_view
from improve.accounts.roles import Role
from improve.accounts.service import change_roles, set_duty_numbers
from improve.notifications.kinds import NoticeKind
from improve.notifications.models import Notice
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.voices.models import VoiceReader
from improve.voices.queries.readiness import readiness, setup_of
from improve.voices.queries.setup import public_setup, readers
from improve.voices.service.cover import add_cover
from improve.voices.service.setup import (
    change_facts,
    close_form,
    open_form,
    sign_off,
    sign_promise,
    train_reader,
)
from tests.at_once import at_once
from tests.factories import Cast, make_person, proved_session
from tests.pages import Visitor

Visit = Callable[..., Visitor]

FACTS = {
    "complaints": "Ring 01632 960 111.",
    "advocates": "",
    "duty_inbox": "",
    "duty_hours": {},
    "leave_url": "",
    "keep_days": 90,
    "tried_with": "",
}
NUMBERS = {"day": "Duty 01632 960 123", "night": "Night 01632 960 456"}


def version(cast: Cast) -> int:
    return setup_of(cast.actor("administrator")).version


def acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id))
        return [act for act in rows if act.startswith("voices_")]


def make_ready(cast: Cast) -> None:
    """Do all that must stand, one reader short."""
    administrator, today = cast.actor("administrator"), clock.today()
    train_reader(
        administrator, person_id=cast.voices_reader, trained_on=today, trained_by="The academy"
    )
    add_cover(
        administrator,
        person_id=cast.voices_reader,
        from_on=today,
        to_on=today + timedelta(days=60),
    )
    set_duty_numbers(administrator, words=NUMBERS, seen={})
    by_today = ("Robin Vale", today)
    sign_off(
        administrator,
        signed={"dpia": by_today, "legal": by_today, "numbers_tried": by_today},
        rung=NUMBERS,
        seen_version=version(cast),
    )
    change_facts(administrator, facts=FACTS, seen_version=version(cast))
    sign_promise(cast.actor("leader"), words="We read it.", seen_version=version(cast))


def test_opens_when_everything_stands(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator = visit(cast.administrator)
    page = administrator.get("/admin/voices")
    assert page.status == 200
    refused = administrator.post("/admin/voices/open")
    assert refused.status == 422
    assert "Two trained readers" in refused.main
    with app.app_context():
        make_ready(cast)
        db.session.commit()
        missing = readiness(cast.actor("administrator"), clock.today()).missing
        assert [need.name for need in missing] == ["readers"]
    assert administrator.post("/admin/voices/open").status == 422
    monkeypatch.setattr("improve.accounts.in_confidence.readiness.READERS_NEEDED", 1)
    for _ in range(2):
        assert administrator.post("/admin/voices/open").status == 303
    with app.app_context():
        assert public_setup(cast.organisation, clock.today()).takes_words
    for _ in range(2):
        assert administrator.post("/admin/voices/close").status == 303
    with app.app_context():
        assert not public_setup(cast.organisation, clock.today()).is_open
    assert acts(app) == [
        "voices_reader_trained",
        "voices_cover_added",
        "voices_signed_off",
        "voices_facts_changed",
        "voices_promise_signed",
        "voices_opened",
        "voices_closed",
    ]


def test_changed_numbers_are_rung_again(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    with app.app_context():
        make_ready(cast)
        db.session.commit()
    opened_before = administrator.get("/admin/voices").form("/admin/voices/signed", button="Save")
    assert ("rung_day", NUMBERS["day"]) in opened_before.values
    with app.app_context():
        set_duty_numbers(
            cast.actor("administrator"),
            words={**NUMBERS, "night": "Night 01632 960 789"},
            seen=NUMBERS,
        )
        db.session.commit()
    # What was rung are the numbers of the page, not those that came after it.
    page = administrator.send(opened_before, {"dpia_by": "Somebody else"})
    assert "They were changed since. Ring them again" in page.main
    form = page.form("/admin/voices/signed", button="Save")
    assert ("numbers_tried_by", "") in form.values
    page = administrator.send(
        form, {"numbers_tried_by": "Robin", "numbers_tried_on": f"{clock.today():%d/%m/%Y}"}
    )
    assert "Ring them again" not in page.main
    with app.app_context():
        ready = readiness(cast.actor("administrator"), clock.today())
        assert ready.are_numbers_tried
        assert ready.setup.numbers_tried["night"] == "Night 01632 960 789"


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_two_first_saves_at_once(app: Flask, cast: Cast) -> None:
    """The second waits, and then finds that there is something now."""
    with app.app_context():
        administrator = cast.actor("administrator")

    def save(words: str) -> Callable[[], None]:
        facts = {**FACTS, "complaints": words}
        return lambda: change_facts(administrator, facts=facts, seen_version=0)

    assert isinstance(at_once(app, save("The first"), save("The second")), Stale)
    with app.app_context():
        assert setup_of(administrator).complaints == "The first"


def test_training_and_cover_by_the_pages(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get("/admin/voices").form(
        "/admin/voices/training", button="Keep the training"
    )
    reader = str(cast.voices_reader)
    page = administrator.send(form, {"person_id": reader, "trained_on": "", "trained_by": ""})
    assert page.status == 422
    assert page.error_for("trained_on")
    today = clock.today()
    page = administrator.send(
        form, {"person_id": reader, "trained_on": f"{today:%d/%m/%Y}", "trained_by": "Academy"}
    )
    assert page.status == 200
    assert "by Academy" in page.main
    form = administrator.get("/admin/voices/cover").form("/admin/voices/cover", button="Add")
    for _ in range(2):
        page = administrator.send(
            form,
            {
                "person_id": reader,
                "from_on": f"{today:%d/%m/%Y}",
                "to_on": f"{today + timedelta(days=9):%d/%m/%Y}",
            },
        )
        assert page.status == 200
    with app.app_context():
        (span,) = readiness(cast.actor("administrator"), today).spans
    here = f"/admin/voices/cover/{span.id}/remove"
    # Another council's administrator does not even learn that there are such days.
    assert visit(cast.outsider_administrator).post(here).status == 404
    taken_out = administrator.send(administrator.get("/admin/voices/cover").form(here), {})
    assert administrator.post(here).status == 404
    with app.app_context():
        assert readiness(cast.actor("administrator"), today).spans == ()
    # Taken out by mistake: one tap puts the days back.
    administrator.send(taken_out.form("/admin/voices/cover", button="Undo"), {})
    with app.app_context():
        (again,) = readiness(cast.actor("administrator"), today).spans
        assert (again.from_on, again.to_on) == (span.from_on, span.to_on)


def test_an_open_form_says_on_which_days_nobody_reads(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("improve.accounts.in_confidence.readiness.READERS_NEEDED", 1)
    with app.app_context():
        make_ready(cast)
        open_form(cast.actor("administrator"))
        (span,) = readiness(cast.actor("administrator"), clock.today()).spans
        db.session.commit()
    administrator = visit(cast.administrator)
    page = administrator.get("/admin/voices/cover")
    assert "The form is open" not in page.main
    page = administrator.send(page.form(f"/admin/voices/cover/{span.id}/remove"), {})
    assert "The form is open, and nobody reads on" in page.main
    assert "it takes no words" in page.main
    with app.app_context():
        assert not public_setup(cast.organisation, clock.today()).takes_words


def test_a_stale_page_loses_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get("/admin/voices/facts").form("/admin/voices/facts", button="Save")
    with app.app_context():
        staffed = {"duty_inbox": "duty@example.org", "duty_hours": {"0": ["09:00", "17:00"]}}
        change_facts(
            cast.actor("administrator"), facts={**FACTS, **staffed}, seen_version=version(cast)
        )
        db.session.commit()
    page = administrator.send(form, {"complaints": "Write to us.", "keep_days": "30"})
    assert page.status == 409
    assert "Ring 01632 960 111." in page.main
    assert "Monday, now" in page.main
    assert "09:00 to 17:00" in page.main
    assert "Write to us." in page.main
    again = page.form("/admin/voices/facts", button="Save")
    assert administrator.send(again, {}).status == 200
    with app.app_context():
        kept = setup_of(cast.actor("administrator"))
        assert (kept.complaints, kept.keep_days) == ("Write to us.", 30)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("leave_url", "http://example.org"),
        ("leave_url", "javascript:alert(1)"),
        ("leave_url", "https://a@b.example"),
        ("keep_days", "0"),
        ("keep_days", "many"),
        ("duty_inbox", "not an address"),
        ("duty_inbox", "duty@council"),
        ("duty_inbox", "duty;other@example.org"),
        ("day_0", "25:00"),
        ("day_0_to", "09:00"),
    ],
)
def test_refuses_in_words(cast: Cast, visit: Visit, field: str, typed: str) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get("/admin/voices/facts").form("/admin/voices/facts", button="Save")
    page = administrator.send(form, {"complaints": "Ring us.", field: typed})
    assert page.status == 422
    assert page.error_for({"day_0_to": "day_0"}.get(field, field))


def test_hours_and_inbox_belong_together(cast: Cast, app: Flask) -> None:
    with app.app_context():
        administrator = cast.actor("administrator")
        for wrong in (
            {"duty_inbox": "duty@example.org"},
            {"duty_hours": {"0": ["09:00", "17:00"]}},
            {"duty_inbox": "duty@example.org", "duty_hours": {"0": ["17:00", "09:00"]}},
            {"duty_inbox": "duty@council", "duty_hours": {"0": ["09:00", "17:00"]}},
        ):
            with pytest.raises(RuleBroken):
                change_facts(administrator, facts={**FACTS, **wrong}, seen_version=0)


def test_only_a_leader_promises(app: Flask, cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    form = leader.get("/voices/promise").form("/voices/promise", button="Sign with my name")
    page = leader.send(form, {"words": "We read every word."})
    assert "Signed by" in page.main
    # The page that somebody else had open still carries the version before.
    assert leader.send(form, {"words": "Something else."}).status == 409
    assert visit(cast.administrator).get("/voices/promise").status == 403
    with app.app_context(), pytest.raises(Forbidden):
        sign_promise(cast.actor("administrator"), words="x", seen_version=1)


def test_who_reads_what_children_wrote_is_made_so_in_the_open(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    """An administrator with both roles enters no training of their own; readers hear of others'."""
    with app.app_context():
        make_ready(cast)
        change_roles(
            cast.actor("administrator"),
            person_id=cast.administrator,
            in_teams={},
            across=frozenset({Role.ADMINISTRATOR, Role.VOICES_READER}),
            home_team_id=None,
            seen_version=1,
            session_id=proved_session(cast.administrator),
        )
        third = make_person(cast.organisation, name="Wren Ash", role=Role.VOICES_READER)
        facts = {"trained_on": clock.today(), "trained_by": "The academy"}
        with pytest.raises(RuleBroken, match=OWN_TRAINING):
            train_reader(cast.actor("administrator"), person_id=cast.administrator, **facts)
        for _ in range(2):
            train_reader(cast.actor("administrator"), person_id=third, **facts)
        db.session.commit()
        told = db.session.scalars(
            db.select(Notice.person_id).where(Notice.kind == NoticeKind.VOICES_TRAINED.value)
        )
        assert list(told) == [cast.voices_reader]
        name = cast.actor("administrator").name
    assert (
        f"{name} made Wren Ash a reader of voices" in visit(cast.voices_reader).get("/me/news").main
    )


@pytest.mark.security(57)
def test_training_ends_with_the_role_and_comes_back_in_the_open(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    """Taken away and given back, the role opens nothing; nor what stood before it was given."""
    with app.app_context():
        make_ready(cast)
        administrator, today = cast.actor("administrator"), clock.today()
        other = make_person(cast.organisation, name="Wren Ash", role=Role.VOICES_READER)
        facts = {"trained_on": today, "trained_by": "The academy"}
        train_reader(administrator, person_id=other, **facts)

        def hold(*roles: Role) -> None:
            change_roles(
                administrator,
                person_id=other,
                in_teams={},
                across=frozenset(roles),
                home_team_id=None,
                seen_version=person_view(administrator, other).version,
                session_id=proved_session(cast.administrator),
            )

        def trained() -> list[int]:
            found = readers(cast.organisation)
            return sorted(one.person_id for one in found if one.trained_on)

        both = sorted([cast.voices_reader, other])
        assert trained() == both
        hold(Role.VOICES_READER, Role.COACH)
        assert trained() == both, "another role beside it changes nothing"
        hold(Role.COACH)
        hold(Role.COACH, Role.VOICES_READER)
        assert trained() == [cast.voices_reader]
        hold(Role.COACH)
        db.session.add(VoiceReader(person_id=other, organisation_id=cast.organisation, **facts))
        db.session.flush()
        hold(Role.COACH, Role.VOICES_READER)
        assert trained() == [cast.voices_reader], "what stood from before counts as little"
        db.session.execute(db.delete(Notice))
        train_reader(administrator, person_id=other, **facts)
        db.session.flush()
        told = db.session.scalars(
            db.select(Notice.person_id).where(Notice.kind == NoticeKind.VOICES_TRAINED.value)
        )
        assert list(told) == [cast.voices_reader], "the same day by the same is told again"


def test_refuses_others(app: Flask, cast: Cast, visit: Visit) -> None:
    for who in (cast.practitioner, cast.voices_reader, cast.leader):
        assert visit(who).get("/admin/voices").status == 403
        assert visit(who).get("/admin/voices/cover").status == 403
    with app.app_context():
        administrator = cast.actor("administrator")
        for stranger in (cast.outsider, cast.practitioner):
            with pytest.raises(NotFound):
                train_reader(
                    administrator,
                    person_id=stranger,
                    trained_on=clock.today(),
                    trained_by="Nobody",
                )
        assert db.session.query(VoiceReader).count() == 0
        with pytest.raises(Stale):
            change_facts(administrator, facts=FACTS, seen_version=7)
        for act in (open_form, close_form):
            with pytest.raises(Forbidden):
                act(cast.actor("leader"))
