"""Fixtures compared with an OpenAPI file: drift and the file's own faults are reported apart, and break nothing."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness import resources
from oauth_window_harness.contract.difference import NotComparedError
from oauth_window_harness.contract.fixture import EventFixture, FixtureSet
from oauth_window_harness.errors import BadFileError
from oauth_window_harness.verify.openapi.comparison import SpecComparer
from oauth_window_harness.verify.openapi.plain_file import read_plain
from tests.paths import ROOT, SPECS

VENDOR = ROOT.parent / "shared" / "openapi"
FIXTURES = FixtureSet(resources.bundled("contracts") / "facebook")
FILES = ["posting.json", "planner.yaml"]

ACCOUNTS = "/social-media-posting/oauth/{locationId}/facebook/accounts/{accountId}"
START = "/social-media-posting/oauth/facebook/start"

Spec = dict[str, Any]
Told = list[tuple[str, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files, to be changed."""
    return Path(shutil.copytree(SPECS, tmp_path / "openapi"))


def changed(folder: Path, change: Callable[[Spec], object]) -> SpecComparer:
    file = folder / "posting.json"
    spec = json.loads(file.read_text())
    change(spec)
    file.write_text(json.dumps(spec))
    return SpecComparer(file)


def told(comparer: SpecComparer, name: str, **update: Any) -> Told:
    fixture = FIXTURES.all()[name].model_copy(update=update)
    compare = comparer.event(name, fixture) if isinstance(fixture, EventFixture) else comparer.exchange(name, fixture)
    return [(found.kind, found.severity, found.path) for found in compare.differences]


def schema(spec: Spec, name: str) -> Spec:
    found: Spec = spec["components"]["schemas"][name]
    return found


def page(spec: Spec) -> Spec:
    found: Spec = schema(spec, "FacebookPageSchema")["properties"]
    return found


def unauthorized(folder: Path, change: Callable[[Spec], object]) -> None:
    file = folder / "common-schemas.json"
    spec = json.loads(file.read_text())
    change(schema(spec, "UnauthorizedDTO")["properties"])
    file.write_text(json.dumps(spec))


# --- drift -----------------------------------------------------------------------------------------------------------

