"""Every form, whoever it is offered to: limits, kept words, forged fields, logs."""

from __future__ import annotations

import importlib
import io
import logging
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import String, text
from wtforms import Form as AnyForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

import improve
from improve.shared import limits
from improve.shared.db import Base, db
from improve.shared.logs import JSONLines
from tests.factories import Cast
from tests.pages import Visitor
from tests.world import Found, World, make_world, walk

Visit = Callable[..., Visitor]
#: They end the session that asks, which other tests cover.
ENDS = ("/sign-out", "/end-others", "/end", "/end-sessions", "/close", "/me/password")


def forms_of_the_code() -> Iterator[type[AnyForm]]:
    """Yield every form class there is."""
    for module in pkgutil.walk_packages(improve.__path__, "improve."):
        if "forms" in module.name.split("."):
            importlib.import_module(module.name)

    def below(kind: type[AnyForm]) -> Iterator[type[AnyForm]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    yield from (kind for kind in below(AnyForm) if kind.__module__.startswith("improve."))


@pytest.mark.security(13)
def test_every_text_of_every_form_has_a_limit_that_is_stated_once() -> None:
    checked, without = 0, []
    for kind in forms_of_the_code():
        for name in dir(kind):
            field = getattr(kind, name)
            if not isinstance(field, UnboundField):
                continue
            is_text = issubclass(field.field_class, (StringField, TextAreaField))
            # A password is checked by the one rule of passwords; a hidden field holds marks of ours,
            # which the services cut or compare.
            if not is_text or issubclass(field.field_class, (PasswordField, HiddenField)):
                continue
            checks = [
                *field.kwargs.get("validators", ()),
                *(field.args[1] if len(field.args) > 1 else ()),
            ]
            checked += 1
            if not any(getattr(check, "limit", 0) in limits.LENGTHS.values() for check in checks):
                without.append(f"{kind.__name__}.{name}")
    assert checked > 50
    assert not without, f"give these at_most(…): {without}"


@pytest.mark.security(13)
def test_every_column_of_words_holds_what_its_limit_allows() -> None:
    """A column is as long as the limit of the same name, or has no length at all."""
    renamed = {
        "numerator": "definition", "denominator": "definition", "left_out": "definition",
        "caution": "definition", "licence": "source", "top_name": "unit", "bottom_name": "unit",
    }  # fmt: skip
    by_table = {
        ("measures", "name"): "measure_name",
        ("observations", "note"): "point_note",
        ("people", "name"): "person_name",
        ("teams", "name"): "team_name",
        ("services", "name"): "team_name",
        ("organisations", "name"): "organisation_name",
        ("test_windows", "label"): "window_label",
    }
    held = set()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if not isinstance(column.type, String) or column.type.length is None:
                continue
            name = by_table.get((table.name, column.name), renamed.get(column.name, column.name))
            # Kinds of acts and decisions are words of our own, not texts.
            if name in limits.LENGTHS and (table.name, column.name) not in {
                ("idea_edits", "field"),
                ("audit_entries", "action"),
                ("cycles", "decision"),
            }:
                held.add(name)
                # The source of an idea is one of our own words, not a text.
                if (table.name, column.name) == ("ideas", "source"):
                    continue
                assert column.type.length >= limits.length(name), f"{table.name}.{column.name}"
    assert {
        "title",
        "measure_name",
        "definition",
        "unit",
        "person_name",
        "team_name",
        "email",
    } <= held


@pytest.fixture
def world(cast: Cast, lay: Callable[[str, Callable[[], World]], World]) -> World:
    """A council where much has happened."""
    return lay("world", lambda: make_world(cast))


def offered(visitor: Visitor, world: World) -> list[Found]:
    """Return one form of each kind that this person is offered."""
    kinds: dict[tuple[str, tuple[str, ...], int], Found] = {}
    for form in walk(visitor, world.paths).forms:
        path = form.action.split("?", maxsplit=1)[0]
        if not path.endswith(ENDS):
            said = "".join("#" if c.isdigit() else c for c in path)
            kinds.setdefault((said, tuple(sorted(set(form.names))), 0), form)
    return list(kinds.values())


def send(visitor: Visitor, form: Found, values: list[tuple[str, str]]) -> Any:
    """Send these fields as a browser would, without a look at the rules of pages."""
    data: dict[str, list[Any]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    return visitor.client.post(form.action, data=data)


@pytest.mark.security(14)
@pytest.mark.parametrize("role", ["manager", "voices_reader", "incident_reviewer", "administrator"])
def test_what_is_too_long_is_refused_beside_its_field_and_kept(
    cast: Cast, world: World, visit: Visit, role: str
) -> None:
    visitor, tried, faults = visit(getattr(cast, role)), 0, []
    for form in offered(visitor, world):
        for name in form.texts:
            if name.startswith("cell-"):
                continue  # a cell of a table: cut, and judged beside its row
            long = f"start {'z' * 9_000} end"
            if name == "pasted":
                long = f"start {'z' * limits.length('pasted_rows')} end"
            values = [(n, v) for n, v in form.values if n != name] + [(name, long)]
            answer = send(visitor, form, values)
            body = answer.get_data(as_text=True)
            answer.close()
            tried += 1
            soup = BeautifulSoup(body, "lxml")
            # A page may hold several forms with a field of this name.
            controls = soup.find_all(["input", "textarea"], attrs={"name": name})
            kept = [str(one.get("value") or one.get_text()) for one in controls]
            where = f"{form.page} → {form.action}: {name}"
            if answer.status_code != 422:
                faults.append(f"{where} answered {answer.status_code}")
            elif not any(long in words for words in kept):
                faults.append(f"{where} lost the words")
            elif not soup.select(".error-summary li, .field-bad"):
                faults.append(f"{where} does not say why")
    assert tried > (25 if role == "manager" else 8)
    assert not faults, "\n".join(faults)


CANARY = "canarybirdling"


@pytest.mark.security(79)
def test_no_log_holds_what_was_typed(
    app: Flask, cast: Cast, world: World, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(JSONLines())
    logging.getLogger().addHandler(handler)
    try:
        for role in ("manager", "voices_reader", "incident_reviewer", "administrator"):
            visitor, sent = visit(getattr(cast, role)), 0
            for form in offered(visitor, world):
                typed = [n for n in form.names if n in form.texts or "password" in n]
                values = [(n, v) for n, v in form.values if n not in typed]
                send(visitor, form, [*values, *((n, f"{CANARY} {n}") for n in typed)]).close()
                sent += bool(typed)
            visitor.client.get(f"/teams/riverside/board?text={CANARY}").close()
            visitor.client.get(f"/admin/people?q={CANARY}@a.example").close()
            visitor.client.get(f"/{CANARY}").close()
            assert sent > 5
        nobody = visit()
        for page, action in (("/sign-in", "/sign-in"), ("/forgot-password", "/forgot-password")):
            token = nobody.csrf_token()
            fields = {"csrf_token": token, "email": f"{CANARY}@a.example", "password": CANARY}
            nobody.client.post(action, data=fields).close()
            assert page == action
        nobody.client.get(f"/invitation/{CANARY}").close()
        nobody.client.get(f"/reset-password/{CANARY}").close()
        nobody.client.get(f"/new-address/{CANARY}").close()
    finally:
        logging.getLogger().removeHandler(handler)
    assert '"route"' in kept.getvalue(), "requests are logged"
    assert CANARY not in kept.getvalue().lower()
    own = [
        r.getMessage()
        for r in caplog.records
        if r.name.startswith(("improve", "werkzeug", "flask"))
    ]
    assert not [line for line in own if CANARY in line.lower()]
    with app.app_context():
        rows = db.session.execute(text("SELECT facts, object_id FROM audit_entries")).all()
        db.session.rollback()
    assert not [row for row in rows if CANARY in str(row).lower()]


@pytest.mark.security(56)
def test_forged_fields_change_nothing(app: Flask, cast: Cast, world: World, visit: Visit) -> None:
    """Whatever is sent besides, whose and which organisation a thing is stays as it was."""
    watched = (
        "SELECT id, organisation_id, author_id, created_at, form_token, hides_name FROM ideas ORDER BY id",
        "SELECT id, organisation_id, team_id, created_at FROM measures ORDER BY id",
        "SELECT id, organisation_id, is_active, password_hash, ends_on FROM people ORDER BY id",
        "SELECT person_id, role, team_id FROM memberships ORDER BY id",
        "SELECT id, organisation_id, slug FROM teams ORDER BY id",
        "SELECT id, idea_id, verdict_code, decided_code FROM test_windows ORDER BY id",
        # What came on paper is typed in by staff, and makes a row of its own.
        "SELECT key, organisation_id, receipt_hash, may_show FROM voices WHERE way_in = 'web' ORDER BY key",
        "SELECT key, organisation_id, receipt_hash, week, group_id FROM incidents ORDER BY key",
    )

    def stand() -> list[list[Any]]:
        with app.app_context():
            found = [list(db.session.execute(text(sql)).all()) for sql in watched]
            db.session.rollback()
            return found

    before = stand()
    forged = [
        ("organisation_id", str(cast.other_organisation)), ("id", "1"), ("author_id", str(cast.colleague)),
        ("created_at", "2020-01-01"), ("is_active", ""), ("role", "administrator"), ("roles", "administrator"),
        ("across", "administrator"), ("verdict_code", "improvement"), ("decided_code", "improvement"),
        ("password_hash", "x"), ("slug", "mine"), ("ends_on", "2020-01-01"), ("person_id", "1"),
        ("created_by", "1"), ("hides_name", "y"), ("is_on_board", "y"),
    ]  # fmt: skip
    for role in ("practitioner", "manager"):
        visitor = visit(getattr(cast, role))
        for form in offered(visitor, world):
            if form.action.endswith(("/log", "/measures/new")):
                continue  # these make a thing of one's own, with these very fields
            sent = [*form.values, *((n, v) for n, v in forged if n not in form.names)]
            send(visitor, form, sent).close()
    after = stand()
    for sql, one, other in zip(watched, before, after, strict=True):
        assert [row[:3] for row in other[: len(one)]] == [row[:3] for row in one], sql
    assert before[0] == after[0]
    assert before[2] == after[2]
    assert before[3] == after[3]
