"""The baseline: the findings that a team knows, and that do not fail its run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from oauth_window_harness.errors import BadFileError, OutputError
from oauth_window_harness.results.model import KnownFinding, Results, ScenarioResult
from oauth_window_harness.results.reading import read_model

#: The file of the baseline where the user names none.
BASELINE = Path("oauth-window-baseline.json")

#: The verdicts of scenarios that were judged; a known finding that is missing in one of these no longer occurs.
_JUDGED = ("passed", "warned", "failed")

#: The codes that are told once of a page, not of each scenario: which form of the event it heeds (`run.first_play`).
_TOLD_ONCE = frozenset({"page-underscore-ignored", "page-hyphen-ignored"})


class Baseline(BaseModel):
    """The content of the file: JSON that people review."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    known: tuple[KnownFinding, ...] = ()

    def knows(self, scenario: str, code: str) -> bool:
        """Return whether the baseline has a finding, by the name of its scenario and its code.

        What is told of whichever scenario is played first is known in each.
        """
        if code in _TOLD_ONCE:
            return any(entry.code == code for entry in self.known)
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
    # A run writes over no baseline that it cannot read: what it knows of scenarios that are not played would be lost.
    anew = "mend it, or remove it and write it anew, by the same command with --write-baseline"
    try:
        return read_model(Baseline, file, "the baseline", anew)
    except FileNotFoundError as error:
        seen, todo = error.strerror or "", "write it, by the same command with --write-baseline"
        raise BadFileError("the baseline cannot be read", where=str(file), seen=seen, todo=todo) from None


def write_baseline(file: Path, results: Results, before: Baseline) -> Baseline:
    """Write the findings of a run as known, and return the new baseline.

    What rests on a cause is written beside the scenario that showed it: it would show the same, and whatever else that
    scenario showed on the way there. Entries of other scenarios that were not judged in this run are kept.

    Raises:
        OutputError: the file cannot be written.
    """
    judged = [result for result in results.scenarios if result.verdict in _JUDGED]
    played = {result.name for result in judged}
    kept = [entry for entry in before.known if entry.scenario not in played]
    resting = [
        KnownFinding(scenario=result.name, code=entry.code)
        for result in results.scenarios
        if result.rests_on is not None and result.rests_on.code is not None
        for entry in _known_findings([one for one in judged if one.name == result.rests_on.scenario])
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
