"""What stands in front as the documents say keeps no path and no words that somebody looked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "improve/docs/deploy"
#: What a line of the proxy's log may say of a request. Nothing of its path, query or Referer.
MAY_SAY = {"remote_addr", "time_iso8601", "request_method", "status", "request_time", "request_id"}


def set_up_of(proxy: str) -> str:
    """Return what is handed out for a proxy, without comments."""
    lines = (DEPLOY / proxy).read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("#"))


@pytest.mark.security(67, 79)
def test_a_line_of_nginx_says_nothing_of_what_was_asked() -> None:
    said = set_up_of("nginx.conf")
    [(name, words)] = re.findall(r"log_format\s+(\w+)\s+'([^']*)';", said)
    assert set(re.findall(r"\$\{?(\w+)", words)) <= MAY_SAY
    kept = re.findall(r"access_log\s+([^;]+);", said)
    assert len(kept) == said.count("server {"), "each server says what becomes of its log"
    for one in kept:
        assert one == "off" or one.split()[1:] == [name, "if=$improve_logged"]
    # Below that, nginx writes an error with the line that was asked.
    levels = re.findall(r"error_log\s+\S+\s+(\w+);", said)
    assert levels == ["emerg"] * said.count("server {")


@pytest.mark.security(67, 79)
def test_caddy_keeps_no_log_of_what_was_asked() -> None:
    logs = re.findall(r"^\s*log\b[^{\n]*\{([^}]*)\}", set_up_of("Caddyfile"), re.MULTILINE)
    assert len(logs) == 1, "that of the server itself; a site with one keeps each address"
    assert "exclude http.log http.handlers" in logs[0]
