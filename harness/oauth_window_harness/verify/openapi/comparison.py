"""Compares fixtures with an OpenAPI file, and tells the file's own faults apart from drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from oauth_window_harness.contract import difference
from oauth_window_harness.contract.difference import Comparison, Difference, Kind, NotComparedError
from oauth_window_harness.contract.fixture import EventFixture, Exchange
from oauth_window_harness.contract.rules import fields_of
from oauth_window_harness.contract.shape import fold_indexes, values_at
from oauth_window_harness.contract.values import contract_paths, media_type, same_value
from oauth_window_harness.verify.openapi.described_event import DescribedEvent, described_event
from oauth_window_harness.verify.openapi.disagreement import Disagreement
from oauth_window_harness.verify.openapi.document import SpecFault, read_document
from oauth_window_harness.verify.openapi.operations import Operation, Operations, media
from oauth_window_harness.verify.openapi.schema import Schemas

#: What a disagreement of body and schema is as drift, the fixture being what was expected.
_KINDS: Mapping[str, Kind] = {"unlisted": "removed", "absent": "added", "retyped": "retyped", "changed": "changed"}

#: What it says of the file itself.
_FAULTS: Mapping[str, str] = {
    "contradicted": "{path} has the type {says}, and an example that is {has}; the example was believed",
    "ambiguous": "{says} alternatives of oneOf allow the same body at {path}, and no discriminator tells them apart",
    "malformed": "the schema is none: {says}; anything is let pass there",
}


class SpecComparer:
    """Compares fixtures with one file.

    Args:
        file: an OpenAPI 3 file.

    Raises:
        BadFileError: it cannot be read, or is no OpenAPI 3 file.
    """

    def __init__(self, file: Path) -> None:
        self._document = read_document(file)
        self._faults = dict.fromkeys(self._document.faults)
        self._examined: set[str] = set()
        self.notes: dict[str, None] = {}

    @property
    def faults(self) -> list[SpecFault]:
        """The faults of the file that showed so far, each once."""
        return list(self._faults)

    def exchange(self, name: str, fixture: Exchange, *, stale: bool = False) -> Comparison:
        """Compare a recorded exchange with what the file says of its request and status.

        Raises:
            NotComparedError: the file says nothing of it, and the fixture does not say that it should.
        """
        schemas = Schemas(self._document, fixture.platform)
        operation = Operations(self._document, schemas).of(fixture)
        asked = f"{fixture.request.method} {fixture.request.path}"
        if operation is None:
            return self._unsaid(name, fixture, "request", "removed", asked, None, stale=stale)
        self._examine(operation, schemas, fixture)
        response = operation.response(fixture.response.status, schemas)
        if response is None:
            status, listed = fixture.response.status, ", ".join(operation.statuses)
            return self._unsaid(name, fixture, "status", "status", status, listed, stale=stale, where=operation.name)
        if fixture.response.body is None and fixture.response.text is None:
            return Comparison()
        content = media(response)
        if content is None:
            return self._unsaid(name, fixture, "$", "removed", "a body", None, stale=stale, where=operation.name)
        if fixture.response.body is None and fixture.provenance.grade == "assumed":
            raise NotComparedError("it stands for something between the app and the service")
        found = [*_media_type(fixture, stale=stale), *self._body(name, fixture, operation, content, schemas, stale)]
        return Comparison(tuple(found))

    def event(self, name: str, fixture: EventFixture, *, stale: bool = False) -> Comparison:
        """Compare an event with the one that the start operation describes.

        Raises:
            NotComparedError: it describes none, or the fixture stands for what nobody has shown.
        """
        if fixture.provenance.grade == "assumed":
            raise NotComparedError("it is assumed: a message that nobody has shown")
        fields = fields_of(fixture.data)
        if not {"actionType", "accountId"} & fields.keys():
            raise NotComparedError("it is another message than the event")
        schemas = Schemas(self._document, fixture.platform)
        operation = Operations(self._document, schemas).start(fixture.platform)
        described = described_event(operation.description) if operation else None
        if operation is None or described is None:
            raise NotComparedError("the file describes no event")
        data = dict(described.data)
        self._spellings(operation, described)
        if fields.get("page") in described.listened:
            data["page"] = fields["page"]
        if "{platform}" in operation.name and "platform" in data:
            data["platform"] = fixture.platform  # one description for the whole family
        # Of the sender the file says nothing.
        seen = fixture.model_copy(update={"data": data})
        found = difference.compare_event(fixture, seen, stale=stale).differences
        if fixture.provenance.grade == "seen":
            unlisted = [one.path for one in found if one.kind == "removed"]
            if unlisted:
                self._tell(operation.name, f"not listed, and seen ({name}): {', '.join(unlisted)}")
            found = tuple(one for one in found if one.kind != "removed")
        return Comparison(found)

    def _body(
        self,
        name: str,
        fixture: Exchange,
        operation: Operation,
        content: Mapping[str, Any],
        schemas: Schemas,
        stale: bool,
    ) -> Iterator[Difference]:
        where = f"{operation.name} {fixture.response.status}"
        schema = content.get("schema", {})
        blamed = difference.blame(fixture.provenance, stale=stale)
        volatile = {fold_indexes(path) for path in fixture.volatile}
        unlisted = []
        for one in schemas.judge(schema, fixture.response.body):
            if any(one.path == path or one.path.startswith((f"{path}.", f"{path}[")) for path in volatile):
                continue
            if one.kind in _FAULTS:
                self._tell(where, _FAULTS[one.kind].format(path=one.path, says=one.says, has=one.has))
            elif one.kind == "unlisted" and fixture.provenance.grade == "seen":
                unlisted.append(one.path)
            else:
                yield _difference(one, blamed)
        if unlisted:
            self._tell(where, f"not listed, and seen ({name}): {', '.join(unlisted)}")
        if fixture.provenance.grade == "documented":
            yield from _values(fixture, content, schemas, volatile, stale=stale)

    def _unsaid(
        self,
        name: str,
        fixture: Exchange,
        path: str,
        kind: Kind,
        expected: Any,
        listed: Any,
        *,
        stale: bool,
        where: str = "paths",
    ) -> Comparison:
        """Judge what the file does not say at all: drift where it was documented, else nobody's word against it."""
        grade = fixture.provenance.grade
        if grade == "documented":
            blamed = difference.blame(fixture.provenance, stale=stale)
            return Comparison((Difference(path, kind, difference.SEVERITIES[kind], expected, listed, blamed),))
        missing = f"{expected} is not listed" if path != "$" else "no body is listed"
        if grade == "seen":
            self._tell(where, f"not listed, and seen ({name}): {expected}")
        raise NotComparedError(f"the file does not tell of it: {missing}")

    def _examine(self, operation: Operation, schemas: Schemas, fixture: Exchange) -> None:
        """Look once at what is wrong with an operation itself."""
        versions = operation.versions()
        if versions and fixture.api not in versions:
            self.notes[
                f"the file documents Version {', '.join(versions)}; fixtures of {fixture.api} are compared all the same"
            ] = None
        if operation.name in self._examined:
            return
        self._examined.add(operation.name)
        secured = operation.data.get("security", self._document.data.get("security"))
        if any(_is_authorization(parameter) for parameter in operation.parameters):
            beside = "" if secured else ", and no security"
            self._tell(operation.name, f"declares Authorization as a plain header parameter{beside}")
        for status, content in operation.contents(schemas):
            for platform, value in _named_examples(content):
                told = Schemas(self._document, platform).judge(content.get("schema", {}), value)
                wrong = [one.path for one in told if one.kind in ("unlisted", "retyped", "changed")]
                if wrong:
                    self._tell(
                        f"{operation.name} {status}",
                        f"the example {platform} does not keep to its schema at {', '.join(wrong)}",
                    )

    def _spellings(self, operation: Operation, described: DescribedEvent) -> None:
        shown = described.data.get("page")
        for listened in described.listened:
            if listened != shown:
                self._tell(
                    operation.name,
                    f"its sample listener tests for the page {listened!r}, and its example of "
                    f"the event has {shown!r}; either was let pass",
                )

    def _tell(self, where: str, what: str) -> None:
        self._faults[SpecFault(where, what)] = None


