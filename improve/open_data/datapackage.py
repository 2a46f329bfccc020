"""What the tables are, for programs: ``datapackage.json`` of Frictionless Data. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from improve.shared.open_tables import MOMENT, NUMBER, TRUTH, OpenColumn, OpenTable


def datapackage(
    tables: Sequence[OpenTable], *, council: str, made_at: datetime, counts: Mapping[str, int]
) -> str:
    """Return the description of these tables as a tabular data package, version 1."""
    known = {table.name for table in tables}
    return json.dumps(
        {
            "profile": "tabular-data-package",
            "name": "open-data",
            "title": f"{council}: what one person may see in Improve",
            "created": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
            "resources": [_resource(table, known, counts) for table in tables],
        },
        ensure_ascii=False,
        indent=1,
    )


def _resource(table: OpenTable, known: set[str], counts: Mapping[str, int]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    points = [
        {"fields": own, "reference": {"resource": "" if other == table.name else other,
                                      "fields": field}}
        for own, other, field in table.points
        if other in known
    ]  # fmt: skip
    if points:
        schema["foreignKeys"] = points
    found: dict[str, Any] = {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.holds,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
    if table.name in counts:
        found["rows"] = counts[table.name]
    return found


def _field(column: OpenColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.kind,
        "description": column.words,
    }
    if column.kind == TRUTH:
        field.update(trueValues=["yes"], falseValues=["no"])
    if column.kind == MOMENT:
        field["format"] = "%Y-%m-%dT%H:%M:%SZ"
    if column.kind == NUMBER:
        field["decimalChar"] = "."
    return field
