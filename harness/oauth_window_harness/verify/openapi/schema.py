"""The disagreements between a fixture's body and an OpenAPI schema.

jsonschema judges types, required fields and allowed values. It does not report a field that the schema does not list,
because a schema allows such fields; for a contract that field is gone, so the listed fields are compared as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator, ValidationError
from jsonschema.exceptions import SchemaError, UnknownType
from jsonschema.validators import extend
from referencing import Registry, Specification
from referencing.exceptions import Unresolvable

from oauth_window_harness.contract.shape import child_path, type_name
from oauth_window_harness.verify.openapi.disagreement import Disagreement, disagreements_of
from oauth_window_harness.verify.openapi.document import OpenApiDocument, references

Schema = Mapping[str, Any]


class Schemas:
    """The schemas of a document.

    Args:
        document: the document, whose references can all be resolved.
        platform: the platform whose alternative is chosen from several, if one has its name as title.
    """

    def __init__(self, document: OpenApiDocument, platform: str = "") -> None:
        opaque: Specification[Any] = Specification.OPAQUE
        self._registry: Registry[Any] = Registry().with_resources(
            (address, opaque.create_resource(data)) for address, data in document.resources.items()
        )
        self._platform = _word(platform)
        self._dialect = Draft4Validator if document.version.startswith("3.0") else Draft202012Validator
        self._validator = extend(  # type: ignore[no-untyped-call]  # its stubs leave this untyped
            self._dialect, {"type": _nullable_type, "oneOf": self._best_errors, "anyOf": self._best_errors}
        )

    def judge(self, schema: Schema, body: Any) -> list[Disagreement]:
        """Return all disagreements of a body and a schema, each once, in the order of the body."""
        try:
            error_text = self._schema_error(schema)
            found = [] if error_text else [*self._errors(schema, body), *self._field_disagreements([schema], body, "$")]
        except _NO_SCHEMA as error:
            error_text = "it contains itself" if isinstance(error, RecursionError) else "it cannot be read as one"
        if error_text:
            return [Disagreement("malformed", "$", says=error_text)]
        present_paths = set(_paths(body, "$"))
        kept = [one for one in found if one.kind != "absent" or one.path not in present_paths]
        return list({(one.kind, one.path): one for one in kept}.values())

    def resolve(self, schema: Any) -> Schema:
        """Return a schema with the reference at its top resolved; if that is impossible, an empty schema."""
        for _ in range(_MOST_REFERENCES):
            if not isinstance(schema, Mapping):
                break
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                return schema
            try:
                schema = self._registry.resolver().lookup(reference).contents
            except _NO_SCHEMA:
                break
        return {}

    def examples(self, schema: Schema, path: str, body: Any) -> list[Any]:
        """Return the schema's examples of the values at a path such as ``$.message[*]``."""
        try:
            return self._examples(schema, path, body)
        except _NO_SCHEMA:
            return []  # `judge` reports it

    def _examples(self, schema: Schema, path: str, body: Any) -> list[Any]:
        found: list[Schema] = [schema]
        shown: list[Any] = []
        for name in path.removeprefix("$").replace("[*]", ".[*]").split(".")[1:]:
            parts = [part for one in found for part in self._parts(one, body)]
            shown = [item for part in shown if isinstance(part, list) for item in part] if name == "[*]" else []
            found = [part["items"] if name == "[*]" else part["properties"][name] for part in parts if _has(part, name)]
            shown += [one["example"] for one in map(self.resolve, found) if "example" in one]
            body = None
        return [value for value in shown if not isinstance(value, list | dict)]

    def _errors(self, schema: Schema, body: Any) -> Iterator[Disagreement]:
        for error in self._validator(schema, registry=self._registry).iter_errors(body):
            yield from disagreements_of(error)

    def _best_errors(self, validator: Any, branches: Any, body: Any, _schema: Any) -> Iterator[ValidationError]:
        best = self._best(branches, body)
        yield from validator.descend(body, best, schema_path=branches.index(best))

    def _best(self, branches: Sequence[Schema], body: Any) -> Schema:
        """Return the alternative to use: the platform's own, else the one that agrees best with the body."""
        named = [one for one in branches if _word(self.resolve(one).get("title", "")) == self._platform]
        if self._platform and named:
            return named[0]

        def cost(branch: Schema) -> tuple[int, int, int]:
            listed = [one.kind for one in self._field_disagreements([branch], body, "$")]
            # A field that it does not list weighs more than one that the body lacks.
            return len(list(self._errors(branch, body))), listed.count("unlisted"), listed.count("absent")

        return min(branches, key=cost)

    def _parts(self, schema: Schema, body: Any, depth: int = 0) -> Iterator[Schema]:
        """Yield the schema and all that apply with it: those of ``allOf``, and the best alternatives of the others."""
        if depth > _MOST_REFERENCES:
            return
        schema = self.resolve(schema)
        yield schema
        for inner in schema.get("allOf", ()):
            yield from self._parts(inner, body, depth + 1)
        for keyword in ("oneOf", "anyOf"):
            if schema.get(keyword):
                yield from self._parts(self._best(schema[keyword], body), body, depth + 1)

    def _field_disagreements(self, schemas: Iterable[Schema], body: Any, path: str) -> Iterator[Disagreement]:
        parts = [part for schema in schemas for part in self._parts(schema, body)]
        yield from self._ambiguities(parts, body, path)
        if isinstance(body, list):
            items = [part["items"] for part in parts if _has(part, "[*]")]
            for inner in body:
                yield from self._field_disagreements(items, inner, f"{path}[*]")
        if isinstance(body, dict):
            yield from self._fields(parts, body, path)

    def _fields(self, parts: Sequence[Schema], body: dict[str, Any], path: str) -> Iterator[Disagreement]:
        listed: dict[str, list[Schema]] = {}
        for part in parts:
            for name, schema in part.get("properties", {}).items():
                listed.setdefault(name, []).append(schema)
        others = [part["additionalProperties"] for part in parts if isinstance(part.get("additionalProperties"), dict)]
        closed = any(part.get("additionalProperties") is False for part in parts)
        if not listed and not others and not closed:
            return  # an object of any kind
        for name, value in body.items():
            inner = child_path(path, name)
            if name in listed or others:
                yield from self._field_disagreements(listed.get(name, others), value, inner)
            else:
                yield Disagreement("unlisted", inner, has=type_name(value))
        for name, schemas in listed.items():
            if name not in body:
                yield Disagreement("absent", child_path(path, name), says=self._type(schemas[0]))

    def _ambiguities(self, parts: Iterable[Schema], body: Any, path: str) -> Iterator[Disagreement]:
        for part in parts:
            branches = part.get("oneOf", ())
            matching = [branch for branch in branches if not list(self._errors(branch, body))]
            if len(matching) > 1 and "discriminator" not in part:
                yield Disagreement("ambiguous", path, says=f"{len(matching)} of {len(branches)}")

    def _type(self, schema: Schema) -> str:
        named = [part["type"] for part in self._parts(schema, None) if "type" in part]
        return " or ".join(named[0]) if named and isinstance(named[0], list) else str(named[0] if named else "any")

    def _schema_error(self, schema: Schema) -> str:
        """Return what is wrong with the schema or one that it refers to, or an empty string."""
        seen: set[str] = set()
        ahead = [schema]
        while ahead:
            one = ahead.pop()
            try:
                self._dialect.check_schema(one)
            except SchemaError as error:
                return error.message
            for reference in sorted(set(references(one)) - seen):
                seen.add(reference)
                try:
                    ahead.append(self._registry.resolver().lookup(reference).contents)
                except (Unresolvable, ValueError):
                    return f"{reference} leads nowhere"
        return ""


