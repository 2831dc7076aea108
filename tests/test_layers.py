"""The layers are a test, not a promise: imports go down only."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.paths import PACKAGE

#: From the top down. A module may import what stands below its own line, and its siblings on that line.
LAYERS = (
    "__main__",
    "cli pytest_plugin pytest_fixtures pytest_browser pytest_async pytest_scenarios scenario_tests",
    "next_command suite",
    "session driving app_process serving examination verification recording oauth_window caught trial",
    "control",
    "runner mock_browser",
    "playing guided",
    "reports",
    "artifacts run_events outcome diagram",
    "baseline",
    "results drift",
    "drivers reference",
    "checks world deviations",
    "asking recorded_folder",
    "gateway certificates stub",
    "plain_server",
    "plain_connection",
    "loopback",
    "waiting catalog intrusion",
    "scenario_file journal",
    "service_comparison openapi",
    "recorded_words",
    "live_request",
    "difference upstream redaction",
    "recorded_headers field_redaction seen",
    "contract_values",
    "scenario fixture contract",
    "events findings",
    "causes",
    "pseudonyms",
    "personal_forms",
    "redact resources templates errors shape provocation known_fields secret_scan clock",
)

#: Each third-party library has one home; typer and pydantic are how the doors and the papers are written.
HOMES = {
    "playwright": {f"drivers.{name}" for name in ("playwright", "windows", "watch", "outcomes", "control", "intruders")}
    | {
        f"drivers.{name}"
        for name in ("capture", "record", "blocking", "borrowed", "borrowed_intruders", "borrowed_outcomes")
    }
    | {"examination", "oauth_window", "pytest_browser"},
    "h11": {"gateway"},
    "trustme": {"certificates"},
    "cryptography": {"certificates"},
    "yaml": {"scenario_file", "openapi.plain_file"},
    "jsonschema": {"openapi.schema", "openapi.disagreement"},
    "referencing": {"openapi.schema"},
    "pytest_httpserver": {"loopback"},
    "jinja2": {"templates"},
    "waitress": {"plain_server", "plain_connection"},
    "httpx": {"reference.app", "driving", "app_process", "upstream", "drivers.mock.network"},
    "selectolax": {"drivers.mock.documents"},
}


def imports() -> list[tuple[str, str]]:
    """Give each import in the package as (module, what it imports), whether at the top or inside a function."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found += [(module, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                # `from harness import catalog` imports oauth_window_harness.scenario.catalog.
                inner = [f"harness.{alias.name}" for alias in node.names] if node.module == "harness" else [node.module]
                found += [(module, name) for name in inner]
    return found


def layer(module: str) -> int:
    top = module.partition(".")[0]
    return next(depth for depth, names in enumerate(LAYERS) if top in names.split())


def test_imports_go_down_only() -> None:
    ours = [(module, name.removeprefix("harness.")) for module, name in imports() if name.startswith("harness.")]
    ours = [(module, name) for module, name in ours if name != "__version__" and module != "__init__"]
    assert len(ours) > 100
    wrong = [f"{module} imports {name}" for module, name in ours if layer(module) > layer(name)]
    assert wrong == []


def test_each_library_has_one_home() -> None:
    strays = [
        f"{module} imports {name}"
        for module, name in imports()
        if module not in HOMES.get(name.partition(".")[0], {module})
    ]
    assert strays == []


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
        "import sys, harness, oauth_window_harness.cli\n"
        "heavy = {'playwright', 'pydantic', 'httpx', 'yaml', 'werkzeug', 'trustme', 'pytest', 'jsonschema'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
