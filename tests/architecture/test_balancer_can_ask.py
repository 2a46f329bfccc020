"""A balancer on another machine asks whether a web machine is ready, where the documents say how."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from improve.shared import metrics_port

DOCS = Path(__file__).resolve().parents[2] / "improve/docs"
#: What each set-up of a proxy that is handed out has for it, without the marks of a comment.
PASSES_ON = {
    "nginx.conf": r"location = /readyz \{\s+allow [\d.]+;\s+deny all;.*?proxy_pass http://([\d.]+):",
    "Caddyfile": r"@ready \{\s+path /readyz\s+remote_ip [\d.]+\s+\}\s+reverse_proxy @ready ([\d.]+):",
}


@pytest.mark.parametrize("proxy", PASSES_ON)
def test_its_proxy_passes_the_question_on_to_where_it_is_answered(proxy: str) -> None:
    assert f"(deploy/{proxy})" in (DOCS / "national.md").read_text("utf-8")
    lines = (DOCS / "deploy" / proxy).read_text("utf-8").splitlines()
    set_up = "\n".join(re.sub(r"^(\s*)#", r"\1", line) for line in lines)
    passed_on = re.search(PASSES_ON[proxy], set_up, re.DOTALL)
    assert passed_on, f"{proxy} passes /readyz on to nobody"
    assert passed_on[1] == metrics_port.ADDRESS
