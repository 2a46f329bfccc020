"""Where news is read, and where mails of it are stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from flask import current_app, url_for

from improve.notifications.kinds import Group, NoticeKind, Subject, subject_of
from improve.notifications.stop_links import Stop, write_stop

_REPLIES = {NoticeKind.FIRST_REPLY, NoticeKind.REPLY_REMINDER, NoticeKind.COACH_OFFERED}

#: News that is read on one page, whatever it is about.
_ONE_PAGE: Final = {
    Subject.DESK: "voices.desk",
    Subject.REPORT_DESK: "incidents.desk",
    Subject.REPORT_HIDDEN: "incidents.hidden",
    Subject.REPORT_NOTE: "incidents.notes",
}


def news_path(
    kind: NoticeKind,
    subject_id: int,
    facts: Mapping[str, Any],
    build: Callable[..., str] = url_for,
) -> str:
    """Return the path of the page where this news is read."""
    subject = subject_of(kind)
    if subject is Subject.THANKS:
        return build("ideas.read_thanks", thanks_id=subject_id)
    if subject is Subject.ACTION:
        return build("huddles.action", action_id=subject_id)
    if subject is Subject.TEAM:
        slug = facts.get("slug")
        return build("ideas.board", slug=slug) if slug else build("home.choose_team")
    if subject is Subject.ANSWER:
        return build("review.one_answer", answer_id=subject_id)
    if subject in _ONE_PAGE:
        return build(_ONE_PAGE[subject])
    if subject is Subject.VOICE:
        key = facts.get("key")
        return build("voices.shared_voice", key=key) if key else build("voices.shared")
    if subject is Subject.SUPERVISION:
        return build("cpd.supervision_page", page_id=subject_id)
    if facts.get("hidden"):
        # Words that were hidden: whoever is told of them may read them.
        return build("redaction.read_hidden", hidden_id=facts["hidden"])
    if kind in _REPLIES:
        return build("ideas.reply_first", idea_id=subject_id)
    if kind is NoticeKind.SUSTAIN_DUE:
        return build("library.sustain_check", idea_id=subject_id)
    if kind is NoticeKind.SPREAD_BEGAN:
        return build("library.spread_tree", idea_id=subject_id)
    return build("ideas.idea_page", idea_id=subject_id)


class MailAddresses:
    """Whole addresses for mails: they begin as the settings say, whatever a browser asked for.

    Made without a request: mails are written by a command.
    """

    def __init__(self) -> None:
        self._map = current_app.url_map.bind("mail")
        self._base = str(current_app.config["BASE_URL"])
        self._secret = str(current_app.config["SECRET_KEY"])

    def of(self, kind: NoticeKind, subject_id: int, facts: Mapping[str, Any]) -> str:
        """Return where this news is read."""
        return self._base + news_path(kind, subject_id, facts, self._path)

    def all_news(self) -> str:
        """Return the page of all news."""
        return self._base + self._path("home.news")

    def month(self) -> str:
        """Return the page of what a month asks of leaders."""
        return self._base + self._path("review.month")

    def settings(self) -> str:
        """Return the page where mail is chosen."""
        return self._base + self._path("home.settings") + "#mail"

    def stop_groups(self, person_id: int, groups: Iterable[Group]) -> str:
        """Return the page that ends mails of these groups without a sign-in."""
        return self._stop(Stop(person_id, groups=tuple(groups)))

    def stop_idea(self, person_id: int, idea_id: int) -> str:
        """Return the page that ends news of one idea without a sign-in."""
        return self._stop(Stop(person_id, idea_id=idea_id))

    def _stop(self, stop: Stop) -> str:
        return self._base + self._path("home.stop_mail", token=write_stop(self._secret, stop))

    def _path(self, endpoint: str, **values: Any) -> str:
        return self._map.build(endpoint, values)
