"""The command ``oauth-window``, also as ``python -m oauth_window_harness``."""

from __future__ import annotations

import sys

#: `errors.ExitCode.INTERRUPTED`, repeated so that nothing of the package need be loaded for it.
_INTERRUPTED = 130


def main() -> None:
    """Run the command; Ctrl-C while its modules are still being loaded ends it like Ctrl-C at any later moment."""
    try:
        from oauth_window_harness.cli import main as run  # noqa: PLC0415 - inside `try`: loading takes time, and can be interrupted

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
