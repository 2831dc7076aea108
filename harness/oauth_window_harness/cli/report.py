"""``oauth-window report``."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from oauth_window_harness.cli.console import console, print_error
from oauth_window_harness.errors import EnvironmentFaultError, ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oauth_window_harness.results.merge import Run
    from oauth_window_harness.results.model import Results

app = typer.Typer(help="Merge the results of several runs, or compare two.", no_args_is_help=True)

ResultsFiles = Annotated[
    list[Path], typer.Argument(metavar="RESULTS...", help="Files results.json, or report folders that hold one.")
]
Output = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The folder of the merged report; default: that of run.")
]
Mixed = Annotated[
    bool, typer.Option("--mixed", help="Merge also results of different versions, apps, drivers or browsers.")
]

Earlier = Annotated[Path, typer.Argument(metavar="OLD", help="The earlier results.json, or its report folder.")]
Later = Annotated[Path, typer.Argument(metavar="NEW", help="The later one.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="The format of what has changed.")]

_TODO = "name a results.json as `oauth-window run` wrote it, or the report folder that holds it"


@app.callback()
def _report() -> None:
    pass


@app.command()
def merge(results: ResultsFiles, output: Output = None, mixed: Mixed = False) -> None:
    """Merge the shards of a run, or several runs, into one results.json, junit.xml and index.html."""
    from oauth_window_harness.cli.next_command import typed_command  # noqa: PLC0415
    from oauth_window_harness.reports.merged import write_merged  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.reports.terminal import print_merged  # noqa: PLC0415
    from oauth_window_harness.results import merge as merging  # noqa: PLC0415
    from oauth_window_harness.results.folder import ArtifactFolder  # noqa: PLC0415
    from oauth_window_harness.results.merged_files import with_files  # noqa: PLC0415
    from oauth_window_harness.run.configuration import read_configuration  # noqa: PLC0415

    default = read_configuration(Path()).defaults.output
    output = output or default
    runs = _runs(results, output, mixed=mixed)
    plays = merging.plays_of(runs)
    folder = ArtifactFolder(output)
    scenarios = [with_files(play, folder) for play in plays]
    again = _replay_command([run.results.again for run in runs], output, default)
    merged = merging.merge(runs, scenarios, again, typed_command(sys.argv[1:], None))
    write_merged(folder, merged, again, os.environ)
    print_merged(console(), merged, str(output), again)
    raise typer.Exit(_exit_code(merged))


@app.command()
def diff(old: Earlier, new: Later, format_: Format = "text") -> None:
    """Print what has changed since an earlier run: causes that are new or mended, verdicts, and what is slower."""
    from oauth_window_harness.reports.changes import print_changes  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.results.changes import changes_between  # noqa: PLC0415
    from oauth_window_harness.results.results_file import read_results  # noqa: PLC0415

    changes = changes_between(read_results(old, _TODO), read_results(new, _TODO))
    if format_ == "json":
        typer.echo(changes.model_dump_json(indent=1))
    else:
        print_changes(console(), changes)
    raise typer.Exit(ExitCode.FOUND if changes.is_worse else ExitCode.HELD)


def _runs(paths: Sequence[Path], output: Path, *, mixed: bool) -> list[Run]:
    """Return the runs to be merged, the shards in their order."""
    from oauth_window_harness.__version__ import __version__  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.results.merge import Run, check_alike  # noqa: PLC0415
    from oauth_window_harness.results.merged_files import check_names  # noqa: PLC0415
    from oauth_window_harness.results.results_file import read_results, results_file  # noqa: PLC0415

    runs = [Run(results_file(path), read_results(path, _TODO)) for path in paths]
    files: dict[Path, Path] = {}
    for run in runs:
        check_names(run)
        if (earlier := files.setdefault(run.file.resolve(), run.file)) is not run.file:
            raise UsageError("the same results are named twice", where=f"{earlier}, {run.file}", todo="name them once")
        if run.file.resolve().parent == output.resolve():
            raise UsageError(
                "the merged report would replace what it is made of",
                where=f"--output {output}",
                seen=str(run.file),
                todo="name another folder with --output",
            )
    if not mixed:
        check_alike(runs, __version__)
    return sorted(runs, key=lambda run: run.results.shard.index if run.results.shard else 0)


def _exit_code(merged: Results) -> ExitCode:
    """Return the exit code of a run with these results; print what keeps them from being whole."""
    from oauth_window_harness.run import session  # noqa: PLC0415 - `--help` waits for none of this

    code = session.exit_code(merged, strict=merged.strict_warnings)
    if (error := merged.error) is not None:
        print_error(EnvironmentFaultError(error.what, where=error.where, seen=error.seen, todo=error.todo))
        if code is not ExitCode.FOUND:
            code = ExitCode.USAGE if error.kind == "usage" else ExitCode.ENVIRONMENT
    return code


def _replay_command(commands: Sequence[str], output: Path, default: Path) -> list[str]:
    """Return the words of the command that plays a scenario of merged results again, without the scenario's name.

    Args:
        commands: the same of each run that was merged; empty where it is not known.
        output: the folder of the merged report, in which `--last-failed` finds what failed.
        default: the report folder of a run that names none.
    """
    command = next((one for one in commands if one.startswith("oauth-window run") and one.isprintable()), "")
    try:
        words = shlex.split(command) or ["oauth-window", "run"]
    except ValueError:  # the file was written by hand
        words = ["oauth-window", "run"]
    if "--output" in words[:-1]:
        place = words.index("--output")
        del words[place : place + 2]
    return [*words, "--output", str(output)] if output != default else words