DRIFTS: dict[str, tuple[str, Callable[[Spec], object], Told]] = {
    "a field is no longer listed": (
        "account-200",
        lambda spec: page(spec).pop("name"),
        [("removed", "error", "$.results.pages[*].name")],
    ),
    "a field is renamed": (
        "account-200",
        lambda spec: page(spec).update(title=page(spec).pop("name")),
        [("removed", "error", "$.results.pages[*].name"), ("added", "info", "$.results.pages[*].title")],
    ),
    "a field is new": (
        "account-200",
        lambda spec: page(spec).update(category={"type": "string"}),
        [("added", "info", "$.results.pages[*].category")],
    ),
    "a field is new and required": (
        "account-200",
        lambda spec: schema(spec, "GetFacebookAccountsResponseDTO")["required"].append("traceId"),
        [("added", "info", "$.traceId")],
    ),
    "a field has another type": (
        "account-200",
        lambda spec: page(spec).update(id={"type": "integer", "example": 1}),
        [("retyped", "error", "$.results.pages[*].id")],
    ),
    "the array is an object": (
        "account-200",
        lambda spec: schema(spec, "GetFacebookAccountsSchema")["properties"].update(
            pages={"type": "object", "properties": {"list": {"type": "array"}}}
        ),
        [("retyped", "error", "$.results.pages")],
    ),
    "the branch of results is gone": (
        "account-200",
        lambda spec: schema(spec, "GetFacebookAccountsResponseDTO")["properties"].pop("results"),
        [("removed", "error", "$.results")],
    ),
    "a value is none of those allowed": (
        "attach-201",
        lambda spec: schema(spec, "FacebookAccountSchema")["properties"].update(
            type={"type": "string", "enum": ["Page", "Group"]}
        ),
        [("changed", "warning", "$.results.type")],
    ),
    "the status is no longer listed": (
        "account-200",
        lambda spec: spec["paths"][ACCOUNTS]["get"]["responses"].pop("200"),
        [("status", "error", "status")],
    ),
    "the route is gone": (
        "account-401",
        lambda spec: spec["paths"].pop(ACCOUNTS),
        [("removed", "error", "request")],
    ),
    "the body is gone": (
        "account-200",
        lambda spec: spec["paths"][ACCOUNTS]["get"]["responses"]["200"].pop("content"),
        [("removed", "error", "$")],
    ),
    "the event lacks a field": (
        "event",
        lambda spec: spec["paths"][START]["get"].update(
            description=spec["paths"][START]["get"]["description"].replace("placement:", "place:")
        ),
        [("removed", "error", "$.placement"), ("added", "info", "$.place")],
    ),
    "the event has a field of another type": (
        "event",
        lambda spec: spec["paths"][START]["get"].update(
            description=spec["paths"][START]["get"]["description"].replace(
                'accountId: string,             Ex: "658a9b6833b91e0ecb8f3958"', "accountId: number,   Ex: 12"
            )
        ),
        [("retyped", "error", "$.accountId")],
    ),
    "the event has another action": (
        "event",
        lambda spec: spec["paths"][START]["get"].update(
            description=spec["paths"][START]["get"]["description"].replace('Ex: "close"', 'Ex: "finish"')
        ),
        [("changed", "warning", "$.actionType")],
    ),
    "the event has a third spelling of page": (
        "event",
        lambda spec: spec["paths"][START]["get"].update(
            description=spec["paths"][START]["get"]["description"].replace('"social-media-posting"', '"social"')
        ),
        [("changed", "warning", "$.page")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("drift", DRIFTS)
def test_each_drift_is_reported_with_its_path_and_severity(folder: Path, drift: str) -> None:
    name, change, wanted = DRIFTS[drift]
    assert told(changed(folder, change), name) == wanted


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda error: error["message"].update(example="Invalid JWT"), [("changed", "warning", "$.message")]),
        (lambda error: error["statusCode"].update(example=403), [("changed", "warning", "$.statusCode")]),
        (lambda error: error.pop("error"), [("removed", "error", "$.error")]),
        (lambda error: error["message"].update(type="array", example=["x"]), [("retyped", "error", "$.message")]),
    ],
    ids=["message", "statusCode", "error", "message-array"],
)
def test_drift_in_a_file_that_is_referred_to_is_reported(
    folder: Path, change: Callable[[Spec], object], wanted: Told
) -> None:
    unauthorized(folder, change)
    assert told(SpecComparer(folder / "posting.json"), "account-401") == wanted


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "name",
    ["account-200", "account-200-no-pages", "account-400", "account-401", "account-422", "start-400", "start-401",
     "start-422", "event", "event-page-underscore", "event-reconnect"],
)  # fmt: skip
def test_without_drift_nothing_is_reported_in_spite_of_the_files_faults(file: str, name: str) -> None:
    assert told(SpecComparer(SPECS / file), name) == []


def test_an_example_value_is_not_drift(folder: Path) -> None:
    comparer = changed(folder, lambda spec: page(spec)["name"].update(example="Another Page"))
    assert told(comparer, "account-200") == []


def test_a_volatile_field_is_not_compared(folder: Path) -> None:
    comparer = changed(folder, lambda spec: page(spec).pop("avatar"))
    assert told(comparer, "account-200", volatile=("$.results.pages[*].avatar",)) == []


def test_a_seen_fixture_is_not_contradicted_by_a_file_that_does_not_describe_it(folder: Path) -> None:
    """That is a fault of the file; where the file says something else, it is drift."""
    comparer = SpecComparer(folder / "posting.json")
    told(comparer, "api-422-validator")
    with pytest.raises(NotComparedError, match="302 is not listed"):
        told(comparer, "start-302")
    assert [fault.what for fault in comparer.faults if "seen" in fault.what] == [
        "not listed, and seen (api-422-validator): $.status, $.options, $.name, $.traceId",
        "not listed, and seen (start-302): 302",
    ]
    unauthorized(folder, lambda error: error["message"].update(type="array", example=["x"]))
    assert ("retyped", "error", "$.message") in told(SpecComparer(folder / "posting.json"), "api-401-jwt-invalid")


