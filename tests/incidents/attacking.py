"""Somebody with every right but a reviewer’s, who looks at all there is before and after a report.

What they see is pages, files, tables to download, the archive of the council, mails and news of
their own, and every line of every log. From whatever differs they guess who sent it.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from math import comb
from random import Random
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from improve.accounts import service as accounts
from improve.accounts.roles import Role
from improve.mail.models import OutboxMessage
from improve.notifications.models import Notice
from improve.open_data.service.make_archive import write_archive
from improve.shared.audit import MOST_REFUSALS
from improve.shared.db import db
from improve.shared.logs import JSONLines
from tests.factories import make_person
from tests.pages import Visitor
from tests.world import walk

#: All that somebody may hold without being a reviewer.
RIGHTS = (Role.COACH, Role.LEADER, Role.VOICES_READER, Role.DATA_PROTECTION_LEAD)
EMAIL = "attacker@larchdale.example"
#: What is another one on each page: marks against forged forms, and those against sending twice.
_MARKS = re.compile(r'name="(?:csrf_token|form_token|once|token)"[^>]*value="[^"]*"')
_MORE_PAGES = ("/reports", "/reports/notes", "/reports/patterns", "/reports/tell", "/reports/promise",
               "/admin/reports", "/report-answer")  # fmt: skip
#: How addresses begin that are looked at more often than others: about reports or people.
_NEAREST = ("/reports", "/admin/people/", "/admin/reports/groups", "/admin/archive", "/me/news",
            "/me/devices", "/teams/riverside/how-we-work", "/open-data/ideas.csv")  # fmt: skip
#: Of addresses of one kind so many are looked at: some have one for each text that may be worded.
_SEVERAL = 3
Seen = Mapping[str, str]


@dataclass(frozen=True)
class Suspect:
    """Somebody who may have sent it, and what would point to them wherever it stands."""

    person_id: int
    marks: tuple[str, ...]

    def is_named_in(self, words: str) -> bool:
        """Return whether any of the marks stands in ``words``, whole."""
        return any(re.search(rf"{re.escape(mark)}(?!\w)", words) for mark in self.marks)


class Lines(logging.Handler):
    """Every line of every log, and all that its record knows."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(f"{self.format(record)} {record.__dict__}")


@contextmanager
def every_log() -> Iterator[Lines]:
    """Give every line that is logged inside."""
    lines = Lines()
    logging.getLogger().addHandler(lines)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(lines)


class Attacker:
    """Somebody with a manager’s and an administrator’s rights, and more. Makes them; commits.

    ``suspect_id``: one of those who may report, whose page leads to what can be done with them.
    """

    def __init__(
        self, app: Flask, organisation_id: int, teams: Iterable[int], suspect_id: int
    ) -> None:
        self.app, self.organisation_id = app, organisation_id
        with app.app_context():
            self.person_id = make_person(
                organisation_id, name="Ada Attack", email=EMAIL, role=Role.ADMINISTRATOR
            )
            for role, team_id in (
                *((role, None) for role in RIGHTS),
                *((Role.MANAGER, team_id) for team_id in teams),
            ):
                accounts.grant_role(
                    organisation_id=organisation_id,
                    person_id=self.person_id,
                    role=role,
                    team_id=team_id,
                )
            db.session.commit()
        met: Counter[str] = Counter()

        def is_enough(path: str) -> bool:
            kind = self._kind_of(path)
            met[kind] += 1
            return met[kind] > _SEVERAL

        more = (*_MORE_PAGES, f"/admin/people/{suspect_id}")
        walked = walk(self.signs_in(), more, most=600, is_enough=is_enough)
        #: What a walk over all links reaches, several of each kind, and what nothing may link to.
        self.paths = [path for path in walked.pages if path != "/sign-out"]
        #: One address of each kind: a page of one team tells what that of another would. What is
        #: drawn as a file is drawn from what a page says.
        kinds = {self._kind_of(path): path for path in reversed(self.paths)}
        self.kinds = [path for path in self.paths if path in kinds.values() and ".pdf" not in path]
        #: What of these is about reports or people, or lists what happened.
        self.nearest = [path for path in self.kinds if path.startswith(_NEAREST)]

    def signs_in(self) -> Visitor:
        """Return the browser of one sign-in: it is looked with before half an hour has gone."""
        return Visitor(self.app, self.person_id)

    def is_refused_often(self, visitor: Visitor) -> None:
        """Be refused as often as is noted of anybody within an hour.

        What they are refused while they look then leaves no line that was not there before.
        """
        for _ in range(MOST_REFUSALS):
            visitor.client.get("/ideas/999999").close()

    def _kind_of(self, path: str) -> str:
        try:
            return str(self.app.url_map.bind("").match(urlsplit(path).path)[0])
        except NotFound:
            return path

    def pages(self, paths: Iterable[str], visitor: Visitor) -> dict[str, str]:
        """Return what these pages say now, by their address."""
        seen = {}
        for path in paths:
            answer = visitor.client.get(path)
            head = f"{answer.status_code} {answer.headers.get('Location', '')}"
            body = answer.get_data().decode(errors="replace")
            answer.close()
            seen[path] = _MARKS.sub("", f"{head}\n{body}")
        return seen

    def look(self, paths: Iterable[str], visitor: Visitor) -> dict[str, str]:
        """Return all that can be seen now, by where it stands; of the pages these."""
        seen = self.pages(paths, visitor)
        with self.app.app_context():
            seen["mail"] = _rows(select(OutboxMessage).where(OutboxMessage.to_address == EMAIL))
            seen["news"] = _rows(select(Notice).where(Notice.person_id == self.person_id))
            file = io.BytesIO()
            write_archive(file=file, organisation_id=self.organisation_id)
            db.session.rollback()
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                seen[f"archive {name}"] = archive.read(name).decode(errors="replace")
        return seen


def _rows(asked: object) -> str:
    found = db.session.execute(asked).mappings().all()  # type: ignore[call-overload]
    rows = [{c.name: getattr(one, c.name) for c in one.__table__.columns}
            for row in found for one in row.values()]  # fmt: skip
    return "\n".join(sorted(map(str, rows)))


def differences(before: Seen, after: Seen) -> list[str]:
    """Return each line that is there before or after alone, with where it stands."""
    found = []
    for place in sorted(before.keys() | after.keys()):
        one, other = before.get(place, ""), after.get(place, "")
        if one == other:
            continue
        lines = unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=0)
        found += [f"{place}: {line}" for line in lines if line[:3] not in {"---", "+++", "@@ "}]
    return found


def guess(evidence: Sequence[str], suspects: Sequence[Suspect], chance: Random) -> int:
    """Return whom the evidence names most often; among equals, and without any, one by chance."""
    named = {one.person_id: sum(map(one.is_named_in, evidence)) for one in suspects}
    most = max(named.values())
    return chance.choice([who for who, count in named.items() if count == most])


def right_by_chance(tries: int, suspects: int, *, one_in: int = 1000) -> int:
    """Return the fewest right guesses that pure chance reaches less than once in ``one_in``."""
    p, tail = 1 / suspects, 1.0
    for right in range(tries + 1):
        if tail < 1 / one_in:
            return right
        tail -= comb(tries, right) * p**right * (1 - p) ** (tries - right)
    return tries + 1
