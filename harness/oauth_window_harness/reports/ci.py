"""What a run tells to the CI service that it runs on, which is known by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO

from oauth_window_harness.reports.code_quality import code_quality_report
from oauth_window_harness.reports.step_summary import step_summary_report
from oauth_window_harness.reports.workflow_commands import annotation_report
from oauth_window_harness.results.events import Listener
from oauth_window_harness.results.folder import ArtifactFolder

_OFF = ("", "0", "false")

#: The files of a project that may stand for a run, where no place in its source is known.
_OF_RUNS = ("oauth-window.toml", "pyproject.toml")


def ci_reports(folder: ArtifactFolder, environment: Mapping[str, str], stream: IO[str]) -> list[Listener]:
    """Return the listeners for the CI service; none where there is none.

    Args:
        folder: the report folder.
        environment: the variables of the process.
        stream: where lines for the service are written, beside those for people.
    """
    listeners: list[Listener] = []
    if _is_on(environment, "GITLAB_CI"):
        listeners.append(code_quality_report(folder, _file_of_run(environment)))
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        listeners.append(step_summary_report(Path(summary), str(folder.root)))
    if _is_on(environment, "GITHUB_ACTIONS"):
        listeners.append(annotation_report(stream))
    return listeners


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() not in _OFF


def in_project(path: Path, environment: Mapping[str, str]) -> str:
    """Return a path as GitLab has it, relative to the project; elsewhere, and outside the project, as it is."""
    project = environment.get("CI_PROJECT_DIR")
    if project and (whole := path.resolve()).is_relative_to(root := Path(project).resolve()):
        return whole.relative_to(root).as_posix()
    return path.as_posix()


def _file_of_run(environment: Mapping[str, str]) -> str:
    """Return the project's file with the options of a run, else GitLab's own."""
    name = next((name for name in _OF_RUNS if Path(name).is_file()), None)
    if name is None:
        return environment.get("CI_CONFIG_PATH") or ".gitlab-ci.yml"
    return in_project(Path(name), environment)