def test_an_event_that_was_seen_is_compared_in_the_same_way() -> None:
    seen = FIXTURES.event("event").provenance.model_copy(update={"grade": "seen"})
    comparer = SpecComparer(SPECS / "planner.yaml")
    data = {**FIXTURES.event("event").data, "nonce": "n", "accountId": 7, "page": "social_media_posting"}
    assert told(comparer, "event", data=data, provenance=seen) == [("retyped", "error", "$.accountId")]
    assert told(comparer, "event", data=json.dumps(data), provenance=seen) == [
        ("retyped", "error", "$"),
        ("retyped", "error", "$.accountId"),
    ]
    assert "not listed, and seen (event): $.nonce" in [fault.what for fault in comparer.faults]
    with pytest.raises(NotComparedError, match="another message"):
        told(comparer, "event", data={"type": "resize"}, provenance=seen)


@pytest.mark.parametrize("name", ["account-200-not-json", "api-500", "event-json-string", "noise-array"])
def test_what_is_assumed_and_not_in_the_file_is_left_out_with_a_reason(name: str) -> None:
    with pytest.raises(NotComparedError):
        told(SpecComparer(SPECS / "posting.json"), name)


def test_the_path_of_the_documentations_text_is_the_same_operation() -> None:
    short = FIXTURES.exchange("account-200").request.model_copy(
        update={"path": "/social-media-posting/oauth/facebook/accounts/{accountId}"}
    )
    assert told(SpecComparer(SPECS / "posting.json"), "account-200", request=short) == []


def test_a_file_of_another_version_is_compared_with_and_says_so() -> None:
    comparer = SpecComparer(SPECS / "planner.yaml")
    told(comparer, "account-200")
    assert list(comparer.notes) == ["the file documents Version v3; fixtures of 2021-07-28 are compared all the same"]


def test_openapi_3_1_is_read(folder: Path) -> None:
    def change(spec: Spec) -> None:
        spec["openapi"] = "3.1.0"
        page(spec)["avatar"]["type"] = ["string", "null"]
        page(spec)["name"]["const"] = "FB Page"

    assert told(changed(folder, change), "account-200") == []


# --- the file's own faults -------------------------------------------------------------------------------------------


def faults(comparer: SpecComparer) -> str:
    for name, fixture in FIXTURES.all().items():
        try:
            _ = comparer.event(name, fixture) if isinstance(fixture, EventFixture) else comparer.exchange(name, fixture)
        except NotComparedError:
            continue
    return "\n".join(f"{fault.where}: {fault.what}" for fault in comparer.faults)


@cache
def faults_of(file: str) -> str:
    return faults(SpecComparer(SPECS / file))


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("posting.json", "../common/common-schemas.json is not there (BadRequestDTO, UnauthorizedDTO, "
                         "UnprocessableDTO; 12 references); taken from common-schemas.json beside it"),
        ("posting.json", "$.results.platform has the type object, and an example that is string"),
        ("posting.json", "GET /social-media-posting/oauth/facebook/start: not listed, and seen (start-302): 302"),
        ("posting.json", "its sample listener tests for the page 'social_media_posting'"),
        ("planner.yaml", "the file does not hold what it refers to (BadRequestDTO, UnauthorizedDTO, UnprocessableDTO; "
                         "5 references); taken from common-schemas.json beside it"),
        ("planner.yaml", "../shared/common-schemas.json is not there (UnauthorizedDTO; 1 reference)"),
        ("planner.yaml", "declares Authorization as a plain header parameter, and no security"),
        ("planner.yaml", "3 of 3 alternatives of oneOf allow the same body at $, and no discriminator"),
        ("planner.yaml", "the example tiktok does not keep to its schema at $.results.openId, $.results.displayName, "
                         "$.results.isConnected"),
    ],
)  # fmt: skip
def test_each_fault_of_a_file_is_tolerated_and_reported(file: str, fault: str) -> None:
    assert fault in faults_of(file)


def test_a_fault_that_does_not_exist_is_not_reported() -> None:
    assert "the example facebook" not in faults_of("planner.yaml")
    assert "security" not in faults_of("posting.json")


def test_a_broken_reference_accepts_anything_and_is_reported(folder: Path) -> None:
    (folder / "common-schemas.json").unlink()
    (folder / "planner.yaml").unlink()
    comparer = SpecComparer(folder / "posting.json")
    assert told(comparer, "account-401") == []
    assert "no file beside it holds it: anything is accepted there" in comparer.faults[0].what


