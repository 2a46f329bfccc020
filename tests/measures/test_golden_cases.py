"""Every number the field's reference implementations give for the golden cases, compared.

``GOLDEN_DIR`` names another folder of cases in the same format. Files without ``expected`` are
tables, not cases.
"""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from improve.measures.spc import anhoej, constants, control_chart, making_data_count
from improve.measures.spc.arithmetic import CannotChart

GOLDEN_DIR = Path(os.environ.get("GOLDEN_DIR", Path(__file__).parent.parent / "golden"))
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in GOLDEN_DIR.glob("*.json")}
CASES = {name: case for name, case in sorted(FILES.items()) if "expected" in case}
TABLES = {name: table for name, table in sorted(FILES.items()) if "expected" not in table}

counted: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _counts(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        print(
            f"\ngolden: {counted['cases']} cases, {counted['tables']} tables, "
            f"{counted['values']} values compared"
        )


def same(found: Any, wanted: Any, where: str) -> None:
    """Equal, numbers within 1e-9 relative; lists and dicts item by item."""
    if isinstance(wanted, list):
        assert len(found) == len(wanted), f"{where}: {len(found)} values, not {len(wanted)}"
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            same(one, other, f"{where}[{index}]")
        return
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            same(found[key], value, f"{where}.{key}")
        return
    counted["values"] += 1
    if isinstance(wanted, bool) or wanted is None or isinstance(wanted, str):
        assert found == wanted, f"{where}: {found!r}, not {wanted!r}"
    else:
        assert found is not None, f"{where}: nothing, not {wanted!r}"
        assert math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12), (
            f"{where}: {found!r}, not {wanted!r}"
        )


def qicharts2(case: dict[str, Any]) -> dict[str, Any]:
    found = control_chart.analyse(
        case["x"],
        case["y"],
        case["n"],
        chart=case["chart"],
        freeze=case["freeze"],
        part=case["part"] or [],
        exclude=case["exclude"] or [],
        multiply=case["multiply"] or 1,
        is_screened=case["screened_mr"],
    )
    columns = {
        "x": "x",
        "value": "value",
        "centre": "centre",
        "lcl": "lower",
        "ucl": "upper",
        "lcl_2s": "near_lower",
        "ucl_2s": "near_upper",
        "sigma_signal": "is_outside",
        "phase": "phase",
    }
    answer: dict[str, Any] = {
        name: [getattr(point, attribute) for point in found.points]
        for name, attribute in columns.items()
    }
    answer["runs"] = [
        {
            "phase": phase.number,
            "n_obs": phase.n_points,
            "n_useful": phase.runs.n_useful,
            "longest_run": phase.runs.longest_run,
            "longest_run_max": phase.runs.longest_run_max,
            "n_crossings": phase.runs.n_crossings,
            "n_crossings_min": phase.runs.n_crossings_min,
            "runs_signal": phase.runs.is_signal,
        }
        for phase in found.phases
    ]
    return answer


def nhs_plot_the_dots(case: dict[str, Any]) -> dict[str, Any]:
    found = making_data_count.analyse(
        case["x"],
        case["y"],
        direction=case["direction"],
        target=case["target"],
        fix_after_n_points=case["fix_after_n_points"],
        rebase=case["rebase"] or [],
        is_screened=case["screen_outliers"],
    )
    columns = {
        "x": "x",
        "value": "value",
        "mean": "mean",
        "lpl": "lower",
        "upl": "upper",
        "relative_to_mean": "side",
        "outside_limits": "is_outside",
        "close_to_limits": "is_near_limit",
        "special_cause_type": "special_cause",
        "special_cause_flag": "is_special",
        "point_type": "point_type",
        "rebase_group": "group",
        "short_group_warning": "is_short_group",
    }
    answer: dict[str, Any] = {
        name: [getattr(point, attribute) for point in found.points]
        for name, attribute in columns.items()
    }
    answer |= {
        "variation": found.variation,
        "variation_icon": found.variation_icon,
        "assurance": found.assurance,
        "assurance_icon": found.assurance_icon,
        "groups": [
            {
                "rebase_group": group.number,
                "n": group.n_points,
                "mean": group.mean,
                "lpl": group.lower,
                "upl": group.upper,
                "common_cause": group.n_common,
                "special_cause_improvement": group.n_improvement,
                "special_cause_concern": group.n_concern,
                "special_cause_neutral_high": group.n_neutral_high,
                "special_cause_neutral_low": group.n_neutral_low,
                "short_group_warning": group.is_short,
            }
            for group in found.groups
        ],
        "warnings": list(found.warnings),
    }
    return answer


ENGINES = {"qicharts2": qicharts2, "NHSRplotthedots": nhs_plot_the_dots}


@pytest.mark.parametrize("name", CASES)
def test_case_gives_what_the_reference_gives(name: str) -> None:
    case = CASES[name]
    run = ENGINES[case["engine"]]
    counted["cases"] += 1
    if "error" in case["expected"]:
        counted["values"] += 1
        with pytest.raises(CannotChart):
            run(case)
        return
    same(run(case), case["expected"], name)


def test_constants_are_those_of_the_tables() -> None:
    for table in TABLES.values():
        counted["tables"] += 1
        for row in table.get("anhoej", []):
            m = row["n_useful"]
            same(anhoej.longest_run_max(m), row["longest_run_max"], f"longest_run_max({m})")
            same(anhoej.n_crossings_min(m), row["n_crossings_min"], f"n_crossings_min({m})")
        for row in table.get("xbar_s", []):
            size = row["n"]
            for factor in ("c4", "a3"):
                same(getattr(constants, factor)(size), row[factor], f"{factor}({size})")


def test_cases_are_there() -> None:
    assert CASES
