"""What draws the pages, as one mark: a page that a browser holds must not outlive it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app


def build_mark() -> str:
    """Return a mark of the templates and styles that draw pages; fresh each time in debug."""
    folders = (str(current_app.jinja_loader.searchpath[0]), str(current_app.static_folder))  # type: ignore[union-attr]
    return _content_mark.__wrapped__(folders) if current_app.debug else _content_mark(folders)


@lru_cache(maxsize=4)
def _content_mark(folders: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".html", ".css", ".js", ".svg"}:
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