def test_nothing_is_fetched_from_elsewhere(folder: Path) -> None:
    address = "http://127.0.0.1:9/schemas.json#/components/schemas/UnauthorizedDTO"
    unauthorized(folder, lambda error: error.clear())

    def change(spec: Spec) -> None:
        content = spec["paths"][ACCOUNTS]["get"]["responses"]["401"]["content"]
        content["application/json"]["schema"] = {"$ref": address}

    assert "127.0.0.1:9/schemas.json is not there" in faults(changed(folder, change))


CIRCLE: Spec = {"allOf": [{"$ref": "#/components/schemas/FacebookPageSchema"}]}
BROKEN: list[Any] = [
    CIRCLE, {"type": "any"}, {"type": 3}, {"properties": []}, {"required": "x"}, {"oneOf": [3]}, {"enum": 3}, [], 3,
    {"$ref": 3}, {"$ref": "#/components/schemas/FacebookPageSchema"}, {"pattern": "("}, {"items": [{}]},
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=json.dumps)
@pytest.mark.parametrize("version", ["3.0.0", "3.1.0"])
def test_an_invalid_schema_breaks_nothing(folder: Path, broken: Any, version: str) -> None:
    def change(spec: Spec) -> None:
        spec["openapi"] = version
        spec["components"]["schemas"]["FacebookPageSchema"] = copy.deepcopy(broken)

    faults(changed(folder, change))


# --- bad files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"openapi": "3.0.0", ', "not JSON"),
        ("openapi: [", "not YAML"),
        ("swagger: '2.0'\npaths: {}\n", "not an OpenAPI 3 file"),
        ("openapi: 2.0.0\npaths: {}\n", "not an OpenAPI 3 file"),
        ("openapi: 3.0.0\n", "not an OpenAPI 3 file"),
        ("- a\n", "not an OpenAPI 3 file"),
        ("", "not an OpenAPI 3 file"),
        ("a: &a [x]\nb: *a\n", "an alias"),
        ('{"a": ' + "[" * 200 + "]" * 200 + "}", "too deeply"),
        ('{"a": ' + "[" * 100_000, "too deeply"),
        ("\x00\x01", "not JSON or YAML"),
    ],
    ids=["json", "yaml", "swagger", "old", "no-paths", "list", "empty", "alias", "deep", "deeper", "binary"],
)
def test_a_file_that_is_not_openapi_3_is_reported(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(text)
    with pytest.raises(BadFileError) as caught:
        SpecComparer(file)
    assert said in caught.value.what
    assert str(file) in caught.value.where


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        SpecComparer(tmp_path / "none.json")
    with pytest.raises(BadFileError, match="cannot be read"):
        SpecComparer(tmp_path)


def test_yaml_is_read_as_json_data(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text('{"\\ud800": "\\udfff"}')
    assert read_plain(file) == {"\ufffd": "\ufffd"}
    file.write_text("200: 2021-07-28\ntrue: [yes, 1.5, null]\n")
    assert read_plain(file) == {"200": "2021-07-28", "True": [True, 1.5, None]}


# --- the vendor's own ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not VENDOR.is_dir(), reason="the vendor's OpenAPI files are not beside this checkout")
@pytest.mark.parametrize("file", ["social-media-posting.json", "v3/social-planner-v3.json"])
def test_the_vendors_own_file_shows_no_drift_and_its_known_faults(file: str) -> None:
    comparer = SpecComparer(VENDOR / file)
    told_here = faults(comparer)
    drift = [
        (name, *found[:2], found[2])
        for name, fixture in FIXTURES.all().items()
        if fixture.provenance.grade == "documented"
        for found in told(comparer, name)
        if found[1] != "info"
    ]
    assert drift == []
    assert "../common/common-schemas.json is not there" in told_here
    assert "start: not listed, and seen (start-302): 302" in told_here
    if "v3" in file:
        assert "8 of 8 alternatives of oneOf" in told_here
        assert "the file does not hold what it refers to (BadRequestDTO, UnauthorizedDTO, UnprocessableDTO" in told_here
        for platform in ("youtube", "linkedin", "tiktok", "pinterest"):
            assert f"the example {platform} does not keep to its schema" in told_here
