"""Telling people what happened, on their page and by mail."""

from __future__ import annotations

from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service.choosing import choose_paces, stop_mail
from improve.notifications.service.mailing import mail_news, people_to_mail
from improve.notifications.service.telling import (
    follow_accounts,
    mark_read,
    take_back,
    tell,
    tell_by_itself,
)

__all__ = [
    "NoticeKind",
    "Why",
    "choose_paces",
    "follow_accounts",
    "mail_news",
    "mark_read",
    "people_to_mail",
    "stop_mail",
    "take_back",
    "tell",
    "tell_by_itself",
]
