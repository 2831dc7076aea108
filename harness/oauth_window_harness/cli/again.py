"""The command line that runs one scenario again, shown below each failure."""

from __future__ import annotations

from oauth_window_harness.redact import Redactor
from oauth_window_harness.run.options import RunOptions

_DEFAULTS = RunOptions()
_NAMED = (
    "app", "app_command", "connect", "connected", "failed", "location", "user", "driver", "deliver", "executable",
    "patience", "output", "baseline", "fixtures",
)  # fmt: skip


def again(options: RunOptions) -> list[str]:
    """Give the command with the options that were not left at their defaults; a token is never written out."""
    redactor = Redactor([options.token] if options.token else [])
    line = ["oauth-window", "run"]
    for name in _NAMED:
        value = getattr(options, name)
        if value != getattr(_DEFAULTS, name):
            text = f"{value:g}" if isinstance(value, float) else str(value)
            line += [f"--{name.replace('_', '-')}", redactor.text(text)]
    for host in options.allow:
        line += ["--allow", host]
    if options.token:
        line += ["--token-env", options.token_env or "NAME"]
    if options.headed:
        line.append("--headed")
    return line
