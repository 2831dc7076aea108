"""The public API: the names that programs and type checkers can import from the package itself."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from pathlib import Path

import httpx
import pytest

import oauth_window_harness as package
from tests.worlds import GOOD

PUBLIC = ["CapturedEvent", "MockBrowser", "NoEventError", "NoFollowUpError", "OAuthWindow", "World"]


def for_type_checkers() -> dict[str, str]:
    """Return the names that the package imports for type checkers alone, with the module of each."""
    assert package.__file__ is not None
    tree = ast.parse(Path(package.__file__).read_text())
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module or "" for node in imports for alias in node.names}


def test_the_public_names_are_exactly_these() -> None:
    assert sorted(package.__all__) == PUBLIC
    star: dict[str, object] = {}
    exec("from oauth_window_harness import *", star)
    assert sorted(star.keys() - {"__builtins__"}) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_can_be_imported_is_listed_and_is_documented(name: str) -> None:
    imported = getattr(package, name)
    assert imported.__name__ == name
    assert imported.__doc__
    assert name in dir(package)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_type_checker_sees_the_name_that_a_program_imports(name: str) -> None:
    module = for_type_checkers()[name]
    assert getattr(importlib.import_module(module), name) is getattr(package, name)


def example_of(name: str) -> str:
    """Return the code of the section "Example:" at the end of a class's docstring."""
    _, heading, example = (inspect.getdoc(getattr(package, name)) or "").partition("\nExample:\n")
    assert heading, f"{name} has no example"
    return textwrap.dedent(example)


def connect_account(http: httpx.Client, account: str) -> None:
    """Make the account GET, as the backend in an example does."""
    service = "https://services.leadconnectorhq.com"
    http.get(f"{service}/social-media-posting/oauth/facebook/accounts/{account}", headers=GOOD)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_example_of_a_public_class_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of `OAuthWindow` defines a test for a user's suite, which is not called here: tests/pytest has its like."""
    monkeypatch.chdir(tmp_path)
    backends: list[dict[str, str]] = []
    names = {
        **{public: getattr(package, public) for public in PUBLIC},
        "httpx": httpx,
        "pytest": pytest,
        "Path": Path,
        "connect_account": connect_account,
        "start_backend": backends.append,
    }

    exec(compile(example_of(name), f"the example of {name}", "exec"), names)

    assert all("LEADCONNECTOR_BASE_URL" in backend for backend in backends)


def test_type_checkers_see_no_other_name() -> None:
    assert sorted(for_type_checkers()) == PUBLIC


def test_a_name_that_is_not_public_is_not_there() -> None:
    assert not hasattr(package, "Runner")
