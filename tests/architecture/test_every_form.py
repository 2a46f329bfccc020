"""Every form, whoever it is offered to: limits, kept words, forged fields, logs."""

from __future__ import annotations

import importlib
import io
import logging
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, select, text
from wtforms import Form as AnyForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

import improve
from improve.shared import limits
from improve.shared.db import Base, db
from improve.shared.logs import JSONLines
from tests.factories import ROLES, Cast
from tests.pages import Visitor
from tests.world import Found, World, make_world, walk

Visit = Callable[..., Visitor]
Lay = Callable[[str, Callable[[], Any]], Any]
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


def ends(form: Found) -> bool:
    """Return whether a form may end the session that sends it."""
    return form.action.split("?", maxsplit=1)[0].endswith(ENDS)


def offered(visitor: Visitor, world: World, *, also_endings: bool = False) -> list[Found]:
    """Return one form of each kind that this person is offered."""
    kinds: dict[tuple[str, tuple[str, ...], int], Found] = {}
    for form in walk(visitor, world.paths).forms:
        path = form.action.split("?", maxsplit=1)[0]
        if also_endings or not ends(form):
            said = "".join("#" if c.isdigit() else c for c in path)
            kinds.setdefault((said, tuple(sorted(set(form.names))), 0), form)
    return list(kinds.values())


def send(visitor: Visitor, form: Found, values: list[tuple[str, str]]) -> Any:
    """Send these fields as a browser would, without a look at the rules of pages."""
    data: dict[str, list[Any]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    return visitor.client.post(form.action, data=data)


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


#: Whose a thing is, since when, and what opens it: no form of somebody else's writes any of it.
SET_ONCE = {
    "organisation_id", "author_id", "created_at", "form_token", "receipt_hash", "words_hash", "came_on",
    "week", "group_id", "slug", "password_hash", "token_hash", "issuer", "subject",
}  # fmt: skip
#: What only an administrator gives and takes.
GIVEN = {"people": ("is_active",), "memberships": ("person_id", "role", "team_id")}


def standing(app: Flask, role: str) -> dict[str, dict[Any, tuple[Any, ...]]]:
    """Return what may not change of each row, by its table and key."""
    found = {}
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            given = () if role == "administrator" else GIVEN.get(table.name, ())
            kept = [c for c in table.columns if c.name in SET_ONCE or c.name in given]
            keys = list(table.primary_key.columns)
            rows = db.session.execute(select(*keys, *kept)).all()
            found[table.name] = {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows}
        db.session.rollback()
    return found


def elsewhere(app: Flask, cast: Cast) -> dict[str, Sequence[Any]]:
    """Return every row of the other council."""
    with app.app_context():
        found = {
            table.name: db.session.execute(
                select(table)
                .where(table.c.organisation_id == cast.other_organisation)
                .order_by(*table.primary_key.columns)
            ).all()
            for table in Base.metadata.sorted_tables
            if "organisation_id" in table.columns
        }
        db.session.rollback()
    return found


@pytest.mark.security(56)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_forged_fields_change_nothing(app: Flask, cast: Cast, world: World, visit: Visit) -> None:
    """Whatever is sent besides, whose a thing is stays as it was; the engines write alike."""
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    forged = {
        **dict.fromkeys(columns, "1"), "organisation_id": str(cast.other_organisation),
        "author_id": str(cast.colleague), "created_at": "2020-01-01", "ends_on": "2020-01-01",
        "is_active": "", "role": "administrator", "roles": "administrator", "across": "administrator",
        "verdict_code": "improvement", "decided_code": "improvement", "hides_name": "y",
    }  # fmt: skip
    theirs, sent = elsewhere(app, cast), set()
    for role in sorted(ROLES, key=lambda one: one == "administrator"):
        before = standing(app, role)
        person = getattr(cast, role)
        visitor = visit(person)
        forms = offered(visitor, world, also_endings=True)
        for form in sorted(forms, key=ends):
            if ends(form):
                visitor = visit(person)  # the one before may have ended
            more = [(n, v) for n, v in forged.items() if n not in form.names]
            values = [(n, v) for n, v in form.values if n != "csrf_token"]
            token = ("csrf_token", visitor.csrf_token())
            send(visitor, form, [token, *values, *more]).close()
            sent.add(form.action)
        after = standing(app, role)
        for table, rows in before.items():
            changed = {
                key: (row, after[table][key])
                for key, row in rows.items()
                if key in after[table] and after[table][key] != row
            }
            assert not changed, f"{role}: {table} {changed}"
    with app.app_context():
        ended = text("SELECT count(*) FROM people WHERE ends_on = '2020-01-01'")
        assert db.session.execute(ended).scalar() == 0
        db.session.rollback()
    assert len(sent) > 150
    assert elsewhere(app, cast) == theirs