def _difference(one: Disagreement, blamed: Any) -> Difference:
    kind = _KINDS[one.kind]
    return Difference(one.path, kind, difference.SEVERITIES[kind], one.has, one.says, blamed)


def _media_type(fixture: Exchange, *, stale: bool) -> Iterator[Difference]:
    """Compare the type of the body with the only one that the comparison knows."""
    had = next((value for name, value in fixture.response.headers.items() if name.lower() == "content-type"), None)
    if had is not None and media_type(had) != "application/json":
        blamed = difference.blame(fixture.provenance, stale=stale)
        yield Difference(
            "headers.content-type",
            "header",
            difference.SEVERITIES["header"],
            media_type(had),
            "application/json",
            blamed,
        )


def _values(
    fixture: Exchange, content: Mapping[str, Any], schemas: Schemas, volatile: set[str], *, stale: bool
) -> Iterator[Difference]:
    """Compare the values of the contract with the examples that the file shows of them."""
    body = fixture.response.body
    for path in sorted(
        contract_paths("exchange", rejected=fixture.response.status >= HTTPStatus.BAD_REQUEST) - volatile
    ):
        shown = [value for _, example in _named_examples(content) for value in values_at(example, path)]
        shown += schemas.examples(content.get("schema", {}), path, body)
        had = values_at(body, path)
        if shown and had and not any(same_value(value, other) for value in had for other in shown):
            seen = shown[0] if len(shown) == 1 else shown
            expected = had[0] if len(had) == 1 else had
            blamed = difference.blame(fixture.provenance, stale=stale)
            yield Difference(path, "changed", difference.SEVERITIES["changed"], expected, seen, blamed)


def _named_examples(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the examples of a content by name (OpenAPI 3.0.4 §4.7.14); the only one has none."""
    if "example" in content:
        yield "", content["example"]
    named = content.get("examples")
    for name, example in named.items() if isinstance(named, Mapping) else ():
        if isinstance(example, Mapping) and "value" in example:
            yield name, example["value"]


def _is_authorization(parameter: Mapping[str, Any]) -> bool:
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() == "authorization"
