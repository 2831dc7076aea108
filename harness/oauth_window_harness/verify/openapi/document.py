"""An OpenAPI file, whose broken references are patched in memory."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from oauth_window_harness.errors import BadFileError
from oauth_window_harness.verify.openapi.plain_file import read_plain

_ENDINGS = (".json", ".yaml", ".yml")
_MAX_NEIGHBOURS = 50  # files in the same folder are searched for what the file lacks


@dataclass(frozen=True)
class SpecFault:
    """A fault of the file itself, in spite of which it was compared.

    Attributes:
        where: the place in the file.
        what: what is wrong, and what was used instead.
    """

    where: str
    what: str


@dataclass
class OpenApiDocument:
    """An OpenAPI file whose references can all be resolved.

    Attributes:
        file: the path of the file.
        data: its content; each key is a string.
        others: the files that it refers to, by the address in its references.
        resources: its content and that of the others, by the absolute addresses that all references use.
        faults: the faults of the file.
    """

    file: Path
    data: dict[str, Any]
    others: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)
    faults: list[SpecFault] = field(default_factory=list)

    @property
    def version(self) -> str:
        """The version of OpenAPI, such as ``3.0.0``."""
        return str(self.data["openapi"])


def read_document(file: Path) -> OpenApiDocument:
    """Return the document of a file, with its broken references patched and its faults listed.

    Raises:
        BadFileError: the file cannot be read, or is not an OpenAPI 3 file.
    """
    data = read_plain(file)
    version = data.get("openapi") if isinstance(data, dict) else None
    if not isinstance(version, str) or not version.startswith("3.") or not isinstance(data.get("paths"), dict):
        raise BadFileError(
            "the file is not an OpenAPI 3 file",
            where=str(file),
            seen=f"openapi: {version}" if version else "no `openapi: 3.…` and `paths` at its top",
            todo="name an OpenAPI 3 file, as JSON or YAML",
        )
    document = OpenApiDocument(file, data)
    _patch(document)
    addresses = {address: f"urn:spec:{index}" for index, address in enumerate(["", *document.others])}
    for address, absolute in addresses.items():
        content = document.others[address] if address else document.data
        _make_absolute(content, {**addresses, "": absolute})
        document.resources[absolute] = content
    return document


def lookup(data: Any, pointer: str) -> Any:
    """Return the value that a JSON pointer refers to (RFC 6901).

    Raises:
        KeyError: there is no such value.
    """
    for step in pointer.split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data = data[int(name)]
        elif isinstance(data, dict):
            data = data[name]
        else:
            raise KeyError(pointer)
    return data


def references(value: Any) -> Iterator[str]:
    """Yield every ``$ref`` in a value, repeated ones included."""
    if isinstance(value, dict):
        found = value.get("$ref")
        if isinstance(found, str):
            yield found
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def _make_absolute(value: Any, addresses: Mapping[str, str]) -> None:
    """Make every reference absolute, so that a schema means the same wherever it is read from."""
    if isinstance(value, dict):
        found = value.get("$ref")
        if isinstance(found, str):
            address, pointer = urldefrag(found)
            value["$ref"] = f"{addresses.get(address, address)}#{pointer}"
        for inner in value.values():
            _make_absolute(inner, addresses)
    elif isinstance(value, list):
        for inner in value:
            _make_absolute(inner, addresses)


def _patch(document: OpenApiDocument) -> None:
    """Resolve every reference; take what a broken one refers to from the files in the same folder."""
    neighbours = _Neighbours(document.file)
    done: set[str] = set()
    while True:
        missing: dict[str, list[tuple[str, int]]] = {}
        for reference, count in Counter(references(document.data)).items():
            if reference not in done and not _leads_somewhere(document, neighbours, reference):
                address, pointer = urldefrag(reference)
                missing.setdefault(address, []).append((pointer, count))
            done.add(reference)
        if not missing:
            return
        # What is taken from another file may contain further references.
        for address, pointers in missing.items():
            _patch_missing(document, neighbours, address, pointers)


def _leads_somewhere(document: OpenApiDocument, neighbours: _Neighbours, reference: str) -> bool:
    address, pointer = urldefrag(reference)
    try:
        if address and address not in document.others:
            document.others[address] = read_plain(neighbours.file_at(address))
        lookup(document.others[address] if address else document.data, pointer)
    except (KeyError, BadFileError):
        return False
    return True


def _patch_missing(
    document: OpenApiDocument, neighbours: _Neighbours, address: str, pointers: list[tuple[str, int]]
) -> None:
    target = document.others.setdefault(address, {}) if address else document.data
    patches: dict[str, list[tuple[str, int]]] = {}
    for pointer, count in pointers:
        source, value = neighbours.find(address, pointer)
        _put(target, pointer, copy.deepcopy(value))
        patches.setdefault(source, []).append((pointer, count))
    for source, found in patches.items():
        total = sum(count for _, count in found)
        names = ", ".join(pointer.rpartition("/")[2] or "the whole file" for pointer, _ in found)
        lacks = f"{address} is not there" if address else "the file does not hold what it refers to"
        instead = (
            f"taken from {source} beside it" if source else "no file beside it holds it: anything is accepted there"
        )
        times = "1 reference" if total == 1 else f"{total} references"
        document.faults.append(SpecFault(f"$ref {address}#…", f"{lacks} ({names}; {times}); {instead}"))


def _put(target: Any, pointer: str, value: Any) -> None:
    *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:] or [""])
    for step in steps:
        target = target.setdefault(step, {}) if isinstance(target, dict) else {}
    if isinstance(target, dict):
        target[last] = value


class _Neighbours:
    """The other files in the folder of a file, which are searched for what the file lacks."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def file_at(self, address: str) -> Path:
        """Return the path of an address; nothing is fetched from elsewhere.

        Raises:
            BadFileError: there is no such file.
        """
        path = self._file.parent / unquote(address)
        if "://" in address or not path.is_file():
            raise BadFileError("a reference leads to no file", where=str(self._file), seen=address)
        return path

    def find(self, address: str, pointer: str) -> tuple[str, Any]:
        """Return a file with a value at a pointer, by name, and the value; else an empty name and an empty schema."""
        wanted = Path(unquote(address)).name
        for name, data in sorted(self._files.items(), key=lambda entry: (entry[0] != wanted, entry[0])):
            try:
                return name, lookup(data, pointer)
            except KeyError:
                continue
        return "", {}

    @cached_property
    def _files(self) -> dict[str, Any]:
        found = {}
        paths = [path for path in sorted(self._file.parent.iterdir()) if path.suffix in _ENDINGS and path != self._file]
        for path in paths[:_MAX_NEIGHBOURS]:
            try:
                found[path.name] = read_plain(path)
            except BadFileError:
                continue
        return found
