"""An OpenAPI file, with the references that lead nowhere patched in memory."""

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
_NEAR = 50  # files beside it are looked through for what it lacks


@dataclass(frozen=True)
class SpecFault:
    """A fault of the file itself, with which the comparison was made all the same.

    Attributes:
        where: in the file.
        what: is wrong, and what was taken instead.
    """

    where: str
    what: str


@dataclass
class OpenApiDocument:
    """An OpenAPI file whose references all lead somewhere.

    Attributes:
        file: where it was read from.
        data: its content, each key a string.
        others: the files that it refers to, by the address that its references give them.
        resources: it and the others, by the absolute addresses by which all references name them.
        faults: what is wrong with it.
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
    """Return the file with every reference patched that can be, and the faults that this showed.

    Raises:
        BadFileError: it cannot be read, or is no OpenAPI 3 file.
    """
    data = read_plain(file)
    version = data.get("openapi") if isinstance(data, dict) else None
    if not isinstance(version, str) or not version.startswith("3.") or not isinstance(data.get("paths"), dict):
        raise BadFileError(
            "the file is no OpenAPI 3 file",
            where=str(file),
            seen=f"openapi: {version}" if version else "no `openapi: 3.…` and `paths` at its top",
            todo="name an OpenAPI 3 file, as JSON or YAML",
        )
    document = OpenApiDocument(file, data)
    _patch(document)
    addresses = {address: f"urn:spec:{place}" for place, address in enumerate(["", *document.others])}
    for address, absolute in addresses.items():
        own = document.others[address] if address else document.data
        _name_absolutely(own, {**addresses, "": absolute})
        document.resources[absolute] = own
    return document


def lookup(data: Any, pointer: str) -> Any:
    """Return what a JSON pointer leads to (RFC 6901).

    Raises:
        KeyError: it leads nowhere.
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
    """Yield every ``$ref`` in a value, as often as it is there."""
    if isinstance(value, dict):
        found = value.get("$ref")
        if isinstance(found, str):
            yield found
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def _name_absolutely(value: Any, addresses: Mapping[str, str]) -> None:
    """Let every reference name its file, so that a schema means the same wherever it is read."""
    if isinstance(value, dict):
        found = value.get("$ref")
        if isinstance(found, str):
            address, pointer = urldefrag(found)
            value["$ref"] = f"{addresses.get(address, address)}#{pointer}"
        for inner in value.values():
            _name_absolutely(inner, addresses)
    elif isinstance(value, list):
        for inner in value:
            _name_absolutely(inner, addresses)


def _patch(document: OpenApiDocument) -> None:
    """See where each reference leads; where it leads nowhere, look beside the file."""
    beside = _Beside(document.file)
    done: set[str] = set()
    while True:
        missing: dict[str, list[tuple[str, int]]] = {}
        for reference, count in Counter(references(document.data)).items():
            if reference not in done and not _leads_somewhere(document, beside, reference):
                address, pointer = urldefrag(reference)
                missing.setdefault(address, []).append((pointer, count))
            done.add(reference)
        if not missing:
            return
        # What is taken from beside the file may refer to more.
        for address, pointers in missing.items():
            _mend(document, beside, address, pointers)


def _leads_somewhere(document: OpenApiDocument, beside: _Beside, reference: str) -> bool:
    address, pointer = urldefrag(reference)
    try:
        if address and address not in document.others:
            document.others[address] = read_plain(beside.named(address))
        lookup(document.others[address] if address else document.data, pointer)
    except (KeyError, BadFileError):
        return False
    return True


def _mend(document: OpenApiDocument, beside: _Beside, address: str, pointers: list[tuple[str, int]]) -> None:
    target = document.others.setdefault(address, {}) if address else document.data
    taken: dict[str, list[tuple[str, int]]] = {}
    for pointer, count in pointers:
        source, value = beside.holding(address, pointer)
        _put(target, pointer, copy.deepcopy(value))
        taken.setdefault(source, []).append((pointer, count))
    for source, found in taken.items():
        total = sum(count for _, count in found)
        names = ", ".join(pointer.rpartition("/")[2] or "the whole file" for pointer, _ in found)
        lacks = f"{address} is not there" if address else "the file does not hold what it refers to"
        instead = f"taken from {source} beside it" if source else "nor is it beside it: anything is let pass there"
        times = "1 reference" if total == 1 else f"{total} references"
        document.faults.append(SpecFault(f"$ref {address}#…", f"{lacks} ({names}; {times}); {instead}"))


def _put(target: Any, pointer: str, value: Any) -> None:
    *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:] or [""])
    for step in steps:
        target = target.setdefault(step, {}) if isinstance(target, dict) else {}
    if isinstance(target, dict):
        target[last] = value


class _Beside:
    """The folder of a file, looked through for what the file lacks."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def named(self, address: str) -> Path:
        """Return the file of an address; nothing is fetched from elsewhere.

        Raises:
            BadFileError: there is none.
        """
        path = self._file.parent / unquote(address)
        if "://" in address or not path.is_file():
            raise BadFileError("a reference leads to no file", where=str(self._file), seen=address)
        return path

    def holding(self, address: str, pointer: str) -> tuple[str, Any]:
        """Return the name of a file beside it that holds a pointer, and what it holds; else no name, and anything."""
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
        near = [path for path in sorted(self._file.parent.iterdir()) if path.suffix in _ENDINGS and path != self._file]
        for path in near[:_NEAR]:
            try:
                found[path.name] = read_plain(path)
            except BadFileError:
                continue
        return found
