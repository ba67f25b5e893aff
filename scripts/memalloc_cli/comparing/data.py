# SPDX-License-Identifier: GPL-2.0
"""Comparisons for programs: JSON, and CSV with a row for each operation in each place."""

import csv
import io
import itertools
import json
from typing import Any

from ..recording import conditions
from ..recording.experiment import Experiment
from . import answers, chance
from .comparison import Compared, Comparison, Measured
from .estimate import CONFIDENCE
from .sides import Side, pairs

SCHEMA = 1
COLUMNS = (
    "operation",
    "machine",
    "kernel",
    "config",
    "before",
    "after",
    "unit",
    "before_samples",
    "before_median",
    "before_low",
    "before_high",
    "after_samples",
    "after_median",
    "after_low",
    "after_high",
    "change_percent",
    "probability",
    "adjusted",
    "verdict",
)


def side(one: Side) -> dict[str, Any]:
    """A side."""
    return {"name": one.name, "experiments": [experiment(each) for each in one.all()]}


def experiment(one: Experiment) -> dict[str, Any]:
    """A recording."""
    return {
        "path": one.path,
        "machine": one.machine,
        "kernel": one.kernel,
        "started": one.about.get("started"),
        "complete": one.is_complete,
        "runs": len(one.runs),
        "runs_cut_short": sum(not recorded.is_complete for recorded in one.runs),
    }


def measured(one: Measured) -> dict[str, Any]:
    """The samples of a side."""
    return {
        "samples": one.samples,
        "median": one.median,
        "low": one.interval.low,
        "high": one.interval.high,
    }


def compared(comparison: Comparison, one: Compared) -> dict[str, Any]:
    """An operation."""
    operation = one.subject.operation
    return {
        "label": comparison.labels[operation],
        "side": one.subject.side,
        "place": one.subject.place._asdict(),
        "scenario": operation.scenario,
        **dict(operation.parts),
        "what": operation.what,
        "setting": dict(operation.setting),
        "unit": one.quantity.unit,
        "better": "less" if one.quantity.is_less_better else "more",
        "before": measured(one.before),
        "after": measured(one.after),
        "change_percent": one.change_percent,
        "probability": one.probability,
        "adjusted": one.adjusted,
        "verdict": one.verdict.value,
    }


def as_object(comparison: Comparison) -> dict[str, Any]:
    """All of it."""
    first, *others = comparison.sides
    return {
        "schema": SCHEMA,
        "kind": "comparison",
        "unit": comparison.unit,
        "figure": comparison.figure,
        "confidence": CONFIDENCE,
        "error_rate": chance.ERROR_RATE,
        "least_percent": comparison.least_percent,
        "samples_needed": comparison.needed,
        "sides": [side(one) for one in comparison.sides],
        "conditions": [
            {"side": other.name, **difference._asdict()}
            for other in others
            for pair in itertools.islice(pairs(first, other), 1)
            for difference in conditions.differences(*pair)
        ],
        "answers": [
            {"side": other.name, **changed._asdict()}
            for other in others
            for changed in answers.changed(first.all(), other.all())
        ],
        "operations": [compared(comparison, one) for one in comparison.compared],
        "unmatched": [
            {
                "place": alone.place._asdict(),
                "side": alone.side,
                "operations": [comparison.labels[one] for one in alone.operations],
            }
            for alone in comparison.unmatched
        ],
    }


def as_json(comparison: Comparison) -> str:
    """JSON."""
    return json.dumps(as_object(comparison), indent=2) + "\n"


def as_csv(comparison: Comparison) -> str:
    """CSV (RFC 4180, with the line ends of the system)."""
    text = io.StringIO()
    first = comparison.sides[0].name
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in comparison.compared:
        writer.writerow(
            [
                comparison.labels[one.subject.operation],
                *one.subject.place,
                first,
                one.subject.side,
                one.quantity.unit,
                *measured(one.before).values(),
                *measured(one.after).values(),
                "" if one.change_percent is None else round(one.change_percent, 3),
                one.probability,
                one.adjusted,
                one.verdict.value,
            ]
        )
    return text.getvalue()
