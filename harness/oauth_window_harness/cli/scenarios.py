"""``oauth-window scenarios``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from oauth_window_harness.cli.console import console
from oauth_window_harness.errors import UsageError

app = typer.Typer(help="List, show and check scenarios; print their JSON Schema.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List the bundled scenarios."""
    from rich.table import Table  # noqa: PLC0415 - `--help` waits for none of this

    from oauth_window_harness.scenario import catalog  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("name", "tags", "title"):
        table.add_column(column, overflow="fold")
    for scenario in catalog.bundled_scenarios().values():
        table.add_row(scenario.name, " ".join(scenario.tags), scenario.title)
    console().print(table)


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="NAME", help="A bundled scenario.")]) -> None:
    """Print the file of a bundled scenario, to copy and to change, and the links of the flow that it leads over."""
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.scenario.links import links_of  # noqa: PLC0415

    typer.echo(catalog.source_text(name), nl=False)
    typer.echo(f"# leads over: {', '.join(links_of(catalog.bundled_scenarios()[name]))}")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE|DIR...", help="Scenario files, or folders of them.")],
) -> None:
    """Check that scenario files can be played."""
    from oauth_window_harness.cli.console import print_error  # noqa: PLC0415
    from oauth_window_harness.contract.fixture import contracts  # noqa: PLC0415
    from oauth_window_harness.errors import ExitCode, HarnessError  # noqa: PLC0415
    from oauth_window_harness.scenario import catalog  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.scenario.file import read_scenario  # noqa: PLC0415

    fixtures = contracts()
    bad = 0
    for file in catalog.scenario_files(files):
        try:
            catalog.check_fixtures([read_scenario(file)], fixtures)
        except HarnessError as error:
            bad += 1
            print_error(error)
        else:
            typer.echo(f"{file}: good")
    if bad:
        raise typer.Exit(ExitCode.USAGE)


@app.command()
def schema(
    results: Annotated[bool, typer.Option("--results", help="The schema of results.json instead.")] = False,
    fixtures: Annotated[bool, typer.Option("--fixtures", help="The schema of contract fixtures instead.")] = False,
) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from oauth_window_harness.contract import fixture  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.results.model import Results  # noqa: PLC0415
    from oauth_window_harness.scenario.model import Scenario  # noqa: PLC0415

    if results and fixtures:
        raise UsageError("one schema can be printed at a time", where="--results and --fixtures")
    if results:
        document = Results.model_json_schema(mode="serialization")
    elif fixtures:
        document = fixture.schema()
    else:
        document = Scenario.model_json_schema()
        # A scenario file has no name of its own: the file's name is the scenario's.
        document["required"] = [name for name in document["required"] if name != "name"]
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
