"""The options of ``oauth-window serve``; only the standard library is imported, so that `--help` is fast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServeOptions:
    """The options of ``oauth-window serve``.

    Attributes:
        port: the port of the stub's plain address; 0 for any.
        gateway_port: the port of the gateway; 0 for any.
        strict: whether start demands its documented headers of browser navigations as well.
        allow: the hosts or ``host:port`` pairs that the gateway lets through.
        fixtures: a folder of recorded fixtures that take precedence over the bundled ones, or None.
        ready_file: a file that is written when everything listens, and removed at the end, or None.
        env_file: a file for the environment that leads an app to the stub, removed at the end, or None.
        ca: a file for the authority's certificate, which stays; None for one in a folder of the server's own.
        command: the words of the command that starts the app; empty if it is started elsewhere.
    """

    port: int = 8722
    gateway_port: int = 8723
    strict: bool = False
    allow: tuple[str, ...] = ()
    fixtures: Path | None = None
    ready_file: Path | None = None
    env_file: Path | None = None
    ca: Path | None = None
    command: tuple[str, ...] = ()
