"""Another council: its key, its pages as they come in a file, and the file itself."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Final

from improve.library.open_format import FORMAT, canonical
from improve.library.signing import ALGORITHM, Signer, signer_of

#: What the installation of the tests signs with, and what Thornmere's does.
THEIR_SECRET: Final = "thornmere keeps this to itself, 2026"
FIRST: Final = date(2026, 1, 5)


def their_signer(slug: str = "thornmere-council") -> Signer:
    """Return the key of Thornmere."""
    signer = signer_of(THEIR_SECRET, slug)
    assert signer is not None
    return signer


def their_measure(**changed: Any) -> dict[str, Any]:
    """Return a measure that got better: twelve weeks before, eight since, one kept back."""
    values = [10, 12, 11, None, 9, 12, 11, 10, 12, 13, 11, 12, 20, 21, 22, 23, 19, 22, 21, 20]
    points: list[dict[str, Any]] = [
        {"x": (FIRST + timedelta(weeks=n)).isoformat(), "value": value}
        for n, value in enumerate(values)
    ]
    points[3]["suppressed"] = True
    return {
        "name": "Visits where the child was seen",
        "unit": "visits",
        "better": "higher",
        "frequency": "week",
        "chart": "run",
        "rule_set": "Anhøj",
        "tests": [{"starts": points[12]["x"], "ends": None, "judged": True}],
        "points": points,
        "verdict": {"code": "improvement", "words": "Improvement: eight in a row", "doubt": ["One point is kept back."]},
        **changed,
    }  # fmt: skip


def their_page(number: int = 1, **changed: Any) -> dict[str, Any]:
    """Return one page as it comes in a file."""
    return {
        "key": f"thornmere{number:011d}",
        "version": 1,
        "title": f"A card on the fridge, page {number}",
        "ending": "kept",
        "was_hard": "Nobody knew when the visit was.",
        "tried": "A card with a photo and the day.",
        "happened": "Children waited at the window.",
        "changed_for_child": "A boy chose the photo himself.",
        "use_when": "Visits move often.",
        "beware": "Cards get old.",
        "did_not_work": "Text messages.",
        "kind_of_team": "Children in care",
        "finished_month": "2026-05",
        "measure": None,
        "spread": {"tried_in_places": "fewer than 5"},
        "licence": "OGL-3.0",
        **changed,
    }


def their_envelope(*pages: Any, signer: Signer | None = None, **changed: Any) -> dict[str, Any]:
    """Return pages signed by Thornmere, whatever they are."""
    signer = signer or their_signer()
    envelope: dict[str, Any] = {
        "format": FORMAT,
        "council": {
            "name": "Thornmere Council",
            "slug": "thornmere-council",
            "site": "https://improve.thornmere.example",
        },
        "made_on": "2026-11-20",
        "key_id": signer.fingerprint,
        "pages": list(pages),
        **changed,
    }
    envelope["signature"] = {
        "algorithm": ALGORITHM,
        "public_key": signer.public_key,
        "value": signer.sign(canonical(envelope)),
    }
    return envelope


def their_file(*pages: Any, signer: Signer | None = None, **changed: Any) -> str:
    """Return the same as a text."""
    return json.dumps(their_envelope(*pages, signer=signer, **changed), ensure_ascii=False)
