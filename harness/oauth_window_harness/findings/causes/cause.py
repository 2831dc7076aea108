"""One row of the table of causes, and what several rows cite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]

BCP = "RFC 9700 §4.17"
REFERENCE = "HighLevel API reference, Social Planner: "


@dataclass(frozen=True)
class Cause:
    """What is wrong, how to mend it, and the standard or vendor's page that requires it."""

    severity: Severity
    message: str
    mend: str
    clause: str = ""
