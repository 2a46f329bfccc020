"""Files that are not what they say, wherever a file is taken."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask

from tests.fuzz import scenes
from tests.fuzz.bodies import BOUNDARY, multipart
from tests.fuzz.files import FILES
from tests.fuzz.readers import READERS
from tests.states import Standing


@pytest.mark.security(31)
@pytest.mark.parametrize("reader", [r for r in READERS if r.takes is bytes], ids=lambda r: r.module)
def test_whatever_reads_a_file_refuses_these_in_its_own_way(reader: object) -> None:
    for _, content in FILES:
        with suppress(*reader.refusals):  # type: ignore[attr-defined]
            reader.read(content)  # type: ignore[attr-defined]


@pytest.mark.security(31, 32)
def test_every_form_with_a_file_refuses_these_in_words(app: Flask) -> None:
    standing: Standing = app.extensions["standing"]
    scene = scenes.lay(standing, "each")
    offered = scenes.offered_to(app, scene)
    forms = {
        endpoint: form
        for endpoint, kinds in scenes.forms_of(app, scene).items()
        for form in kinds
        if "file" in form.names
    }
    assert {"measures.import_rows", "ideas.bring_in", "library.bring_pages_in"} <= set(forms)
    for endpoint, form in forms.items():
        visitor = scenes.visitor_of(app, scene, next(w for w in offered[endpoint] if w != "guest"))
        values = [(n, v) for n, v in form.values if n not in {"csrf_token", "file", "pasted"}]
        values.append(("csrf_token", visitor.csrf_token()))
        for name, content in FILES:
            answer = visitor.client.post(
                form.action,
                data=multipart(values, [("file", name, content)]),
                content_type=f"multipart/form-data; boundary={BOUNDARY}",
            )
            words = answer.get_data(as_text=True)
            answer.close()
            assert answer.status_code in {303, 413, 422}, f"{endpoint} took {name}: {answer.status}"
            assert answer.status_code != 422 or "error-summary" in words, f"{endpoint}: {name}"
