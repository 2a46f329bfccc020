"""A record as a Word file, with real headings, to be edited further."""

from __future__ import annotations

import io
import re

from docx import Document
from docx.shared import Pt

from improve.cpd.asked import STANDARD
from improve.cpd.document import RecordView
from improve.shared import clock
from improve.shared.formatting import day_year

#: What XML cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def record_docx(record: RecordView, *, name: str) -> bytes:
    """Return the record of a person called ``name`` as the bytes of a .docx file."""
    document = Document()
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    properties = document.core_properties
    properties.title, properties.author = "CPD record", _plain(name)
    # The template of the library has a date of its own.
    properties.created = properties.modified = clock.local(clock.now()).replace(tzinfo=None)
    properties.comments = ""
    document.add_heading("CPD record", level=0)
    document.add_paragraph(_plain(f"{name}, {record.days}"))
    for number, piece in enumerate(record.pieces, start=1):
        document.add_heading(_plain(f"{number}. {piece.activity}"), level=1)
        for label, text in piece.written_parts:
            document.add_heading(label, level=2)
            for paragraph in _plain(text).split("\n\n"):
                document.add_paragraph(paragraph)
        document.add_paragraph(STANDARD)
    document.add_paragraph(f"Made on {day_year(clock.today())}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    return _NO_XML.sub("", text)
