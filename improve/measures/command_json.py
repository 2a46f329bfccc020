"""A file's analysis as the command's JSON. Other programs rely on its keys: add, never change."""

from __future__ import annotations

import json
from typing import Any

from improve.measures.command_analysis import FileAnalysis, column_name, plain_spaces
from improve.measures.spc.phrases import rule_words
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis, Part, Phase
from improve.measures.spc.verdict import Verdict


def as_json(analysis: FileAnalysis) -> str:
    """The answer as JSON text."""
    return json.dumps(as_dict(analysis), ensure_ascii=False, indent=2, allow_nan=False)


def as_dict(analysis: FileAnalysis) -> dict[str, Any]:
    """The answer as the command's JSON: keys always there, None where there is nothing.

    Shares are ratios, as the file gives them; words say them as people read them, and `target`
    is in those units.
    """
    plain, verdict = analysis.plain, analysis.verdict
    baseline = plain.usable(Part.BASELINE) if plain else ()
    after = plain.usable(Part.AFTER) if plain else ()
    return {
        "chart": plain.chart if plain else analysis.asked_chart or None,
        "rule_set": plain.rule_set.name if plain else None,
        "better": analysis.asked.better,
        "points": sum(point.value is not None for point in plain.points) if plain else 0,
        "baseline": {
            "start": baseline[0].x.isoformat() if baseline else None,
            "end": baseline[-1].x.isoformat() if baseline else None,
            "n": len(baseline),
            "centre": plain.centre if plain else None,
        },
        "after": {"n": len(after), "centre": plain.centre_after if plain else None},
        "verdict": _verdict(verdict) if verdict else None,
        "series": [_point(point) for point in plain.points] if plain else [],
        "refused": _refused(analysis),
        "source": analysis.source,
        "asked_chart": analysis.asked_chart or None,
        "limits_note": plain_spaces(plain.limits_note) if plain else None,
        "recorded": analysis.read.measure_type,
        "period": analysis.period,
        "unit": analysis.read.unit,
        "per": analysis.asked.per,
        "target": analysis.asked.target,
        "why_chart": _why_chart(analysis),
        "variation": _mark(analysis.variation),
        "assurance": _mark(analysis.assurance),
        "special": _special(analysis),
        "excluded": [{"x": day.isoformat(), "reason": reason} for day, reason in analysis.excluded],
        "phases": [_phase(phase) for phase in plain.phases] if plain else [],
        "moving_ranges": _ranges(analysis.ranges),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.code,
        "words": plain_spaces(verdict.words.in_full),
        "doubt": [plain_spaces(line) for line in verdict.doubt],
        "checks": [
            {
                "question": plain_spaces(check.question),
                "answer": plain_spaces(check.answer),
                "settles": check.is_settling,
            }
            for check in verdict.checks
        ],
        "rule": plain_spaces(rule_words(verdict.facts)),
        "points_worth_waiting": verdict.facts["points_worth_waiting"],
    }


def _point(point: AnalysedPoint) -> dict[str, Any]:
    return {
        "x": point.x.isoformat(),
        "value": point.value,
        "n": point.denominator,
        "centre": point.centre,
        "lower": point.lower,
        "upper": point.upper,
        "signals": [signal.value for signal in point.signals],
        "part": point.part.value,
        "is_excluded": point.is_excluded,
        "size": point.size,
    }


def _refused(analysis: FileAnalysis) -> list[dict[str, Any]]:
    preview = analysis.preview
    return [
        {
            "row": row.row_number,
            "column": column_name(preview, row.bad_column, row.column),
            "value": row.cells[preview.roles.index(row.bad_column)],
            "reason": row.words,
        }
        for row in preview.bad_rows
        if row.bad_column is not None
    ]


def _why_chart(analysis: FileAnalysis) -> dict[str, Any] | None:
    if not analysis.alternatives:
        return None
    usual = analysis.alternatives[0]
    return {
        "usual": usual.chart,
        "reason": usual.reason,
        "alternatives": [
            {
                "chart": one.chart,
                "name": one.name,
                "reason": one.reason,
                "is_possible": one.is_possible,
            }
            for one in analysis.alternatives[1:]
        ],
    }


def _mark(mark: Any) -> dict[str, str] | None:
    return {"code": mark.code, "words": plain_spaces(mark.words)} if mark else None


def _special(analysis: FileAnalysis) -> list[dict[str, Any]]:
    plain = {point.x: point.value for point in analysis.plain.points} if analysis.plain else {}
    return [
        {
            "x": one.x.isoformat(),
            "value": plain[one.x],
            "signals": [signal.value for signal in one.signals],
            "direction": one.direction,
            "is_excluded": one.is_excluded,
            "words": plain_spaces(one.words),
        }
        for one in analysis.special
    ]


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "start": phase.starts_on.isoformat(),
        "end": phase.ends_on.isoformat() if phase.ends_on else None,
        "n": phase.n_points,
        "chart": phase.chart,
        "centre": phase.centre,
        "centre_word": phase.centre_word,
        "x": [day.isoformat() for day in phase.x],
        "lower": list(phase.lower),
        "upper": list(phase.upper),
    }


def _ranges(ranges: ChartAnalysis | None) -> dict[str, Any] | None:
    if ranges is None:
        return None
    upper = next((point.upper for point in reversed(ranges.points)), None)
    return {
        "centre": ranges.centre,
        "upper": upper,
        "series": [{"x": point.x.isoformat(), "value": point.value} for point in ranges.points],
    }
