"""The names of scripts and their sources: the path in them, and whose code they are."""

from __future__ import annotations

import pytest

from oauth_window_harness.run.code.names import is_foreign, path_in, shown


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("src/a.ts", "src/a.ts"),
        ("../../src/a.ts", "src/a.ts"),
        ("webpack://shop/./src/a.ts?1f2e", "shop/src/a.ts"),
        ("webpack:///./src/a.ts", "src/a.ts"),
        ("webpack-internal:///(app-pages-browser)/./src/a.ts", "(app-pages-browser)/src/a.ts"),
        ("turbopack:///[project]/src/app/page.tsx", "src/app/page.tsx"),
        ("file:///home/me/shop/src/a%20b.ts", "/home/me/shop/src/a b.ts"),
        ("/@fs/home/me/shop/src/a.ts", "/home/me/shop/src/a.ts"),
        ("http://localhost:5173/src/a.ts?t=17", "/src/a.ts"),
        ("http://localhost:3000/(auth)/a.js", "/(auth)/a.js"),
        ("src\\a.ts", "src/a.ts"),
    ],
)
def test_a_path_is_found_in_what_tools_write(name: str, path: str) -> None:
    assert path_in(name) == path


def test_a_source_that_is_in_no_project_is_shown_by_its_path() -> None:
    assert shown("webpack:///./src/a.ts") == "src/a.ts"


@pytest.mark.parametrize(
    "name",
    [
        "../node_modules/react-dom/cjs/react-dom.development.js",
        "webpack:///node_modules/axios/lib/adapters/xhr.js",
        "webpack://shop/webpack/runtime/load script",
        "webpack/bootstrap",
        'external "react"',
        "http://localhost:5173/node_modules/.vite/deps/react-dom_client.js?v=1f",
        "http://localhost:5173/@vite/client",
        "http://localhost:3000/_next/static/chunks/framework-1a2b3c4d.js",
        "http://localhost:3000/_next/static/chunks/main-app-1a2b3c4d.js",
        "http://localhost:3000/_vendor/react-dom.production.min.js",
        "http://localhost:3000/js/jquery-3.7.1.js",
        "http://localhost:3000/assets/vendor-DdF3kq1x.js",
        "http://localhost:3000/static/app.min.js",
        "/static/vendor/social.js",
    ],
)
def test_libraries_and_tools_are_foreign(name: str) -> None:
    assert is_foreign(name)


@pytest.mark.parametrize(
    "name",
    [
        "src/connect.ts",
        "webpack://shop/./src/react-dom-connect.tsx",
        "http://localhost:3000/",
        "http://localhost:3000/assets/index-DdF3kq1x.js",
        "http://localhost:3000/_next/static/chunks/app/settings/page-1a2b.js",
        "http://localhost:3000/static/main.js",
        "http://localhost:3000/vendors.html",
        "app/vue-page.js",
        "src/bootstrap.js",
        "src/framework.js",
        "src/rollups/monthly.ts",
        "/home/ann/vite/src/main.ts",
        "src/main.ts",
    ],
)
def test_the_users_own_code_is_not(name: str) -> None:
    assert not is_foreign(name)
