"""The public API: what can be imported from the package itself, by people, programs and type-checkers."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import oauth_window_harness as package

PUBLIC = ["CapturedEvent", "MockBrowser", "NoEventError", "NoFollowUpError", "OAuthWindow", "World"]


def for_type_checkers() -> dict[str, str]:
    """Return what the package imports for type-checkers alone, and from which module."""
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


def test_type_checkers_see_no_other_name() -> None:
    assert sorted(for_type_checkers()) == PUBLIC


def test_a_name_that_is_not_public_is_not_there() -> None:
    assert not hasattr(package, "Runner")
