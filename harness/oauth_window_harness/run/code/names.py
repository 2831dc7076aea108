"""The names of scripts and of their sources: which are those of libraries, and what path lies in one."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

#: Where the code of others lies: packages, and what bundlers, development servers and frameworks add by themselves.
_FOLDERS = re.compile(
    r"(?:^|/)(?:node_modules|bower_components|jspm_packages|\.vite|\.pnpm|\.yarn|_?vendors?|@vite|@id|@react-refresh"
    r"|next/dist|_next/static/chunks/(?:framework|main|main-app|polyfills|webpack)[-.][^/]*|\(webpack\)[^/]*)(?:/|$)"
    r"|(?:^|/)webpack/(?:runtime|bootstrap|universalModuleDefinition|startup|before-startup|after-startup)"
    r"|^/?vite/|(?:^|/)(?:@vitejs/|rollup/|\\0|\x00|turbopack/)"
)

#: Files of well-known libraries, with the marks of their versions and builds; and what is named as others' code.
_FILES = re.compile(
    r"(?:^|/)(?:(?:react|react-dom|react-jsx-runtime|scheduler|preact|vue|angular|zone|jquery|lodash|axios"
    r"|alpine|htmx|htmx\.org|svelte|polyfills?|tslib)|(?:bootstrap|vendors?|framework|runtime)(?=[-.@~][^/]*\.))"
    r"(?:[-.@~](?:v?\d[\w.]*|production|development|runtime|global|browser|esm|umd|cjs|prod|dev|slim|bundle|min"
    r"|[0-9a-zA-Z_]{8,10}))*\.[cm]?js$"
    r"|\.min\.[cm]?js$"
)

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:/{0,3}", re.IGNORECASE)


def is_foreign(name: str) -> bool:
    """Return whether a script or source is a library's or a tool's, by its name or its address."""
    path = path_in(name)
    return bool(_FOLDERS.search(path) or _FILES.search(path)) or name.startswith(("webpack/", "external ", "\x00"))


def path_in(name: str) -> str:
    """Return the path in the name that a source map has for a file, or in an address, without what tools add to it.

    Bundlers write ``webpack://app/./src/a.ts?1f2e``, ``turbopack:///[project]/src/a.ts``, ``/@fs/home/me/app/src/a.ts``
    and ``../../src/a.ts``.
    """
    if name.startswith(("http:", "https:")):
        path = unquote(urlsplit(name).path)
    else:
        path = re.sub(r"[?#][^/]*$", "", _SCHEME.sub("", name)) if _SCHEME.match(name) else name.split("?", 1)[0]
        if name.startswith("file:"):
            path = f"/{unquote(path)}"
    path = path.removeprefix("/@fs").replace("[project]/", "").replace("\\", "/")
    return "/".join(part for part in path.split("/") if part not in (".", "..", "~")).replace("//", "/")


def shown(name: str) -> str:
    """Return the name of a source as people are told it, where no file of the project has it."""
    return path_in(name).lstrip("/") or name
