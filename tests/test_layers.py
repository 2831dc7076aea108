"""The layers of the package: imports go down only, by the table in ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter

from tests.paths import PACKAGE, ROOT

NAME = PACKAGE.name

#: The rooms or modules that may import each third-party library; typer and pydantic may be imported anywhere.
HOMES = {
    "playwright": (
        "drivers.playwright",
        "drivers.blocking",
        "pytest.browser",
        "pytest.window",
        "cli.doctor",
    ),
    "h11": ("network.gateway", "network.proxy_requests"),
    "trustme": ("network.certificates",),
    "cryptography": ("network.certificates",),
    "symbolic": ("run.code.source_map",),
    "yaml": ("scenario.file", "verify.openapi.plain_file"),
    "jsonschema": ("verify.openapi",),
    "referencing": ("verify.openapi.schema",),
    "pytest_httpserver": ("network.loopback",),
    "jinja2": ("templates",),
    "waitress": ("network.waitress_server",),
    "httpx": ("reference.app", "run", "service.upstream", "drivers.mock.network", "drivers.mock.direct"),
    "selectolax": ("drivers.mock.documents",),
}

#: The modules at the package's root: the public names, the entry point, and the foundations of all rooms.
ROOT_FILES = {"__init__", "__main__", "__version__", "errors", "redact", "resources", "streams", "templates"}


def rows() -> list[list[str]]:
    """Return the rooms from the top down, those of one row together, as ARCHITECTURE.md has them."""
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("| rooms, from the top down |")[2]
    first_cells = [line.split("|")[1] for line in table.splitlines()[2:] if line.startswith("|")]
    return [re.findall(r"`(\w+)`", cell) for cell in first_cells]


def modules() -> dict[str, ast.Module]:
    """Return the modules by their dotted names, without the name of the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    names = [".".join(file.relative_to(PACKAGE).with_suffix("").parts) for file in files]
    return {
        name.removesuffix(".__init__"): ast.parse(file.read_text()) for name, file in zip(names, files, strict=True)
    }


MODULES = modules()


def imports() -> list[tuple[str, str]]:
    """Return each import, at the top or inside a function, as the importing module and the full imported name."""
    pairs = []
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                # `from oauth_window_harness.scenario import catalog` imports the module scenario.catalog.
                inner = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [name if name.removeprefix(f"{NAME}.") in MODULES else node.module for name in inner]
            else:
                continue
            pairs += [(module, name) for name in names]
    return pairs


OURS = [(module, name.removeprefix(f"{NAME}.")) for module, name in imports() if name.startswith(f"{NAME}.")]
#: Imports between rooms; the modules at the root with two underscores stand above all rooms.
INNER = [(module, name) for module, name in OURS if not module.startswith("__")]


def depth(module: str) -> int:
    room = module.partition(".")[0]
    return next(place for place, names in enumerate(rows()) if room in names)


def test_imports_go_down_only_by_the_table_of_the_architecture() -> None:
    assert len(INNER) > 100
    bottom = len(rows()) - 1
    wrong = [
        f"{module} imports {name}"
        for module, name in INNER
        if module.partition(".")[0] != name.partition(".")[0]
        and not (depth(module) < depth(name) or depth(module) == depth(name) == bottom)
    ]
    assert wrong == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph: dict[str, set[str]] = {}
    for module, name in INNER:
        graph.setdefault(module, set()).add(name)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the cycle


def test_every_room_of_the_table_is_there_and_no_other() -> None:
    rooms = {file.name for file in PACKAGE.iterdir() if (file / "__init__.py").exists()}
    named = {name for names in rows() for name in names}
    assert named == rooms | (ROOT_FILES - {"__init__", "__main__"})
    assert {file.stem for file in PACKAGE.glob("*.py")} == ROOT_FILES


def test_each_library_has_one_home() -> None:
    def at_home(module: str, library: str) -> bool:
        homes = HOMES.get(library, (module,))
        return any(module == home or module.startswith(f"{home}.") for home in homes)

    strays = [f"{module} imports {name}" for module, name in imports() if not at_home(module, name.partition(".")[0])]
    assert strays == []


def test_no_home_is_kept_for_a_library_that_is_not_imported_there() -> None:
    uses = {(module, name.partition(".")[0]) for module, name in imports()}
    assert [
        f"{library}: {home}"
        for library, homes in HOMES.items()
        for home in homes
        if not any(name == library and (module == home or module.startswith(f"{home}.")) for module, name in uses)
    ] == []


def test_modules_and_functions_stay_small() -> None:
    long = []
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text()
        if text.count("\n") > 250:
            long.append(f"{file.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > 50:
                    long.append(f"{file.name}: {node.name}: {lines} lines")
    assert long == []


def test_help_and_import_wait_for_no_heavy_library() -> None:
    script = (
        "import sys, oauth_window_harness, oauth_window_harness.cli\n"
        "heavy = {'playwright', 'pydantic', 'httpx', 'yaml', 'werkzeug', 'trustme', 'pytest', 'jsonschema'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
