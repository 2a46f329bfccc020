"""The log of acts is read by administrators and the data protection lead, page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, text

from improve.accounts.actor import Actor
from improve.accounts.forms.audit_log import mark, read_mark
from improve.accounts.queries.audit_log import LogFilter, log_page
from improve.accounts.roles import Role
from improve.accounts.service.audit_log import take_log
from improve.shared import audit, clock
from improve.shared.act_words import ActGroup
from improve.shared.audit import AuditEntry
from improve.shared.command_runs import note_run
from improve.shared.db import db
from improve.shared.errors import Forbidden
from tests.factories import Cast, make_idea, make_person
from tests.factories import actor as actor_of
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
LOG = "/admin/log"


def lines(page: Page) -> list[tuple[str, str]]:
    """Return who did what, as the table says it."""
    rows = page.soup.select("tbody tr")
    return [(r.select("td")[1].get_text(" ", strip=True), r.select("td")[2].get_text(" ", strip=True)) for r in rows]  # fmt: skip


@pytest.fixture
def acts(app: Flask, cast: Cast) -> None:
    """Something of each: a role, a refusal, an export, an idea, and an act of another council."""
    with app.app_context():
        make_idea(cast, text="Ring first")
        administrator = cast.actor("administrator")
        audit.record(administrator, "roles_changed", "person", cast.colleague,
                     before=[f"practitioner:{cast.team}"], after=["coach"])  # fmt: skip
        audit.record(None, "signed_in", "person", cast.colleague, organisation_id=cast.organisation)
        audit.record(cast.actor("voices_reader"), "voice_opened", "voice", "Zq0secretkey")
        audit.record(
            actor_of(cast.outsider_administrator), "archive_made", "organisation", 2, rows=7
        )
        db.session.commit()


@pytest.mark.security(80)
def test_an_administrator_reads_who_did_what(acts: None, cast: Cast, visit: Visit) -> None:
    page = visit(cast.administrator).get(LOG)
    said = lines(page)
    assert page.heading == "Log of acts"
    assert any(what == "Opened what somebody told" and who for who, what in said)
    assert any(
        "Changed what somebody may act as: " in what and "after: coach" in what for _, what in said
    )
    assert any(what == "Signed in" and who for who, what in said)
    # Nothing of another council, no key, no words, and no act among colleagues.
    for hidden in ("archive", "Zq0secretkey", "Ring first", "Logged an idea"):
        assert hidden not in page.main, hidden


def test_the_data_protection_lead_reads_it_too(
    acts: None, app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        lead = make_person(cast.organisation, role=Role.DATA_PROTECTION_LEAD)
        db.session.commit()
    assert visit(lead).get(LOG).status == 200


@pytest.mark.security(55)
def test_others_are_refused_and_another_council_reads_its_own(
    acts: None, cast: Cast, visit: Visit
) -> None:
    for role in (
        "practitioner",
        "manager",
        "coach",
        "leader",
        "voices_reader",
        "incident_reviewer",
        "guest",
    ):
        visitor = visit(getattr(cast, role))
        assert visitor.get(LOG).status == 403, role
        assert visitor.post(LOG, {}).status == 403, role
    assert visit().get(LOG, follow=False).status == 303
    page = visit(cast.outsider_administrator).get(LOG)
    assert ["Made an archive of the council" in what for _, what in lines(page)].count(True) == 1
    assert "Opened what somebody told" not in page.main


def test_it_is_looked_through_by_days_kind_and_person(
    acts: None, app: Flask, cast: Cast, visit: Visit
) -> None:
    visitor = visit(cast.administrator)
    page = looked(visitor, kind="voices")
    assert [what for _, what in lines(page)] == ["Opened what somebody told"]
    with app.app_context():
        name = db.session.execute(
            text("SELECT name FROM people WHERE id = :id"), {"id": cast.colleague}
        ).scalar_one()
        db.session.rollback()
    page = looked(visitor, who=name, kind="")
    found = lines(page)
    assert {"Signed in"} <= {what for _, what in found}
    assert any(what.startswith("Changed what somebody may act as") for _, what in found)
    assert chosen(page) == name
    # They stay chosen while the kind changes, until somebody asks for all.
    page = visitor.send(page.form("/admin/log/look"), {"kind": "people"}, button="Show")
    did = {what.partition(":")[0] for _, what in lines(page)}
    assert ("Changed what somebody may act as" in did, "Signed in" in did) == (True, False)
    assert chosen(page) == name
    everybody = visitor.get(page.link("Show everybody"))
    assert chosen(everybody) == ""
    assert len(lines(everybody)) > len(lines(page))
    assert "Nothing of this kind" in visitor.get(f"{LOG}?from_on=1/1/2020&to_on=2/1/2020").main
    today = visitor.get(f"{LOG}?from_on={clock.today():%d/%m/%Y}&kind=people")
    assert len(lines(today)) >= 1


def test_a_night_of_counting_hides_nothing_that_people_did(
    acts: None, app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for month in range(1, 61):
            audit.record(
                None,
                "voices.month_counted",
                "organisation",
                cast.organisation,
                organisation_id=cast.organisation,
                month=f"{2020 + month // 12}-{month % 12 + 1:02}-01",
            )
        audit.record(
            cast.actor("administrator"), "group_role_added", "group_role", 4, gives="leader"
        )
        db.session.commit()
    visitor = visit(cast.administrator)
    shown = [what for _, what in lines(visitor.get(LOG))]
    assert not [what for what in shown if "month of voices" in what]
    assert any(what.startswith("Changed what somebody may act as") for what in shown)
    assert "Said what a group of the council gives gives leader" in shown, "no number of a row"
    counted = looked(visitor, kind="counted")
    assert len(lines(counted)) == 50
    assert "January 2025" in counted.main


def looked(visitor: Visitor, **typed: str) -> Page:
    return visitor.send(visitor.get(LOG).form("/admin/log/look"), typed, button="Show")


def chosen(page: Page) -> str:
    """Return of whom the page is."""
    said = page.soup.select_one("#main p > strong, main p > strong")
    return said.get_text(strip=True) if said and "what they did" in page.main else ""


@pytest.mark.security(67)
def test_a_name_stands_in_no_address(acts: None, app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for one in ("Peregrine Ashdown", "Peregrine Larkin"):
            make_person(cast.organisation, name=one)
        make_person(cast.other_organisation, name="Peregrine Outside")
        db.session.commit()
    visitor = visit(cast.administrator)
    form = visitor.get(LOG).form("/admin/log/look")
    assert form.method == "post"
    page = looked(visitor, who="peregrine", from_on=f"{clock.today():%d/%m/%Y}")
    links = {a.get_text(strip=True): a["href"] for a in page.soup.select("#whom + ul a")}
    assert list(links) == ["Peregrine Ashdown", "Peregrine Larkin"]
    page = visitor.get(links["Peregrine Larkin"])
    assert chosen(page) == "Peregrine Larkin"
    assert f"from_on={clock.today():%d}" in links["Peregrine Larkin"]
    found = visitor.client.post(
        "/admin/log/look",
        data={**dict(form.values), "who": "peregrine larkin"},
        follow_redirects=False,
    )
    assert found.status_code == 303
    for address in (*links.values(), found.headers["Location"]):
        assert "person=" in address
        assert "regrine" not in address
    # Neither is one that somebody writes there read, nor handed on.
    page = visitor.get(f"{LOG}?who=Peregrine&q=Peregrine")
    assert not page.soup.find(attrs={"name": "who"}).get("value")
    assert not page.soup.select('[href*="regrine"], [value*="regrine"]')


def test_who_cannot_be_found_is_said_beside_the_field(
    acts: None, app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for n in range(25):
            make_person(cast.organisation, name=f"Merle Number {n}")
        outsider = make_person(cast.other_organisation, name="Merlin Outside")
        db.session.commit()
    visitor = visit(cast.administrator)
    for who, said in (("Merlin", "Nobody here has this name"), ("Merle", "Write more of the name")):
        page = looked(visitor, who=who, kind="people")
        assert page.status == 422
        assert said in page.error_for("who")
        assert page.soup.find(attrs={"name": "who"})["value"] == who
        assert page.soup.select_one('[name="kind"] [selected]')["value"] == "people"
    for number in (outsider, 987_654, "x", "9" * 30, "-1"):
        assert visitor.get(f"{LOG}?person={number}").status == 404, number


def test_what_cannot_be_read_is_said_beside_its_field(acts: None, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.administrator)
    page = visitor.get(f"{LOG}?from_on=31/2/2026")
    assert page.status == 422
    assert page.error_for("from_on")
    assert page.soup.find(attrs={"name": "from_on"})["value"] == "31/2/2026"
    page = visitor.get(f"{LOG}?from_on=2/11/2026&to_on=1/11/2026")
    assert "on or after" in page.error_for("to_on")
    assert visitor.get(f"{LOG}?kind=nonsense").status == 422
    for before in ("x", "~", "1~x", "9" * 40 + "~1", "0~0", "-1~2"):
        assert visitor.get(f"{LOG}?before={before}").status == 200, before


@pytest.mark.security(80)
def test_it_is_taken_as_a_file_and_that_is_noted(
    acts: None, app: Flask, cast: Cast, visit: Visit
) -> None:
    visitor = visit(cast.administrator)
    page = visitor.get(f"{LOG}?kind=people")
    form = page.form(button="Take this as a file")
    answer = visitor.client.post(form.action, data=dict(form.values))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    answer.close()
    assert rows[0] == ["Entry", "Day", "Time", "Who", "What", "About", "Details"]
    assert {"Changed what somebody may act as"} <= {row[4] for row in rows[1:]}
    assert "Opened what somebody told" not in {row[4] for row in rows}
    with app.app_context():
        facts = db.session.execute(
            text("SELECT actor_id, facts FROM audit_entries WHERE action = 'log_taken'")
        ).all()
        db.session.rollback()
    assert len(facts) == 1
    assert facts[0].actor_id == cast.administrator
    assert f'"rows": {len(rows) - 1}' in str(facts[0].facts).replace("'", '"')
    assert ("Downloaded from this log" in visitor.get(f"{LOG}?kind=out").main) is True


def test_a_file_of_a_bad_day_is_refused_and_nothing_noted(
    acts: None, app: Flask, cast: Cast, visit: Visit
) -> None:
    visitor = visit(cast.administrator)
    assert visitor.post(LOG, {"from_on": "yesterday-ish"}).status == 422
    with app.app_context():
        assert not db.session.scalar(
            text("SELECT count(*) FROM audit_entries WHERE action = 'log_taken'")
        )
        db.session.rollback()


def test_the_service_asks_again_who_it_is(acts: None, app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(Forbidden):
        take_log(cast.actor("manager"), wanted=LogFilter(), file=io.BytesIO())


def many(app: Flask, cast: Cast, count: int) -> None:
    """Write entries past the chain: a page looks at them and not at their hashes."""
    kinds = ("signed_in", "roles_changed", "measure.point_added", "idea_logged")
    with app.app_context():
        start = clock.now() - timedelta(days=30)
        db.session.execute(
            insert(AuditEntry),
            [
                {
                    "organisation_id": cast.organisation, "sequence": 10_000 + n, "actor_id": cast.manager,
                    "at": start + timedelta(seconds=n // 3), "action": kinds[n % 4], "object_kind": "person",
                    "object_id": str(cast.colleague), "facts": {}, "previous_hash": "", "hash": "",
                }
                for n in range(count)
            ],
        )  # fmt: skip
        db.session.commit()


def test_pages_of_fifty_meet_each_entry_once(app: Flask, cast: Cast) -> None:
    many(app, cast, 300)
    with app.app_context():
        reader: Actor = cast.actor("administrator")
        for wanted in (
            LogFilter(),
            LogFilter(group=ActGroup.PEOPLE),
            LogFilter(people=(cast.manager, cast.colleague)),
        ):
            seen: list[int] = []
            page = log_page(reader, wanted)
            while True:
                seen += [entry.sequence for entry in page.entries]
                assert len(page.entries) <= 50
                if page.older is None:
                    break
                held = read_mark(mark(page.older))
                assert held == page.older
                page = log_page(
                    reader,
                    LogFilter(wanted.from_on, wanted.to_on, wanted.group, wanted.people, held),
                )
            mine = [n for n in seen if n >= 10_000]
            assert len(mine) == len(set(mine)) == (75 if wanted.group else 225)
            assert mine == sorted(mine, reverse=True)
        db.session.rollback()


def test_it_takes_few_statements(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    many(app, cast, 200)
    visitor = visit(cast.administrator)
    visitor.get(LOG)
    with statements() as seen:
        visitor.get(f"{LOG}?kind=people&person={cast.manager}&from_on=1/1/2026")
    assert len(seen) <= 8, seen


def test_each_page_reads_by_an_index(app: Flask, cast: Cast) -> None:
    """With a million entries a page must not look through them all."""
    many(app, cast, 4_000)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            start = "EXPLAIN QUERY PLAN"
        else:
            start = "EXPLAIN"
            db.session.execute(text("ANALYZE audit_entries"))
        from improve.accounts.queries import audit_log

        ran: list[str] = []
        real = db.session.execute

        def explain(statement: object, *rest: object) -> object:
            if "audit_entries" in str(statement):
                said = statement.compile(db.engine, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
                plan = db.session.connection().exec_driver_sql(
                    f"{start} {said}",
                    tuple(said.params[n] for n in said.positiontup)
                    if said.positiontup
                    else said.params,
                )
                ran.append("\n".join(" ".join(map(str, row)) for row in plan))
            return real(statement, *rest)  # type: ignore[call-overload]

        db.session.execute = explain  # type: ignore[method-assign, assignment]
        try:
            for wanted in (
                LogFilter(),
                LogFilter(group=ActGroup.PEOPLE),
                LogFilter(people=(cast.manager,)),
            ):
                audit_log.log_page(cast.actor("administrator"), wanted)
        finally:
            db.session.execute = real  # type: ignore[method-assign]
        db.session.rollback()
    assert len(ran) == 3
    for plan in ran:
        assert "ix_audit_entries_" in plan, plan
        assert "Seq Scan on audit_entries" not in plan, plan
        assert "SCAN audit_entries" not in plan.replace("SCAN audit_entries USING INDEX", ""), plan


def test_what_is_shown_nowhere_is_not_even_found_by_its_kind(
    acts: None, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        asker = cast.actor("administrator")
        assert log_page(asker, LogFilter(group=ActGroup.UNSHOWN)).entries == []
        assert log_page(asker, LogFilter()).entries != []
        db.session.rollback()


@pytest.mark.security(80)
def test_who_is_refused_a_page_is_noted(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    assert manager.get("/admin/people").status == 403
    assert visit(cast.outsider).get(f"/ideas/{987_654}").status == 404
    assert manager.get("/no-such-page").status == 404
    with app.app_context():
        rows = db.session.execute(
            text(
                "SELECT organisation_id, actor_id, facts FROM audit_entries"
                " WHERE action = 'page_refused' ORDER BY id"
            )
        ).all()
        faults = audit.find_faults()
        db.session.rollback()
    assert [(row.organisation_id, row.actor_id) for row in rows] == [
        (cast.organisation, cast.manager),
        (cast.other_organisation, cast.outsider),
    ]
    assert "987654" not in str(rows)
    assert "/ideas/<int:idea_id>" in str(rows[1].facts)
    assert faults == []
    assert "A page was refused" in visit(cast.administrator).get(f"{LOG}?kind=refused").main


@pytest.mark.security(61, 80)
def test_nobody_fills_the_log_and_reports_leave_no_trace(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    manager = visit(cast.manager)
    for _ in range(audit.MOST_REFUSALS + 5):
        assert manager.get("/admin/people").status == 403
    guest = visit(cast.guest)
    for path in ("/reports/tell", "/reports"):
        assert guest.get(path).status in {403, 404}, path
    with app.app_context():
        counts = db.session.execute(
            text(
                "SELECT actor_id, count(*) FROM audit_entries WHERE action = 'page_refused'"
                " GROUP BY actor_id"
            )
        ).all()
        db.session.rollback()
    assert [tuple(row) for row in counts] == [(cast.manager, audit.MOST_REFUSALS)]


def test_what_was_done_on_the_server_is_said_to_be(cast: Cast, visit: Visit, app: Flask) -> None:
    with app.app_context():
        for act in ("role_granted", "account_closed", "voice_words_emptied", "sign_in_refused",
                    "report_words_hidden"):  # fmt: skip
            audit.record(None, act, "organisation", 1, organisation_id=cast.organisation)
        audit.record(None, "signed_in", "person", cast.colleague, organisation_id=cast.organisation)
        db.session.commit()
    before = visit(cast.administrator).get(LOG)
    who_did = {what: who for who, what in lines(before)}
    for words in ("A role was given on the server", "Closed an account",
                  "Originals had their days and were deleted"):  # fmt: skip
        assert who_did[words] == "On the server", words
    assert who_did["A sign-in was refused"] == "Nobody signed in"
    assert who_did["Words learned from reports were hidden"] == "Somebody (not kept)"
    assert who_did["Signed in"] not in {"Nobody signed in", "On the server"}
    assert "No backup has been noted yet. The log has not been checked yet." in before.main
    with app.app_context():
        for command in ("backup", "verify-audit"):
            note_run(command)
    after = visit(cast.administrator).get(LOG)
    assert "Last backup: today" in after.main
    assert "The log was last checked: today" in after.main
