"""The command ``oauth-window``, also as ``python -m oauth_window_harness``."""

from __future__ import annotations

import sys
from pathlib import Path

#: `errors.ExitCode.INTERRUPTED`, repeated so that nothing of the package need be loaded for it.
_INTERRUPTED = 130

#: What ``oauth-window --help`` prints, written by `ci/pages`, and the columns that it needs.
HELP = Path(__file__).with_name("cli") / "help.txt"
_COLUMNS = 80


def main() -> None:
    """Run the command; Ctrl-C while its modules are still being loaded ends it like Ctrl-C at any later moment."""
    try:
        from oauth_window_harness import streams  # noqa: PLC0415 - inside `try`: loading can be interrupted

        streams.prepare()
        if sys.argv[1:] in (["--help"], ["-h"]) and _columns() >= _COLUMNS:
            sys.stdout.write(HELP.read_text(encoding="utf-8"))
            return
        from oauth_window_harness.cli import main as run  # noqa: PLC0415 - takes seven times as long as Python's start

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _columns() -> int:
    from shutil import get_terminal_size  # noqa: PLC0415 - only for help

    return get_terminal_size((_COLUMNS, 24)).columns


if __name__ == "__main__":
    main()
