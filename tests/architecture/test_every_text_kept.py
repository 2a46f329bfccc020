"""Every text that a form takes: too long, it is refused beside its field, and what was typed stays.

Made from the application's own forms: each that stands on a page of a council where much has happened,
and each that comes back from an address that was sent nothing. Nothing that is sent is kept, so that
none has to be left out for what it would end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.routing import MapAdapter
from wtforms import Form as AnyForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from improve.accounts.roles import has_any
from improve.shared import limits
from improve.shared.db import db
from improve.shared.forms import Form
from tests.architecture.test_every_form import Lay, Visit, forms_of_the_code
from tests.architecture.test_routes import PUBLIC, RULES, one_of_each, path_of, permission_of
from tests.factories import ROLES, Cast
from tests.pages import Visitor, tree_of
from tests.world import Found, forms_in, make_world, walk


def fields_of(kind: type[AnyForm]) -> dict[str, UnboundField[Any]]:
    """Return the fields that a form declares."""
    named = {name: getattr(kind, name) for name in dir(kind)}
    return {name: one for name, one in named.items() if isinstance(one, UnboundField)}


def texts_of(kind: type[AnyForm]) -> list[str]:
    """Return the names of what a person types into a form: no password, no mark of ours."""
    return [
        name
        for name, one in fields_of(kind).items()
        if issubclass(one.field_class, (StringField, TextAreaField))
        and not issubclass(one.field_class, (PasswordField, HiddenField))
    ]


@dataclass
class Tried:
    """What was sent, and what became of it."""

    texts: set[tuple[type[AnyForm], str]] = field(default_factory=set)
    at: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def long_for(name: str) -> str:
    """Return more than any text of this name may hold."""
    return f"start {'z' * (limits.length('pasted_rows') if name == 'pasted' else 9_000)} end"


def shown(body: str) -> dict[str, list[str]]:
    """Return what stands in each text of a page, by its name there."""
    found: dict[str, list[str]] = {}
    for control in tree_of(body).iter("input", "textarea"):
        if control.get("name"):
            words = control.get("value") or "".join(control.itertext())
            found.setdefault(str(control.get("name")), []).append(str(words))
    return found


def judge(status: int, body: str, name: str, long: str) -> str:
    """Return what is wrong with an answer to a text that is too long; “” for nothing."""
    if status != 422:
        return f"answered {status}"
    if not any(long in words for words in shown(body).get(name, [])):
        return "lost the words"
    return "" if "error-summary" in body or "field-bad" in body else "does not say why"


def send(visitor: Visitor, path: str, values: list[tuple[str, str]]) -> tuple[int, str]:
    """Send these fields as a browser would, without a look at the rules of pages; write nothing."""
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "commit", Session.rollback)
        answer = visitor.client.post(path, data=data)
    with answer:
        return answer.status_code, answer.get_data().decode(errors="replace")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[AnyForm]:
    """The forms that were looked at since this was last emptied."""
    met: list[AnyForm] = []
    real = AnyForm.validate

    def validate(form: AnyForm, *args: Any, **named: Any) -> bool:
        met.append(form)
        return bool(real(form, *args, **named))

    monkeypatch.setattr(AnyForm, "validate", validate)
    return met


def try_texts(
    where: MapAdapter, visitor: Visitor, found: Iterable[Found], met: list[AnyForm], tried: Tried
) -> None:
    """Send forms as they stand, but for one text at a time that is too long."""
    for form in found:
        endpoint = where.match(form.action.split("?", maxsplit=1)[0], method="POST")[0]
        for name in form.texts:
            # A cell of a table is cut, and judged beside its row.
            if (endpoint, name) in tried.at or name.startswith("cell-"):
                continue
            tried.at.add((endpoint, name))
            long = long_for(name)
            met.clear()
            values = [(n, v) for n, v in form.values if n != name] + [(name, long)]
            fault = judge(*send(visitor, form.action, values), name, long)
            asked = [
                (type(one), s, f) for one in met for s, f in one._fields.items() if f.name == name
            ]
            tried.texts |= {(kind, short) for kind, short, _ in asked}
            if not fault and not any(one.errors for _, _, one in asked):
                fault = "was not what was refused"
            if fault:
                tried.faults.append(f"{form.page} to {form.action}: {name} {fault}")


def refused_empty(visitor: Visitor, path: str) -> Iterator[Found]:
    """Yield the forms of the page that answers whoever sends nothing."""
    status, body = send(visitor, path, [("csrf_token", visitor.csrf_token())])
    if status == 422:
        yield from forms_in(path, tree_of(body))


@pytest.mark.security(14)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_text_that_is_too_long_is_refused_and_kept(
    app: Flask, cast: Cast, lay: Lay, visit: Visit, asked: list[AnyForm]
) -> None:
    """The engines are not asked: what is refused is refused before."""
    ids, world = lay("one of each, and a world", lambda: (one_of_each(cast), make_world(cast)))
    with app.app_context():
        actors = {role: cast.actor(role) for role in ROLES}
        several = {
            "idea_id": db.session.scalars(text("SELECT id FROM ideas ORDER BY id")).all(),
            "key": [
                *db.session.scalars(text("SELECT key FROM voices ORDER BY key")),
                *db.session.scalars(text("SELECT key FROM incidents ORDER BY key")),
            ],
            "measure_id": [world.measure],
        }
        db.session.rollback()
    where, tried = app.url_map.bind("localhost"), Tried()
    visitors = {role: visit(getattr(cast, role)) for role in ROLES}
    for role, visitor in visitors.items():
        walked = walk(visitor, world.paths, most=600 if role == "manager" else 160)
        try_texts(where, visitor, walked.forms, asked, tried)
    for rule in RULES:
        if "POST" not in (rule.methods or ()) or rule.endpoint == "accounts.sign_out":
            continue
        asking = [visit()]
        if rule.endpoint not in PUBLIC:
            may = permission_of(rule)
            asking = [visitors[role] for role in ROLES if has_any(actors[role], may)]
        things = [
            ids,
            *({**ids, n: one} for n in rule.arguments & several.keys() for one in several[n]),
        ]
        for path in dict.fromkeys(path_of(rule, one) for one in things):
            for visitor in asking:
                if found := list(refused_empty(visitor, path)):
                    try_texts(where, visitor, found, asked, tried)
                    break  # the form is the same, whoever may send it
    assert not tried.faults, "\n".join(tried.faults)
    assert len(tried.texts) > 270, "fewer are reached than were"


@pytest.mark.security(14)
def test_every_text_of_every_form_refuses_what_is_too_long(limited: Flask) -> None:
    """Also what stands at the end of a longer way: a receipt, a phone's code, a file that waits."""
    faults, checked = [], 0
    for kind in forms_of_the_code():
        # What is made for one answer is among those that were sent.
        for name in () if "<locals>" in kind.__qualname__ else texts_of(kind):
            long = long_for(name)
            with limited.test_request_context("/", method="POST"):
                # With its fields alone: some forms are made for somebody, or speak a language.
                parts = {"words": lambda _form, code, **_more: code, **fields_of(kind)}
                form = type(kind.__name__, (Form,), parts)(formdata=MultiDict({name: long}))
                one = form._fields[name]
                is_good = one.validate(form)
            checked += 1
            if is_good or not one.errors or long not in one._value():
                faults.append(f"{kind.__module__}.{kind.__name__}.{name}")
    assert not faults
    assert checked > 300
