"""The command ``oauth-window``, also as ``python -m oauth_window_harness``.

Nothing is imported before `main` can be interrupted in order, but what Python has loaded by then itself.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing's own takes a moment to load
if TYPE_CHECKING:
    from pathlib import Path

#: `errors.ExitCode.INTERRUPTED`, repeated so that nothing of the package need be loaded for it.
_INTERRUPTED = 130

#: The columns that `help_file` needs.
_COLUMNS = 80


def main() -> None:
    """Run the command; Ctrl-C or SIGTERM while its modules are still being loaded ends it like at any later moment."""
    try:
        try:
            _heed_sigterm()
            _run()
        finally:
            _end_at_once_when_interrupted()
    except KeyboardInterrupt:
        # Python's own ending, which a further Ctrl-C would interrupt with a traceback, has nothing to do here.
        os.write(2, b"interrupted\n")
        os._exit(_INTERRUPTED)
    except SystemExit as end:
        # Where the interruption fell into code that was being loaded, Python would end itself by a signal.
        if end.code == _INTERRUPTED:
            os._exit(_INTERRUPTED)
        raise


def _heed_sigterm() -> None:
    """Make SIGTERM interrupt what is being done, as Ctrl-C does."""
    import signal  # noqa: PLC0415 - inside `try`, as all that is loaded

    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _run() -> None:
    from oauth_window_harness import streams  # noqa: PLC0415 - inside `try`: loading can be interrupted

    streams.prepare()
    if sys.argv[1:] in (["--help"], ["-h"]) and _columns() >= _COLUMNS:
        sys.stdout.write(help_file().read_text(encoding="utf-8"))
        return
    from oauth_window_harness.cli import main as run  # noqa: PLC0415 - takes seven times as long as Python's start

    run()


def help_file() -> Path:
    """Return the file of what ``oauth-window --help`` prints, which `ci/pages` writes."""
    from pathlib import Path  # noqa: PLC0415 - inside `try`, as all that is loaded

    return Path(__file__).with_name("cli") / "help.txt"


def _columns() -> int:
    from shutil import get_terminal_size  # noqa: PLC0415 - only for help

    return get_terminal_size((_COLUMNS, 24)).columns


def _end_at_once_when_interrupted() -> None:
    """Make Ctrl-C and SIGTERM end what is left: Python's own ending; all that the command has to do is done."""
    import signal  # noqa: PLC0415 - inside `try`, as all that is loaded

    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(_INTERRUPTED))


if __name__ == "__main__":
    main()
