"""The comparison of fixtures with an OpenAPI file, which keeps the file's own faults apart from drift."""

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

#: The kind of drift for each kind of disagreement of body and schema; the fixture is what was expected.
_KINDS: Mapping[str, Kind] = {"unlisted": "removed", "absent": "added", "retyped": "retyped", "changed": "changed"}

#: The sentence about the file itself, by the kind of disagreement.
_FAULTS: Mapping[str, str] = {
    "contradicted": "{path} has the type {says}, and an example that is {has}; the example was taken as right",
    "ambiguous": "{says} alternatives of oneOf allow the same body at {path}, and no discriminator tells them apart",
    "malformed": "the schema is invalid: {says}; anything is accepted there",
}


class SpecComparer:
    """Compares fixtures with one file.

    Args:
        file: an OpenAPI 3 file.

    Raises:
        BadFileError: the file cannot be read, or is not an OpenAPI 3 file.
    """

    def __init__(self, file: Path) -> None:
        self._document = read_document(file)
        self._faults = dict.fromkeys(self._document.faults)
        self._checked_operations: set[str] = set()
        self.notes: dict[str, None] = {}

    @property
    def faults(self) -> list[SpecFault]:
        """The faults of the file that were found so far, each once."""
        return list(self._faults)

    def exchange(self, name: str, fixture: Exchange, *, stale: bool = False) -> Comparison:
        """Compare a recorded exchange with what the file says about its request and status.

        Raises:
            NotComparedError: the file says nothing about it, and the fixture is not documented.
        """
        schemas = Schemas(self._document, fixture.platform)
        operation = Operations(self._document, schemas).of(fixture)
        request_line = f"{fixture.request.method} {fixture.request.path}"
        if operation is None:
            return self._missing(name, fixture, "request", "removed", request_line, None, stale=stale)
        self._check_operation(operation, schemas, fixture)
        response = operation.response(fixture.response.status, schemas)
        if response is None:
            status, listed = fixture.response.status, ", ".join(operation.statuses)
            return self._missing(name, fixture, "status", "status", status, listed, stale=stale, where=operation.name)
        if fixture.response.body is None and fixture.response.text is None:
            return Comparison()
        content = media(response)
        if content is None:
            return self._missing(name, fixture, "$", "removed", "a body", None, stale=stale, where=operation.name)
        if fixture.response.body is None and fixture.provenance.grade == "assumed":
            raise NotComparedError("it stands for something between the app and the service")
        drift = [*_media_type(fixture, stale=stale), *self._body(name, fixture, operation, content, schemas, stale)]
        return Comparison(tuple(drift))

    def event(self, name: str, fixture: EventFixture, *, stale: bool = False) -> Comparison:
        """Compare an event with the one that the start operation describes.

        Raises:
            NotComparedError: the operation describes no event, or the fixture is assumed or another message.
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
        self._check_spellings(operation, described)
        if fields.get("page") in described.page_spellings:
            data["page"] = fields["page"]
        if "{platform}" in operation.name and "platform" in data:
            data["platform"] = fixture.platform  # one description for the whole family
        # The file says nothing about the sender.
        seen = fixture.model_copy(update={"data": data})
        differences = difference.compare_event(fixture, seen, stale=stale).differences
        if fixture.provenance.grade == "seen":
            unlisted = [one.path for one in differences if one.kind == "removed"]
            if unlisted:
                self._add_fault(operation.name, f"not listed, and seen ({name}): {', '.join(unlisted)}")
            differences = tuple(one for one in differences if one.kind != "removed")
        return Comparison(differences)

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
        blame = difference.blame(fixture.provenance, stale=stale)
        volatile = {fold_indexes(path) for path in fixture.volatile}
        unlisted = []
        for one in schemas.judge(schema, fixture.response.body):
            if any(one.path == path or one.path.startswith((f"{path}.", f"{path}[")) for path in volatile):
                continue
            if one.kind in _FAULTS:
                self._add_fault(where, _FAULTS[one.kind].format(path=one.path, says=one.says, has=one.has))
            elif one.kind == "unlisted" and fixture.provenance.grade == "seen":
                unlisted.append(one.path)
            else:
                yield _difference(one, blame)
        if unlisted:
            self._add_fault(where, f"not listed, and seen ({name}): {', '.join(unlisted)}")
        if fixture.provenance.grade == "documented":
            yield from _values(fixture, content, schemas, volatile, stale=stale)

    def _missing(
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
        """Judge what the file does not mention: it is drift if the fixture was documented, else it is not compared."""
        grade = fixture.provenance.grade
        if grade == "documented":
            blame = difference.blame(fixture.provenance, stale=stale)
            return Comparison((Difference(path, kind, difference.SEVERITIES[kind], expected, listed, blame),))
        missing = f"{expected} is not listed" if path != "$" else "no body is listed"
        if grade == "seen":
            self._add_fault(where, f"not listed, and seen ({name}): {expected}")
        raise NotComparedError(f"the file does not describe it: {missing}")

    def _check_operation(self, operation: Operation, schemas: Schemas, fixture: Exchange) -> None:
        """Check an operation itself for faults, each operation once."""
        versions = operation.versions()
        if versions and fixture.api not in versions:
            self.notes[
                f"the file documents Version {', '.join(versions)}; fixtures of {fixture.api} are compared all the same"
            ] = None
        if operation.name in self._checked_operations:
            return
        self._checked_operations.add(operation.name)
        secured = operation.data.get("security", self._document.data.get("security"))
        if any(_is_authorization(parameter) for parameter in operation.parameters):
            beside = "" if secured else ", and no security"
            self._add_fault(operation.name, f"declares Authorization as a plain header parameter{beside}")
        for status, content in operation.contents(schemas):
            for platform, value in _named_examples(content):
                disagreements = Schemas(self._document, platform).judge(content.get("schema", {}), value)
                wrong = [one.path for one in disagreements if one.kind in ("unlisted", "retyped", "changed")]
                if wrong:
                    self._add_fault(
                        f"{operation.name} {status}",
                        f"the example {platform} does not keep to its schema at {', '.join(wrong)}",
                    )

    def _check_spellings(self, operation: Operation, described: DescribedEvent) -> None:
        shown = described.data.get("page")
        for spelling in described.page_spellings:
            if spelling != shown:
                self._add_fault(
                    operation.name,
                    f"its sample listener tests for the page {spelling!r}, and its example of "
                    f"the event has {shown!r}; either was accepted",
                )

    def _add_fault(self, where: str, what: str) -> None:
        self._faults[SpecFault(where, what)] = None


def _difference(one: Disagreement, blame: Any) -> Difference:
    kind = _KINDS[one.kind]
    return Difference(one.path, kind, difference.SEVERITIES[kind], one.has, one.says, blame)


def _media_type(fixture: Exchange, *, stale: bool) -> Iterator[Difference]:
    """Compare the body's media type with JSON, the only one that is compared."""
    had = next((value for name, value in fixture.response.headers.items() if name.lower() == "content-type"), None)
    if had is not None and media_type(had) != "application/json":
        blame = difference.blame(fixture.provenance, stale=stale)
        yield Difference(
            "headers.content-type",
            "header",
            difference.SEVERITIES["header"],
            media_type(had),
            "application/json",
            blame,
        )


def _values(
    fixture: Exchange, content: Mapping[str, Any], schemas: Schemas, volatile: set[str], *, stale: bool
) -> Iterator[Difference]:
    """Compare the values of the contract with the file's examples of them."""
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
            blame = difference.blame(fixture.provenance, stale=stale)
            yield Difference(path, "changed", difference.SEVERITIES["changed"], expected, seen, blame)


def _named_examples(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the examples of a content with their names (OpenAPI 3.0.4 §4.7.14); a single example has an empty name."""
    if "example" in content:
        yield "", content["example"]
    named = content.get("examples")
    for name, example in named.items() if isinstance(named, Mapping) else ():
        if isinstance(example, Mapping) and "value" in example:
            yield name, example["value"]


def _is_authorization(parameter: Mapping[str, Any]) -> bool:
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() == "authorization"
