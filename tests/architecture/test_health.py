"""The health page says ok, and nothing else, to whoever asks."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.security(77)
def test_health_says_ok_and_nothing_else(app: Flask) -> None:
    for host in ("localhost", "10.0.0.7:8000"):
        answer = app.test_client().get("/healthz", headers={"Host": host})
        assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok")
        assert "Set-Cookie" not in answer.headers
        answer.close()


@pytest.mark.security(28)
def test_another_host_gets_no_page(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "<" not in answer.get_data(as_text=True)
    answer.close()
