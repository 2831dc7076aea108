"""Findings: a cause of the table, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.findings.causes.cause import Severity
from oauth_window_harness.findings.place import Place

#: The warnings after which a play goes no further, so that nothing that comes later in the flow can be judged.
STOPPING = frozenset({"page-hyphen-ignored"})


class _Coded(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> Severity: ...


C = TypeVar("C", bound=_Coded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause that a play showed, as it is reported to the user.

    Attributes:
        code: the cause's stable name; see `findings.causes`.
        severity: ``error``, ``warning`` or ``info``; only an error fails a scenario.
        message: what is wrong, in one sentence.
        evidence: what the play showed, one line each.
        mend: what to change.
        clause: the standard or the vendor's page that requires it.
        place: where in the page's own code it lies; None where that is not known.
    """

    code: str
    severity: Severity
    message: str
    evidence: tuple[str, ...] = field(default=())
    mend: str = ""
    clause: str = ""
    place: Place | None = None


def finding(code: str, evidence: Iterable[str] = ()) -> Finding:
    """Return the finding of a code, with its evidence.

    Raises:
        KeyError: the table has no such code.
    """
    cause = CAUSES[code]
    return Finding(
        code=code,
        severity=cause.severity,
        message=cause.message,
        evidence=tuple(evidence),
        mend=cause.mend,
        clause=cause.clause,
    )


def first_broken_link(findings: Sequence[C]) -> C | None:
    """Return the finding that explains where the flow stopped: the first error, else a warning that stops it."""
    stopping = (found for found in findings if found.code in STOPPING)
    return next((found for found in findings if found.severity == "error"), next(stopping, None))
