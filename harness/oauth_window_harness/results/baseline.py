"""The baseline: the findings that a team knows, and that do not fail its run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from oauth_window_harness.errors import BadFileError, OutputError
from oauth_window_harness.results.model import KnownFinding, Results, ScenarioResult

#: The file of the baseline where the user names none.
BASELINE = Path("oauth-window-baseline.json")

#: The verdicts of scenarios that were judged; a known finding that is missing in one of these no longer occurs.
_JUDGED = ("passed", "warned", "failed")


class Baseline(BaseModel):
    """The content of the file: JSON that people review."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    known: tuple[KnownFinding, ...] = ()

    def knows(self, scenario: str, code: str) -> bool:
        """Return whether the baseline has a finding, by the name of its scenario and its code."""
        return KnownFinding(scenario=scenario, code=code) in self.known

    def stale(self, results: Iterable[ScenarioResult]) -> tuple[KnownFinding, ...]:
        """Return the entries of the scenarios judged in these results whose findings no longer occur."""
        judged = [result for result in results if result.verdict in _JUDGED]
        played = {result.name for result in judged}
        occurring = set(_known_findings(judged))
        return tuple(entry for entry in self.known if entry.scenario in played and entry not in occurring)


def read_baseline(file: Path) -> Baseline:
    """Return the baseline that a file holds.

    Raises:
        BadFileError: the file cannot be read, or has another shape.
    """
    todo = "write it anew with --write-baseline"
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BadFileError(
            "the baseline cannot be read", where=str(file), seen=error.strerror or str(error), todo=todo
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadFileError(
            "the baseline has the wrong shape",
            where=f"{file}: {where or 'the whole file'}",
            seen=first["msg"],
            todo=todo,
        ) from None


def write_baseline(file: Path, results: Results, before: Baseline) -> Baseline:
    """Write the findings of a run as known, and return the new baseline.

    What rests on a cause is written beside the scenario that showed it: it would show it, too. Entries of other
    scenarios that were not judged in this run are kept.

    Raises:
        OutputError: the file cannot be written.
    """
    judged = [result for result in results.scenarios if result.verdict in _JUDGED]
    played = {result.name for result in judged}
    kept = [entry for entry in before.known if entry.scenario not in played]
    resting = [
        KnownFinding(scenario=result.name, code=result.rests_on.code)
        for result in results.scenarios
        if result.rests_on is not None and result.rests_on.code is not None
    ]
    known = sorted({*kept, *_known_findings(judged), *resting}, key=lambda entry: (entry.scenario, entry.code))
    written = Baseline(known=tuple(known))
    try:
        file.write_text(written.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            "the baseline cannot be written", where=str(file), seen=error.strerror or str(error)
        ) from None
    return written


def _known_findings(results: Sequence[ScenarioResult]) -> list[KnownFinding]:
    return [
        KnownFinding(scenario=result.name, code=finding.code)
        for result in results
        for finding in result.findings
        if finding.severity != "info"
    ]
