"""Where in the user's own code each finding lies: the first of its frames that is neither a library's nor a tool's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from oauth_window_harness.checks.code_places import stacks_of
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.findings.place import Place
from oauth_window_harness.journal.scripts import Frame, Stack
from oauth_window_harness.network.hosts import is_loopback
from oauth_window_harness.run.code.names import is_foreign, shown
from oauth_window_harness.run.code.project import Project
from oauth_window_harness.run.code.script_files import ScriptFiles
from oauth_window_harness.run.code.source_map import Original

#: How many stacks of a finding are looked through.
_MOST = 12


@dataclass
class CodePlaces:
    """Finds the places of findings.

    Args:
        files: the scripts of the page.
        project: the files of the user's project.
    """

    files: ScriptFiles
    project: Project = field(default_factory=lambda: Project(Path.cwd()))
    _known: dict[Frame, Place | None] = field(default_factory=dict)

    def placed(self, findings: Sequence[Finding], flow: Flow) -> list[Finding]:
        """Return findings, each with its place where one is known. It may wait for the page's server."""
        hosts = {urlsplit(document.url).netloc for document in flow.documents("app")}
        return [replace(found, place=self._place(stacks_of(found, flow)[:_MOST], hosts)) for found in findings]

    def _place(self, stacks: Iterable[Stack], hosts: set[str]) -> Place | None:
        frames = (frame for stack in stacks for frame in stack if _is_of_app(frame.url, hosts))
        return next((place for frame in frames if (place := self._of(frame)) is not None), None)

    def _of(self, frame: Frame) -> Place | None:
        if frame not in self._known:
            self._known[frame] = self._found(frame)
        return self._known[frame]

    def _found(self, frame: Frame) -> Place | None:
        if is_foreign(frame.url):
            return None
        script = self.files.script(frame.url)
        if script is not None and script.map is not None:
            original = script.map.original(frame.line, frame.column)
            return None if original is None else self._written(original, script.base)
        text = None if script is None else script.text
        is_document = script is not None and script.is_document
        name = f"{frame.url}index.html" if urlsplit(frame.url).path.endswith("/") else frame.url
        file = self.project.path_of(name, frame.line, text, is_document=is_document) if text is not None else None
        return Place(file or frame.url, frame.line, frame.column, in_project=file is not None)

    def _written(self, original: Original, base: str) -> Place | None:
        if original.is_foreign or is_foreign(original.source):
            return None
        name = _full_name(original.source, base)
        file = self.project.path_of(name, original.line, original.text)
        return Place(file or shown(name), original.line, original.column, in_project=file is not None)


def _full_name(source: str, base: str) -> str:
    """Return the name of a source with the folders that lead to it from its map."""
    try:
        return urljoin(base, source)
    except ValueError:
        return source


def _is_of_app(url: str, hosts: set[str]) -> bool:
    """Return whether a script is of the page's own host, or of another server on this machine; a CDN's is not."""
    host = urlsplit(url).netloc
    return host in hosts or is_loopback(host)
