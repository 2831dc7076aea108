"""Findings: a cause of the table, with what was seen."""

from __future__ import annotations

from collections.abc import Iterable

from harness.causes import CAUSES
from harness.events import Finding


def finding(code: str, evidence: Iterable[str] = ()) -> Finding:
    """Give the finding of a code, with what was seen."""
    cause = CAUSES[code]
    return Finding(
        code=code,
        severity=cause.severity,
        message=cause.message,
        evidence=tuple(evidence),
        mend=cause.mend,
        clause=cause.clause,
    )