#: What jsonschema and referencing raise for an invalid schema that the draft's meta-schema does not reject, because it
#: knows nothing of `$ref`.
_NO_SCHEMA = (RecursionError, Unresolvable, UnknownType, AttributeError, KeyError, TypeError, ValueError)

#: The most references in a chain, and the deepest nesting of `allOf`; more is considered a circle.
_MOST_REFERENCES = 32


def _nullable_type(validator: Any, types: Any, body: Any, schema: Any) -> Iterator[ValidationError]:
    """Judge a type by OpenAPI 3.0, which allows ``nullable`` beside it (OpenAPI 3.0.4 §4.7.24.1)."""
    if body is None and schema.get("nullable") is True:
        return
    yield from Draft4Validator.VALIDATORS["type"](validator, types, body, schema)


def _has(part: Schema, name: str) -> bool:
    return isinstance(part.get("items"), Mapping) if name == "[*]" else name in part.get("properties", {})


def _paths(body: Any, path: str) -> Iterator[str]:
    yield path
    if isinstance(body, dict):
        for name, value in body.items():
            yield from _paths(value, child_path(path, name))
    elif isinstance(body, list):
        for value in body:
            yield from _paths(value, f"{path}[*]")


def _word(text: Any) -> str:
    return "".join(filter(str.isalnum, text)).lower() if isinstance(text, str) else ""
