"""Where news is read, and where mails of it are stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, url_for

from improve.notifications.kinds import Group, NoticeKind, Subject, subject_of
from improve.notifications.stop_links import Stop, write_stop

_REPLIES = {NoticeKind.FIRST_REPLY, NoticeKind.REPLY_REMINDER, NoticeKind.COACH_OFFERED}


def news_path(kind: NoticeKind, subject_id: int, facts: Mapping[str, Any]) -> str:
    """Return the path of the page where this news is read."""
    subject = subject_of(kind)
    if subject is Subject.THANKS:
        return url_for("ideas.read_thanks", thanks_id=subject_id)
    if subject is Subject.ACTION:
        return url_for("huddles.action", action_id=subject_id)
    if subject is Subject.TEAM:
        slug = facts.get("slug")
        return url_for("ideas.board", slug=slug) if slug else url_for("home.choose_team")
    if subject is Subject.SUPERVISION:
        return url_for("cpd.supervision_page", page_id=subject_id)
    if kind in _REPLIES:
        return url_for("ideas.reply_first", idea_id=subject_id)
    return url_for("ideas.idea_page", idea_id=subject_id)


class MailAddresses:
    """Whole addresses for mails: they begin as the settings say, whatever a browser asked for."""

    def of(self, kind: NoticeKind, subject_id: int, facts: Mapping[str, Any]) -> str:
        """Return where this news is read."""
        return _whole(news_path(kind, subject_id, facts))

    def all_news(self) -> str:
        """Return the page of all news."""
        return _whole(url_for("home.news"))

    def settings(self) -> str:
        """Return the page where mail is chosen."""
        return _whole(url_for("home.settings", _anchor="mail"))

    def stop_groups(self, person_id: int, groups: Iterable[Group]) -> str:
        """Return the page that ends mails of these groups without a sign-in."""
        return _stop(Stop(person_id, groups=tuple(groups)))

    def stop_idea(self, person_id: int, idea_id: int) -> str:
        """Return the page that ends news of one idea without a sign-in."""
        return _stop(Stop(person_id, idea_id=idea_id))


def _stop(stop: Stop) -> str:
    token = write_stop(current_app.config["SECRET_KEY"], stop)
    return _whole(url_for("home.stop_mail", token=token))


def _whole(path: str) -> str:
    return str(current_app.config["BASE_URL"]) + path
