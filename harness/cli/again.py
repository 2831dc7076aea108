"""The command line that runs one scenario again, shown below each failure."""

from __future__ import annotations

from harness.session import RunOptions

_DEFAULTS = RunOptions()


def again(options: RunOptions) -> list[str]:
    """Give the command with the options that were not left at their defaults; a token is never written out."""
    line = ["oauth-window", "run"]
    for name in ("app", "connect", "connected", "failed", "location", "user", "executable", "patience", "output"):
        value = getattr(options, name)
        if value != getattr(_DEFAULTS, name):
            line += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)]
    for host in options.allow:
        line += ["--allow", host]
    if options.token:
        line += ["--token-env", "NAME"]
    if options.headed:
        line.append("--headed")
    return line
