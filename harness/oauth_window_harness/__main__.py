"""The command ``oauth-window``, also as ``python -m oauth_window_harness``."""

from __future__ import annotations

import sys

#: `errors.ExitCode.INTERRUPTED`, before anything of the package is loaded.
_INTERRUPTED = 130


def main() -> None:
    """Run the command; an interruption while its modules are still being loaded ends it as any other does."""
    try:
        from oauth_window_harness.cli import main as run  # noqa: PLC0415 - so that this can be interrupted, too

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
