"""What the application asks of its database: the SQL statements of a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Engine, event

#: What the fixture ``statements`` is.
Watch = Callable[[], AbstractContextManager[list["Statement"]]]

READS = {"SELECT", "WITH"}
WRITES = {"INSERT", "UPDATE", "DELETE"}


class Statement(str):
    """One statement, as SQL."""

    #: Its values, as the driver got them.
    values: Any
    #: The address that was being answered; empty outside of any.
    page: str
    #: How many rows it found or changed, as far as the driver knows; -1 where it failed.
    rows: int

    @property
    def verb(self) -> str:
        """Its first word, such as SELECT."""
        return self.lstrip().split(None, 1)[0].upper()


@contextmanager
def watched() -> Iterator[list[Statement]]:
    """Give the statements that run inside, without those that begin, set and end transactions."""
    seen: list[Statement] = []
    under_way: dict[int, Statement] = {}

    def begin(_c: Any, cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        one = Statement(sql)
        if one.verb in READS | WRITES:
            one.values, one.rows = values, -1
            one.page = request.full_path.rstrip("?") if has_request_context() else ""
            seen.append(one)
            under_way[id(cursor)] = one

    def end(_c: Any, cursor: Any, *_rest: Any) -> None:
        if (one := under_way.pop(id(cursor), None)) is not None:
            one.rows = cursor.rowcount

    event.listen(Engine, "before_cursor_execute", begin)
    event.listen(Engine, "after_cursor_execute", end)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", begin)
        event.remove(Engine, "after_cursor_execute", end)
