"""A phone that gives codes, for tests: set up through the services, read as an app reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyotp
from flask import Flask
from sqlalchemy import select

from improve.accounts import service
from improve.accounts.models import AuthSession, SecondFactor
from improve.accounts.second_factor.sealed import factor_sealer
from improve.shared import clock
from improve.shared.db import db
from tests.factories import PASSWORD, actor, token_for
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]


@dataclass(frozen=True)
class Phone:
    """What an authenticator app keeps, and the recovery codes that came with it."""

    secret: str
    recovery: tuple[str, ...]

    def code(self, at: datetime | None = None) -> str:
        """Return the six digits that the app shows at a moment, now unless said."""
        return pyotp.TOTP(self.secret).at(at or clock.now())


def set_up_phone(app: Flask, person_id: int) -> Phone:
    """Give a person a phone, half a minute ago: its present code was not used yet."""
    with app.app_context():
        token_for(person_id)
        session_id = db.session.scalars(
            select(AuthSession.id).where(AuthSession.person_id == person_id)
        ).all()[-1]
        me = actor(person_id)
        service.begin_second_factor(me, session_id=session_id, password=PASSWORD)
        waiting = service.waiting_factor(me, session_id=session_id, site_name="Improve")
        assert waiting is not None
        secret = "".join(waiting.groups)
        before = clock.now().timestamp() - 30
        fresh = service.confirm_second_factor(
            me,
            session_id=session_id,
            device="Phone",
            is_own_device=False,
            code=pyotp.TOTP(secret).at(int(before)),
            site_name="Improve",
        )
        db.session.commit()
        return Phone(secret, fresh.codes)


def kept_secret(person_id: int) -> str:
    """Return the secret that counts for a person, opened."""
    row = db.session.scalars(select(SecondFactor).where(SecondFactor.person_id == person_id)).one()
    return factor_sealer().open(bytes(row.sealed or b""), about=row.key)


def give_password(visitor: Visitor, email: str, *, path: str = "/sign-in", **more: str) -> Page:
    """Sign in by address and password, and go where that leads."""
    page = visitor.get(path)
    return visitor.send(page.form("/sign-in"), {"email": email, "password": PASSWORD, **more})


def secret_on(page: Page) -> str:
    """Return the key that the page shows for typing."""
    shown = page.soup.select(".factor-key [aria-hidden] span")
    return "".join(node.get_text() for node in shown)


def is_in(visitor: Visitor) -> bool:
    """Return whether this browser is signed in."""
    return visitor.client.get("/me/settings").status_code == 200
